package simd

import (
	"testing"

	"pgregory.net/rapid"
)

// jetTwins are sine and cosine, and the jets for slopes computed before.
var jetTwins = properties{
	"SinCos": func(t *rapid.T) {
		n, scale := shape(t, "n"), rapid.SampledFrom([]float64{1e-9, 1, 100, 5e5, 1e7}).Draw(t, "scale")
		twins(t, func(s *source) {
			x := s.slice(n)
			for i := range x {
				x[i] *= scale
			}
			SinCos(s.raw(n), s.raw(n), x)
			SinCos(x, s.raw(n), x)
			SinCos(s.raw(n), x, x)
		})
	},
	"TanhSlopes": func(t *rapid.T) {
		n := shape(t, "n")
		twins(t, func(s *source) {
			x := s.slice(n)
			TanhSlopes(s.raw(n), s.raw(n), s.raw(n), x)
			TanhSlopes(s.raw(n), x, s.raw(n), x)
		})
	},
	"Jet": func(t *rapid.T) {
		n, d, sec, extra := shape(t, "n"), rapid.IntRange(0, 5).Draw(t, "d"), rapid.SampledFrom(allSeconds).Draw(t, "seconds"), shape(t, "extra")
		twins(t, func(s *source) {
			c, stride := sec.Channels(d), n+extra
			z, a, g := s.slice(size(c, n, stride)), s.raw(size(c, n, stride)), s.slice(size(c, n, stride))
			s1, s2, s3 := s.slice(n), s.slice(n), s.slice(n)
			if c == 1+d {
				s3 = s3[:0] // not read
			}
			JetAdjoint(n, d, sec, s1, s2, s3, z, g, stride)
			if c == 1+d {
				s2 = nil
			}
			Jet(n, d, sec, s1, s2, z, a, stride)
			if c == 1 {
				JetAdjoint(n, d, sec, s1, nil, nil, z, g, stride)
			}
		})
	},
	"Jet in several calls": func(t *rapid.T) {
		sec := rapid.SampledFrom(allSeconds).Draw(t, "seconds")
		n, d := 64<<10/sec.Channels(2)+rapid.IntRange(0, 13).Draw(t, "n"), 2
		twins(t, func(s *source) {
			c := sec.Channels(d)
			z, s1, s2, s3, g := s.slice(c*n), s.slice(n), s.slice(n), s.slice(n), s.slice(c*n)
			Jet(n, d, sec, s1, s2, z, s.raw(c*n), n)
			JetAdjoint(n, d, sec, s1, s2, s3, z, g, n)
		})
	},
}

func TestJetTwins(t *testing.T) { checkAll(t, jetTwins) }
