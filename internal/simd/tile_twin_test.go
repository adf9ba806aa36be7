package simd

import (
	"testing"

	"pgregory.net/rapid"
)

// tileTwins are the products of tiles and the triangular solve.
var tileTwins = properties{
	"Tile": func(t *rapid.T) {
		m, n, k, extra, fresh := shape(t, "m"), shape(t, "n"), shape(t, "k"), shape(t, "extra"), rapid.Bool().Draw(t, "fresh")
		twins(t, func(s *source) {
			lda, ldb, ldc := k+extra, n+extra, n+extra
			a, b, c := s.slice(size(m, k, lda)), s.slice(size(k, n, ldb)), s.slice(size(m, n, ldc))
			pa, pb := s.raw(TileLenA(m, k)), s.raw(TileLenB(k, n))
			TilePackA(pa, m, k, a, lda)
			TilePackB(pb, k, n, -1, b, ldb)
			Tile(m, n, k, pa, pb, c, ldc, fresh)
			TileRows(m, n, k, a, lda, pb, c, ldc, false)
			TileRows(m, n, k, a, lda, pb, s.raw(size(m, n, ldc)), ldc, true)
		})
	},
	"TileSolve": func(t *rapid.T) {
		m, w, extra, backward := shape(t, "m"), rapid.IntRange(0, TileN).Draw(t, "w"), shape(t, "extra"), rapid.Bool().Draw(t, "backward")
		twins(t, func(s *source) {
			u := [TileN * TileN]float64(s.slice(TileN * TileN))
			TileSolve(m, w, &u, s.slice(size(m, w, w+extra)), w+extra, backward)
		})
	},
}

func TestTileTwins(t *testing.T) { checkAll(t, tileTwins) }
