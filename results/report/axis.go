package report

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// axis places values in coordinates between its ends and labels them.
type axis interface {
	plot.Ticker
	at(x float64) float64
	ends() (lo, hi float64)
}

// linearAxis is the numbers themselves, clamped to [lo, hi].
type linearAxis struct{ lo, hi float64 }

func (a linearAxis) at(x float64) float64 {
	if math.IsNaN(x) {
		return a.hi
	}
	return max(a.lo, min(a.hi, x))
}

func (a linearAxis) ends() (lo, hi float64) { return a.lo, a.hi }

// Ticks are those of gonum/plot.
func (a linearAxis) Ticks(lo, hi float64) []plot.Tick { return plot.DefaultTicks{}.Ticks(lo, hi) }

// logAxis places values on a logarithmic axis: coordinates are log10, clamped to [lo, hi]. It is total: zero, negative
// and infinite values land on an end, NaN on the upper one.
type logAxis struct{ lo, hi float64 }

func (a logAxis) at(x float64) float64 {
	switch {
	case math.IsNaN(x):
		return a.hi
	case x <= 0:
		return a.lo
	}
	return max(a.lo, min(a.hi, math.Log10(x)))
}

func (a logAxis) ends() (lo, hi float64) { return a.lo, a.hi }

// newLogAxis spans lo to hi, with a margin and at least one decade. Ends that are not positive and finite are replaced.
func newLogAxis(lo, hi float64) logAxis {
	a, b := math.Log10(lo), math.Log10(hi)
	if math.IsNaN(a) || math.IsInf(a, 0) || math.IsNaN(b) || math.IsInf(b, 0) || a > b {
		a, b = -1, 0
	}
	if short := 1 - (b - a); short > 0 {
		a, b = a-short/2, b+short/2
	}
	margin := 0.03 * (b - a)
	return logAxis{a - margin, b + margin}
}

// Ticks labels decades as powers of ten, so many that labels do not touch; where fewer than two decades lie inside, the
// digits 2 and 5 too, and numbers of ordinary size as they are. Other digits get short ticks where there is room.
func (a logAxis) Ticks(lo, hi float64) []plot.Tick {
	stride := 1 + int((hi-lo)/9)
	few := math.Floor(hi)-math.Ceil(lo) < 1
	var ticks []plot.Tick
	for e := int(math.Floor(lo)); e <= int(math.Ceil(hi)); e++ {
		for digit := 1; digit < 10; digit++ {
			v := float64(e) + math.Log10(float64(digit))
			if v < lo || v > hi {
				continue
			}
			label := ""
			switch {
			case few && (digit == 1 || digit == 2 || digit == 5) && e >= -2 && e <= 3:
				label = strconv.FormatFloat(float64(digit)*math.Pow10(e), 'f', max(0, -e), 64)
			case digit == 1 && modulo(e, stride) == 0:
				label = "10" + exponent(e)
			case few && (digit == 2 || digit == 5):
				label = strconv.Itoa(digit) + "·10" + exponent(e)
			case digit > 1 && hi-lo > 7:
				continue
			}
			ticks = append(ticks, plot.Tick{Value: v, Label: label})
		}
	}
	return ticks
}

func modulo(a, b int) int { return ((a % b) + b) % b }

// exponent is e for the handler powers, with a real minus.
func exponent(e int) string { return "^" + strings.Replace(strconv.Itoa(e), "-", "−", 1) }
