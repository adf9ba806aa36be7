package formulations_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"ngdbench/cost"
	"ngdbench/formulations"
	"ngdbench/linalg"
	"ngdbench/objective"
	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

const all = objective.Loss | objective.Grad | objective.Residual | objective.Tangent

func pinn(t testing.TB, p *problems.Problem, net string, counts ...int) *formulations.PINN {
	t.Helper()
	f, err := formulations.NewPINN(p, parse(t, net), counts, formulations.Weights{}, stream(1))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func start(f *formulations.PINN) []float64 { return f.Params().Draw(stream(2)) }

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol*(1+math.Abs(want))) {
		t.Errorf("%s is %.16g, want %.16g", what, got, want)
	}
}

// The rows are the Terms of the plain forward pass over √N, part by part, block by block, point by point; the loss is the
// sum of the blocks' mean squares, halved.
func TestRowsAreWhitenedTerms(t *testing.T) {
	for _, c := range []struct {
		p      *problems.Problem
		net    string
		counts []int
	}{
		{problems.Poisson2D(), "2x64x1", []int{100, 37}},
		{problems.Poisson2D(), "2x9x13x7x1", []int{31, 1}},
		{problems.Poisson2D(), "2x1", []int{5, 6}},
		{system(), "2x6x2", []int{53, 11}},
		{system(), "2x10x5x2", []int{1, 2}},
	} {
		f := pinn(t, c.p, c.net, c.counts...)
		theta := start(f)
		q := objective.NewPoint(f, objective.Residual, nil)
		q.Eval(theta, objective.Residual)
		row, loss := 0, 0.0
		for k, part := range formulations.Parts(c.p) {
			n := c.counts[k]
			for _, s := range c.p.Strong {
				if s.Part != part {
					continue
				}
				for x := range slices.Chunk(f.Points(part), 2) {
					r := s.Term(x, cut(jets(parse(t, c.net), theta, x), 2, s.Order), nil)
					near(t, c.net+" "+s.Name, q.Residual[row], r/math.Sqrt(float64(n)), 1e-12)
					loss += r * r / float64(2*n)
					row++
				}
			}
		}
		if row != len(q.Residual) {
			t.Errorf("%s: %d rows, want %d", c.net, len(q.Residual), row)
		}
		near(t, c.net+" loss", q.Loss, loss, 1e-12)
	}
}

// A problem that hides that it is affine gives the same residual and the same tangent map, up to rounding.
func TestAffineIsOnlyFaster(t *testing.T) {
	slow := problems.Poisson2D()
	for i := range slow.Strong {
		slow.Strong[i].Affine = false
	}
	f, g := pinn(t, problems.Poisson2D(), "2x12x1", 40, 20), pinn(t, slow, "2x12x1", 40, 20)
	p, q := objective.NewPoint(f, all, nil), objective.NewPoint(g, all, nil)
	theta := start(f)
	p.Eval(theta, all)
	q.Eval(theta, all)
	a, b := linalg.New(nil, 60, f.Params().Size()), linalg.New(nil, 60, f.Params().Size())
	p.T.Dense(a)
	q.T.Dense(b)
	for _, c := range []struct {
		what string
		x, y []float64
	}{{"residual", p.Residual, q.Residual}, {"gradient", p.Grad, q.Grad}, {"T", a.Data, b.Data}} {
		for i := range c.x {
			near(t, c.what, c.x[i], c.y[i], 1e-14)
		}
	}
}

func TestPointsLieOnTheirParts(t *testing.T) {
	f := pinn(t, problems.Poisson2D(), "2x4x1", 50, 30)
	if f.Points("initial") != nil {
		t.Error("points on a part without a block")
	}
	for part, n := range map[geometry.Part]int{geometry.Interior: 50, geometry.Boundary: 30} {
		x := f.Points(part)
		if len(x) != 2*n {
			t.Errorf("%s: %d numbers", part, len(x))
		}
		for p := range slices.Chunk(x, 2) {
			edge := p[0] == 0 || p[0] == 1 || p[1] == 0 || p[1] == 1
			if edge != (part == geometry.Boundary) {
				t.Errorf("%s point %v", part, p)
			}
		}
	}
}

