package harness

import (
	"math"
	"time"

	"ngdbench/cost"
	"ngdbench/linalg/operator"
	"ngdbench/results"
)

// fillWork writes what the meter and the system counted.
func fillWork(rec *results.Record, m *cost.Meter, iterations int, cpu time.Duration) {
	n := m.Counts
	rec.Counts = map[string]int{
		"losses": n.Losses, "grads": n.Grads, "tangents": n.Tangents, "joint": n.Joint,
		"applies": n.Applies, "applyTs": n.ApplyTs, "rows": n.Rows, "explicit": n.Explicit,
	}
	for p := cost.Other; p < cost.Outside; p++ {
		rec.Seconds[p.String()] = results.Float(m.Seconds[p])
	}
	rec.Fallbacks = operator.Capability(m.Fallbacks).Names()
	peak, _ := peakMemory()
	last := rec.Trace[len(rec.Trace)-1]
	rec.Metrics = map[string]results.Float{
		"ns/op":            results.Float(m.Total() * 1e9),
		"loss":             last.Loss,
		"model-ns":         last.Modelled * 1e9,
		"steps":            results.Float(last.Step),
		"cg-iters":         results.Float(iterations),
		"products":         results.Float(n.Products()),
		"losses":           results.Float(n.Losses),
		"grad-equivalents": results.Float(n.GradientEquivalents(rec.Sizes.Rows)),
		"cpu-ns":           results.Float(cpu),
		"peak-rss-B":       results.Float(peak),
		"work-B":           results.Float(m.Bytes),
	}
	if last.Modelled == 0 {
		delete(rec.Metrics, "model-ns")
	}
}

// fillErrors writes the final errors among the metrics, and the best of the trace beside them.
func fillErrors(rec *results.Record) {
	for _, row := range rec.Trace {
		values := withDigits(row)
		values["loss"] = row.Loss
		for _, u := range results.Units {
			v, ok := values[u.Name]
			if best, seen := rec.Best[u.Name]; ok && (!seen || u.Improves(v, best)) {
				rec.Best[u.Name] = v
			}
		}
	}
	for name, v := range withDigits(rec.Trace[len(rec.Trace)-1]) {
		rec.Metrics[name] = v
	}
}

// withDigits is the row's errors with the decimal digits of the relative L2 error.
func withDigits(row results.Row) map[string]results.Float {
	out := map[string]results.Float{}
	for name, v := range row.Errors {
		out[name] = v
	}
	if e, ok := row.Errors["l2err"]; ok {
		out["l2-digits"] = results.Float(-math.Log10(float64(e)))
	}
	return out
}
