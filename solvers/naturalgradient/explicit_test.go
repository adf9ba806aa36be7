package naturalgradient

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"ngdbench/linalg"
	"ngdbench/linalg/operator"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// jacobian is T at the point as gonum's matrix.
func jacobian(p *objective.Point) *mat.Dense {
	rows, cols := p.T.Dims()
	t := linalg.New(nil, rows, cols)
	p.T.Dense(t)
	return mat.NewDense(rows, cols, t.Data)
}

// The direction of the SVD against gonum's decomposition of T with the same cut-off and damping, for n < P and n > P.
func TestSVDAgainstGonum(t *testing.T) {
	for _, n := range []int{9, 40} {
		o, _ := fit(n, 6)
		for _, c := range []struct{ cut, mu float64 }{{1e-12, 1e-6}, {1e-3, 0}, {0.05, 1e-2}} {
			got, rep, p := solveWith(t, o, &SVD{Cut: c.cut}, start(o), c.mu)
			var svd mat.SVD
			svd.Factorize(jacobian(p), mat.SVDThin)
			var u, v mat.Dense
			svd.UTo(&u)
			svd.VTo(&v)
			want := make([]float64, len(got))
			kept, values := 0, svd.Values(nil)
			for i, s := range values {
				if s <= c.cut*values[0] {
					continue
				}
				kept++
				a := mat.Dot(u.ColView(i), mat.NewVecDense(n, p.Residual)) * s / (s*s + c.mu)
				for j := range want {
					want[j] += a * v.At(j, i)
				}
			}
			if e := distance(got, want); e > 1e-8 || rep.Rank != kept {
				t.Errorf("n = %d, %+v: off by %g, rank %d, want %d", n, c, e, rep.Rank, kept)
			}
		}
	}
}

// Schwencke, Furtlehner 2025: the cut-off direction is the pseudo-inverse of T; on a rank-deficient T it is the shortest of
// the minimisers, where normal equations break down.
func TestSVDPseudoInverse(t *testing.T) {
	a := operator.Matrix{General: linalg.New(nil, 6, 4)}
	for i := range 6 {
		for j := range 4 {
			a.Data[i*4+j] = float64((i + 1) * (j + 1)) // rank one
		}
	}
	b := []float64{1, 2, 3, 4, 5, 6}
	o := objective.FromFuncs(objective.Funcs{N: 6, P: 4,
		Residual: func(dst, theta []float64) {
			a.Apply(dst, theta)
			for i := range dst {
				dst[i] -= b[i]
			}
		},
		JVP: func(dst, _, v []float64) { a.Apply(dst, v) },
		VJP: func(dst, _, y []float64) { a.ApplyT(dst, y) }})
	x, infos, _ := run(t, o, &Method{Direction: &SVD{}, Damping: solvers.Constant(0), Search: solvers.Full{}}, make([]float64, 4), 1)
	for j, v := range x { // b = A e₁ and more: the shortest x has x_j ∝ j + 1 and Σ (j+1) x_j = 1
		if want := float64(j+1) / 30; math.Abs(v-want) > 1e-14 {
			t.Errorf("x[%d] = %g, want %g", j, v, want)
		}
	}
	if infos[0].Rank != 1 {
		t.Errorf("rank %d", infos[0].Rank)
	}
}

// Block and Diagonal against TᵀT with the other entries set to zero.
func TestBlockAndDiagonalAgainstDense(t *testing.T) {
	const mu = 1e-3
	o, _ := fit(30, 5)
	layout := o.Params()
	layers := []int{0, 0, 1, 1}
	for i := range layout {
		layout[i].Layer = layers[i]
	}
	layer := func(j int) int { // w and b are 10 parameters, a and c 6
		if j < 10 {
			return 0
		}
		return 1
	}
	for name, c := range map[string]struct {
		d    solvers.Direction
		keep func(i, j int) bool
	}{
		"block":    {&Block{}, func(i, j int) bool { return layer(i) == layer(j) }},
		"diagonal": {&Diagonal{}, func(i, j int) bool { return i == j }},
	} {
		got, rep, p := solveWith(t, o, c.d, start(o), mu)
		j := jacobian(p)
		var g mat.Dense
		g.Mul(j.T(), j)
		for i := range len(got) {
			for k := range len(got) {
				if !c.keep(i, k) {
					g.Set(i, k, 0)
				}
			}
			g.Set(i, i, g.At(i, i)+mu)
		}
		var want mat.VecDense
		if err := want.SolveVec(&g, mat.NewVecDense(len(got), p.Grad)); err != nil {
			t.Fatal(err)
		}
		if e := distance(got, want.RawVector().Data); e > 1e-10 || rep.Damping != mu {
			t.Errorf("%s: off by %g, %+v", name, e, rep)
		}
	}
}

func TestSVDCutOff(t *testing.T) {
	o, _ := fit(9, 3)
	for _, c := range []float64{-1e-3, 1, 2, math.NaN()} {
		if (&Method{Direction: &SVD{Cut: c}}).Start(o, solvers.Env{}) == nil {
			t.Errorf("cut-off %g accepted", c)
		}
	}
}
