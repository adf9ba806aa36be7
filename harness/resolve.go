package harness

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ngdbench/internal/nearest"
	"ngdbench/networks"
	"ngdbench/problems"
	"ngdbench/results"
)

// chosen are the entries that a cell names.
type chosen struct {
	problem *problems.Problem
	net     NewNetwork
	form    Entry[NewFormulation]
	metric  NewMetric // nil: gn, which changes nothing
	solver  SolverEntry
}

// Resolve fills in what cell leaves open: with the solver's defaults, then the formulation's, the problem's (what the
// formulation takes from it, then its own), the axis table's. An axis that the solver does not read becomes 0 or none, and
// anything else said there is a *Refusal, as is a missing rank; with a *Refusal the cell is returned complete all the same, so that a grid can name the row.
// An unknown name and a malformed value are other errors. A solver, formulation or problem whose Defaults hold its own
// axis is a short name for that value: spring, with opt=dual+spring among its defaults.
//
// Resolve changes nothing in a cell that it has resolved.
func (c Catalogue) Resolve(cell Cell) (Cell, error) {
	_, r, err := c.resolve(cell)
	return r, err
}

func (c Catalogue) resolve(said Cell) (ch chosen, r Cell, err error) {
	if err := checkWords(said); err != nil {
		return ch, nil, err
	}
	r = make(Cell, len(said))
	lend(r, said)
	for _, axis := range []string{"opt", "form", "problem"} { // these lend, and so cannot be lent
		lendOne(r, axis, tableDefault(axis))
	}
	if ch.solver, err = find("opt", c.Solvers, solverHead, r); err != nil {
		return ch, nil, err
	}
	if err = ch.solver.checkParts(r["opt"]); err != nil {
		return ch, nil, err
	}
	r["opt"] = sortParts(r["opt"])
	ch.solver = ch.solver.withParts(r["opt"])
	refusal := fitUses(ch.solver, r)
	lend(r, ch.solver.Defaults)
	if ch.form, err = find("form", c.Formulations, entryHead, r); err != nil {
		return ch, nil, err
	}
	lend(r, ch.form.Defaults)
	if err = c.resolveProblem(&ch, r); err != nil {
		return ch, nil, err
	}
	lendOne(r, "metric", tableDefault("metric"))
	if ch.metric, err = c.findMetric(r); err != nil {
		return ch, nil, err
	}
	for _, a := range results.Axes {
		if a.Default != "" {
			lendOne(r, a.Name, a.Default)
		}
	}
	if ch.net, err = c.findNetwork(r); err != nil {
		return ch, nil, err
	}
	if err = checkValues(ch.solver, r); err != nil && !isRefusal(err) {
		return ch, nil, err
	}
	if refusal == nil {
		errors.As(err, &refusal)
	}
	if refusal != nil {
		return ch, r, refusal
	}
	return ch, r, nil
}

// checkParts refuses parts of opt that the solver does not list.
func (e SolverEntry) checkParts(opt string) error {
	_, parts := Parts(opt)
	for i, p := range parts {
		if _, has := e.Parts[p]; !has {
			return fmt.Errorf("opt=%s: %s has no part %q%s", opt, e.Name, p, nearest.HintOrAll(p, sortedKeys(e.Parts)))
		}
		if slices.Contains(parts[:i], p) {
			return fmt.Errorf("opt=%s: the part %q twice", opt, p)
		}
	}
	return nil
}

// sortParts writes the parts in the one order that names and keys hold.
func sortParts(value string) string {
	name, parts := Parts(value)
	slices.Sort(parts)
	return strings.Join(append([]string{name}, parts...), "+")
}

// withParts is e with the settings of the parts of opt among its own.
func (e SolverEntry) withParts(opt string) SolverEntry {
	_, parts := Parts(opt)
	if len(parts) == 0 {
		return e
	}
	own := Settings{}
	maps.Copy(own, e.Sets["default"])
	for _, p := range parts {
		maps.Copy(own, e.Parts[p])
	}
	e.Sets = maps.Clone(e.Sets)
	if e.Sets == nil {
		e.Sets = map[string]Settings{}
	}
	e.Sets["default"] = own
	return e
}

