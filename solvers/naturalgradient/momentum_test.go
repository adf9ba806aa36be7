package naturalgradient

import (
	"math"
	"testing"

	"ngdbench/internal/simd"
	"ngdbench/objective"
	"ngdbench/solvers"
)

// The three forms of SPRING against the recurrence of Guzmán-Cordero et al. 2025, written out: with
// ζ = r + βTφ, ψ = βφ − Tᵀ(TTᵀ + μI)⁻¹ζ, the step is ψ/√(1 − β²ᵏ), and φ is ψ in the code, the step in the paper.
func TestSpringBiasCorrection(t *testing.T) {
	const mu, beta, rate, steps = 1e-3, 0.6, 0.05, 4
	o, _ := fit(20, 5)
	for _, c := range []solvers.Correction{solvers.NoCorrection, solvers.PaperCorrected, solvers.CodeCorrected} {
		m := &Method{Direction: &Dual{}, Damping: solvers.Constant(mu), Search: fixed(rate), Momentum: solvers.Momentum{Beta: beta, Correct: c}}
		got, infos, _ := run(t, o, m, start(o), steps)
		x := start(o)
		phi, psi, tphi := make([]float64, len(x)), make([]float64, len(x)), make([]float64, 20)
		p := objective.NewPoint(o, objective.Loss|objective.Residual|objective.Tangent, nil)
		d := &Dual{}
		if err := d.Start(p, solvers.Env{}); err != nil {
			t.Fatal(err)
		}
		for k := 1; k <= steps; k++ {
			p.Eval(x, objective.Residual|objective.Tangent)
			d.Prepare(p)
			p.T.Apply(tphi, phi)
			for i, r := range p.Residual {
				tphi[i] = -r - beta*tphi[i]
			}
			d.Solve(psi, tphi, mu)
			simd.Axpy(psi, beta, phi)
			f := 1.0
			if c != solvers.NoCorrection {
				f = 1 / math.Sqrt(1-math.Pow(beta, 2*float64(k)))
			}
			for j := range x {
				x[j] += rate * f * psi[j]
				if phi[j] = psi[j]; c == solvers.PaperCorrected {
					phi[j] *= f
				}
			}
		}
		for _, i := range infos {
			if i.Plain {
				t.Fatal("momentum was dropped")
			}
		}
		if e := distance(got, x); e > 1e-12 {
			t.Errorf("correction %d: off by %g", c, e)
		}
	}
}

// The norm constraint: no step is longer, and shorter ones are as they were.
func TestSpringClip(t *testing.T) {
	o, _ := fit(20, 5)
	method := func(clip float64) *Method {
		return &Method{Direction: &Dual{}, Search: fixed(0.1), Momentum: solvers.Momentum{Beta: 0.5, Clip: clip}}
	}
	want, infos, _ := run(t, o, method(0), start(o), 3)
	if got, _, _ := run(t, o, method(2*infos[0].Norm+2*infos[1].Norm+2*infos[2].Norm), start(o), 3); !same(got, want) {
		t.Error("a wide clip changed the steps")
	}
	_, infos, _ = run(t, o, method(1e-3), start(o), 3)
	for _, i := range infos {
		if math.Abs(i.Norm-1e-3) > 1e-12 {
			t.Errorf("‖d‖ = %g, clipped to 1e-3", i.Norm)
		}
	}
	for _, m := range []solvers.Momentum{{Beta: 1}, {Beta: -0.1}, {Beta: math.NaN()}, {Beta: 0.5, Clip: -1}, {Clip: math.Inf(1)}} {
		if (&Method{Direction: &Dual{}, Momentum: m}).Start(o, solvers.Env{}) == nil {
			t.Errorf("accepted %+v", m)
		}
	}
}

// SPRING with zero momentum is the dual method, bit for bit.
func TestSpringWithoutMomentumIsDual(t *testing.T) {
	o, _ := fit(20, 5)
	want, _, _ := run(t, o, &Method{Direction: &Dual{}}, start(o), 5)
	got, _, _ := run(t, o, &Method{Direction: &Dual{}, Momentum: solvers.Momentum{Correct: solvers.PaperCorrected}}, start(o), 5)
	if !same(got, want) {
		t.Error("momentum zero moved the steps")
	}
}
