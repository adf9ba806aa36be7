package simd

import (
	"bytes"
	"encoding/binary"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// FuzzTwins draws a kernel, its sizes and its operands from the bytes: every path gives the bits of the scalar one, and
// nothing around the destinations changes.
func FuzzTwins(f *testing.F) {
	all := properties{}
	for _, p := range []properties{panelTwins, vectorTwins, outerTwins, normTwins, tileTwins, jetTwins} {
		maps.Copy(all, p)
	}
	names := slices.Sorted(maps.Keys(all))
	for i := range names {
		seed := make([]byte, 400)
		_, _ = rand.NewChaCha8([32]byte{byte(i)}).Read(seed)
		f.Add(seed)
	}
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) { all[rapid.SampledFrom(names).Draw(t, "kernel")](t) }))
}

// bits returns the bits of x, and numbers reads them.
func bits(x ...float64) (b []byte) {
	for _, v := range x {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return b
}

func numbers(b []byte) []float64 {
	x := make([]float64, len(b)/8)
	for i := range x {
		x[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
	}
	return x
}

// pathsAgree runs f on the scalar path and then on all, compares what it returns, and returns the scalar result.
func pathsAgree(t *testing.T, f func() []float64) (want []float64) {
	t.Helper()
	onPath(t, Scalar, func() { want = f() })
	for _, path := range Paths() {
		onPath(t, path, func() { bitsEqual(t, path, f(), want) })
	}
	return want
}

// FuzzTanhJet reads the channels of neurons from bytes, any bits: the paths must agree, |t| ≤ 1, and the first derivative
// lies between zero and its channel.
func FuzzTanhJet(f *testing.F) {
	seed := bits(specials...)
	f.Add(uint8(0), false, seed)
	f.Add(uint8(2), true, bytes.Repeat(seed, 2))
	f.Fuzz(func(t *testing.T, dim uint8, lap bool, data []byte) {
		d := int(dim % 5)
		c, z := channels(d, lap), numbers(data)
		n := len(z) / c
		z = z[:c*n]
		want := pathsAgree(t, func() []float64 {
			a, g := make([]float64, c*n), slices.Clone(z)
			slices.Reverse(g)
			TanhJet(n, d, lap, z, a, n)
			TanhJetAdjoint(n, d, lap, z, a, g, n)
			return append(a, g...)
		})
		for i := range n {
			if v := want[i]; math.Abs(v) > 1 || math.IsNaN(v) != math.IsNaN(z[i]) {
				t.Fatalf("tanh(%v) = %v", z[i], v)
			}
			if x := z[(c-1)*n+i]; d > 0 && !lap && math.Abs(want[(c-1)*n+i]) > math.Abs(x) {
				t.Fatalf("derivative %v became %v", x, want[(c-1)*n+i])
			}
		}
	})
}

// FuzzSinCos reads arguments from bytes, any bits: the paths must agree, and package math to an absolute error of 2⁻⁵².
func FuzzSinCos(f *testing.F) {
	f.Add(bits(specials...))
	f.Add(bits(SinCosLimit, -SinCosLimit, SinCosLimit+1, math.Pi, -math.Pi/2, 3*math.Pi/4, 1e5, 1e22))
	f.Fuzz(func(t *testing.T, data []byte) {
		x := numbers(data)
		n := len(x)
		got := pathsAgree(t, func() []float64 {
			out := make([]float64, 2*n)
			SinCos(out[:n], out[n:], x)
			return out
		})
		for i, v := range x {
			s, c := math.Sincos(v)
			if !(math.Abs(got[i]-s) <= 0x1p-52 && math.Abs(got[n+i]-c) <= 0x1p-52) && !(math.IsNaN(s) && math.IsNaN(got[i]) && math.IsNaN(got[n+i])) {
				t.Fatalf("at %v: %v and %v, package math has %v and %v", v, got[i], got[n+i], s, c)
			}
		}
	})
}

// FuzzJet reads slopes and channels of neurons from bytes, any bits: the paths must agree.
func FuzzJet(f *testing.F) {
	seed := bytes.Repeat(bits(specials...), 3)
	for i := range 4 * 4 {
		f.Add(uint8(i), seed)
	}
	f.Fuzz(func(t *testing.T, form uint8, data []byte) {
		d, sec, x := int(form/4%4), allSeconds[form%4], numbers(data)
		c := sec.Channels(d)
		n := len(x) / (3 + c)
		s1, s2, s3, z := x[:n], x[n:2*n], x[2*n:3*n], x[3*n:(3+c)*n]
		pathsAgree(t, func() []float64 {
			a, g := make([]float64, c*n), slices.Clone(z)
			slices.Reverse(g)
			Jet(n, d, sec, s1, s2, z, a, n)
			JetAdjoint(n, d, sec, s1, s2, s3, z, g, n)
			return append(a, g...)
		})
	})
}
