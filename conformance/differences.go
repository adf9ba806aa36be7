package conformance

import "math"

// Central differences of order 8 on the stencil −4h … 4h: weights of f(kh), k = 1 … 4. The first derivative is odd, the
// second even with the weight −205/72 in the middle.
var (
	firstWeights  = [4]float64{4. / 5, -1. / 5, 4. / 105, -1. / 280}
	secondWeights = [4]float64{8. / 5, -1. / 5, 8. / 315, -1. / 560}
)

// rungs is the number of steps that are tried, each half of the one before.
const rungs = 9

// derivative returns the first (order 1) or second (order 2) derivative of f at 0, and an estimate of its error.
//
// The step runs through scale/8, scale/16, …, scale/2048, and the value taken is the one that changes least from its
// predecessor: large steps are wrong by truncation, small ones by rounding, and the two meet where the change is least.
// It costs 72 evaluations of f at distances up to scale/2.
func derivative(f func(float64) float64, order int, scale float64) (value, err float64) {
	err = math.Inf(1)
	h := scale / 8
	last := stencil(f, order, h)
	value = last
	for range rungs - 1 {
		h /= 2
		d := stencil(f, order, h)
		if change := math.Abs(d - last); change < err {
			value, err = d, change
		}
		last = d
	}
	return value, err
}

func stencil(f func(float64) float64, order int, h float64) float64 {
	s := 0.0
	if order == 1 {
		for k, w := range firstWeights {
			x := float64(k+1) * h
			s += w * (f(x) - f(-x))
		}
		return s / h
	}
	// Differences to the middle, for they are small: the weights sum to zero.
	f0 := f(0)
	for k, w := range secondWeights {
		x := float64(k+1) * h
		s += w * ((f(x) - f0) + (f(-x) - f0))
	}
	return s / (h * h)
}
