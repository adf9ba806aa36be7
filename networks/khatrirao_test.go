package networks

import (
	"math"
	"runtime"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/linalg"
	"ngdbench/linalg/operator"
	"ngdbench/linalg/operator/operatortest"
)

const everything = operator.CanGram | operator.CanGramColumn | operator.CanBlock | operator.CanKernel | operator.CanDense |
	operator.CanRow | operator.CanNorms | operator.CanKernelRow

func TestCapabilities(t *testing.T) {
	for _, s := range settings() {
		t.Run(s.name, func(t *testing.T) {
			tape := s.tape(Tangents)
			rows, _ := tape.Dims()
			tape.Linearise(s.theta, make([]float64, rows))
			operatortest.All(t, tape.Tangent(), everything)
		})
	}
}

// TestKernelForms checks that the settings together take every way of computing TTᵀ.
func TestKernelForms(t *testing.T) {
	dense, slabs, channels := false, false, false
	for _, s := range settings() {
		tape := s.tape(Tangents)
		k := newKernel(tape)
		dense = dense || k.dense
		for _, pair := range k.structured {
			for l := 1; l < tape.hidden && !k.dense; l++ {
				channels, slabs = channels || pair[l], slabs || !pair[l]
			}
		}
	}
	if !dense || !slabs || !channels {
		t.Errorf("dense %v, by slabs %v, by channels %v: a form is not tested", dense, slabs, channels)
	}
}

// TestFactors rebuilds T from its factors, before and after a second linearisation.
func TestFactors(t *testing.T) {
	for _, s := range settings() {
		tape := s.tape(Tangents)
		rows, cols := tape.Dims()
		r := make([]float64, rows)
		tape.Linearise(s.theta, r)
		op := tape.Tangent()
		compareFactors(t, s.name+", first", op.Factors(), operatortest.Explicit(op))
		for i := range cols {
			s.theta[i] *= 0.75
		}
		tape.Gradient(s.theta, r, make([]float64, cols)) // must not touch the factors
		compareFactors(t, s.name+", after a gradient", op.Factors(), operatortest.Explicit(op))
		tape.Linearise(s.theta, r)
		compareFactors(t, s.name+", second", op.Factors(), operatortest.Explicit(op))
	}
}

func compareFactors(t *testing.T, name string, fs []operator.Factor, want blas64.General) {
	t.Helper()
	got := make([]float64, len(want.Data))
	for _, f := range fs {
		for n := range f.Points {
			row := got[(f.Row+n)*want.Stride:]
			for c := range f.Chan {
				a, d := f.A[(n*f.Chan+c)*f.In:][:f.In], f.Delta[(n*f.Chan+c)*f.Out:][:f.Out]
				for o, dv := range d {
					for i, av := range a {
						row[f.Weight+o*f.In+i] += dv * av
					}
					if c == 0 {
						row[f.Bias+o] = dv
					}
				}
			}
		}
	}
	for i, v := range want.Data {
		if !(math.Abs(got[i]-v) <= 1e-12*(1+math.Abs(v))) {
			t.Errorf("%s: T[%d,%d] from factors is %v, want %v", name, i/want.Stride, i%want.Stride, got[i], v)
			return
		}
	}
}

// TestNoAllocation runs everything on two threads, with work enough to be forked.
func TestNoAllocation(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	s := newSetting("2x64x64x1", part{Laplacian, 300, 1}, part{Value, 40, 1})
	m := &cost.Meter{}
	tape := New(s.net, s.groups, mixed{s.net, s.groups}, Tangents, m)
	rows, cols := tape.Dims()
	r, x, y := make([]float64, rows), make([]float64, cols), make([]float64, cols)
	kx, kr, full := linalg.New(nil, 6, cols), linalg.New(nil, 6, rows), linalg.New(nil, rows, cols)
	square := linalg.New(nil, rows, rows)
	op := tape.Tangent()
	round := func() {
		tape.Residual(s.theta, r)
		tape.Linearise(s.theta, r)
		tape.Gradient(s.theta, r, x)
		op.Apply(r, x)
		op.ApplyT(y, r)
		op.Gram(y, x)
		op.GramColumn(y, 77)
		op.ApplyBlock(kr, kx)
		op.ApplyTBlock(kx, kr)
		op.Dense(full)
		op.Row(x, 17)
		op.KernelRow(r, 17)
		op.SquaredNorms(r, y)
		op.Factors()
		op.Kernel(square)
	}
	round()
	round()
	booked := m.Bytes
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 20 {
		round()
	}
	runtime.ReadMemStats(&after)
	if n := after.Mallocs - before.Mallocs; n >= 20 { // the runtime makes a few of its own
		t.Errorf("%d allocations in twenty rounds of all products", n)
	}
	if m.Bytes != booked {
		t.Errorf("workspace grew by %d bytes after the first round", m.Bytes-booked)
	}
}
