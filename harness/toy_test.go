package harness

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"ngdbench/cost"
	"ngdbench/networks"
	"ngdbench/objective"
	"ngdbench/problems"
	"ngdbench/solvers"
)

// The toy catalogue: linear least squares ½‖Aθ − b‖² with n rows ("points") and P = the product of the network's widths,
// through closures; a gradient descent and a Newton method of a few lines.

func toyCatalogue() Catalogue {
	lend := func(name, net, points string) Entry[NewProblem] {
		return Entry[NewProblem]{Name: name, New: func(Cell) (*problems.Problem, error) {
			return &problems.Problem{Name: name, Net: net, Points: points}, nil
		}}
	}
	lent := lend("lent", "2x2", "6")
	lent.Defaults = Cell{"points": "7", "damp": "1e-3"}
	return Catalogue{
		Problems: []Entry[NewProblem]{lend("poisson2d", "2x1", "5+1"), lent, lend("bare", "", "")},
		Networks: []Entry[NewNetwork]{{Name: "funnel", New: func(p *problems.Problem, _ Cell) (*networks.Network, error) {
			return networks.Parse("2x4x2x1")
		}}},
		Formulations: []Entry[NewFormulation]{
			{Name: "pinn", New: toyLeastSquares},
			{Name: "ritz", New: toyEnergy, Defaults: Cell{"damp": "1e-2", "search": "armijo"}},
		},
		Metrics: []Entry[NewMetric]{{Name: "twice", New: toyTwice}},
		Solvers: []SolverEntry{
			toySolver("sgd", Uses{}, nil, Settings{"lr": "0.1"}),
			toySolver("dense", Uses{Damp: true, Search: true}, nil, Settings{"lr": "1", "noise": "0"}),
			toySolver("nystrom", Uses{Rank: true, Damp: true}, Cell{"points": "8"}, Settings{"lr": "1"}),
			toySolver("short", Uses{}, Cell{"opt": "dense+quick"}, nil),
		},
	}
}

func toySolver(name string, u Uses, lends Cell, settings Settings) SolverEntry {
	e := SolverEntry{Class: solvers.FirstOrder, Uses: u, Sets: map[string]Settings{"default": settings}}
	e.Name, e.Defaults = name, lends
	if name == "sgd" {
		e.Sets["tuned"] = Settings{"lr": "0.2", "steps": "7"}
	}
	if name == "dense" {
		e.Parts = map[string]Settings{"quick": nil, "geo": {"reach": "0.75"}}
	}
	e.New = func(c Cell, s Settings) (solvers.Solver, error) {
		lr, err := strconv.ParseFloat(s["lr"], 64)
		if err != nil || lr <= 0 {
			return nil, fmt.Errorf("lr=%s: want a number > 0", s["lr"])
		}
		noise, _ := strconv.ParseFloat(s["noise"], 64)
		return &descent{lr: lr, noise: noise, squares: name == "dense"}, nil
	}
	return e
}

// toyProblem is A = I + small, b = A·1: the solution is all ones.
func toyProblem(c Cell) (objective.Funcs, int, int) {
	p := 1
	for _, w := range strings.Split(head(c["net"]), "x") {
		k, _ := strconv.Atoi(w)
		p *= k
	}
	n, _ := strconv.Atoi(head(c["points"]))
	r := Stream(c, "points")
	a := make([]float64, n*p)
	for i := range a {
		a[i] = 0.2 * r.NormFloat64()
		if i/p == i%p {
			a[i]++
		}
	}
	mul := func(dst, x []float64) {
		for i := range n {
			dst[i] = dot(a[i*p:(i+1)*p], x)
		}
	}
	return objective.Funcs{
		N: n, P: p,
		Residual: func(dst, theta []float64) {
			mul(dst, theta)
			for i := range dst {
				for _, v := range a[i*p : (i+1)*p] {
					dst[i] -= v
				}
			}
		},
		JVP: func(dst, _, v []float64) { mul(dst, v) },
		VJP: func(dst, _, y []float64) {
			clear(dst)
			for i, v := range a {
				dst[i%p] += v * y[i/p]
			}
		},
	}, n, p
}

