package main

import (
	"math"
	"path/filepath"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/internal/simd"
	"ngdbench/linalg"
	"ngdbench/networks"
	"ngdbench/results"
)

// poisson is the residual r = s·(-Δu - f) of Poisson's equation at interior points.
type poisson struct {
	channels int
	scale    float64
	source   []float64
}

func (p *poisson) Rows(_, lo, hi int, jets, r, seed []float64) {
	for i := range hi - lo {
		last := (i+1)*p.channels - 1 // of the jet: Δu
		r[i] = p.scale * (-jets[last] - p.source[lo+i])
		if seed != nil {
			clear(seed[i*p.channels : last])
			seed[last] = -p.scale
		}
	}
}

// ours answers the units with this repository's code, through the calls that the solvers make.
type ours struct {
	s    setting
	in   inputs
	tape *networks.Tape
	r    []float64
}

func newOurs(s setting, in inputs) *ours {
	d := s.net.Inputs()
	fn := &poisson{networks.Shape{Dim: d, Order: networks.Laplacian}.Channels(), 1 / math.Sqrt(float64(s.n)), in.source}
	group := networks.Group{X: in.points, Order: networks.Laplacian, Rows: 1}
	tape := networks.New(s.net, []networks.Group{group}, fn, networks.Tangents, nil)
	return &ours{s, in, tape, make([]float64, s.n)}
}

// calls makes a unit ready: call computes it, result gives what is compared, by output.
func (o *ours) calls(name string) (call func(), result func() map[string][]float64) {
	rows, params := o.tape.Dims()
	in, op := &o.in, o.tape.Tangent()
	value := func(x []float64) func() map[string][]float64 {
		return func() map[string][]float64 { return map[string][]float64{"value": x} }
	}
	linearise := func() { o.tape.Linearise(in.theta, o.r) }
	switch name {
	case "loss":
		x := make([]float64, 1)
		return func() { o.tape.Residual(in.theta, o.r); x[0] = simd.Dot(o.r, o.r) / 2 }, value(x)
	case "gradient":
		x := make([]float64, params)
		return func() { o.tape.Gradient(in.theta, o.r, x) }, value(x)
	case "linearise":
		return linearise, func() map[string][]float64 { return map[string][]float64{"residual": o.r} }
	case "product":
		linearise()
		x := make([]float64, params)
		return func() { op.Gram(x, in.v) }, value(x)
	case "sketch":
		linearise()
		omega := blas64.General{Rows: rank, Cols: params, Stride: params, Data: in.omega}
		y, z := linalg.New(nil, rank, rows), linalg.New(nil, rank, params)
		return func() { op.ApplyBlock(y, omega); op.ApplyTBlock(z, y) }, value(z.Data)
	case "jacobian":
		t := linalg.New(nil, rows, params)
		return func() { linearise(); op.Dense(t) }, o.sampled(t, in.v)
	case "kernel":
		k := linalg.New(nil, rows, rows)
		return func() { linearise(); op.Kernel(k) }, o.sampled(k, in.y)
	case "gramian":
		t, g := linalg.New(nil, rows, params), linalg.New(nil, params, params)
		return func() { linearise(); op.Dense(t); linalg.SyrkT(g, t) }, o.sampled(g, in.v)
	}
	panic("peers: no such unit")
}

// sampled tells a large matrix by some of its rows and its product with x.
func (o *ours) sampled(m blas64.General, x []float64) func() map[string][]float64 {
	return func() map[string][]float64 {
		var some []float64
		for _, i := range o.in.rows {
			some = append(some, linalg.Row(m, int(i)%m.Rows)...)
		}
		product := make([]float64, m.Rows)
		linalg.Mul(product, m, x)
		return map[string][]float64{"rows": some, "product": product}
	}
}

// writeResult writes what is compared.
func writeResult(dir, name string, outputs map[string][]float64) error {
	for what, x := range outputs {
		if err := results.WriteArray(outputFile(dir, name, what), x, len(x)); err != nil {
			return err
		}
	}
	return nil
}

func outputFile(dir, unit, output string) string {
	return filepath.Join(dir, unit+"."+output+results.ArrayEnd)
}
