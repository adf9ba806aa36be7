// Package stats is the statistics of a report: summaries over seeds, paired comparisons between methods, times to a
// target with failures counted, performance profiles.
//
// Every function is pure and takes its numbers in any order. A run that missed its target is censored, a run that
// failed is absent; neither is dropped, and no function returns NaN or ±Inf: what cannot be computed is absent, and a
// note says why. Costs and errors are better when they are smaller.
package stats

import (
	"math"
	"slices"
)

// Kind says what is known of a Quantity.
type Kind uint8

const (
	Absent Kind = iota // nothing: the run failed or diverged; worse than any number
	Exact              // the number itself
	Above              // a lower bound: the target had not been reached when the run ended at Value
)

// Quantity is a number x, the knowledge that x > Value, or nothing. The zero value is absent.
type Quantity struct {
	Value float64
	Kind  Kind
}

// Known is the number x; what is not finite is absent.
func Known(x float64) Quantity { return quantity(x, Exact) }

// Beyond is a censored number, known only to exceed limit; a limit that is not finite is absent.
func Beyond(limit float64) Quantity { return quantity(limit, Above) }

func quantity(x float64, k Kind) Quantity {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return Quantity{}
	}
	return Quantity{x, k}
}

// Ok reports whether q is a number.
func (q Quantity) Ok() bool { return q.Kind == Exact }

// Compare orders from best to worst: numbers by value, then censored ones by limit, then absent ones. A censored run
// is worse than every success, also than a success that came later than its limit (the convention of COCO).
func (q Quantity) Compare(r Quantity) int {
	if a, b := severity(q.Kind), severity(r.Kind); a != b {
		return a - b
	}
	switch {
	case q.Kind == Absent || q.Value == r.Value:
		return 0
	case q.Value < r.Value:
		return -1
	}
	return 1
}

func severity(k Kind) int {
	switch k {
	case Exact:
		return 0
	case Above:
		return 1
	}
	return 2
}

// knownOf returns the values of the numbers among q, in their order.
func knownOf(q []Quantity) []float64 {
	var v []float64
	for _, x := range q {
		if x.Ok() {
			v = append(v, x.Value)
		}
	}
	return v
}

// sorted returns q from best to worst.
func sorted(q []Quantity) []Quantity {
	s := slices.Clone(q)
	slices.SortFunc(s, Quantity.Compare)
	return s
}
