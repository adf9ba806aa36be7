package main

import "fmt"

// unit is one row of the table: what is computed, from what.
type unit struct {
	name    string
	formula string
	outputs []string // the arrays that are compared, NAME.OUTPUT.npy
	// numbers is how many float64 the unit needs at least in a peer that forms what it names, for P parameters and N
	// points; nil: few.
	numbers func(params, points float64) float64
}

// units in the order of the table. "From θ" means that linearisation is part of the time; "held" that it was done
// before, as an inner solver would find it.
var units = []unit{
	{"loss", "½‖r‖², from θ", []string{"value"}, nil},
	{"gradient", "Tᵀr, from θ", []string{"value"}, nil},
	{"linearise", "what products need, from θ", []string{"residual"}, nil},
	{"product", "TᵀT v, held", []string{"value"}, nil},
	{"sketch", "TᵀT Ω, rank 64, held", []string{"value"}, func(p, n float64) float64 { return (n + 2*rank) * p }},
	{"jacobian", "explicit T, from θ", []string{"rows", "product"}, func(p, n float64) float64 { return n * p }},
	{"kernel", "TTᵀ, from θ", []string{"rows", "product"}, func(p, n float64) float64 { return n*p + n*n }},
	{"gramian", "TᵀT, from θ", []string{"rows", "product"}, func(p, n float64) float64 { return n*p + p*p }},
}

// tooLarge says why a unit cannot be measured here, or "". The limit is in bytes, for one peer.
func (u unit) tooLarge(s setting, limit float64) string {
	if u.numbers == nil {
		return ""
	}
	need := 8 * u.numbers(float64(s.net.Size()), float64(s.n))
	if need <= limit {
		return ""
	}
	return fmt.Sprintf("does not fit: it takes %.0f GB, and a peer may have %.1f GB", need/1e9, limit/1e9)
}

// target is a ratio that ngdbench is to reach beside a peer.
type target struct {
	net    string
	points int
	unit   string
	peer   string
	ratio  float64
}

var targets = []target{
	{"2x64x64x64x1", 4000, "product", "jax", 6},
	{"2x64x64x64x1", 4000, "gradient", "jax", 4},
	{"2x64x64x64x1", 4000, "product", "jax-kr", 1.8},
}
