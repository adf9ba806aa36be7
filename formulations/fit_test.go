package formulations_test

import (
	"math"
	"testing"

	"ngdbench/objective"
	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

// With the boundary data built in, the boundary residual is zero whatever θ is, and so is its part of T; without points
// there, the rest is the same.
func TestAnsatzSatisfiesTheBoundary(t *testing.T) {
	p := problems.Poisson2D()
	f, g := pinn(t, p, "2x12x1+hard", 50, 20), pinn(t, p, "2x12x1+hard", 50, 0)
	theta := start(f)
	q, r := objective.NewPoint(f, all, nil), objective.NewPoint(g, all, nil)
	q.Eval(theta, all)
	r.Eval(theta, all)
	if len(r.Residual) != 50 || len(q.Residual) != 70 {
		t.Fatalf("%d and %d rows", len(r.Residual), len(q.Residual))
	}
	for i, v := range q.Residual[50:] {
		if v != 0 {
			t.Errorf("boundary residual %d is %g", i, v)
		}
	}
	near(t, "loss without boundary points", r.Loss, q.Loss, 1e-15)
	for i, v := range r.Grad {
		near(t, "gradient", v, q.Grad[i], 1e-12)
	}
	if math.IsNaN(q.Loss) || q.Loss == 0 {
		t.Errorf("loss %g", q.Loss)
	}
}

// twoOrders asks for the Laplacian and for the diagonal on one part.
func twoOrders() *problems.Problem {
	p := problems.Poisson2D()
	p.Strong = append(p.Strong, problems.Strong{Name: "anisotropic", Part: geometry.Interior, Order: problems.Diagonal,
		Term: func(_, j, q []float64) float64 { return j[3] - j[4] }})
	return p
}
