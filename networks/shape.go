package networks

import "ngdbench/internal/simd"

// Order says which point derivatives a group of points carries. Each order after Gradient carries the channels of
// Gradient first.
type Order int

const (
	Value     Order = iota // u: C = 1
	Gradient               // u, ∂₁u … ∂_d u: C = d + 1
	Laplacian              // … and Δu: C = d + 2
	Diagonal               // … and ∂₁₁u … ∂_dd u: C = 2d + 1
	Hessian                // … and ∂_ij u, i ≤ j, row by row, 11, 12 … 1d, 22 … dd: C = 1 + d + d(d+1)/2
)

// Shape is the list of channels of a jet in d dimensions.
type Shape struct {
	Dim   int
	Order Order
}

// Channels is C.
func (s Shape) Channels() int { return s.seconds().Channels(s.firsts()) }

// firsts is the number of first derivatives.
func (s Shape) firsts() int {
	if s.Order == Value {
		return 0
	}
	return s.Dim
}

// seconds says which second derivatives there are.
func (s Shape) seconds() simd.Seconds {
	switch s.Order {
	case Value, Gradient:
		return simd.NoSeconds
	case Laplacian:
		return simd.Laplace
	case Diagonal:
		return simd.Diagonal
	case Hessian:
		return simd.Hessian
	}
	panic("networks: unknown order")
}

// second is the channel of the second derivatives that ∂_ij, 1 ≤ i ≤ j ≤ d, counts in, if any.
func (s Shape) second(i, j int) (k int, ok bool) { return s.seconds().Channel(s.Dim, i, j) }

// reduce writes the channels of s from a jet with all derivatives, that of Hessian.
func (s Shape) reduce(dst, all []float64) {
	first := 1 + s.firsts()
	copy(dst[:first], all)
	clear(dst[first:s.Channels()])
	for i := 1; i <= s.Dim; i++ {
		for j := i; j <= s.Dim; j++ {
			if k, ok := s.second(i, j); ok {
				dst[k] += all[s.pair(i, j)]
			}
		}
	}
}

// pair is the channel of ∂_ij, 1 ≤ i ≤ j ≤ d, in a jet with all derivatives.
func (s Shape) pair(i, j int) int {
	k, _ := simd.Hessian.Channel(s.Dim, i, j)
	return k
}

// all is the number of channels of a jet with all derivatives.
func (s Shape) all() int { return simd.Hessian.Channels(s.Dim) }