// resolveProblem makes the problem and lends its defaults: the entry's, then the network and points that it suggests.
func (c Catalogue) resolveProblem(ch *chosen, r Cell) error {
	entry, err := find("problem", c.Problems, entryHead, r)
	if err != nil {
		return err
	}
	lend(r, entry.Defaults)
	if ch.problem, err = entry.New(r.Clone()); err != nil {
		return fmt.Errorf("problem=%s: %w", r["problem"], err)
	}
	if ch.form.Lends != nil {
		lend(r, ch.form.Lends(ch.problem, r.Clone()))
	}
	for axis, v := range map[string]string{"net": ch.problem.Net, "points": ch.problem.Points} {
		if v != "" {
			lendOne(r, axis, v)
		}
	}
	return nil
}

func (c Catalogue) findMetric(r Cell) (NewMetric, error) {
	entry, err := find("metric", c.Metrics, entryHead, r)
	if err != nil && r["metric"] == tableDefault("metric") {
		return nil, nil // gn needs no entry: it is the objective as it stands
	}
	return entry.New, err
}

// findNetwork is the constructor of the cell's network: that of a shape with a name, else networks.Parse. An empty value is
// checkValues's to refuse.
func (c Catalogue) findNetwork(r Cell) (NewNetwork, error) {
	if !named(r["net"]) {
		return func(_ *problems.Problem, c Cell) (*networks.Network, error) { return networks.Parse(c["net"]) }, nil
	}
	e, err := find("net", c.Networks, entryHead, r)
	return func(p *problems.Problem, c Cell) (*networks.Network, error) {
		net, err := e.New(p, c)
		if err != nil {
			return nil, fmt.Errorf("net=%s: %w", c["net"], err)
		}
		_, parts := Parts(c["net"])
		for _, part := range parts {
			if err := net.Add(part); err != nil {
				return nil, fmt.Errorf("net=%s: %w", c["net"], err)
			}
		}
		return net, nil
	}, err
}

// Model makes the problem and the network that a cell names.
func (c Catalogue) Model(cell Cell) (*problems.Problem, *networks.Network, error) {
	ch, r, err := c.resolve(cell)
	if err != nil && !isRefusal(err) {
		return nil, nil, err
	}
	net, err := ch.net(ch.problem, r.Clone())
	return ch.problem, net, err
}

// named reports whether a value of net is the name of a shape: widths begin with a digit.
func named(net string) bool { return net != "" && (net[0] < '0' || net[0] > '9') }

func entryHead[T any](e Entry[T]) (string, Cell) { return e.Name, e.Defaults }

func solverHead(e SolverEntry) (string, Cell) { return e.Name, e.Defaults }

// find looks up the entry that the head of cell[axis] names, and replaces a short name by what it stands for.
func find[E any](axis string, list []E, head func(E) (string, Cell), cell Cell) (e E, err error) {
	for range len(list) { // a chain of short names is no longer than the list
		name, rest, more := strings.Cut(cell[axis], "+")
		i := 0
		for i < len(list) && first(head(list[i])) != name {
			i++
		}
		if i == len(list) {
			return e, fmt.Errorf("unknown %s %q%s", axis, name, nearest.HintOrAll(name, names(list, head)))
		}
		e = list[i]
		_, defaults := head(e)
		full, short := defaults[axis]
		if !short || full == name {
			return e, nil
		}
		cell[axis] = full
		if more {
			cell[axis] += "+" + rest
		}
	}
	return e, fmt.Errorf("unknown %s %q", axis, cell[axis])
}

func first(name string, _ Cell) string { return name }

func names[E any](list []E, head func(E) (string, Cell)) []string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = first(head(e))
	}
	return out
}

// lend gives cell what it lacks, in canonical form. The order of d does not matter, for each axis is set at most once.
func lend(cell, d Cell) {
	for axis, v := range d {
		lendOne(cell, axis, v)
	}
}

func lendOne(cell Cell, axis, v string) {
	if _, said := cell[axis]; !said {
		cell[axis] = canonical(axis, v)
	}
}

func tableDefault(axis string) string {
	for _, a := range results.Axes {
		if a.Name == axis {
			return a.Default
		}
	}
	panic("harness: no such axis")
}

func isRefusal(err error) bool {
	var r *Refusal
	return errors.As(err, &r)
}
