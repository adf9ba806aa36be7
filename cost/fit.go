package cost

import (
	"math"
	"slices"
)

// Sample is one measurement: an amount of work, of one operation alone, and the seconds it took.
type Sample struct {
	Work    Work
	Seconds float64
}

// Fit finds the unit prices of an operation, none below zero, that minimise the relative errors Σ (fitted/measured − 1)². It tries every
// set of terms: there are at most four.
func Fit(o Operation, samples []Sample) Price {
	n := len(table[o].terms)
	best, least := make([]float64, n), math.Inf(1)
	for set := 1; set < 1<<n; set++ {
		c, ok := solve(o, samples, set)
		if !ok {
			continue
		}
		if e := residual(o, samples, c); e < least {
			best, least = c, e
		}
	}
	return judged(o, samples, best)
}

// solve is least squares for the terms of a set; false where a price is negative, or the terms do not differ on the samples.
func solve(o Operation, samples []Sample, set int) (c []float64, ok bool) {
	n := len(table[o].terms)
	var a [maxTerms][maxTerms + 1]float64
	for i := range n {
		if set>>i&1 == 0 {
			a[i][i] = 1
		}
	}
	for _, s := range samples {
		x := s.Work.Amounts(o)
		for i := range n {
			for j := range n {
				if set>>i&1 == 1 && set>>j&1 == 1 {
					a[i][j] += x[i] / s.Seconds * x[j] / s.Seconds
				}
			}
			if set>>i&1 == 1 {
				a[i][maxTerms] += x[i] / s.Seconds
			}
		}
	}
	return eliminate(a, n)
}

// eliminate solves the scaled normal equations, symmetric and positive definite, without pivoting.
func eliminate(a [maxTerms][maxTerms + 1]float64, n int) (c []float64, ok bool) {
	scale := make([]float64, n)
	for i := range n {
		if scale[i] = math.Sqrt(a[i][i]); scale[i] == 0 {
			return nil, false
		}
	}
	for i := range n {
		for j := range n {
			a[i][j] /= scale[i] * scale[j]
		}
		a[i][maxTerms] /= scale[i]
	}
	for k := range n {
		if a[k][k] < 1e-10 {
			return nil, false
		}
		for i := k + 1; i < n; i++ {
			f := a[i][k] / a[k][k]
			for j := k; j < n; j++ {
				a[i][j] -= f * a[k][j]
			}
			a[i][maxTerms] -= f * a[k][maxTerms]
		}
	}
	c = make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		v := a[i][maxTerms]
		for j := i + 1; j < n; j++ {
			v -= a[i][j] * c[j]
		}
		c[i] = v / a[i][i]
	}
	for i := range n {
		if c[i] /= scale[i]; c[i] < 0 {
			return nil, false
		}
	}
	return c, true
}

func fitted(o Operation, s *Sample, c []float64) float64 {
	t := 0.0
	for i, x := range s.Work.Amounts(o) {
		t += x * c[i]
	}
	return t
}

func residual(o Operation, samples []Sample, c []float64) float64 {
	sum := 0.0
	for i := range samples {
		e := fitted(o, &samples[i], c)/samples[i].Seconds - 1
		sum += e * e
	}
	return sum
}

func judged(o Operation, samples []Sample, c []float64) Price {
	p := Price{Terms: o.Terms(), Seconds: c, Samples: len(samples)}
	var errors []float64
	for i := range samples {
		e := math.Abs(math.Log(fitted(o, &samples[i], c) / samples[i].Seconds))
		errors = append(errors, e)
		p.Worst = max(p.Worst, math.Exp(e))
	}
	if slices.Sort(errors); len(errors) > 0 {
		p.Error = errors[len(errors)/2]
	}
	return p
}
