package formulations

import (
	"cmp"
	"math"

	"ngdbench/problems/geometry"
)

// Scaling is how published codes turn squared residuals into a loss.
type Scaling int

const (
	// BlockMean: every block is the mean over its points. The default.
	BlockMean Scaling = iota
	// OneMean: one mean over the residuals of all blocks, so that a block weighs as it has points.
	OneMean
	// Measured: a quadrature, the mean over a block's points times the measure of its part.
	Measured
)

// Weights says how much each residual block weighs. The zero value is a mean per block, all blocks alike.
type Weights struct {
	Scaling Scaling
	// Data is the factor of the squared residuals of every block outside of the interior: boundary and initial data.
	// 0 means 1.
	Data float64
	// Boundary and Initial are further factors for one of those parts each. 0 means 1.
	Boundary, Initial float64
}

// factor is what the squared residuals on a part are multiplied by, beside the scaling.
func (w Weights) factor(part geometry.Part) float64 {
	if part == geometry.Interior {
		return 1
	}
	own := map[geometry.Part]float64{geometry.Boundary: w.Boundary, geometry.Initial: w.Initial}[part]
	return cmp.Or(w.Data, 1) * cmp.Or(own, 1)
}

// apply sets the factors of the blocks of all parts.
func (w Weights) apply(domain geometry.Domain, parts []collocation) {
	for _, c := range parts {
		f := weight(c.n)
		switch w.Scaling {
		case OneMean:
			f = weight(rowsOf(parts))
		case Measured:
			f *= math.Sqrt(domain.Measure(c.part))
		}
		f *= math.Sqrt(w.factor(c.part))
		for k := range c.blocks {
			c.blocks[k].w = f
		}
	}
}

// weight is the factor that makes a sum of squares over n points their mean.
func weight(n int) float64 { return 1 / math.Sqrt(float64(n)) }
