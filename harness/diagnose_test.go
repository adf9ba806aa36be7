package harness

import (
	"bytes"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/mat"

	"ngdbench/networks"
	"ngdbench/objective"
	"ngdbench/problems"
	"ngdbench/results"
	"ngdbench/solvers"
)

// A diagnosis is beside everything else: digests, counts, key, bytes, clock and all other numbers of the rows stay.
func TestDiagnoseChangesNothingElse(t *testing.T) {
	for _, cell := range []string{"opt=sgd", "opt=dense problem=lent", "opt=dense net=3x3 points=5+0", "opt=sgd metric=twice", "opt=sgd form=ritz"} {
		s := Spec{Cell: mustCell(t, cell), Limits: results.Limits{Steps: 60}}
		if strings.Contains(cell, "ritz") {
			s.Settings = Settings{"lr": "0.1", "resample": "7"}
		}
		plain := run(t, s)
		s.Diagnose = true
		rec := run(t, s)
		if rec.Key != plain.Key || rec.Digests != plain.Digests || rec.Metrics["work-B"] != plain.Metrics["work-B"] {
			t.Errorf("%s: key %s, digests %v, %v B; without %s, %v, %v B", cell, rec.Key, rec.Digests, rec.Metrics["work-B"], plain.Key, plain.Digests, plain.Metrics["work-B"])
		}
		if d := cmp.Diff(plain.Counts, rec.Counts) + cmp.Diff(plain.Fallbacks, rec.Fallbacks); d != "" {
			t.Error(cell, d)
		}
		for i := range rec.Trace {
			if r := &rec.Trace[i]; (r.Diagnosis == nil) != (r.Step == 0) {
				t.Errorf("%s: diagnosis of step %d: %v", cell, r.Step, r.Diagnosis)
			}
			rec.Trace[i].Diagnosis, rec.Trace[i].Seconds, plain.Trace[i].Seconds = nil, 0, 0
		}
		if d := cmp.Diff(plain.Trace, rec.Trace); d != "" {
			t.Error(cell, d)
		}
	}
}

// The clock, which goes on at each reading here, is not even read more often.
func TestDiagnoseStopsTheClock(t *testing.T) {
	plain := train(t, toyTraining(0.1, results.Limits{Steps: 60}))
	tr := toyTraining(0.1, results.Limits{Steps: 60})
	tr.Diagnose = true
	for i, row := range train(t, tr).Rows {
		if row.Seconds != plain.Rows[i].Seconds {
			t.Fatalf("step %d after %v s, without diagnosis %v s", row.Step, row.Seconds, plain.Rows[i].Seconds)
		}
	}
}

// damped steps along a direction of (G + μI) d = −g, which it is given with g and G from an explicit T. It ends as
// converged after some steps, where that is said.
type damped struct {
	mu        float64
	direction func(g *mat.VecDense, a *mat.SymDense) *mat.VecDense
	ends      int
	step      int
	p         *objective.Point
}

func (*damped) Class() solvers.Class      { return solvers.Explicit }
func (*damped) Needs() objective.Quantity { return objective.Grad | objective.Tangent }

func (d *damped) Start(o objective.Objective, _ solvers.Env) error {
	d.p = objective.NewPoint(o, d.Needs(), nil)
	return nil
}

func (d *damped) Step(theta []float64) solvers.Info {
	if d.step++; d.step == d.ends {
		return solvers.Info{Status: solvers.Converged}
	}
	d.p.Eval(theta, d.Needs())
	g, a := twin(d.p, d.mu)
	for i, v := range d.direction(g, a).RawVector().Data {
		theta[i] += 0.25 * v
	}
	return solvers.Info{Damping: d.mu, Scale: 0.25}
}

// twin is g and G + μI the dumb way: T by its products with unit vectors, G entry by entry.
func twin(p *objective.Point, mu float64) (*mat.VecDense, *mat.SymDense) {
	rows, cols := p.T.Dims()
	t := mat.NewDense(rows, cols, nil)
	for j := range cols {
		e, column := make([]float64, cols), make([]float64, rows)
		e[j] = 1
		p.T.Apply(column, e)
		t.SetCol(j, column)
	}
	a := mat.NewSymDense(cols, nil)
	for i := range cols {
		for j := range i + 1 {
			a.SetSym(i, j, mat.Dot(t.ColView(i), t.ColView(j)))
		}
		a.SetSym(i, i, a.At(i, i)+mu)
	}
	return mat.VecDenseCopyOf(mat.NewVecDense(cols, p.Grad)), a
}

func solve(a mat.Matrix, g *mat.VecDense) *mat.VecDense {
	var d mat.VecDense
	if err := d.SolveVec(a, g); err != nil {
		panic(err)
	}
	d.ScaleVec(-1, &d)
	return &d
}

