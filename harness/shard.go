package harness

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"ngdbench/cost"
)

// shard is one of several parts of a grid, 1 … of. Its zero value is the whole.
type shard struct {
	i, of int
	grid  string // hash of all keys: shards of one grid have no cell in common
}

// mostShards bounds the number of parts.
const mostShards = 10_000

// parseShard reads i/n; "" is the whole.
func parseShard(s string) (sh shard, err error) {
	if s == "" {
		return sh, nil
	}
	first, last, ok := strings.Cut(s, "/")
	i, errI := strconv.Atoi(first)
	n, errN := strconv.Atoi(last)
	if !ok || errI != nil || errN != nil || i < 1 || i > n || n > mostShards {
		return sh, usagef("--shard %s: want I/N, 1 ≤ I ≤ N ≤ %d, as in 2/8", s, mostShards)
	}
	return shard{i: i, of: n}, nil
}

// String is "2/8", or "" for the whole.
func (s shard) String() string {
	if s.of == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.i, s.of)
}

// gridOf names the grid whose cells these are.
func gridOf(specs []Spec) string {
	h := sha256.New()
	for _, s := range specs {
		io.WriteString(h, s.Key)
	}
	return short(h)
}

// rotate lets each shard begin at another core, so that those of one machine do not crowd the first ones.
func (s shard) rotate(cores [][]int, each int) [][]int {
	if s.of == 0 || len(cores) == 0 {
		return cores
	}
	at := (s.i - 1) * each % len(cores)
	return append(slices.Clone(cores[at:]), cores[:at]...)
}

// tolerance is how much longer than the average the longest shard may take for the sake of whole groups.
const tolerance = 1.1

// members says of each cell whether it belongs to the shard. The split depends on the suite and the flags that change it
// alone, not on what has run; every machine must be told the same.
//
// Cells that will be compared with each other (one block, problem, network, points and seed) stay together, so that a
// machine's speed is common to them. The groups go to the shards by predicted seconds, the largest first, each to the
// shard that has least so far. Where groups are too few to be balanced, single cells are dealt out in the same way.
func (s shard) members(c Catalogue, specs []Spec) []bool {
	mine := make([]bool, len(specs))
	if s.of == 0 {
		for i := range mine {
			mine[i] = true
		}
		return mine
	}
	seconds := c.predicted(specs)
	where, longest, mean := deal(specs, seconds, s.of, compared)
	if longest > tolerance*mean {
		where, _, _ = deal(specs, seconds, s.of, Spec.identity)
	}
	for i := range mine {
		mine[i] = where[i] == s.i-1
	}
	return mine
}

// compared names what cells of one group share.
func compared(s Spec) string { return s.section() + " seed=" + s.Cell["seed"] }

// section names what cells of one section of a report share: block, problem, formulation, network and points.
func (s Spec) section() string {
	return strings.Join([]string{s.Block, s.Cell["problem"], s.Cell["form"], s.Cell["net"], s.Cell["points"]}, " ")
}

func (s Spec) identity() string { return s.Key }

// deal gives each cell a shard from 0 on, and returns the seconds of the longest and of the average one.
func deal(specs []Spec, seconds []float64, n int, group func(Spec) string) (where []int, longest, mean float64) {
	type pile struct {
		cells   []int
		seconds float64
	}
	var piles []*pile
	at := map[string]*pile{}
	for i, s := range specs {
		p := at[group(s)]
		if p == nil {
			p = &pile{}
			at[group(s)], piles = p, append(piles, p)
		}
		p.cells, p.seconds = append(p.cells, i), p.seconds+seconds[i]
	}
	slices.SortStableFunc(piles, func(a, b *pile) int { return cmp.Compare(b.seconds, a.seconds) })
	where, load := make([]int, len(specs)), make([]float64, n)
	for _, p := range piles {
		to := 0
		for k := range load {
			if load[k] < load[to] {
				to = k
			}
		}
		load[to] += p.seconds
		for _, i := range p.cells {
			where[i] = to
		}
	}
	for _, l := range load {
		mean += l / float64(n)
	}
	return where, slices.Max(load), mean
}

// startSeconds is what starting a cell costs, so that cells without a forecast, and tiny ones, count too.
const startSeconds = 0.05

// predicted is what each cell should take, by the calibration table that comes with the program: the one in use may be
// another on the next machine.
func (c Catalogue) predicted(specs []Spec) []float64 {
	look := c.previews(cost.Default())
	out := make([]float64, len(specs))
	for i, s := range specs {
		out[i] = startSeconds
		if s.Skip == "" {
			out[i] += look.seconds(s)
		}
	}
	return out
}

// inShard keeps the tasks of members, in place.
func inShard(tasks []task, mine []bool) []task {
	n := 0
	for i := range tasks {
		if mine[i] {
			tasks[n] = tasks[i]
			n++
		}
	}
	return tasks[:n]
}
