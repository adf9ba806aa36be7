package tables

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ngdbench/results/stats"
)

// Published is one end point of somebody else's training, as its authors logged it.
type Published struct {
	Problem, Net, Points string   // in the words of the axis table
	Method               string   // as the authors name it
	Settings             string   // those that its authors tuned
	Chosen               string   // ", the best of …", where the run was selected
	Near                 []string // our solvers that do most nearly the same
	Unit                 string   // of the errors: "l2abs", or "energy-rel"
	Error, Best          float64  // at the end, and the smallest of the run; Best is 0 where it is not known
	Seconds              float64  // 0: not published
	Steps                int
	Hardware             string
	Source, Run          string
}

// kfacPoisson2d is the source of the rows below: F. Dangel, J. Müller and M. Zeinhofer, Kronecker-factored approximate
// curvature for physics-informed neural networks, NeurIPS 2024. One run per method, the best of a random search of
// 50 + 50 runs; float64; errors on 9000 points.
const (
	kfacPoisson2d = "arXiv 2405.15603, exp09_reproduce_poisson2d"
	rtx6000       = "RTX 6000 GPU, 24 GB"
)

// published lists all end points.
var published = slices.Concat(exp09Runs, lsVPINN)

// exp09Runs are the archived best runs of exp09_reproduce_poisson2d: final step, seconds, errors as logged.
var exp09Runs = []Published{
	exp09("ENGD (full)", "grid search, damping 1e-10", "0ku0xl1j", 6.186e-8, 6.186e-8, 1000.1, 5701, "dense", "dual"),
	exp09("ENGD (per layer)", "grid search, damping 0", "mv3u2nww", 6.262e-8, 6.125e-8, 1000, 5834, "block"),
	exp09("KFAC*", "exact step, damping 1.2e-10", "i1txqj6g", 1.990e-7, 1.990e-7, 1000, 34944, "kfac"),
	exp09("Hessian-free (GGN)", "CG cap 300, adapted damping", "0uu552mg", 3.213e-7, 3.213e-7, 1001.2, 1652, "cg"),
	exp09("KFAC", "grid search, damping 1.5e-12", "euc27yi9", 3.369e-7, 3.369e-7, 1000, 20383, "kfac"),
	exp09("SGD", "rate 0.0181, momentum 0.99", "b1a1iygs", 3.622e-5, 2.715e-5, 1000, 339287, "sgd"),
	exp09("Adam", "rate 0.00169", "0zppzhej", 9.399e-5, 9.399e-5, 1000, 320415, "adam"),
	exp09("L-BFGS", "rate 0.5, history 150", "gjbxog62", 1.783e-4, 1.557e-4, 1000, 49379, "lbfgs"),
	exp09("ENGD (diagonal)", "grid search, damping 1e-4", "bczqwxag", 5.371e-3, 5.371e-3, 1000.1, 6714, "diagonal"),
}

func exp09(method, settings, run string, end, best, seconds float64, steps int, near ...string) Published {
	return Published{
		Problem: "poisson2d", Net: "2x64x1", Points: "900+120", Method: method, Settings: settings, Near: near,
		Unit: "l2abs", Error: end, Best: best, Seconds: seconds, Steps: steps, Hardware: rtx6000, Source: kfacPoisson2d, Run: run,
		Chosen: ", the best of its authors' search",
	}
}

// beside is the table of published end points of the section's problem, each beside our nearest solver and the time in
// which our best one reached the published error. It is nil where nothing is published.
func (s *Section) beside() *Table {
	t := &Table{Title: "Published end points beside ours"}
	champion := s.championAbs()
	sources := map[string]bool{}
	var order []string
	for _, p := range published {
		if p.Problem != s.Where["problem"] {
			continue
		}
		if !sources[p.Source] {
			sources[p.Source] = true
			order = append(order, s.sourceNote(p))
		}
		if len(t.Rows) == 0 {
			t.Columns = Columns("<published method", "<settings", p.Unit, "seconds", "steps", "<hardware",
				"<nearest here", p.Unit+" here", "seconds here", "steps here", "best here gets there in")
		}
		t.Add(append([]string{p.Method, cmp.Or(p.Settings, dash), Scientific(p.Error), seconds(p.Seconds), strconv.Itoa(p.Steps), cmp.Or(p.Hardware, dash)},
			s.ours(p, champion)...)...)
	}
	if len(t.Rows) == 0 {
		return nil
	}
	t.Notes = append(order, s.ourNote(champion))
	return t
}

// seconds is a published time, a dash where there is none.
func seconds(v float64) string {
	if v == 0 {
		return dash
	}
	return Plain(v)
}

// of is the errors of a curve in the unit of p.
func (p Published) of(c Curve) []float64 {
	if p.Unit == "energy-rel" {
		return c.Energy
	}
	return c.L2Abs
}

// ours fills the right half of a row.
func (s *Section) ours(p Published, champion *Variant) []string {
	cells := []string{dash, dash, dash, dash, dash}
	if v := s.best(func(v *Variant) bool { return slices.Contains(p.Near, v.Opt) }); v != nil {
		cells = []string{v.Label, Quantity(v.summary(p.Unit).Median, Scientific),
			Quantity(v.seconds().Median, Plain), Quantity(v.summary("steps").Median, Whole), dash}
	}
	if champion != nil {
		q := champion.OverTimed(func(c Cell) stats.Quantity { return c.timeTo(p.of(c.Curve), p.Error) })
		sum := stats.Summarise(q)
		cells[4] = fmt.Sprintf("%s s (%d/%d)", Quantity(sum.Median, Plain), sum.Known, sum.N)
	}
	return cells
}

// championAbs is the variant with the smallest median final error.
func (s *Section) championAbs() *Variant { return s.best(func(*Variant) bool { return true }) }

func (s *Section) sourceNote(p Published) string {
	note := fmt.Sprintf("Source: %s; one run each%s; net %s, points %s.", p.Source, p.Chosen, p.Net, p.Points)
	if p.Net != s.Where["net"] || p.Points != s.Where["points"] {
		note += fmt.Sprintf(" Ours differ: net %s, points %s.", s.Where["net"], s.Where["points"])
	}
	return note
}

func (s *Section) ourNote(champion *Variant) string {
	note := "Here: medians over seeds, on " + strings.Join(s.hardware(), "; ") + "."
	if champion != nil {
		note += " Best here: " + champion.Label + "; > marks what was spent without getting there."
	}
	return note
}

// hardware lists what the cells ran on.
func (s *Section) hardware() []string {
	return distinct(s.Cells, func(c Cell) string {
		return fmt.Sprintf("%s, GOMAXPROCS %d", cmp.Or(c.Environment.CPU, "an unnamed CPU"), c.Environment.GOMAXPROCS)
	})
}