func exactly(g *mat.VecDense, a *mat.SymDense) *mat.VecDense { return solve(a, g) }

// once is what conjugate gradients find in one iteration from zero: −g at its best length.
func once(g *mat.VecDense, a *mat.SymDense) *mat.VecDense {
	var d mat.VecDense
	d.ScaleVec(-mat.Dot(g, g)/mat.Inner(g, a, g), g)
	return &d
}

// Shapes: the Gramian is the smaller one, the kernel is, and the kernel is but g = Tᵀr is not known. A last one has more
// columns than a block of the Gramian.
var diagnosed = []struct {
	cell    Cell
	squares bool
}{
	{Cell{"problem": "poisson2d", "net": "2x2", "points": "6", "seed": "1"}, true},
	{Cell{"problem": "poisson2d", "net": "3x3", "points": "5", "seed": "1"}, true},
	{Cell{"problem": "poisson2d", "net": "3x3", "points": "5", "seed": "1"}, false},
	{Cell{"problem": "poisson2d", "net": "2x2", "points": "6", "seed": "1"}, false},
	{Cell{"problem": "poisson2d", "net": "10x7", "points": "80", "seed": "1"}, true},
}

func diagnosedTraining(t *testing.T, cell Cell, squares bool, s solvers.Solver, steps int) Training {
	t.Helper()
	in, err := toyLeastSquares(nil, nil, cell)
	if err != nil {
		t.Fatal(err)
	}
	if !squares {
		in.Objective = &energy{Objective: in.Objective}
	}
	return Training{Instance: Instance{Objective: in.Objective, Judge: in.Judge, Theta: in.Objective.Params().Draw(Stream(cell, "theta"))},
		Solver: s, Limits: results.Limits{Steps: steps}, Diagnose: true, Env: solvers.Env{Meter: ticking(time.Millisecond)}}
}

// One step from θ₀: the spectrum is gonum's of an explicit TᵀT, d_eff is the sum over it, and captured is the formula with
// an explicit solve: 1 for the exact direction, less for one iteration of conjugate gradients.
func TestDiagnosisIsTheDumbTwins(t *testing.T) {
	const mu = 1e-3
	for _, c := range diagnosed {
		for name, direction := range map[string]func(*mat.VecDense, *mat.SymDense) *mat.VecDense{"exact": exactly, "once": once} {
			tr := diagnosedTraining(t, c.cell, c.squares, &damped{mu: mu, direction: direction}, 1)
			d := train(t, tr).Rows[1].Diagnosis
			p := objective.NewPoint(tr.Objective, objective.Grad|objective.Tangent, nil)
			p.Eval(tr.Theta, objective.Grad|objective.Tangent)
			_, g := twin(p, 0)
			checkSpectrum(t, d, g, mu)
			v, a := twin(p, mu)
			way := direction(v, a)
			want := math.Pow(mat.Dot(v, way), 2) / (mat.Inner(way, a, way) * -mat.Dot(v, solve(a, v)))
			if got := float64(*d.Captured); math.Abs(got-want) > 1e-12 || (name == "exact") != (got > 1-1e-12) || got > 1 {
				t.Errorf("%v %s: captured %.15g, want %.15g", c.cell, name, got, want)
			}
		}
	}
}

func checkSpectrum(t *testing.T, d *results.Diagnosis, g *mat.SymDense, mu float64) {
	t.Helper()
	var e mat.EigenSym
	if !e.Factorize(g, false) {
		t.Fatal("no eigenvalues")
	}
	values, deff := e.Values(nil), 0.0
	n := len(values)
	for i, got := range d.Spectrum {
		want := values[n-1-i]
		deff += want / (want + mu)
		if math.Abs(float64(got)-want) > 1e-13*values[n-1] {
			t.Errorf("eigenvalue %d is %g, want %g", i, got, want)
		}
	}
	for _, rest := range values[:n-len(d.Spectrum)] {
		if rest > 1e-13*values[n-1] {
			t.Errorf("%g is missing among %v", rest, d.Spectrum)
		}
	}
	if math.Abs(float64(*d.Deff)-deff) > 1e-9 {
		t.Errorf("effective dimension %g, want %g", *d.Deff, deff)
	}
}

// The last row is of the last step that counted, also where the step after it ended the training and no row was due.
func TestDiagnosisOfTheLastStep(t *testing.T) {
	c := diagnosed[0]
	want := train(t, diagnosedTraining(t, c.cell, true, &damped{mu: 1e-3, direction: once}, 54)).Rows
	got := train(t, diagnosedTraining(t, c.cell, true, &damped{mu: 1e-3, direction: once, ends: 55}, 99)).Rows
	if d := cmp.Diff(want[len(want)-1].Diagnosis, got[len(got)-1].Diagnosis); d != "" || got[len(got)-1].Step != 54 {
		t.Errorf("step %d: %s", got[len(got)-1].Step, d)
	}
}

