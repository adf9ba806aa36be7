package networks

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"ngdbench/cost"
	"ngdbench/internal/simd"
	"ngdbench/linalg/operator/operatortest"
)

// TestJets compares the jets with differences of eighth order of a network in explicit loops.
func TestJets(t *testing.T) {
	for _, s := range settings() {
		outs, at := s.net.Outputs(), 0
		tape := s.tape(Values)
		size := 0
		for _, g := range tape.groups {
			size += g.n * g.c * outs
		}
		jets := make([]float64, size)
		tape.Jets(s.theta, jets)
		for _, g := range s.groups {
			d := s.net.Inputs()
			c := Shape{d, g.Order}.Channels()
			for i := range len(g.X) / d {
				for o := range outs {
					want := channels(d, g.Order, differences(g.X[i*d:][:d], func(x []float64) float64 { return twinValue(s.net, s.theta, x, o) }))
					for k, v := range jets[at : at+c] {
						if !(math.Abs(v-want[k]) <= 1e-7*(1+math.Abs(want[k]))) {
							t.Fatalf("%s: point %d, output %d, channel %d: %v, want %v", s.name, i, o, k, v, want[k])
						}
					}
					at += c
				}
			}
		}
	}
}

// differences is the jet of u at x with all derivatives, by central differences of eighth order; a mixed derivative is half
// of what the second derivative along the diagonal has over those along its sides.
func differences(x []float64, u func(x []float64) float64) []float64 {
	weights := [][]float64{{4. / 5, -1. / 5, 4. / 105, -1. / 280}, {8. / 5, -1. / 5, 8. / 315, -1. / 560}}
	const h, centre = 0.02, -205. / 72
	d := len(x)
	jet := newDual(d).v
	jet[0] = u(x)
	along := func(dirs ...int) (first, second float64) {
		second = centre * jet[0] / (h * h)
		y := make([]float64, d)
		for q := range 4 {
			copy(y, x)
			for _, k := range dirs {
				y[k] = x[k] + h*float64(q+1)
			}
			up := u(y)
			for _, k := range dirs {
				y[k] = x[k] - h*float64(q+1)
			}
			down := u(y)
			first += weights[0][q] * (up - down) / h
			second += weights[1][q] * (up + down) / (h * h)
		}
		return first, second
	}
	second := make([]float64, d)
	for i := range d {
		jet[1+i], second[i] = along(i)
	}
	pairs(d, func(k, i, j int) {
		jet[k] = second[i]
		if i != j {
			_, both := along(i, j)
			jet[k] = (both - second[i] - second[j]) / 2
		}
	})
	return jet
}

// TestTaylor checks that r(θ+hv) - r(θ) - hTv falls as h².
func TestTaylor(t *testing.T) {
	for _, s := range settings() {
		tape := s.tape(Tangents)
		rows, cols := tape.Dims()
		rng := rand.New(rand.NewPCG(21, 22))
		v, theta := make([]float64, cols), make([]float64, cols)
		for i := range v {
			v[i] = rng.NormFloat64()
		}
		r, tv, moved := make([]float64, rows), make([]float64, rows), make([]float64, rows)
		tape.Linearise(s.theta, r)
		tape.Tangent().Apply(tv, v)
		var errs []float64
		for _, h := range []float64{0x1p-9, 0x1p-10, 0x1p-11, 0x1p-12} {
			for i := range theta {
				theta[i] = s.theta[i] + h*v[i]
			}
			tape.Residual(theta, moved)
			e := 0.0
			for i := range r {
				e = math.Hypot(e, moved[i]-r[i]-h*tv[i])
			}
			errs = append(errs, e)
		}
		for i := range errs[1:] {
			if slope := math.Log2(errs[i] / errs[i+1]); math.Abs(slope-2) > 0.1 {
				t.Errorf("%s: Taylor remainders %.3g have slope %.3f, want 2", s.name, errs, slope)
				break
			}
		}
	}
}

// TestTwin compares T with that of the dumb twin, entry by entry: all columns, or some of many.
func TestTwin(t *testing.T) {
	for _, s := range settings() {
		tape := s.tape(Tangents)
		rows, cols := tape.Dims()
		tape.Linearise(s.theta, make([]float64, rows))
		var picks []int
		for j := 0; j < cols; j += 1 + cols/64 {
			picks = append(picks, j)
		}
		got, want := operatortest.Explicit(tape.Tangent()), twinTangent(s.net, s.groups, s.theta, picks)
		scale := 0.0
		for _, v := range want {
			scale = max(scale, math.Abs(v))
		}
		for i, v := range want {
			row, col := i/len(picks), picks[i%len(picks)]
			if x := got.Data[row*cols+col]; !(math.Abs(x-v) <= 1e-12*scale) {
				t.Errorf("%s: T[%d,%d] = %v, want %v", s.name, row, col, x, v)
				break
			}
		}
	}
}

