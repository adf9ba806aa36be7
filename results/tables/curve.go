package tables

import (
	"math"
	"slices"
	"sort"
	"strconv"

	"ngdbench/results"
	"ngdbench/results/stats"
)

// Curve is the part of a trace that reports read, one entry per trace row. Errors that were not finite are NaN.
type Curve struct {
	Step    []int
	Seconds []float64
	L2      []float64 // relative
	L2Abs   []float64
	Energy  []float64 // relative, in the energy norm

	Loss     []float64
	Modelled []float64 // seconds by the calibration table; all zero where a part has no price
	Inner    []int     // inner iterations, cumulative
	Digest   []uint64  // of the trajectory so far; 0 where the record has none
	Choices  []string  // of opt=auto, as they first occur

	Spectra []Spectrum // of a diagnosed training, at most maxSpectra of them
	Deff    []float64  // effective dimension of the last step by row; nil where none was diagnosed, NaN where one was not
}

// Spectrum is the eigenvalues of the Gramian where the step of a row began, falling.
type Spectrum struct {
	Step   int // after the step
	Lambda []float64
}

// maxSpectra is the number of spectra of a training that are kept: a figure shows no more.
const maxSpectra = 6

// compact turns the trace of a record into a Curve: ten thousand traces must fit into memory.
func compact(rec results.Record) Cell {
	n := len(rec.Trace)
	c := Curve{Step: make([]int, n), Seconds: make([]float64, n), L2: make([]float64, n), L2Abs: make([]float64, n), Energy: make([]float64, n),
		Loss: make([]float64, n), Modelled: make([]float64, n), Inner: make([]int, n), Digest: make([]uint64, n)}
	for i, row := range rec.Trace {
		c.Step[i] = row.Step
		c.Seconds[i] = float64(row.Seconds)
		c.L2[i] = errorOf(row, "l2err")
		c.L2Abs[i] = errorOf(row, "l2abs")
		c.Energy[i] = errorOf(row, "energy-rel")
		c.Loss[i], c.Modelled[i] = float64(row.Loss), float64(row.Modelled)
		c.Inner[i] = row.CGIters
		c.Digest[i], _ = strconv.ParseUint(row.Digest, 16, 64)
		if row.Choice != "" && !slices.Contains(c.Choices, row.Choice) {
			c.Choices = append(c.Choices, row.Choice)
		}
	}
	c.diagnose(rec.Trace)
	rec.Trace = nil
	return Cell{rec, c}
}

// diagnose keeps what the rows say of the Gramian: all effective dimensions, and spectra at about equal ratios of steps.
func (c *Curve) diagnose(trace []results.Row) {
	var rows []int
	for i, row := range trace {
		if row.Diagnosis != nil && len(row.Diagnosis.Spectrum) > 0 {
			rows = append(rows, i)
		}
	}
	if len(rows) == 0 {
		return
	}
	c.Deff = make([]float64, len(trace))
	for i, row := range trace {
		c.Deff[i] = math.NaN()
		if d := row.Diagnosis; d != nil && d.Deff != nil {
			c.Deff[i] = float64(*d.Deff)
		}
	}
	for k := range maxSpectra {
		at := int(math.Round(math.Pow(float64(len(rows)), float64(k)/(maxSpectra-1)))) - 1
		row := trace[rows[max(0, min(at, len(rows)-1))]]
		if n := len(c.Spectra); n > 0 && c.Spectra[n-1].Step >= row.Step {
			continue
		}
		s := Spectrum{Step: row.Step}
		for _, v := range row.Diagnosis.Spectrum {
			s.Lambda = append(s.Lambda, float64(v))
		}
		c.Spectra = append(c.Spectra, s)
	}
}

func errorOf(row results.Row, unit string) float64 {
	if v, ok := row.Errors[unit]; ok && v.Finite() {
		return float64(v)
	}
	return math.NaN()
}

// firstBelow returns the first row whose error is at most target. There is no interpolation: an error between rows was
// not measured. A comparison with NaN is false, as it must be.
func firstBelow(errors []float64, target float64) (int, bool) {
	for i, e := range errors {
		if e <= target {
			return i, true
		}
	}
	return 0, false
}

// timeTo is the training time to the target in errors (L2, L2Abs or Energy of c), censored by what was spent where it was
// missed.
func (c Cell) timeTo(errors []float64, target float64) stats.Quantity {
	if i, ok := firstBelow(errors, target); ok {
		return stats.Known(c.Curve.Seconds[i])
	}
	return stats.Beyond(c.seconds())
}

// TimeTo is the training time to a relative L2 error, censored where it was missed.
func (c Cell) TimeTo(target float64) stats.Quantity { return c.timeTo(c.Curve.L2, target) }

// StepsTo is the number of steps to the target, censored likewise.
func (c Cell) StepsTo(target float64) stats.Quantity {
	if i, ok := firstBelow(c.Curve.L2, target); ok {
		return stats.Known(float64(c.Curve.Step[i]))
	}
	if n := len(c.Curve.Step); n > 0 {
		return stats.Beyond(float64(c.Curve.Step[n-1]))
	}
	return stats.Quantity{}
}

// seconds is the training time: the metric, or where a child died the last row of its trace; NaN where neither is known.
func (c Cell) seconds() float64 {
	if v, ok := c.Metrics["ns/op"]; ok && v.Finite() {
		return float64(v) / 1e9
	}
	if n := len(c.Curve.Seconds); n > 0 {
		return c.Curve.Seconds[n-1]
	}
	return math.NaN()
}

// OwnTime reports whether the training's clock ran only while its process did.
func (c Cell) OwnTime() bool { return !(c.Environment.Suspended > 0) }

// end is the time of the last trace row, or where there is no trace the training time.
func (c Cell) end() float64 {
	if n := len(c.Curve.Seconds); n > 0 {
		return c.Curve.Seconds[n-1]
	}
	return c.seconds()
}

// errorAt is the error that the training had after the given seconds: that of the last row not later. After its end a
// training keeps its last error.
func (c Cell) errorAt(seconds float64) stats.Quantity {
	i := sort.Search(len(c.Curve.Seconds), func(i int) bool { return c.Curve.Seconds[i] > seconds })
	if i == 0 {
		return stats.Quantity{}
	}
	return stats.Known(c.Curve.L2[i-1])
}

// Metric is a measured quantity; absent where it was not measured or is not finite.
func (c Cell) Metric(unit string) stats.Quantity {
	v, ok := c.Metrics[unit]
	if !ok {
		return stats.Quantity{}
	}
	return stats.Known(float64(v))
}