// What has no sense is left out: all where points were redrawn or numbers are not finite, captured where θ stays.
func TestDiagnosisLeavesOut(t *testing.T) {
	in, _ := toyLeastSquares(nil, nil, toyCell)
	o := &energy{Objective: in.Objective}
	theta := []float64{1, 2, 3, 4}
	d, err := newDiagnosis(o, theta)
	if err != nil {
		t.Fatal(err)
	}
	info := solvers.Info{Damping: 1e-3}
	if d.row(info) != nil || (*diagnosis)(nil).row(info) != nil {
		t.Error("a diagnosis before the first step, or without one")
	}
	d.follow(theta)
	if r := d.row(info); r == nil || r.Captured != nil || r.Deff == nil || len(r.Spectrum) != 4 {
		t.Errorf("where θ stays: %+v", r)
	}
	if r := d.row(solvers.Info{}); r == nil || r.Captured != nil || r.Deff != nil || len(r.Spectrum) != 4 {
		t.Errorf("without damping: %+v", r)
	}
	o.version++
	if d.row(info) != nil {
		t.Error("a diagnosis on other points than the step's")
	}
	for range 2 {
		d.follow([]float64{math.NaN(), 0, 0, 0})
	}
	if d.row(info) != nil {
		t.Error("a diagnosis at NaN")
	}
}

// opaque hides the tangent map.
type opaque struct{ objective.Objective }

func (o opaque) Offers() objective.Quantity { return objective.Loss | objective.Grad }

func TestDiagnoseRefuses(t *testing.T) {
	c := toyCatalogue()
	c.Metrics = append(c.Metrics, Entry[NewMetric]{Name: "opaque", New: func(_ *problems.Problem, _ *networks.Network, in Instance, _ Cell) (objective.Objective, error) {
		return opaque{in.Objective}, nil
	}})
	for cell, want := range map[string]string{
		"opt=sgd metric=opaque": "--diagnose needs what this objective does not offer: tangent map",
		"opt=sgd net=51x50 points=2600": "--diagnose: n = 2600 rows and P = 2550 parameters, and the smaller is above 2500: " +
			"each row of the trace would take 1e+11 flops and two matrices of 49 MiB",
	} {
		s := Spec{Cell: mustCell(t, cell), Limits: results.Limits{Steps: 1}, Diagnose: true}
		rec, err := RunCell(c, s, nil)
		if !isRefusal(err) || err.Error() != want || rec.Status != results.Skipped {
			t.Errorf("%s: %s, %v", cell, rec.Status, err)
		}
	}
}

// A record without the field is read and written as before; one with it survives.
func TestDiagnosisInRecords(t *testing.T) {
	files, _ := filepath.Glob("../results/reference/smoke/cells/*.json")
	if len(files) == 0 {
		t.Fatal("no reference records")
	}
	old, err := results.ReadRecord(files[0])
	if err != nil || len(old.Trace) == 0 || old.Trace[1].Diagnosis != nil {
		t.Fatalf("%v, %v", err, old.Trace)
	}
	b, err := results.Encode(old)
	if err != nil || bytes.Contains(b, []byte("diagnosis")) {
		t.Errorf("an old record is written with the field: %v", err)
	}
	rec := run(t, Spec{Cell: Cell{"opt": "sgd", "problem": "lent"}, Limits: results.Limits{Steps: 3}, Diagnose: true})
	zero := results.Float(0)
	rec.Trace[1].Diagnosis.Captured = &zero // a share of zero is a number, not absence
	if b, err = results.Encode(rec); err != nil {
		t.Fatal(err)
	}
	back, err := results.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(rec.Trace[1].Diagnosis, back.Trace[1].Diagnosis); d != "" {
		t.Error(d)
	}
}

// A block asks for diagnoses by itself, with time for them; the others stay as they are.
func TestDiagnoseOfBlock(t *testing.T) {
	suite := Suite{Name: "s", Blocks: []Block{{Name: "plain", Timeout: time.Minute}, {Name: "spectra", Timeout: time.Minute, Diagnose: true}}}
	tasks := []task{{Spec: Spec{Block: "plain"}}, {Spec: Spec{Block: "spectra"}}}
	for _, all := range []bool{false, true} {
		var o runOptions
		o.diagnose = all
		for _, st := range stagesOf(suite, tasks, o) {
			want := all || st.Block.Name == "spectra"
			if got := st.Tasks[0].Spec.Diagnose; got != want {
				t.Errorf("--diagnose=%v, block %s: %v", all, st.Block.Name, got)
			}
			if limit := o.within(st.Block); (limit > time.Minute) != want {
				t.Errorf("--diagnose=%v, block %s: limit %v", all, st.Block.Name, limit)
			}
		}
	}
}