// TestBits checks that residuals have the same bits with and without their tangent map, and that Gradient has those of
// Linearise followed by ApplyT, and leaves the tangent map alone.
func TestBits(t *testing.T) {
	for _, s := range settings() {
		tape := s.tape(Tangents)
		rows, cols := tape.Dims()
		r, lin, grad := make([]float64, rows), make([]float64, rows), make([]float64, cols)
		s.tape(Values).Residual(s.theta, r)
		tape.Linearise(s.theta, lin)
		equal(t, s.name+": residual of Linearise", lin, r)
		want := make([]float64, cols)
		tape.Tangent().ApplyT(want, r)
		other := make([]float64, cols)
		for i := range other {
			other[i] = s.theta[i] / 2
		}
		tape.Gradient(other, lin, grad)
		tape.Gradient(s.theta, lin, grad)
		equal(t, s.name+": residual of Gradient", lin, r)
		equal(t, s.name+": gradient", grad, want)
		only := s.tape(Gradients)
		only.Gradient(s.theta, lin, grad)
		equal(t, s.name+": gradient without a tangent map", grad, want)
		tape.Residual(other, lin)
		tape.Tangent().ApplyT(grad, r)
		equal(t, s.name+": tangent map after other calls", grad, want)
		gram, tx := make([]float64, cols), make([]float64, rows)
		tape.Tangent().Gram(gram, s.theta)
		tape.Tangent().Apply(tx, s.theta)
		tape.Tangent().ApplyT(want, tx)
		equal(t, s.name+": Gram", gram, want)
	}
}

func equal(t *testing.T, what string, got, want []float64) {
	t.Helper()
	for i, v := range want {
		if math.Float64bits(got[i]) != math.Float64bits(v) {
			t.Errorf("%s: entry %d is %v, want the bits of %v", what, i, got[i], v)
			return
		}
	}
}

// TestSameBitsEverywhere checks that neither the number of threads nor the kernel path changes a bit of anything, nor the
// bytes that are booked once every capability has made its workspace.
func TestSameBitsEverywhere(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	defer func(path string) { _ = simd.Use(path) }(simd.Path())
	all := append(settings(), newSetting("2x48x33x1", part{Laplacian, 700, 1}, part{Value, 100, 1}))
	for _, s := range all {
		seen := map[string]string{}
		for _, path := range simd.Paths() {
			for _, procs := range []int{1, 2, 4} {
				if path == simd.Scalar && procs == 4 {
					continue // slow, and shown by the other path
				}
				if err := simd.Use(path); err != nil {
					t.Fatal(err)
				}
				runtime.GOMAXPROCS(procs)
				m := &cost.Meter{}
				tape := New(s.net, s.groups, mixed{s.net, s.groups}, Tangents, m)
				rows, cols := tape.Dims()
				r, grad := make([]float64, rows), make([]float64, cols)
				tape.Gradient(s.theta, r, grad)
				tape.Linearise(s.theta, r)
				digest := fmt.Sprintf("%x %x %x", operatortest.Hash(r), operatortest.Hash(grad), operatortest.Digest(tape.Tangent()))
				digest += fmt.Sprintf(" %d bytes", m.Bytes)
				seen[digest] += fmt.Sprintf(" %s/%d", path, procs)
			}
		}
		if len(seen) > 1 {
			t.Errorf("%s: bits differ: %v", s.name, seen)
		}
	}
}

// TestMove checks that moved points are those of a new tape.
func TestMove(t *testing.T) {
	for _, name := range []string{"2x9x9x1", "2x9x9x1+fourier3+hard", "2x9x1+periodic"} {
		s := newSetting(name, part{Laplacian, 60, 1}, part{Value, 20, 1})
		tape := s.tape(Values)
		rows, _ := tape.Dims()
		got, want := make([]float64, rows), make([]float64, rows)
		for i := range s.groups[1].X {
			s.groups[1].X[i] += 0.25
		}
		tape.Move(1, s.groups[1].X)
		tape.Residual(s.theta, got)
		s.tape(Values).Residual(s.theta, want)
		equal(t, name+": residual at moved points", got, want)
	}
}
