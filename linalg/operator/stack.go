package operator

import (
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/internal/simd"
)

// VStack puts b below a,
//
//	(A)
//	(B),
//
// two sets of residuals of one θ. It panics where their numbers of columns differ. It keeps Grammer, GramColumner,
// Densifier, Rower, Normer and Factorer where both parts have them; cross kernels A Bᵀ are out of its reach.
func VStack(a, b Operator) Operator {
	ra, pa := a.Dims()
	rb, p := b.Dims()
	if pa != p {
		panic("operator: VStack of operators with different numbers of columns")
	}
	return &vstack{a: a, b: b, ra: ra, rb: rb, p: p, x: make([]float64, p), fs: shifted(a, b, ra, 0)}
}

type vstack struct {
	a, b      Operator
	ra, rb, p int
	x         []float64
	fs        []Factor
}

func (v *vstack) Dims() (int, int)       { return v.ra + v.rb, v.p }
func (v *vstack) Apply(dst, x []float64) { v.a.Apply(dst[:v.ra], x); v.b.Apply(dst[v.ra:], x) }
func (v *vstack) ApplyT(dst, y []float64) {
	v.a.ApplyT(dst, y[:v.ra])
	v.b.ApplyT(v.x, y[v.ra:])
	simd.Add(dst, v.x)
}
func (v *vstack) Factors() []Factor { return v.fs }

func (v *vstack) Gram(dst, x []float64) bool {
	a, b, ok := both[Grammer](v.a, v.b)
	if !ok || !a.Gram(dst, x) || !b.Gram(v.x, x) {
		return false
	}
	simd.Add(dst, v.x)
	return true
}

func (v *vstack) GramColumn(dst []float64, j int) bool {
	a, b, ok := both[GramColumner](v.a, v.b)
	if !ok || !a.GramColumn(dst, j) || !b.GramColumn(v.x, j) {
		return false
	}
	simd.Add(dst, v.x)
	return true
}

func (v *vstack) Dense(dst blas64.General) bool {
	a, b, ok := both[Densifier](v.a, v.b)
	top, bottom := dst, dst
	top.Rows, bottom.Rows = v.ra, v.rb
	bottom.Data = dst.Data[v.ra*dst.Stride:]
	return ok && a.Dense(top) && b.Dense(bottom)
}

func (v *vstack) Row(dst []float64, i int) bool {
	op := v.a
	if i >= v.ra {
		op, i = v.b, i-v.ra
	}
	r, ok := op.(Rower)
	return ok && r.Row(dst, i)
}

func (v *vstack) SquaredNorms(rows, cols []float64) bool {
	a, b, ok := both[Normer](v.a, v.b)
	if !ok {
		return false
	}
	ra, rb := split(rows, v.ra)
	var scratch []float64
	if cols != nil {
		scratch = v.x
	}
	if !a.SquaredNorms(ra, cols) || !b.SquaredNorms(rb, scratch) {
		return false
	}
	simd.Add(cols, scratch)
	return true
}

// HStack puts b to the right of a,
//
//	(A  B),
//
// one set of residuals of two networks, θ = (θ_a, θ_b). It panics where their numbers of rows differ. It keeps Kerneler,
// KernelRower, Rower, Normer and Factorer where both parts have them; cross Gramians AᵀB are out of its reach.
func HStack(a, b Operator) Operator {
	ra, pa := a.Dims()
	r, pb := b.Dims()
	if ra != r {
		panic("operator: HStack of operators with different numbers of rows")
	}
	return &hstack{a: a, b: b, r: r, pa: pa, pb: pb, y: make([]float64, r), fs: shifted(a, b, 0, pa)}
}

type hstack struct {
	a, b      Operator
	r, pa, pb int
	y         []float64
	k         []float64 // scratch of Kernel, made when first asked for
	fs        []Factor
}

func (h *hstack) Dims() (int, int) { return h.r, h.pa + h.pb }
func (h *hstack) Apply(dst, x []float64) {
	h.a.Apply(dst, x[:h.pa])
	h.b.Apply(h.y, x[h.pa:])
	simd.Add(dst, h.y)
}
func (h *hstack) ApplyT(dst, y []float64) { h.a.ApplyT(dst[:h.pa], y); h.b.ApplyT(dst[h.pa:], y) }
func (h *hstack) Factors() []Factor       { return h.fs }

func (h *hstack) Row(dst []float64, i int) bool {
	a, b, ok := both[Rower](h.a, h.b)
	return ok && a.Row(dst[:h.pa], i) && b.Row(dst[h.pa:], i)
}

// Kernel adds the parts' kernels.
func (h *hstack) Kernel(dst blas64.General) bool {
	a, b, ok := both[Kerneler](h.a, h.b)
	if !ok {
		return false
	}
	if h.k == nil {
		h.k = make([]float64, len(dst.Data))
	}
	t := dst
	t.Data = h.k
	if !a.Kernel(dst) || !b.Kernel(t) {
		return false
	}
	simd.Add(dst.Data, t.Data)
	return true
}

func (h *hstack) KernelRow(dst []float64, i int) bool {
	a, b, ok := both[KernelRower](h.a, h.b)
	if !ok || !a.KernelRow(dst, i) || !b.KernelRow(h.y, i) {
		return false
	}
	simd.Add(dst, h.y)
	return true
}

func (h *hstack) SquaredNorms(rows, cols []float64) bool {
	a, b, ok := both[Normer](h.a, h.b)
	if !ok {
		return false
	}
	ca, cb := split(cols, h.pa)
	var scratch []float64
	if rows != nil {
		scratch = h.y
	}
	if !a.SquaredNorms(rows, ca) || !b.SquaredNorms(scratch, cb) {
		return false
	}
	simd.Add(rows, scratch)
	return true
}

// both returns a and b as holders of capability T, and whether both are.
func both[T any](a, b Operator) (ta, tb T, ok bool) {
	ta, okA := a.(T)
	tb, okB := b.(T)
	return ta, tb, okA && okB
}

// split cuts x after n entries; nil stays nil.
func split(x []float64, n int) (head, tail []float64) {
	if x == nil {
		return nil, nil
	}
	return x[:n], x[n:]
}

// shifted joins the factors of a and b, those of b moved by rows and cols; nil where one has none. The numbers inside
// are shared with the parts, so the list stays valid when the parts are linearised again.
func shifted(a, b Operator, rows, cols int) []Factor {
	fa, fb := FactorsOf(a), FactorsOf(b)
	if fa == nil || fb == nil {
		return nil
	}
	layers, groups := 0, 0
	for _, f := range fa {
		layers, groups = max(layers, f.Layer+1), max(groups, f.Group+1)
	}
	out := append([]Factor(nil), fa...)
	for _, f := range fb {
		f.Row += rows
		f.Weight += cols
		if f.Bias >= 0 {
			f.Bias += cols
		}
		if cols > 0 {
			f.Layer += layers
		} else {
			f.Group += groups
		}
		out = append(out, f)
	}
	return out
}
