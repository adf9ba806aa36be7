package regimes

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"ngdbench/results/stats"
	"ngdbench/results/tables"
)

// Advice is what the evidence says for a training problem.
type Advice struct {
	Query  Query
	Target float64 // the one whose times count: the easiest measured one that is at least as hard as the query's
	Basis  []*Decision
	Near   *Decision // the nearest of Basis in which Class has a time
	Class  string    // "" where the evidence says nothing
	Method string
	Rank   int // of Method, 0 where it has none
	Low    stats.Quantity
	High   stats.Quantity // expected seconds: from the basis, by the cost model where there is one
	Scaled bool           // by the cost model
	Sure   string         // high, moderate, low
	Why    string         // of Sure, or why the evidence says nothing
	Model  []Priced
}

// near is the factor in P and in N up to which a setting counts as evidence, and most the settings that advice rests on.
const (
	near = 4
	most = 5
)

// Advise weighs the settings of equal dimension within a factor of 4 in P and in N in which classes can be compared, near ones more. Outside of these it
// says so and leaves the word to the cost model. model may be nil.
func Advise(settings []*Setting, q Query, model Model) *Advice {
	a := &Advice{Query: q}
	a.basis(Comparable(settings))
	if len(a.Basis) > 0 {
		a.choose()
	}
	if model != nil {
		a.Model = model(q, cmp.Or(a.Rank, a.anyRank(), 128))
		a.affordable()
	}
	if a.Class != "" {
		a.expect(model)
	}
	return a
}

// basis collects the decisions that count, the nearest first, or says why there are none.
func (a *Advice) basis(settings []*Setting) {
	var sized []*Setting
	for _, s := range settings {
		if (a.Query.Dim == 0 || s.Dim == a.Query.Dim) && a.distance(s) <= math.Log(near) {
			sized = append(sized, s)
		}
	}
	if len(sized) == 0 {
		a.Why = fmt.Sprintf("no setting of dimension %d within a factor of %d in both P and N was run", a.Query.Dim, near)
		return
	}
	slices.SortStableFunc(sized, func(s, t *Setting) int { return cmp.Compare(a.distance(s), a.distance(t)) })
	for _, s := range sized {
		target, ok := measured(s.Targets, a.Query.Target)
		if !ok || len(a.Basis) == most {
			continue
		}
		if d := Decide(s, target, a.Query.Memory); d.Leader() != nil {
			a.Basis, a.Target = append(a.Basis, d), target
		}
	}
	if len(a.Basis) == 0 {
		a.Why = fmt.Sprintf("nobody reached a relative L2 error of %s in a setting of about this size", tables.Power(a.Query.Target))
		if a.Query.Memory > 0 {
			a.Why += " within " + tables.Memory(a.Query.Memory)
		}
	}
}

// distance is the larger of the log-ratios in P and N.
func (a *Advice) distance(s *Setting) float64 {
	far := func(x, y int) float64 { return math.Abs(math.Log(float64(max(1, x)) / float64(max(1, y)))) }
	return max(far(s.Params, a.Query.Params), far(s.Points, a.Query.Points))
}

// measured is the easiest of the targets that is at least as hard as the wanted one.
func measured(targets []float64, wanted float64) (float64, bool) {
	best, ok := 0.0, false
	for _, t := range targets {
		if t <= wanted*(1+1e-9) && t > best {
			best, ok = t, true
		}
	}
	return best, ok
}

// weight of a setting falls from 1 to 1/3 at the edge of what counts.
func (a *Advice) weight(d *Decision) float64 { return 1 / (1 + 2*a.distance(d.Setting)/math.Log(near)) }

// choose takes the class with the smallest weighted regret.
func (a *Advice) choose() {
	least := math.Inf(1)
	for _, class := range Classes {
		sum := 0.0
		for _, d := range a.Basis {
			sum += a.weight(d) * math.Log(regret(d, class))
		}
		if sum < least-1e-12 {
			least, a.Class = sum, class
		}
	}
	a.name()
	a.judge()
}

// name takes the method of the nearest setting in which the class has a time.
func (a *Advice) name() {
	a.Near, a.Method, a.Rank = nil, "", 0
	for _, d := range a.Basis {
		if c := d.Of(a.Class); c != nil && c.Reached() {
			a.Near, a.Method, a.Rank = d, c.Variant.Label, rankOf(c.Variant)
			return
		}
	}
}

// Of is the contender of a class, or nil.
func (d *Decision) Of(class string) *Contender {
	for _, c := range d.Ranked {
		if c.Class == class {
			return c
		}
	}
	return nil
}

func rankOf(v *tables.Variant) int {
	var k int
	if _, err := fmt.Sscanf(trait(v, "rank"), "%d", &k); err != nil {
		return 0
	}
	return k
}

// anyRank is the rank of the nearest low-rank contender.
func (a *Advice) anyRank() int {
	for _, d := range a.Basis {
		if c := d.Of("preconditioned"); c != nil && rankOf(c.Variant) > 0 {
			return rankOf(c.Variant)
		}
	}
	return 0
}

