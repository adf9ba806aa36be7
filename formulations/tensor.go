package formulations

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/linalg"
	"ngdbench/linalg/operator"
)

// tensor is the test matrix of tensor products, never formed: M_f = ⊗_a (value_a or, for a = f, slope_a) takes functional
// f at the points of the grid to its integrals, one axis after the other, about 2(1+d)N·K flops where the matrix has
// 2(1+d)N·K^d. scale multiplies each row.
type tensor struct {
	value, slope []blas64.General // K_a×q_a, quadrature weights in them
	scale        []float64
	n, points    int
	buffer       [2][]float64
	sum          []float64
	unit         []float64 // zeros, for Dense
}

var (
	_ operator.Operator       = (*tensor)(nil)
	_ operator.LeftMultiplier = (*tensor)(nil)
	_ operator.Densifier      = (*tensor)(nil)
	_ operator.Blocker        = (*tensor)(nil)
)

// size is the number of products.
func size(axes []tests1d) int {
	n := 1
	for _, t := range axes {
		n *= t.len()
	}
	return n
}

// tensorMaps makes the maps of a TestSpace. A robust one is tested with the eigenfunctions φ of each axis, Kφ = λMφ and
// φᵀMφ = 1 for its stiffness K and mass M, in whose products the Gram matrix is diagonal, ε Σ_a λ_a: fast diagonalisation
// (Lynch, Rice, Thomas 1964, Direct solution of partial difference equations by tensor product methods).
func tensorMaps(axes []tests1d, x, w [][]float64, epsilon float64, robust bool) (mapMaker, error) {
	proto := tensor{n: size(axes), points: 1, scale: make([]float64, size(axes))}
	lambda := make([][]float64, len(axes))
	for a, t := range axes {
		v, dv := t.sample(x[a])
		weigh(v, w[a])
		weigh(dv, w[a])
		if robust {
			orthonormal := t.eigen
			if len(axes) == 1 { // the mass, with which graded elements are ill-conditioned, is not needed
				orthonormal = t.cholesky
			}
			phi, values, err := orthonormal()
			if err != nil {
				return nil, fmt.Errorf("axis %d: %w", a+1, err)
			}
			v, dv, lambda[a] = times(phi, v), times(phi, dv), values
		}
		proto.value, proto.slope = append(proto.value, v), append(proto.slope, dv)
		proto.points *= len(x[a])
	}
	for i := range proto.scale {
		if proto.scale[i] = weight(proto.n); robust {
			proto.scale[i] = 1 / math.Sqrt(epsilon*eigenvalue(lambda, i))
		}
	}
	return func(m *cost.Meter) operator.Operator {
		t := proto
		t.sum = m.Floats(t.n)
		for k := range t.buffer {
			t.buffer[k] = m.Floats(t.room())
		}
		return &t
	}, nil
}

// eigenvalue is Σ_a λ_a of product i, the last axis fastest.
func eigenvalue(lambda [][]float64, i int) float64 {
	s := 0.0
	for a := len(lambda) - 1; a >= 0; a-- {
		s += lambda[a][i%len(lambda[a])]
		i /= len(lambda[a])
	}
	return s
}

func weigh(a blas64.General, w []float64) {
	for i := range a.Rows {
		for j := range a.Cols {
			a.Data[i*a.Stride+j] *= w[j]
		}
	}
}

// times is phiᵀ·a.
func times(phi, a blas64.General) blas64.General {
	out := linalg.New(nil, a.Rows, a.Cols)
	linalg.Gemm(blas.Trans, blas.NoTrans, 1, phi, a, 0, out)
	return out
}

// eigen solves Kφ = λMφ, the columns of Vectors being the φ, normed by φᵀMφ = 1.
func (t tests1d) eigen() (phi blas64.General, lambda []float64, err error) {
	mass, stiffness := t.gram()
	n := t.len()
	var c linalg.Cholesky
	c.Reset(n, nil)
	if !c.Factor(mass, 0) {
		return phi, nil, t.singular()
	}
	linalg.Trsm(blas.Left, blas.Lower, blas.NoTrans, blas.NonUnit, 1, c.L(), stiffness)
	linalg.Trsm(blas.Right, blas.Lower, blas.Trans, blas.NonUnit, 1, c.L(), stiffness)
	e := &linalg.SymEigen{}
	e.Reset(n, nil)
	if !e.Decompose(stiffness) || !(e.Values[0] > 0) {
		return phi, nil, t.singular()
	}
	linalg.Trsm(blas.Left, blas.Lower, blas.Trans, blas.NonUnit, 1, c.L(), e.Vectors)
	return e.Vectors, e.Values, nil
}

