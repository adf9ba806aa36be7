package operator_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"ngdbench/linalg"
	"ngdbench/linalg/operator"
)

// layered is an operator that its factors define, by their definition.
type layered struct {
	n, p int
	fs   []operator.Factor
}

func (l *layered) Dims() (int, int)           { return l.n, l.p }
func (l *layered) Factors() []operator.Factor { return l.fs }
func (l *layered) Apply(dst, x []float64)     { l.dense().Apply(dst, x) }
func (l *layered) ApplyT(dst, y []float64)    { l.dense().ApplyT(dst, y) }

func (l *layered) dense() bare {
	a := make(bare, l.n)
	for i := range a {
		a[i] = make([]float64, l.p)
	}
	for _, f := range l.fs {
		for k := range f.Points * f.Chan {
			row, c := a[f.Row+k/f.Chan], k%f.Chan
			for o, d := range f.Delta[k*f.Out : (k+1)*f.Out] {
				for i, v := range f.A[k*f.In : (k+1)*f.In] {
					row[f.Weight+o*f.In+i] += d * v
				}
				if c == 0 && f.Bias >= 0 {
					row[f.Bias+o] += d
				}
			}
		}
	}
	return a
}

// net makes two layers (2→3 with bias, 3→1 without) at n points of c channels, filled at random.
func net(r *rand.Rand, n, c int) *layered {
	l := &layered{n: n, p: 12, fs: []operator.Factor{
		{Layer: 0, Weight: 0, Bias: 6, Points: n, Chan: c, In: 2, Out: 3},
		{Layer: 1, Weight: 9, Bias: -1, Points: n, Chan: c, In: 3, Out: 1},
	}}
	for i := range l.fs {
		f := &l.fs[i]
		f.A, f.Delta = random(r, 1, n*c*f.In).flat(), random(r, 1, n*c*f.Out).flat()
	}
	return l
}

// The factors of a stack define the stack, also after its parts have changed.
func TestFactorsOfStacks(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	a, b := net(r, 4, 3), net(r, 4, 1)
	below, beside := operator.VStack(a, b), operator.HStack(a, b)
	nested := operator.VStack(beside, operator.HStack(b, a))
	for range 2 {
		for name, c := range map[string]struct {
			op            operator.Operator
			layer, groups []int
		}{
			"below":  {below, []int{0, 1, 0, 1}, []int{0, 0, 1, 1}},
			"beside": {beside, []int{0, 1, 2, 3}, []int{0, 0, 0, 0}},
			"nested": {nested, []int{0, 1, 2, 3, 0, 1, 2, 3}, []int{0, 0, 0, 0, 1, 1, 1, 1}},
		} {
			n, p := c.op.Dims()
			l := &layered{n: n, p: p, fs: operator.FactorsOf(c.op)}
			if n != 8 && p != 24 || len(l.fs) != len(c.layer) {
				t.Fatalf("%s: %d×%d, %d factors", name, n, p, len(l.fs))
			}
			d := linalg.New(nil, n, p)
			operator.Bind(c.op, nil).Dense(d)
			if e := distance(l.dense().flat(), d.Data); !(e < 1e-14) {
				t.Errorf("%s: factors and operator differ by %g", name, e)
			}
			for i, f := range l.fs {
				if f.Layer != c.layer[i] || f.Group != c.groups[i] || f.Bias < 0 != (i%2 == 1) {
					t.Errorf("%s: factor %d is of layer %d, group %d, bias %d", name, i, f.Layer, f.Group, f.Bias)
				}
			}
		}
		a.fs[0].A[3], b.fs[1].Delta[2] = 7, -7 // a later linearisation
	}
	if operator.FactorsOf(operator.VStack(a, random(r, 2, 12))) != nil {
		t.Error("factors of a stack whose part has none")
	}
	if !slices.Equal(operator.FactorsOf(a)[1].A, a.fs[1].A) || operator.FactorsOf(random(r, 1, 1)) != nil {
		t.Error("factors of the parts themselves")
	}
}
