package formulations

import (
	"errors"
	"math"
)

// errIndefinite is a second variation that is not positive semi-definite.
var errIndefinite = errors.New("formulations: an energy's second variation is indefinite")

// root replaces a symmetric n×n matrix H = CCᵀ by Cᵀ, by its eigenvectors: row k of Cᵀ is √λ_k times eigenvector k.
// Negative eigenvalues are taken as zero for the positive part, and refused for the whole, but for rounding.
//
// Eigenvectors come by Jacobi's cyclic rotations, since n is 1+d and the bits must depend on nothing but H.
func root(h []float64, n int, part Curvature) error {
	var buffer [2 * 64]float64
	if n > 8 {
		panic("formulations: root of a matrix of order above 8")
	}
	a, v := buffer[:n*n], buffer[64:][:n*n]
	copy(a, h)
	for i := range n {
		v[i*n+i] = 1
	}
	for range 30 {
		if off(a, n) == 0 {
			break
		}
		for p := range n {
			for q := p + 1; q < n; q++ {
				rotate(a, v, n, p, q)
			}
		}
	}
	top := 0.0
	for i := range n {
		top = max(top, math.Abs(a[i*n+i]))
	}
	for k := range n {
		l := a[k*n+k]
		if l < -1e-12*top && part == Whole {
			return errIndefinite
		}
		s := math.Sqrt(max(l, 0))
		for i := range n {
			h[k*n+i] = s * v[k*n+i]
		}
	}
	return nil
}

// off is the sum of the squares off the diagonal, 0 where they are lost in rounding against it.
func off(a []float64, n int) float64 {
	s, d := 0.0, 0.0
	for i := range n {
		d += float64(a[i*n+i] * a[i*n+i])
		for j := range n {
			if j != i {
				s += float64(a[i*n+j] * a[i*n+j])
			}
		}
	}
	if s <= 1e-34*d {
		return 0
	}
	return s
}

// rotate makes a_pq zero by a rotation, which v collects in its rows.
func rotate(a, v []float64, n, p, q int) {
	apq := a[p*n+q]
	if apq == 0 {
		return
	}
	theta := (a[q*n+q] - a[p*n+p]) / (2 * apq)
	t := 1 / (math.Abs(theta) + math.Sqrt(float64(theta*theta)+1))
	if theta < 0 {
		t = -t
	}
	c := 1 / math.Sqrt(float64(t*t)+1)
	s := t * c
	for k := range n {
		x, y := a[k*n+p], a[k*n+q]
		a[k*n+p], a[k*n+q] = float64(c*x)-float64(s*y), float64(s*x)+float64(c*y)
	}
	for k := range n {
		x, y := a[p*n+k], a[q*n+k]
		a[p*n+k], a[q*n+k] = float64(c*x)-float64(s*y), float64(s*x)+float64(c*y)
		x, y = v[p*n+k], v[q*n+k]
		v[p*n+k], v[q*n+k] = float64(c*x)-float64(s*y), float64(s*x)+float64(c*y)
	}
}
