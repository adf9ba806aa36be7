package calibrate

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/linalg"
	"ngdbench/linalg/operator"
	"ngdbench/objective"
)

// networkJobs measure the evaluation and the tangent maps of objectives.
func networkJobs(list []objective.Objective) []job {
	var all []job
	for _, o := range list {
		s := &subject{o: o, shape: objective.ShapeOf(o)}
		all = append(all, s.passes()...)
		all = append(all, s.products()...)
		all = append(all, s.matrices()...)
	}
	return all
}

// subject is one objective; each of its jobs evaluates it on a point of its own.
type subject struct {
	o     objective.Objective
	shape cost.Shape
}

const everything = objective.Loss | objective.Grad | objective.Tangent

// at makes a point at a fixed θ with room for want, and evaluates it there.
func (s *subject) at(want objective.Quantity) (*objective.Point, []float64) {
	p := objective.NewPoint(s.o, want, nil)
	theta := s.o.Params().Draw(rand.New(rand.NewPCG(3, 4)))
	p.Eval(theta, want)
	return p, theta
}

func (s *subject) job(what cost.Operation, floats float64, bill func(w *cost.Work), do func(t *operator.Map, x, y []float64) func()) job {
	j := job{what: what, floats: floats + s.shape.Store()}
	bill(&j.work)
	j.make = func() func() {
		p, _ := s.at(everything)
		return do(p.T, gaussian(1, s.shape.Params).Data, gaussian(1, s.shape.Rows).Data)
	}
	return j
}

// passes are evaluations of the network.
func (s *subject) passes() []job {
	var all []job
	for _, pass := range []struct {
		what cost.Operation
		want objective.Quantity
	}{{cost.Loss, objective.Loss}, {cost.Gradient, objective.Loss | objective.Grad}, {cost.Linearised, everything}} {
		j, want := job{what: pass.what, floats: s.shape.Store()}, pass.want
		j.work.Network(pass.what, &s.shape, 1)
		j.make = func() func() {
			p, theta := s.at(want)
			return func() {
				theta[0] = -theta[0] // elsewhere, so that nothing is known there
				p.Eval(theta, want)
			}
		}
		all = append(all, j)
	}
	return all
}

// products are those with single vectors.
func (s *subject) products() []job {
	gram := make([]float64, s.shape.Params)
	one := func(what cost.Operation, do func(t *operator.Map, x, y []float64) func()) job {
		return s.job(what, 0, func(w *cost.Work) { w.Product(what, &s.shape, 1) }, do)
	}
	return []job{
		one(cost.Apply, func(t *operator.Map, x, y []float64) func() { return func() { t.Apply(y, x) } }),
		one(cost.ApplyT, func(t *operator.Map, x, y []float64) func() { return func() { t.ApplyT(x, y) } }),
		one(cost.Gram, func(t *operator.Map, x, _ []float64) func() { return func() { t.Gram(gram, x) } }),
		one(cost.GramColumn, func(t *operator.Map, x, _ []float64) func() {
			return func() { t.GramColumn(gram, s.shape.Params/2) }
		}),
	}
}

// matrices are T, TTᵀ, the diagonal of TᵀT, and products with many vectors.
func (s *subject) matrices() []job {
	n, p := s.shape.Rows, s.shape.Params
	floats := float64(n) * float64(p)
	all := []job{
		s.job(cost.Form, floats, func(w *cost.Work) { w.Form(cost.Form, &s.shape, 1) }, func(t *operator.Map, _, _ []float64) func() {
			a := linalg.New(nil, n, p)
			return func() { t.Dense(a) }
		}),
		s.job(cost.Norms, 0, func(w *cost.Work) { w.Form(cost.Norms, &s.shape, 1) }, func(t *operator.Map, x, _ []float64) func() {
			return func() { t.SquaredNorms(nil, x) }
		}),
		s.job(cost.Kernel, float64(n)*float64(n), func(w *cost.Work) { w.Kernel(&s.shape, 1) }, func(t *operator.Map, _, _ []float64) func() {
			k := linalg.New(nil, n, n)
			return func() { t.Kernel(k) }
		}),
	}
	for _, k := range []int{32, 64, 128} {
		all = append(all, s.job(cost.Block, float64(k*(n+2*p)), func(w *cost.Work) { w.Block(&s.shape, float64(k), 1) }, func(t *operator.Map, _, _ []float64) func() {
			var mid, dst, x blas64.General = linalg.New(nil, k, n), linalg.New(nil, k, p), gaussian(k, p)
			return func() { t.GramBlock(dst, mid, x) }
		}))
	}
	return all
}
