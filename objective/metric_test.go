package objective_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"ngdbench/cost"
	"ngdbench/linalg"
	"ngdbench/linalg/operator"
	"ngdbench/objective"
)

// scaled is the metric with T = diag(θ), which is easy to tell from any other.
type scaled struct{ made, linearised int }

func (s *scaled) New(*cost.Meter) (operator.Operator, func([]float64)) {
	s.made++
	t := operator.Matrix{General: linalg.New(nil, 2, 2)}
	return t, func(theta []float64) { s.linearised++; t.Data[0], t.Data[3] = theta[0], theta[1] }
}

func TestMetricChangesOnlyTheTangentMap(t *testing.T) {
	m, plain, s, meter := &model{}, &model{}, &scaled{}, &cost.Meter{}
	o := objective.WithMetric(m.objective(), s)
	p, q := objective.NewPoint(o, all, meter), objective.NewPoint(plain.objective(), all, nil)
	p.Eval(theta, all)
	q.Eval(theta, all)
	if p.Loss != q.Loss || !slices.Equal(p.Grad, q.Grad) || !slices.Equal(p.Residual, q.Residual) {
		t.Errorf("loss %v, gradient %v, residual %v", p.Loss, p.Grad, p.Residual)
	}
	d := linalg.New(nil, 2, 2)
	if p.T.Dense(d); !slices.Equal(d.Data, []float64{theta[0], 0, 0, theta[1]}) {
		t.Errorf("T = %v", d.Data)
	}
	if meter.Counts != (cost.Counts{Grads: 1, Tangents: 1, Explicit: 1}) || s.made != 1 || s.linearised != 1 || m.residuals != 1 {
		t.Errorf("%+v, %+v, %+v", meter.Counts, s, m)
	}
	if missing := objective.Missing(objective.LeastSquares|objective.Factors|objective.Nonnegative, o.Offers()); missing != "least squares, layer factors" {
		t.Errorf("misses %q", missing)
	}
}

// A tangent map at a taken point needs no loss, and a loss needs no tangent map.
func TestMetricEvaluatesApart(t *testing.T) {
	m, s := &model{}, &scaled{}
	o := objective.WithMetric(m.objective(), s)
	p, trial := objective.NewPoint(o, all, nil), objective.NewPoint(o, all&^objective.Tangent, nil)
	trial.Eval(theta, objective.Loss|objective.Grad)
	if s.linearised != 0 || trial.T != nil || s.made != 1 {
		t.Errorf("%+v", s)
	}
	p.Take(trial)
	p.Eval(theta, all)
	if m.residuals != 1 || m.vjps != 1 || s.linearised != 1 {
		t.Errorf("%+v %+v", m, s)
	}
	trial.Grad[0]++ // points share nothing
	if p.Grad[0] == trial.Grad[0] {
		t.Error("gradient shared")
	}
}

func TestMetricBooksTheInnerPoint(t *testing.T) {
	a, b := &cost.Meter{}, &cost.Meter{}
	objective.NewPoint((&model{}).objective(), objective.Loss|objective.Grad, a)
	objective.NewPoint(objective.WithMetric((&model{}).objective(), &scaled{}), objective.Loss|objective.Grad, b)
	if b.Bytes != 2*a.Bytes { // θ, ∇L and r twice
		t.Errorf("%d bytes, without a metric %d", b.Bytes, a.Bytes)
	}
}

// resampled counts redraws.
type resampled struct {
	redrawn
	from []float64
}

func (r *resampled) Resample(theta []float64, _ *rand.Rand) { r.from = theta; r.version++ }

func TestMetricResamples(t *testing.T) {
	inner := &resampled{redrawn: redrawn{Objective: (&model{}).objective()}}
	o := objective.WithMetric(inner, &scaled{})
	p := objective.NewPoint(o, all, nil)
	p.Eval(theta, all)
	o.(objective.Resampler).Resample(theta, nil)
	if o.Version() != 1 || p.At(theta) || &inner.from[0] != &theta[0] {
		t.Errorf("version %d", o.Version())
	}
	objective.WithMetric((&model{}).objective(), &scaled{}).(objective.Resampler).Resample(theta, nil) // fixed points stay
}

func TestMetricAllocatesNothing(t *testing.T) {
	p := objective.NewPoint(objective.WithMetric((&model{}).objective(), &scaled{}), all, &cost.Meter{})
	x := []float64{0, 1}
	if n := testing.AllocsPerRun(10, func() { x[0]++; p.Eval(x, all) }); n != 0 {
		t.Errorf("%g allocations", n)
	}
}
