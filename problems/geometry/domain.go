// Package geometry holds domains, the point sets drawn on them, quadrature and structured meshes.
package geometry

import "math/rand/v2"

// Part names a piece of a domain that points are drawn on: the interior, the boundary, the initial slice.
type Part string

const (
	Interior Part = "interior" // the open set Ω, of dimension d
	Boundary Part = "boundary" // ∂Ω, of dimension d−1
	Initial  Part = "initial"  // the slice at the first time, of dimension d−1
)

// Domain is a set in R^d that points can be drawn on. It is immutable, and safe for concurrent use.
type Domain interface {
	// Dim is d.
	Dim() int
	// Parts lists the parts that Draw and Measure know, in the order of the axis points.
	Parts() []Part
	// Draw fills dst (n×d, row-major) with n = len(dst)/d points, independent and uniform on the part. It takes its
	// randomness from r alone, point after point, and panics on a part that the domain lacks.
	Draw(dst []float64, part Part, r *rand.Rand)
	// Measure is the d- or (d-1)-dimensional volume of the part.
	Measure(part Part) float64
	// Lattice is the structured mesh of the domain whose longest side has the number of cells given.
	Lattice(cells int) Lattice
}
