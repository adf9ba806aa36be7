package conformance_test

import (
	"math"
	"strings"
	"testing"

	"ngdbench/conformance"
	"ngdbench/cost"
	"ngdbench/linalg"
	"ngdbench/linalg/operator"
	"ngdbench/objective"
)

// circle is r(θ) = (|θ|² − 1, θ₁ − θ₂³), with a switch for each thing that can be wrong about it.
type circle struct {
	jacobian, transpose float64
	drift               *int
}

func (c circle) objective() objective.Objective {
	return objective.FromFuncs(objective.Funcs{N: 2, P: 2,
		Residual: func(r, x []float64) {
			r[0], r[1] = x[0]*x[0]+x[1]*x[1]-1, x[0]-x[1]*x[1]*x[1]
			if c.drift != nil {
				*c.drift++
				r[0] += 1e-15 * float64(*c.drift)
			}
		},
		JVP: func(d, x, v []float64) {
			d[0], d[1] = 2*(x[0]*v[0]+x[1]*v[1])+c.jacobian*v[0], v[0]-3*x[1]*x[1]*v[1]
		},
		VJP: func(d, x, y []float64) {
			d[0], d[1] = 2*x[0]*y[0]+y[1]+(c.jacobian+c.transpose)*y[0], 2*x[1]*y[0]-3*x[1]*x[1]*y[1]
		},
	})
}

var start = []float64{0.7, -0.4}

func TestObjectiveOfClosures(t *testing.T) { conformance.Objective(t, circle{}.objective(), start) }

// deceit changes what an objective says of itself.
type deceit struct {
	objective.Objective
	offers objective.Quantity
	twist  func(p *objective.Point, want objective.Quantity)
}

func (d deceit) Offers() objective.Quantity { return d.offers }
func (d deceit) Eval(p *objective.Point, want objective.Quantity) {
	if d.Objective.Eval(p, want); d.twist != nil {
		d.twist(p, want)
	}
}

func TestObjectiveDefectsAreFound(t *testing.T) {
	sound := circle{}.objective()
	kept := make([]float64, 2)
	for name, c := range map[string]struct {
		o    objective.Objective
		want string
	}{
		"jacobian":  {circle{jacobian: 1e-5}.objective(), "wᵀTv"},
		"transpose": {circle{transpose: 1e-5}.objective(), "⟨v, Tᵀy⟩"},
		"gradient": {deceit{sound, sound.Offers() &^ objective.LeastSquares, func(p *objective.Point, want objective.Quantity) {
			if want&objective.Grad != 0 {
				p.Grad[1] += 1e-6
			}
		}}, "∇L·v"},
		"drift":        {circle{drift: new(int)}.objective(), "asked for"},
		"factors":      {deceit{sound, sound.Offers() | objective.Factors, nil}, "factors are promised"},
		"least square": {deceit{sound, sound.Offers(), func(p *objective.Point, _ objective.Quantity) { p.Loss *= 2 }}, "½‖r‖²"},
		"company": {deceit{sound, sound.Offers(), func(p *objective.Point, want objective.Quantity) {
			if want&objective.Grad != 0 {
				p.Loss += 1e-16
			}
		}}, "asked for"},
		"∇L ≠ Tᵀr": {deceit{sound, sound.Offers(), func(p *objective.Point, want objective.Quantity) {
			if want&objective.Grad != 0 {
				p.Grad[0] *= 1 + 1e-11
			}
		}}, "∇L and Tᵀr differ"},
		"negative": {deceit{sound, sound.Offers() &^ objective.LeastSquares, func(p *objective.Point, _ objective.Quantity) { p.Loss -= 100 }}, "negative"},
		"allocation": {deceit{sound, sound.Offers(), func(p *objective.Point, _ objective.Quantity) {
			kept = make([]float64, 2)
			kept[0] = p.Theta[0]
		}}, "allocations"},
		"shared": {objective.WithMetric(deceit{sound, sound.Offers(), nil}, &shared{}), "of another"},
	} {
		t.Run(name, func(t *testing.T) {
			r := &recorder{TB: t}
			conformance.Objective(r, c.o, start)
			if !strings.Contains(strings.Join(r.errors, "\n"), c.want) {
				t.Errorf("no report of %q in %q", c.want, r.errors)
			}
		})
	}
	_ = kept
}

// shared is a metric that gives the same operator to every point.
type shared struct{ op operator.Operator }

func (s *shared) New(*cost.Meter) (operator.Operator, func([]float64)) {
	if s.op == nil {
		s.op = operator.Matrix{General: linalg.New(nil, 2, 2)}
	}
	m := s.op.(operator.Matrix)
	return m, func(x []float64) { m.Data[0], m.Data[3] = x[0], math.Exp(x[1]) }
}
