package formulations_test

import (
	"math"
	"testing"

	"ngdbench/formulations"
	"ngdbench/linalg/operator"
	"ngdbench/objective"
	"ngdbench/problems"
)

// The four functions of a FEINN: on a mesh with fewer nodes than parameters Gauss-Newton finds the finite element
// solution at the nodes, so that the interpolated network has its error; the raw one differs. What does not depend on θ
// stays.
func TestFEINNJudge(t *testing.T) {
	p := problems.CDR()
	f := interpolated(t, p, "2x20x20x1", formulations.FEINNSetup{Order: 2}, 49)
	j, err := formulations.NewJudge(p, parse(t, "2x20x20x1"), 500, stream(3))
	if err != nil {
		t.Fatal(err)
	}
	judge, err := formulations.NewFEINNJudge(f, j)
	if err != nil {
		t.Fatal(err)
	}
	theta := f.Params().Draw(stream(2))
	before, after := measures(judge, theta), measures(judge, descend(f, theta, 60))
	if e := math.Abs(after["l2-interp"]/after["l2-fe"] - 1); e > 0.01 {
		t.Errorf("the interpolated network's error is %.4g, the finite element solution's %.4g", after["l2-interp"], after["l2-fe"])
	}
	if e := math.Abs(after["h1-interp"]/after["h1-fe"] - 1); e > 0.01 {
		t.Errorf("in H¹ the interpolated network's error is %.4g, the finite element solution's %.4g", after["h1-interp"], after["h1-fe"])
	}
	for _, unit := range []string{"l2-fe", "h1-fe", "l2-nodal", "h1-nodal", "nodes-fe"} {
		if before[unit] != after[unit] || !(before[unit] > 0 && before[unit] < 1) {
			t.Errorf("%s is %g, then %g", unit, before[unit], after[unit])
		}
	}
	if after["h1-nodal"] > 1.5*after["h1-fe"] || after["nodes-fe"] > after["l2-fe"] {
		t.Errorf("measures %v", after)
	}
}

func measures(j objective.Judge, theta []float64) map[string]float64 {
	names, out := j.Measures(), map[string]float64{}
	v := make([]float64, len(names))
	j.Errors(v, theta)
	for i, n := range names {
		out[n] = v[i]
	}
	return out
}

// descend takes Gauss-Newton steps by conjugate gradients on TᵀT + μ, halving each until the loss falls.
func descend(o objective.Objective, theta []float64, steps int) []float64 {
	p, trial := objective.NewPoint(o, all, nil), objective.NewPoint(o, objective.Loss, nil)
	n := len(theta)
	theta = append([]float64(nil), theta...)
	for range steps {
		p.Eval(theta, all)
		d := conjugate(p.T, p.Grad, 1e-9*(1+p.Loss), 400)
		next := make([]float64, n)
		for scale := 1.0; scale > 1e-9; scale /= 2 {
			for i := range next {
				next[i] = theta[i] - scale*d[i]
			}
			if trial.Eval(next, objective.Loss); trial.Loss < p.Loss {
				copy(theta, next)
				break
			}
		}
	}
	return theta
}

// conjugate solves (TᵀT + μ)x = b.
func conjugate(t *operator.Map, b []float64, mu float64, steps int) []float64 {
	n := len(b)
	x, r, q, z := make([]float64, n), append([]float64(nil), b...), append([]float64(nil), b...), make([]float64, n)
	rr := 0.0
	for _, v := range r {
		rr += v * v
	}
	for range steps {
		t.Gram(z, q)
		qz := 0.0
		for i := range z {
			z[i] += mu * q[i]
			qz += q[i] * z[i]
		}
		next := 0.0
		for i := range x {
			x[i] += rr / qz * q[i]
			r[i] -= rr / qz * z[i]
			next += r[i] * r[i]
		}
		for i := range q {
			q[i] = r[i] + next/rr*q[i]
		}
		if rr = next; rr == 0 {
			break
		}
	}
	return x
}
