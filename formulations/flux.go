package formulations

import (
	"ngdbench/networks"
	"ngdbench/problems"
)

// flux asks a weak form for F₀, F₁ … F_d at quadrature points: 1+d functionals of the jet u, ∂₁u … ∂_d u.
//
// Those of an affine form are expanded once, F = base + slope·jet, so that an evaluation asks no problem.
type flux struct {
	weak        *problems.Weak
	x           []float64
	c           int       // 1+d
	base, slope []float64 // n×c and n×c×c; nil where not affine
}

func newFlux(p *problems.Problem, x []float64) *flux {
	f := &flux{weak: p.Weak, x: x, c: p.Dim() + 1}
	if !p.Weak.Affine {
		return f
	}
	d := f.c - 1
	n := len(x) / d
	f.base, f.slope = make([]float64, n*f.c), make([]float64, n*f.c*f.c)
	zero := make([]float64, f.c)
	for i := range n {
		p.Weak.Flux(x[i*d:][:d], zero, f.base[i*f.c:][:f.c], f.slope[i*f.c*f.c:][:f.c*f.c])
	}
	return f
}

var _ networks.Functional = (*flux)(nil)

// Rows computes the fluxes at the points lo … hi-1, and their derivatives.
func (f *flux) Rows(_, lo, hi int, jets, r, seed []float64) {
	c := f.c
	for i := range hi - lo {
		jet, out := jets[i*c:][:c], r[i*c:][:c]
		var q []float64
		if seed != nil {
			q = seed[i*c*c:][:c*c]
		}
		if f.base == nil {
			f.weak.Flux(f.x[(lo+i)*(c-1):][:c-1], jet, out, q)
			continue
		}
		slope := f.slope[(lo+i)*c*c:][:c*c]
		for k := range out {
			v := f.base[(lo+i)*c+k]
			for l, s := range slope[k*c:][:c] {
				v += float64(s * jet[l])
			}
			out[k] = v
		}
		copy(q, slope)
	}
}
