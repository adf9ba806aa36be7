package objective

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Role says what a block of parameters is.
type Role int

const (
	Hidden Role = iota // weights of a layer that an activation follows
	Output             // weights of the last layer, which is linear
	Bias               // bias of the weights before it
	Scalar             // anything else
)

// Block is one named array inside θ, Rows×Cols in row-major order. A weight has one row for each unit and one column for
// each input. Blocks of one Layer (weight and bias) belong together.
type Block struct {
	Name       string
	Rows, Cols int
	Role       Role
	Layer      int
}

// Layout lists the blocks of θ in the order in which they lie there, without gaps.
type Layout []Block

// Size returns P.
func (l Layout) Size() int {
	n := 0
	for _, b := range l {
		n += b.Rows * b.Cols
	}
	return n
}

// Join puts o behind l: two networks in one θ. The layers of o are numbered on after those of l.
func (l Layout) Join(o Layout) Layout {
	l = slices.Clone(l)
	next := 0
	for _, b := range l {
		next = max(next, b.Layer+1)
	}
	for _, b := range o {
		b.Layer += next
		l = append(l, b)
	}
	return l
}

// Draw returns a start, uniform in ±1/√fan_in; a bias has the fan-in of the weight before it, a scalar that of the last
// weight or 1. It takes P numbers from r, in the order of θ.
func (l Layout) Draw(r *rand.Rand) []float64 {
	theta := make([]float64, 0, l.Size())
	fan := 1
	for _, b := range l {
		if b.Role == Hidden || b.Role == Output {
			fan = b.Cols
		}
		for range b.Rows * b.Cols {
			theta = append(theta, (2*r.Float64()-1)/math.Sqrt(float64(fan)))
		}
	}
	return theta
}
