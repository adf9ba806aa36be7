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

// reduce writes the channels of s from a jet with all derivatives, that of Hessian.
func (s Shape) reduce(dst, all []float64) {
	copy(dst, all[:1+s.firsts()])
	switch s.Order {
	case Hessian:
		copy(dst, all)
	case Laplacian:
		dst[1+s.Dim] = 0
		for i := range s.Dim {
			dst[1+s.Dim] += all[s.pair(i, i)]
		}
	case Diagonal:
		for i := range s.Dim {
			dst[1+s.Dim+i] = all[s.pair(i, i)]
		}
	}
}

// pair is the channel of ∂_ij, i ≤ j from 0, in a jet with all derivatives.
func (s Shape) pair(i, j int) int { return 1 + s.Dim + i*s.Dim - i*(i-1)/2 + j - i }

// all is the number of channels of a jet with all derivatives.
func (s Shape) all() int { return Shape{s.Dim, Hessian}.Channels() }