// The same stream gives the same training problem, bit for bit; a redrawn one is the one that the stream would have given
// at first, on points that existed before as on new ones.
func TestResample(t *testing.T) {
	for _, p := range []*problems.Problem{problems.Poisson2D(), system()} {
		net := p.Net
		f := pinn(t, p, net, 47, 13)
		g, err := formulations.NewPINN(p, parse(t, net), []int{47, 13}, formulations.Weights{}, stream(5))
		if err != nil {
			t.Fatal(err)
		}
		theta := start(f)
		a, b := objective.NewPoint(f, all, nil), objective.NewPoint(g, all, nil)
		a.Eval(theta, all)
		b.Eval(theta, all)
		was := a.Loss
		if was == b.Loss {
			t.Errorf("%s: another stream, the same loss", p.Name)
		}
		if f.Resample(theta, stream(5)); f.Version() != 1 || a.At(theta) {
			t.Errorf("%s: version %d", p.Name, f.Version())
		}
		a.Eval(theta, all)
		tv, tw := linalg.New(nil, len(a.Residual), len(theta)), linalg.New(nil, len(a.Residual), len(theta))
		a.T.Dense(tv)
		b.T.Dense(tw)
		if a.Loss != b.Loss || !slices.Equal(a.Grad, b.Grad) || !slices.Equal(tv.Data, tw.Data) {
			t.Errorf("%s: redrawn %v, drawn at first %v", p.Name, a.Loss, b.Loss)
		}
		if f.Resample(theta, stream(1)); f.Version() != 2 {
			t.Errorf("%s: version %d", p.Name, f.Version())
		}
		if a.Eval(theta, objective.Loss); a.Loss != was {
			t.Errorf("%s: back on the first points %v, at first %v", p.Name, a.Loss, was)
		}
	}
}

func TestResampleAllocatesNothing(t *testing.T) {
	for _, p := range []*problems.Problem{problems.Poisson2D(), system()} {
		f, r := pinn(t, p, p.Net, 20, 10), stream(9)
		q := objective.NewPoint(f, all, nil)
		theta := start(f)
		if n := testing.AllocsPerRun(5, func() { f.Resample(theta, r); q.Eval(theta, all) }); n != 0 {
			t.Errorf("%s: %g allocations", p.Name, n)
		}
	}
}

func TestLayout(t *testing.T) {
	net := parse(t, "2x6x5x3")
	l := formulations.Params(net)
	if l.Size() != net.Size() {
		t.Errorf("P = %d, want %d", l.Size(), net.Size())
	}
	want := objective.Layout{
		{Name: "0.weight", Rows: 6, Cols: 2, Role: objective.Hidden},
		{Name: "0.bias", Rows: 6, Cols: 1, Role: objective.Bias},
		{Name: "1.weight", Rows: 5, Cols: 6, Role: objective.Hidden, Layer: 1},
		{Name: "1.bias", Rows: 5, Cols: 1, Role: objective.Bias, Layer: 1},
		{Name: "2.weight", Rows: 3, Cols: 5, Role: objective.Output, Layer: 2},
		{Name: "2.bias", Rows: 3, Cols: 1, Role: objective.Bias, Layer: 2},
	}
	if !slices.Equal(l, want) {
		t.Errorf("%+v", l)
	}
	at := 0
	for i, y := range net.Layers() { // the blocks lie where the network reads them
		if y.Weight != at || y.Bias != at+l[2*i].Rows*l[2*i].Cols {
			t.Errorf("layer %d at %d, %d", i, y.Weight, y.Bias)
		}
		at = y.Bias + l[2*i+1].Rows
	}
}

