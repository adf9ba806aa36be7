package calibrate

import (
	"slices"
	"testing"

	"ngdbench/cost"
	"ngdbench/linalg/operator"
	"ngdbench/objective"
)

// line is ½‖θx − y‖² at n points, as closures.
func line(n int) objective.Objective {
	return objective.FromFuncs(objective.Funcs{N: n, P: 1,
		Residual: func(dst, theta []float64) {
			for i := range dst {
				dst[i] = theta[0]*float64(i) - 1
			}
		},
		JVP: func(dst, _, v []float64) {
			for i := range dst {
				dst[i] = v[0] * float64(i)
			}
		},
		VJP: func(dst, _, y []float64) {
			dst[0] = 0
			for i, v := range y {
				dst[0] += v * float64(i)
			}
		}})
}

// Every operation has jobs, each of which is an amount of that operation alone, and enough of them to tell its terms apart.
func TestEveryOperationIsMeasured(t *testing.T) {
	jobs := map[cost.Operation]int{}
	for _, j := range slices.Concat(matrixJobs(), networkJobs([]objective.Objective{line(5)})) {
		jobs[j.what]++
		for _, o := range cost.Operations() {
			if any := slices.ContainsFunc(j.work.Amounts(o), func(v float64) bool { return v > 0 }); any != (o == j.what) {
				t.Errorf("a job of %s has work of %s", j.what, o)
			}
		}
	}
	for _, o := range cost.Operations() {
		if jobs[o] == 0 {
			t.Errorf("%s is never measured", o)
		}
	}
}

// Jobs run: the small ones of matrices, and those of an objective that has no capability of its own.
func TestJobsRun(t *testing.T) {
	for _, j := range slices.Concat(matrixJobs(), networkJobs([]objective.Objective{line(300)})) {
		if j.work.Flops() > 1e6 || j.floats > 1e5 {
			continue
		}
		if s, ok := j.measure(); !ok || !(s.Seconds > 0) || s.Work != j.work {
			t.Errorf("%s: %g s, %v", j.what, s.Seconds, ok)
		}
	}
	big := job{floats: 2 * mostFloats, make: func() func() { t.Error("a job above the limits is made"); return nil }}
	if _, ok := big.measure(); ok {
		t.Error("a job above the limits is measured")
	}
}

var _ operator.Pivotable = decaying{}