// cholesky returns φ with φᵀKφ = 1, and ones for λ.
func (t tests1d) cholesky() (phi blas64.General, lambda []float64, err error) {
	_, stiffness := t.gram()
	n := t.len()
	var c linalg.Cholesky
	c.Reset(n, nil)
	if !c.Factor(stiffness, 0) {
		return phi, nil, t.singular()
	}
	phi, lambda = linalg.New(nil, n, n), make([]float64, n)
	for i := range n {
		phi.Data[i*phi.Stride+i], lambda[i] = 1, 1
	}
	linalg.Trsm(blas.Left, blas.Lower, blas.Trans, blas.NonUnit, 1, c.L(), phi)
	return phi, lambda, nil
}

func (t tests1d) singular() error {
	return fmt.Errorf("the Gram matrix of %d tests is singular", t.len())
}

// Dims returns the number of tests and of functionals at all points.
func (t *tensor) Dims() (rows, cols int) { return t.n, t.points * (len(t.value) + 1) }

// Apply computes dst = M x.
func (t *tensor) Apply(dst, x []float64) { t.apply(linalg.Column(dst), linalg.Column(x)) }

// LeftMul computes dst = M x for the columns of x at once.
func (t *tensor) LeftMul(dst, x blas64.General) bool {
	t.apply(dst, x)
	return true
}

// Dense writes M, row by row: for compositions with a T that is too large to form.
func (t *tensor) Dense(dst blas64.General) bool {
	t.unit = linalg.Grow(t.unit, t.n)
	e := t.unit
	for i := range t.n {
		e[i] = 1
		t.ApplyT(linalg.Row(dst, i), e)
		e[i] = 0
	}
	return true
}

// ApplyBlock computes dst = x Mᵀ.
func (t *tensor) ApplyBlock(dst, x blas64.General) bool { return operator.EachRow(dst, x, t.Apply) }

// ApplyTBlock computes dst = y M.
func (t *tensor) ApplyTBlock(dst, y blas64.General) bool { return operator.EachRow(dst, y, t.ApplyT) }

func (t *tensor) apply(dst, x blas64.General) {
	cols := x.Cols
	for f := range len(t.value) + 1 {
		in := linalg.Block(x, f*t.points, 0, t.points, cols)
		out := t.contract(in.Data[:(t.points-1)*in.Stride+cols], in.Stride, cols, f, false)
		for i := range t.n {
			row := linalg.Row(dst, i)
			for j, v := range out[i*cols:][:cols] {
				if f == 0 {
					row[j] = v * t.scale[i]
				} else {
					row[j] += float64(v * t.scale[i])
				}
			}
		}
	}
}

// ApplyT computes dst = Mᵀ y.
func (t *tensor) ApplyT(dst, y []float64) {
	for i, v := range y {
		t.sum[i] = v * t.scale[i]
	}
	for f := range len(t.value) + 1 {
		copy(dst[f*t.points:][:t.points], t.contract(t.sum, 1, 1, f, true))
	}
}

// contract multiplies the tensor x, whose last index has cols numbers at a distance of stride from those of the next, with
// the factors of functional f, or their transposes, axis by axis. What it returns is dense, and valid until the next call.
func (t *tensor) contract(x []float64, stride, cols, f int, trans bool) []float64 {
	turn := blas.NoTrans
	if trans {
		turn = blas.Trans
	}
	done, rest := 1, 1 // products of the sizes of the axes that are done, and of those that are left
	for a := range t.value {
		_, in := t.sizes(a, trans)
		rest *= in
	}
	for a := range t.value {
		m := t.value[a]
		if a+1 == f {
			m = t.slope[a]
		}
		out, in := t.sizes(a, trans)
		rest /= in
		width := rest * cols
		dst := linalg.Grow(t.buffer[a%2], done*out*width)
		t.buffer[a%2] = dst
		for k := range done {
			from := blas64.General{Rows: in, Cols: width, Stride: width, Data: x[k*in*width:]}
			if a == 0 && stride != cols {
				from, width = t.strided(x, stride, cols, in, rest)
			}
			to := blas64.General{Rows: out, Cols: width, Stride: width, Data: dst[k*out*width:]}
			linalg.Gemm(turn, blas.NoTrans, 1, m, from, 0, to)
		}
		x, done = dst, done*out
	}
	return x
}

// room is the most numbers that a tensor has between two axes, for one column.
func (t *tensor) room() int {
	n := 1
	for _, m := range t.value {
		n *= max(m.Rows, m.Cols)
	}
	return n
}

// strided copies the input out where its rows are not dense.
func (t *tensor) strided(x []float64, stride, cols, in, rest int) (blas64.General, int) {
	dense := linalg.Grow(t.buffer[1], in*rest*cols)
	t.buffer[1] = dense
	for i := range in * rest {
		copy(dense[i*cols:][:cols], x[i*stride:])
	}
	return blas64.General{Rows: in, Cols: rest * cols, Stride: rest * cols, Data: dense}, rest * cols
}

// sizes are the lengths of axis a after and before the product.
func (t *tensor) sizes(a int, trans bool) (out, in int) {
	out, in = t.value[a].Rows, t.value[a].Cols
	if trans {
		return in, out
	}
	return out, in
}
