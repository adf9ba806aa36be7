package main

import (
	"fmt"
	"math"
	"slices"

	"ngdbench/results"
)

// tolerance is the largest difference to ngdbench, relative in norm, that counts as agreement: rounding of sums over
// thousands of points in another order stays three digits below.
const tolerance = 1e-12

// table is what was measured for one setting: a row for each unit, a column for each peer.
type table struct {
	Net    string   `json:"net"`
	Points int      `json:"points"`
	Params int      `json:"params"`
	Units  []string `json:"units"`
	Peers  []string `json:"peers"` // ngdbench first
	Cells  [][]cell `json:"cells"` // by unit, then by peer
}

// cell is one unit of one peer.
type cell struct {
	Median      float64            `json:"median_seconds,omitempty"`
	Rounds      [][]float64        `json:"samples_seconds,omitempty"` // by round
	First       float64            `json:"first_call_seconds,omitempty"`
	Differences map[string]float64 `json:"differences,omitempty"` // to ngdbench, relative in norm, by output
	Reason      string             `json:"reason,omitempty"`      // why there is no figure
	LeftOut     bool               `json:"left_out,omitempty"`    // nobody was asked
}

func newTable(s setting, peers []*peer) *table {
	t := &table{Net: s.name, Points: s.n, Params: s.net.Size()}
	for _, p := range peers {
		t.Peers = append(t.Peers, p.name)
	}
	for _, u := range units {
		t.Units = append(t.Units, u.name)
		t.Cells = append(t.Cells, make([]cell, len(peers)))
	}
	return t
}

// leaveOut marks a unit that no peer can do here.
func (t *table) leaveOut(unit int, why string) {
	for j := range t.Cells[unit] {
		t.Cells[unit][j] = cell{Reason: why, LeftOut: true}
	}
}

// add takes in the samples of a turn.
func (c *cell) add(a answer) {
	if len(c.Rounds) == 0 {
		c.First = a.First
	}
	c.Rounds = append(c.Rounds, a.Samples)
	c.Median = median(slices.Concat(c.Rounds...))
}

// fail drops what was measured: a peer that breaks down half-way has no figure.
func (c *cell) fail(why string) { *c = cell{Reason: why} }

// compare reads what a peer computed and what ngdbench did. An output that differs, or is not there, takes the figure
// away.
func (c *cell) compare(u unit, reference, outputs string) {
	if c.Reason != "" {
		return
	}
	differences := map[string]float64{}
	for _, what := range u.outputs {
		_, want, err := results.ReadArray(outputFile(reference, u.name, what))
		if err != nil {
			c.fail("nothing to compare with: ngdbench failed")
			return
		}
		_, got, err := results.ReadArray(outputFile(outputs, u.name, what))
		if err != nil {
			c.fail(err.Error())
			return
		}
		d, why := difference(got, want)
		if why == "" && d > tolerance {
			why = fmt.Sprintf("differs by %.1e, relative in norm", d)
		}
		if why != "" {
			c.fail(fmt.Sprintf("disagrees: %s of %s: %s", what, u.name, why))
			return
		}
		differences[what] = d
	}
	c.Differences = differences
}

// difference is ‖a - b‖/‖b‖, or why there is none.
func difference(a, b []float64) (relative float64, why string) {
	if len(a) != len(b) {
		return 0, fmt.Sprintf("%d numbers, not %d", len(a), len(b))
	}
	var diff, norm float64
	for i := range a {
		diff = math.Hypot(diff, a[i]-b[i])
		norm = math.Hypot(norm, b[i])
	}
	if math.IsNaN(diff) || math.IsInf(diff, 0) || math.IsNaN(norm) || math.IsInf(norm, 0) {
		return 0, "not finite"
	}
	if norm == 0 {
		return 0, "the reference is zero"
	}
	return diff / norm, ""
}

// ok reports whether every figure that was asked for is there.
func (t *table) ok() bool {
	for _, row := range t.Cells {
		for _, c := range row {
			if c.Reason != "" && !c.LeftOut {
				return false
			}
		}
	}
	return true
}

// ratio is how many times longer a peer took than ngdbench, by medians, with the smallest and largest such ratio of a
// single round.
func ratio(peer, ours cell) (all, low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for i := range min(len(peer.Rounds), len(ours.Rounds)) {
		r := median(peer.Rounds[i]) / median(ours.Rounds[i])
		low, high = min(low, r), max(high, r)
	}
	return peer.Median / ours.Median, low, high
}

func median(x []float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	s := slices.Sorted(slices.Values(x))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}
