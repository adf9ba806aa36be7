// Package geometry holds domains and the point sets drawn on them.
package geometry

import "math/rand/v2"

// Part names a piece of a domain that points are drawn on: the interior, the boundary, the initial slice.
type Part string

const (
	Interior Part = "interior"
	Boundary Part = "boundary"
)

// Domain is a set in R^d that points can be drawn on.
type Domain interface {
	Dim() int
	Parts() []Part
	// Draw fills dst (n×d, row-major) with n = len(dst)/d points, independent and uniform on the part.
	Draw(dst []float64, part Part, r *rand.Rand)
	// Measure is the d- or (d-1)-dimensional volume of the part.
	Measure(part Part) float64
}
