package firstorder

import (
	"os"
	"strings"
	"testing"

	"ngdbench/cost"
	"ngdbench/internal/simd"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// Descent is steepest descent, d = -∇L, with a step search. Cost: one gradient and one search.
type Descent struct {
	Search solvers.Search // nil: Grid{}
	ray    *solvers.Ray
}

func (*Descent) Class() solvers.Class      { return solvers.FirstOrder }
func (*Descent) Needs() objective.Quantity { return objective.Loss | objective.Grad }

func (d *Descent) Start(o objective.Objective, env solvers.Env) error {
	if d.Search == nil {
		d.Search = solvers.Grid{}
	}
	d.ray = solvers.NewRay(o, d.Needs(), env)
	return nil
}

func (d *Descent) Step(theta []float64) solvers.Info {
	p := d.ray.At
	p.Eval(theta, d.Needs())
	info := solvers.Info{Loss: p.Loss}
	if !p.Finite() {
		info.Status = solvers.Diverged
		return info
	}
	for i, g := range p.Grad {
		d.ray.D[i] = -g
	}
	info.Slope = -simd.Dot(p.Grad, p.Grad)
	out := d.ray.Find(d.Search, info.Slope)
	if info.Scale = out.Scale; out.Scale == 0 {
		info.Status = solvers.Stalled
	}
	d.ray.Accept(theta, out.Scale)
	return info
}

// The solver above is the sample of CONTRIBUTING.md, word for word.
func TestSampleIsTheText(t *testing.T) {
	read := func(path string) string {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(string(b), "\r\n", "\n")
	}
	_, rest, _ := strings.Cut(read("../../CONTRIBUTING.md"), "\n// Descent is ")
	sample, _, closed := strings.Cut(rest, "```")
	if !closed {
		t.Fatal("CONTRIBUTING.md has no sample that begins with \"// Descent is\"")
	}
	_, code, _ := strings.Cut(read("contributing_test.go"), "\n// Descent is ")
	if !strings.HasPrefix(code, sample) {
		t.Errorf("the sample of CONTRIBUTING.md is not the solver of contributing_test.go:\n%s", sample)
	}
}

// The sample does what CONTRIBUTING.md says of it: the loss falls, work is counted, a step allocates nothing.
func TestSampleTrains(t *testing.T) {
	var s solvers.Solver = &Descent{}
	m := &cost.Meter{}
	if err := s.Start(valley(), solvers.Env{Meter: m}); err != nil {
		t.Fatal(err)
	}
	theta := []float64{-1, 2}
	first := s.Step(theta)
	last := first
	for range 200 {
		was := last.Loss
		if last = s.Step(theta); last.Status != solvers.Running || !(last.Loss < was) {
			t.Fatalf("%+v after a loss of %g", last, was)
		}
	}
	if first.Loss != 52 || !(last.Loss < 0.9) || m.Counts.Grads != 201 || m.Counts.Losses == 0 || m.Bytes == 0 {
		t.Errorf("loss %g, then %g; %+v, %d bytes", first.Loss, last.Loss, m.Counts, m.Bytes)
	}
	if n := testing.AllocsPerRun(20, func() { s.Step(theta) }); n != 0 {
		t.Errorf("%g allocations in a step", n)
	}
}