// judge says how sure the choice is.
func (a *Advice) judge() {
	wins, agree := 0, 0
	for _, d := range a.Basis {
		if d.Leader().Class == a.Class {
			agree++
			if d.Verdict.Outcome == stats.Win {
				wins++
			}
		}
	}
	n := len(a.Basis)
	switch {
	case agree == n && wins >= 2:
		a.Sure = "high"
	case agree == n && (wins == 1 || n > 1), 2*agree > n && wins > 0:
		a.Sure = "moderate"
	default:
		a.Sure = "low"
	}
	a.Why = fmt.Sprintf("%s leads in %d of %d settings, %d with a verdict on held-out seeds", a.Class, agree, n, wins)
}

// affordable drops a class that the cost model says does not fit into the memory, and takes the next.
func (a *Advice) affordable() {
	if a.Query.Memory == 0 || a.Class == "" {
		return
	}
	for _, p := range a.Model {
		if p.Class == a.Class && p.Bytes <= a.Query.Memory {
			return
		}
	}
	dropped := a.Class
	a.Class = ""
	for _, p := range a.Model {
		if p.Class != dropped && p.Bytes <= a.Query.Memory && slices.ContainsFunc(a.Basis, func(d *Decision) bool {
			c := d.Of(p.Class)
			return c != nil && c.Reached()
		}) {
			a.Class = p.Class
			a.name()
			a.judge()
			break
		}
	}
	a.Sure = "low"
	a.Why = fmt.Sprintf("%s does not fit into %s by the cost model", dropped, tables.Memory(a.Query.Memory))
}

// expect is the range of times of the class over the basis, each scaled by the prices of a step where there is a model.
func (a *Advice) expect(model Model) {
	a.Scaled = model != nil
	var times []stats.Quantity
	for _, d := range a.Basis {
		c := d.Of(a.Class)
		if c == nil || !c.Reached() {
			continue
		}
		t := c.Time.Mean.Value
		if model != nil {
			s := d.Setting
			q := Query{Params: s.Params, Points: s.Points, Dim: cmp.Or(s.Dim, a.Query.Dim), Threads: s.Cells[0].Environment.GOMAXPROCS}
			k := cmp.Or(rankOf(c.Variant), a.Rank, 128)
			t *= stepOf(a.Class, model(a.Query, k)) / stepOf(a.Class, model(q, k))
		}
		times = append(times, stats.Known(t))
	}
	s := stats.Summarise(times)
	a.Low, a.High = s.Min, s.Max
}

func stepOf(class string, list []Priced) float64 {
	for _, p := range list {
		if p.Class == class {
			return p.Step
		}
	}
	return math.NaN()
}

// Page is the advice in words.
func (a *Advice) Page() *tables.Page {
	q := a.Query
	p := &tables.Page{Title: fmt.Sprintf("P = %d, N = %d, dimension %d, target %s", q.Params, q.Points, q.Dim, tables.Power(q.Target))}
	if q.Memory > 0 {
		p.Title += ", " + tables.Memory(q.Memory)
	}
	if a.Class == "" {
		p.Add(tables.Paragraph("Outside the evidence: " + a.Why + ". No class is recommended; what follows is the cost model alone."))
	} else {
		p.Add(tables.Paragraph(fmt.Sprintf("Take %s: %s.", a.Class, a.Method)), tables.Bullets(a.words()))
		p.Add(basisTable(a.Basis))
	}
	if len(a.Model) > 0 {
		p.Add(modelTable(a.Model, q.Memory))
	}
	return p
}

func (a *Advice) words() []string {
	how := "as measured there"
	if a.Scaled {
		how = "measured there, scaled by the cost model's price of a step"
	}
	cost := tables.Quantity(a.Low, tables.Plain) + " s"
	if a.Low != a.High {
		cost = tables.Quantity(a.Low, tables.Plain) + " to " + tables.Quantity(a.High, tables.Plain) + " s"
	}
	list := []string{
		fmt.Sprintf("Expected time to %s: %s, %s.", tables.Power(a.Target), cost, how),
		fmt.Sprintf("Confidence: %s. %s.", a.Sure, a.Why),
	}
	if a.Near != nil {
		list = append(list, "Nearest setting: "+a.Near.Setting.Label()+".")
	}
	return list
}

func modelTable(list []Priced, limit float64) *tables.Table {
	t := &tables.Table{Title: "The cost model's word on a step", Columns: tables.Columns("<class", "<method", "seconds a step", "workspace", "<fits")}
	for _, p := range list {
		fits := "yes"
		if limit > 0 && p.Bytes > limit {
			fits = "no"
		}
		t.Add(p.Class, p.Method, tables.Plain(p.Step), tables.Memory(p.Bytes), fits)
	}
	t.Notes = []string{"A PINN with a second-order equation and a network of three equal layers, priced by the calibration table. " +
		"Steps to the target are not in it: truncated inner solves need more of them."}
	return t
}