func toyLeastSquares(_ *problems.Problem, _ *networks.Network, c Cell) (Instance, error) {
	if strings.Contains(c["form"], "bad") {
		return Instance{}, fmt.Errorf("form=%s: no such part", c["form"])
	}
	f, n, _ := toyProblem(c)
	return Instance{Objective: objective.FromFuncs(f), Judge: ones{}, Points: []int{n}}, nil
}

// toyEnergy offers no least squares, and its points can be redrawn.
func toyEnergy(p *problems.Problem, _ *networks.Network, c Cell) (Instance, error) {
	in, err := toyLeastSquares(p, nil, c)
	in.Objective = &energy{Objective: in.Objective}
	return in, err
}

func toyTwice(_ *problems.Problem, _ *networks.Network, in Instance, _ Cell) (objective.Objective, error) {
	return &energy{Objective: in.Objective}, nil
}

// ones judges the distance to all ones.
type ones struct{}

func (ones) Measures() []string { return []string{"l2err", "l2abs"} }
func (ones) Errors(dst, theta []float64) {
	s := 0.0
	for _, v := range theta {
		s += (v - 1) * (v - 1)
	}
	dst[1] = math.Sqrt(s)
	dst[0] = dst[1] / math.Sqrt(float64(len(theta)))
}

// descent is gradient descent: θ ← θ − lr (∇L + noise·ε).
type descent struct {
	lr, noise float64
	squares   bool
	env       solvers.Env
	p         *objective.Point
}

func (d *descent) Class() solvers.Class { return solvers.FirstOrder }
func (d *descent) Needs() objective.Quantity {
	if d.squares {
		return objective.Loss | objective.Grad | objective.LeastSquares
	}
	return objective.Loss | objective.Grad
}

func (d *descent) Start(o objective.Objective, env solvers.Env) error {
	if d.lr == 42 {
		return fmt.Errorf("lr 42 is refused")
	}
	d.env, d.p = env, objective.NewPoint(o, objective.Loss|objective.Grad, env.Meter)
	return nil
}

func (d *descent) Step(theta []float64) solvers.Info {
	defer d.env.Meter.Enter(d.env.Meter.Enter(cost.Search))
	d.p.Eval(theta, objective.Loss|objective.Grad)
	info := solvers.Info{Loss: d.p.Loss, Norm: math.Sqrt(dot(d.p.Grad, d.p.Grad)), Scale: d.lr, Iterations: 2}
	if info.Norm == 0 {
		info.Status = solvers.Converged
		return info
	}
	moved := false
	for i, g := range d.p.Grad {
		if d.noise != 0 {
			g += d.noise * d.env.Rand.NormFloat64()
		}
		next := theta[i] - d.lr*g
		moved = moved || next != theta[i]
		theta[i] = next
	}
	if !moved {
		info.Status = solvers.Stalled
	}
	return info
}

// ticking is a meter whose clock goes on by step at each reading.
func ticking(step time.Duration) *cost.Meter {
	var now time.Duration
	return &cost.Meter{Clock: func() time.Duration { now += step; return now }}
}

// energy hides that a loss is a sum of squares, and counts redraws.
type energy struct {
	objective.Objective
	version int
	draws   []uint64
}

func (e *energy) Offers() objective.Quantity {
	return e.Objective.Offers() &^ (objective.LeastSquares | objective.Residual)
}
func (e *energy) Version() int { return e.version }
func (e *energy) Resample(_ []float64, r *rand.Rand) {
	e.version++
	e.draws = append(e.draws, r.Uint64())
}

func dot(x, y []float64) float64 {
	s := 0.0
	for i, v := range x {
		s += v * y[i]
	}
	return s
}
