package harness_test

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"ngdbench/harness"
	"ngdbench/networks"
	"ngdbench/objective"
	"ngdbench/problems"
	"ngdbench/results"
	"ngdbench/solvers"
)

// fakeCatalogue has a least-squares problem by closures, solvers that end in every way a solver can, and suites of them.
func fakeCatalogue() harness.Catalogue {
	c := harness.Catalogue{
		Problems: []harness.Entry[harness.NewProblem]{{Name: "poisson2d", Doc: "a fake", New: func(harness.Cell) (*problems.Problem, error) {
			return &problems.Problem{Name: "poisson2d", Net: "2x4x1", Points: "16+4"}, nil
		}}},
		Formulations: []harness.Entry[harness.NewFormulation]{{Name: "pinn", Doc: "a fake", New: fakeForm}},
		Metrics: []harness.Entry[harness.NewMetric]{{Name: "opaque", Doc: "no tangent map", New: func(_ *problems.Problem, _ *networks.Network, in harness.Instance, _ harness.Cell) (objective.Objective, error) {
			return fakeOpaque{in.Objective}, nil
		}}},
		Suites: []harness.Suite{
			fakeSuite("quick", 2, results.Limits{Steps: 5}, "descent", "patient", "careful"),
			fakeSuite("slow", 2, results.Limits{Steps: 10}, "patient", "descent"),
			fakeSuite("long", 2, results.Limits{Steps: 2000}, "patient"),
			fakeSuite("flaky", 2, results.Limits{Steps: 5}, "descent", "flaky"),
			fakeSuite("fat", 1, results.Limits{Steps: 60}, "descent"),
			fakeSuite("failing", 2, results.Limits{Steps: 5}, "descent", "panics", "quits", "garbles", "blows"),
			{Name: "many", Blocks: []harness.Block{{Name: "b", Seeds: upTo(10_000), Limits: results.Limits{Steps: 5}, Axes: map[string][]string{
				"opt": {"descent", "careful"}, "points": {"1+1", "2+1", "3+1", "4+1", "5+1"}}}}},
			{Name: "ranks", Blocks: []harness.Block{{Name: "b", Axes: map[string][]string{"opt": {"lowrank"}, "rank": {"2", "99"}}, Limits: results.Limits{Steps: 3}}}},
			{Name: "nothing", Blocks: []harness.Block{{Name: "b", Exclude: []harness.Cell{{"opt": "descent"}}, Axes: map[string][]string{"opt": {"descent"}}}}},
		},
	}
	for _, s := range []struct {
		name string
		do   func(step int, theta []float64) solvers.Status
	}{
		{"descent", descend},
		{"careful", descend},
		{"patient", func(_ int, theta []float64) solvers.Status {
			time.Sleep(5 * time.Millisecond)
			return descend(0, theta)
		}},
		{"panics", func(step int, theta []float64) solvers.Status {
			if step == 3 {
				panic("the solver fell over")
			}
			return descend(step, theta)
		}},
		{"hangs", func(step int, theta []float64) solvers.Status {
			if step == 2 {
				select {}
			}
			return descend(step, theta)
		}},
		{"blows", func(step int, theta []float64) solvers.Status {
			if step == 2 {
				theta[0] = math.NaN()
				return solvers.Running
			}
			return descend(step, theta)
		}},
		{"hog", hog},
		{"flaky", flaky},
		{"chats", func(step int, theta []float64) solvers.Status {
			fmt.Print(strings.Repeat("\x1b[2Jgarbage \xff\r\n", 100_000))
			return descend(step, theta)
		}},
		{"quits", func(int, []float64) solvers.Status { os.Exit(0); return 0 }},
		{"garbles", func(int, []float64) solvers.Status {
			_, _ = os.NewFile(3, "events").WriteString(`{"record": {"schema": 1, "na`)
			os.Exit(0)
			return 0
		}},
		{"breeds", func(int, []float64) solvers.Status { breed("breeds"); select {} }},
	} {
		c.Solvers = append(c.Solvers, harness.SolverEntry{
			Entry: harness.Entry[harness.NewSolver]{Name: s.name, Doc: "a fake", New: func(harness.Cell, harness.Settings) (solvers.Solver, error) {
				return &fakeSolver{do: s.do}, nil
			}},
			Class: solvers.FirstOrder,
			Sets:  map[string]harness.Settings{"default": {"rate": "0.5"}, "wild": {"rate": "1e6"}},
		})
	}
	c.Solvers = append(c.Solvers, harness.SolverEntry{
		Entry: harness.Entry[harness.NewSolver]{Name: "lowrank", Doc: "a fake with a rank", New: func(harness.Cell, harness.Settings) (solvers.Solver, error) {
			return &fakeSolver{do: descend}, nil
		}},
		Class: solvers.Preconditioned, Uses: harness.Uses{Rank: true},
	})
	return c.With(harness.Catalogue{})
}

