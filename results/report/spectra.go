package report

import (
	"fmt"
	"image/color"
	"math"
	"strconv"

	"ngdbench/results/tables"
)

// spectraOf draws eigenvalues against their index, one line for each step, from light to dark.
func spectraOf(s *tables.Section, v *tables.Variant, c *tables.Cell, name string) *chart {
	f := &chart{Picture: tables.Picture{Name: name + "spectrum"}, xlab: "index", ylab: "eigenvalue of the Gramian"}
	longest, least, greatest := 1.0, math.Inf(1), 0.0
	for i, sp := range c.Curve.Spectra {
		line := &series{label: "step " + strconv.Itoa(sp.Step), style: Style{Color: shade(i, len(c.Curve.Spectra)), Dash: i % len(dashes)}, bare: true}
		for k, lambda := range sp.Lambda {
			line.x, line.mid = append(line.x, float64(k+1)), append(line.mid, lambda)
			if lambda > 0 {
				least, greatest = min(least, lambda), max(greatest, lambda)
			}
		}
		longest = max(longest, float64(len(sp.Lambda)))
		f.series = append(f.series, line)
	}
	if mu, err := strconv.ParseFloat(c.Cell["damp"], 64); err == nil && mu > 0 {
		f.rules = append(f.rules, rule{mu, color.Gray{0x60}, "damping μ"})
		least = min(least, mu)
	}
	f.x, f.y = linearAxis{0, 1.02 * longest}, newLogAxis(least, greatest)
	f.Alt = fmt.Sprintf("eigenvalues of the Gramian along the training of %s, %s", v.Label, s.Title())
	f.Caption = fmt.Sprintf("Eigenvalues of the Gramian TᵀT where the steps of %s (seed %s) began, down to rounding; what lies below the damping μ does not matter to a step.", v.Label, c.Cell["seed"])
	return f
}

// shade is a colour between sky blue and black.
func shade(i, n int) color.NRGBA {
	t := float64(i) / math.Max(1, float64(n-1))
	mix := func(a, b uint8) uint8 { return uint8(math.Round((1-t)*float64(a) + t*float64(b))) }
	return color.NRGBA{mix(skyBlue.R, 0), mix(skyBlue.G, 0x20), mix(skyBlue.B, 0x40), 0xFF}
}

func further(left int) string {
	if left == 0 {
		return ""
	}
	return fmt.Sprintf(" Further solvers not drawn: %d.", left)
}
