package cost

import "math"

// Work is amounts of operations: additive, and priced by a calibration table. The zero value is no work.
type Work struct {
	amounts [operations][maxTerms]float64
}

// Add adds times the work of o. A nil Work takes all that is added and records nothing.
func (w *Work) Add(times float64, o *Work) {
	if w == nil {
		return
	}
	for i := range w.amounts {
		for j, v := range o.amounts[i] {
			w.amounts[i][j] += times * v
		}
	}
}

// Amounts are those of one operation, in the order of its terms.
func (w *Work) Amounts(o Operation) []float64 { return w.amounts[o][:len(table[o].terms)] }

// Flops is the floating-point operations, and Bytes the memory traffic, by the formulas of the operations.
func (w *Work) Flops() float64 { return w.sum(func(t term) float64 { return t.flops }) }

// Bytes is the memory traffic of what passes through memory once or more; what stays in cache is not counted.
func (w *Work) Bytes() float64 { return w.sum(func(t term) float64 { return t.bytes }) }

func (w *Work) sum(of func(term) float64) float64 {
	s := 0.0
	for i := range table {
		for j, t := range table[i].terms {
			s += of(t) * w.amounts[i][j]
		}
	}
	return s
}

func (w *Work) add(o Operation, times float64, amounts ...float64) {
	if w == nil {
		return
	}
	for i, v := range amounts {
		w.amounts[o][i] += times * v
	}
}

// Network adds passes through the network: of Loss, Gradient or Linearised.
func (w *Work) Network(o Operation, s *Shape, times float64) {
	a, b := s.network()
	w.add(o, times, a, b, 1)
}

// Product adds products with single vectors: of Apply, ApplyT, Gram or GramColumn.
func (w *Work) Product(o Operation, s *Shape, times float64) {
	a, b := s.product()
	w.add(o, times, a, b, max(0, 2*b-1<<20), 1)
}

// Block adds TᵀT V for k vectors.
func (w *Work) Block(s *Shape, k, times float64) {
	c, _ := s.product()
	n, p := float64(s.Rows), float64(s.Params)
	w.add(Block, times, math.Ceil(k/64)*c, k*n*p, k*(n+p), 1)
}

// Form adds T as a matrix, or the diagonal of TᵀT (Norms).
func (w *Work) Form(o Operation, s *Shape, times float64) {
	c, _ := s.product()
	w.add(o, times, c, float64(s.Rows)*float64(s.Params), 1)
}

// Kernel adds TTᵀ.
func (w *Work) Kernel(s *Shape, times float64) {
	c, d := s.kernel()
	n := float64(s.Rows)
	w.add(Kernel, times, c, d, n*n, 1)
}

// Syrk adds AᵀA for A k×m.
func (w *Work) Syrk(k, m, times float64) { w.add(Syrk, times, k*m*m, k*m, m*m, 1) }

// Cholesky adds factorisations and solves of order m.
func (w *Work) Cholesky(m, factors, solves float64) {
	w.add(Cholesky, factors, m*m*m, m*m, m)
	w.add(Substitute, solves, m*m, m)
}

// Decompose adds the thin SVD of an m×k matrix, m ≤ k.
func (w *Work) Decompose(m, k, times float64) { w.add(Decompose, times, m*m*k, m*m*m, m*k, m) }

// Approximate adds a low-rank approximation of order m and rank k, its products or columns apart: of Sketch, Fast or Pivot.
func (w *Work) Approximate(o Operation, m, k, times float64) { w.add(o, times, k*k*m, k*m, k*k*k, 1) }

// Multiply adds k×k times k×m.
func (w *Work) Multiply(k, m, times float64) { w.add(Multiply, times, k*k*m, k*m, 1) }

// LowRank adds products with a k×m matrix and its transpose, single vectors.
func (w *Work) LowRank(k, m, times float64) { w.add(LowRank, times, k*m, m, 1) }

// Iteration adds the vectors of iterations of conjugate gradients, order m.
func (w *Work) Iteration(m, times float64) { w.add(Iteration, times, m, 1) }

// Bill is what a part of a method costs: work of its stages, and how many numbers it holds.
type Bill struct {
	Prepare Work // once for each point
	Factor  Work // once for each damping tried
	Solve   Work // once for each right-hand side, or vector
	Floats  float64
	Partial bool // a part of it does not say what it costs
}
