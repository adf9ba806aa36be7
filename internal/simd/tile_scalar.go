package simd

import "math"

// The scalar twins: same chains as the assembly, so the same bits. Two by four accumulators stay in registers.

func tilePackedScalar(m, k int, a, b, c []float64, ldc int, fresh bool) {
	for i := 0; i < m; i += TileM {
		for r := 0; r < min(TileM, m-i); r += 2 {
			tilePairs(min(2, m-i-r), k, a[i*k+r:], 1, TileM, b, c[(i+r)*ldc:], ldc, fresh)
		}
	}
}

func tileRowsScalar(m, k int, a []float64, lda int, b, c []float64, ldc int, fresh bool) {
	for i := 0; i < m; i += 2 {
		tilePairs(min(2, m-i), k, a[i*lda:], lda, 1, b, c[i*ldc:], ldc, fresh)
	}
}

// tilePairs runs one or two rows (rs apart, steps of ks along k) against a panel of eight columns.
func tilePairs(rows, k int, a []float64, rs, ks int, b, c []float64, ldc int, fresh bool) {
	for h := 0; h < TileN; h += 4 {
		var s, t [4]float64
		c0, c1 := c[h:h+4], c[h:h+4]
		if rows == 2 {
			c1 = c[ldc+h : ldc+h+4]
		}
		if !fresh {
			s, t = [4]float64(c0), [4]float64(c1)
		}
		if rows == 2 {
			tilePair(&s, &t, k, a, rs, ks, b[h:])
			*(*[4]float64)(c1) = t
		} else {
			tileSingle(&s, k, a, ks, b[h:])
		}
		*(*[4]float64)(c0) = s
	}
}

func tilePair(s, t *[4]float64, k int, a []float64, rs, ks int, b []float64) {
	s0, s1, s2, s3 := s[0], s[1], s[2], s[3]
	t0, t1, t2, t3 := t[0], t[1], t[2], t[3]
	for l := range k {
		q := (*[4]float64)(b[l*TileN:])
		x, y := a[l*ks], a[l*ks+rs]
		s0, t0 = math.FMA(x, q[0], s0), math.FMA(y, q[0], t0)
		s1, t1 = math.FMA(x, q[1], s1), math.FMA(y, q[1], t1)
		s2, t2 = math.FMA(x, q[2], s2), math.FMA(y, q[2], t2)
		s3, t3 = math.FMA(x, q[3], s3), math.FMA(y, q[3], t3)
	}
	*s, *t = [4]float64{s0, s1, s2, s3}, [4]float64{t0, t1, t2, t3}
}

func tileSingle(s *[4]float64, k int, a []float64, ks int, b []float64) {
	for l := range k {
		q, x := (*[4]float64)(b[l*TileN:]), a[l*ks]
		for j := range s {
			s[j] = math.FMA(x, q[j], s[j])
		}
	}
}