func upTo(n int) (list []int) {
	for i := range n {
		list = append(list, i+1)
	}
	return list
}

func fakeSuite(name string, jobs int, l results.Limits, opts ...string) harness.Suite {
	return harness.Suite{Name: name, Doc: "a fake", Blocks: []harness.Block{{
		Name: "small", Axes: map[string][]string{"opt": opts}, Seeds: []int{1, 2, 3}, Limits: l, Jobs: jobs,
	}}}
}

// fakeForm is ½‖θ − c‖² with the θ of nine parameters.
func fakeForm(_ *problems.Problem, _ *networks.Network, c harness.Cell) (harness.Instance, error) {
	seed, err := strconv.Atoi(c["seed"])
	if err != nil {
		return harness.Instance{}, err
	}
	const n = 9
	f := objective.Funcs{N: n, P: n,
		Residual: func(dst, theta []float64) {
			for i := range dst {
				dst[i] = theta[i] - goal(i)
			}
		},
		JVP: func(dst, _, v []float64) { copy(dst, v) },
		VJP: func(dst, _, y []float64) { copy(dst, y) },
	}
	theta := make([]float64, n)
	for i := range theta {
		theta[i] = float64(seed+i) / 7
	}
	return harness.Instance{Objective: objective.FromFuncs(f), Judge: fakeJudge{}, Theta: theta, Points: []int{16, 4}}, nil
}

func goal(i int) float64 { return 1 / float64(i+1) }

// fakeOpaque hides the tangent map.
type fakeOpaque struct{ objective.Objective }

func (fakeOpaque) Offers() objective.Quantity { return objective.Loss | objective.Grad }

type fakeJudge struct{}

func (fakeJudge) Measures() []string { return []string{"l2err", "l2abs"} }
func (fakeJudge) Errors(dst, theta []float64) {
	s := 0.0
	for i, v := range theta {
		s += (v - goal(i)) * (v - goal(i))
	}
	dst[0], dst[1] = math.Sqrt(s), math.Sqrt(s)
}

type fakeSolver struct {
	do   func(step int, theta []float64) solvers.Status
	step int
}

func (*fakeSolver) Class() solvers.Class                           { return solvers.FirstOrder }
func (*fakeSolver) Needs() objective.Quantity                      { return objective.Loss | objective.Grad }
func (s *fakeSolver) Start(objective.Objective, solvers.Env) error { s.step = 0; return nil }
func (s *fakeSolver) Step(theta []float64) solvers.Info {
	s.step++
	return solvers.Info{Status: s.do(s.step, theta), Scale: 0.5, Iterations: 2}
}

func descend(_ int, theta []float64) solvers.Status {
	for i := range theta {
		theta[i] -= 0.5 * (theta[i] - goal(i))
	}
	return solvers.Running
}

// breeding is the grandchild of the solvers: it ignores SIGTERM.
const breeding = "trap '' TERM; while :; do sleep 0.1; done"

// breed starts a grandchild that holds the child's output open. The mark tells it from those of other scripts.
func breed(mark string) {
	cmd := exec.Command("sh", "-c", breeding+" # "+mark)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		panic(err)
	}
}

// flaky does what the file fault says, in its second step, and is sound where there is no such file.
func flaky(step int, theta []float64) solvers.Status {
	kind, err := os.ReadFile("fault")
	if err != nil || step != 2 {
		return descend(step, theta)
	}
	switch strings.TrimSpace(string(kind)) {
	case "panic":
		panic("the solver fell over")
	case "nan":
		theta[0] = math.NaN()
		return solvers.Running
	case "loop":
		for {
			theta[0] = -theta[0]
		}
	case "grandchild":
		breed("flaky")
		select {}
	case "memory":
		return hog(step, theta)
	case "exit":
		os.Exit(0)
	case "truncated":
		_, _ = os.NewFile(3, "events").WriteString(`{"record": {"schema": 1, "na`)
		os.Exit(0)
	case "garbage":
		_, _ = os.NewFile(3, "events").WriteString("\x00\xff no event\n")
	case "killed":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	case "output":
		chunk := []byte(strings.Repeat("\x1b[2Jgarbage \xff|\n", 1<<16))
		for written := 0; written < 1<<30; written += len(chunk) {
			_, _ = os.Stdout.Write(chunk)
		}
	default:
		panic("no such fault")
	}
	return descend(step, theta)
}

var hoard [][]byte

// hog takes memory that it writes to, up to 8 GB: a limit must stop it before.
func hog(int, []float64) solvers.Status {
	for range 2000 {
		b := make([]byte, 4<<20)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		hoard = append(hoard, b)
	}
	return solvers.Running
}