func TestWhatDoesNotFitIsRefused(t *testing.T) {
	weak, bare := problems.Poisson2D(), problems.Poisson2D()
	weak.Strong, bare.Hard = nil, nil
	for _, c := range []struct {
		p      *problems.Problem
		net    string
		counts []int
		want   string
	}{
		{problems.Poisson2D(), "3x8x1", []int{9, 9}, `net "3x8x1": poisson2d has 2 coordinates, the network 3 inputs`},
		{problems.Poisson2D(), "2x8x2", []int{9, 9}, `net "2x8x2": poisson2d has 1 field, the network 2 outputs`},
		{system(), "2x8x1", []int{9, 9}, "has 2 fields, the network 1 output"},
		{problems.Poisson2D(), "1x8x1", []int{9, 9}, "has 2 coordinates, the network 1 input"},
		{problems.Poisson2D(), "2x8x1", []int{0, 9}, `points "0+9": the part interior needs between 1`},
		{problems.Poisson2D(), "2x8x1", []int{9}, `points "9": poisson2d needs 2 numbers, interior+boundary`},
		{weak, "2x8x1", []int{}, "no strong residual"},
		{bare, "2x9x1+hard", []int{9, 9}, "has no ansatz"},
		{bare, "2x9x1+periodic", []int{9, 9}, "not periodic"},
		{bare, "2x9x1", []int{9, 0}, "boundary needs between 1 and"},
		{problems.Poisson2D(), "2x9x1+hard", []int{0, 0}, "interior needs between 1 and"},
		{twoOrders(), "2x9x1", []int{9, 9}, "different second derivatives"},
	} {
		f, err := formulations.NewPINN(c.p, parse(t, c.net), c.counts, formulations.Weights{}, stream(1))
		if f != nil || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %v: %v, want %q", c.net, c.counts, err, c.want)
		}
	}
}

// What a point has room for decides its memory: a loss takes less than a gradient, a gradient less than a tangent map.
func TestMemoryFitsTheUse(t *testing.T) {
	f := pinn(t, problems.Poisson2D(), "2x64x1", 900, 120)
	var bytes [3]int64
	for i, want := range []objective.Quantity{objective.Loss, objective.Loss | objective.Grad, all} {
		m := &cost.Meter{}
		objective.NewPoint(f, want, m)
		bytes[i] = m.Bytes
	}
	if t.Logf("loss %d, gradient %d, tangent map %d bytes", bytes[0], bytes[1], bytes[2]); !(0 < bytes[0] && bytes[0] < bytes[1] && bytes[1] < bytes[2]) {
		t.Error("not ascending")
	}
}

// The points of a training share the PINN's: the first books them, on each meter.
func TestPointsAreBookedOnce(t *testing.T) {
	f := pinn(t, problems.Poisson2D(), "2x4x1", 100, 40)
	// x, then r₀ and q in 4 channels inside and 1 on the boundary; two rows of scratch in each block.
	want := int64(8 * (100*2 + 100*(1+4) + 2*4 + 40*2 + 40*(1+1) + 2))
	for range 2 {
		m := &cost.Meter{}
		objective.NewPoint(f, objective.Loss, m)
		first := m.Bytes
		objective.NewPoint(f, objective.Loss, m)
		if got := first - (m.Bytes - first); got != want {
			t.Errorf("%d bytes are the points, want %d", got, want)
		}
	}
	objective.NewPoint(f, objective.Loss, nil)
}

func BenchmarkPINN(b *testing.B) {
	f := pinn(b, problems.Poisson2D(), "2x64x1", 900, 120)
	p := objective.NewPoint(f, all, nil)
	theta := start(f)
	for _, c := range []struct {
		name string
		want objective.Quantity
	}{{"loss", objective.Loss}, {"gradient", objective.Loss | objective.Grad}, {"tangent", all}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				theta[0] += 1e-9
				p.Eval(theta, c.want)
			}
		})
	}
}
