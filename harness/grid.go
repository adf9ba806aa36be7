package harness

import (
	"fmt"
	"slices"
	"strconv"

	"ngdbench/results"
)

// Options change what a suite expands to. The zero value changes nothing.
type Options struct {
	Set        Cell           // axes said for every cell, as in --set damp=1e-8
	Seeds      []int          // instead of each block's own
	Limits     results.Limits // over each block's own
	Filter     string         // in the syntax of x/perf, on the benchmark name: /opt:(dense OR cg) /seed:1
	GOMAXPROCS int            // instead of each block's own
	Kernels    string         // kernel path; "": the one in use
	Order      uint64         // seed of the shuffle, for the manifest
}

// Expand lists the cells of a suite as complete specifications, in the order in which they run: block by block, seed by
// seed, the cells of one seed shuffled. So a machine that slows down slows every variant alike, and an interrupted run
// has whole seeds.
//
// A cell that does not fit (a rank said for a method that has none) keeps its place, with the reason in Skip. A cell
// that comes twice, by another route to the same key, stays once. An unknown name is an error that names the block.
func Expand(c Catalogue, s Suite, o Options) ([]Spec, error) {
	filter, err := results.NewFilter(o.Filter)
	if err != nil {
		return nil, err
	}
	if err := checkSuite(c, s); err != nil {
		return nil, err
	}
	var specs []Spec
	seen := map[string]bool{}
	for _, b := range s.Blocks {
		seeds, err := seedsOf(b, o)
		if err != nil {
			return nil, fmt.Errorf("suite %s, block %s: %w", s.Name, b.Name, err)
		}
		variants, err := expandBlock(c, s, b, o)
		if err != nil {
			return nil, fmt.Errorf("suite %s, block %s: %w", s.Name, b.Name, err)
		}
		specs = slices.Grow(specs, len(variants)*len(seeds))
		for _, seed := range seeds {
			for _, spec := range ofSeed(variants, seed, o.Order) {
				if !seen[spec.Key] && filter.Keep(spec.Cell, spec.GOMAXPROCS, spec.Suite, spec.Block) {
					seen[spec.Key] = true
					specs = append(specs, spec)
				}
			}
		}
	}
	return specs, nil
}

// seedsOf are the seeds of a block, or those said instead.
func seedsOf(b Block, o Options) ([]int, error) {
	if said, ok := o.Set["seed"]; ok {
		n, err := strconv.Atoi(said)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("seed=%s: want an integer ≥ 0", said)
		}
		return []int{n}, nil
	}
	seeds := b.Seeds
	if len(o.Seeds) > 0 {
		seeds = o.Seeds
	}
	if len(seeds) == 0 {
		seeds = []int{1}
	}
	for i, n := range seeds {
		if n < 0 || slices.Contains(seeds[:i], n) {
			return nil, fmt.Errorf("seed %d is below zero or said twice", n)
		}
	}
	return seeds, nil
}

// expandBlock lists the cells of a block without their seeds, resolved: no default of anything depends on the seed.
func expandBlock(c Catalogue, s Suite, b Block, o Options) ([]Spec, error) {
	var list []Spec
	for _, said := range combine(b) {
		if matches(b.Exclude, said) {
			continue
		}
		if err := c.set(said, o.Set); err != nil {
			return nil, err
		}
		spec := Spec{
			Cell: said, Limits: override(b.Limits, o.Limits), GOMAXPROCS: b.GOMAXPROCS, Kernels: o.Kernels,
			Suite: s.Name, Block: b.Name,
		}
		if o.GOMAXPROCS > 0 {
			spec.GOMAXPROCS = o.GOMAXPROCS
		}
		_, spec, err := c.resolveSpec(spec, s.Settings)
		if isRefusal(err) {
			spec.Skip = err.Error()
		} else if err != nil {
			return nil, err
		}
		if !matches(b.Exclude, spec.Cell) {
			list = append(list, spec)
		}
	}
	return list, nil
}

// ofSeed gives the cells of a block one seed, and shuffles them by a stream of the order seed, the block and the seed.
func ofSeed(variants []Spec, seed int, order uint64) []Spec {
	list := slices.Clone(variants)
	name := strconv.Itoa(seed)
	for i := range list {
		list[i].Cell = list[i].Cell.Clone()
		list[i].Cell["seed"] = name
		list[i].Key = Key(list[i])
	}
	if len(list) > 0 {
		shuffle := Stream(Cell{"seed": name}, fmt.Sprintf("order %d %s %s", order, list[0].Suite, list[0].Block), "seed")
		shuffle.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	return list
}

// combine is the product of the axes, once for each variant; a variant's axes come before the block's.
func combine(b Block) []Cell {
	cells := b.Variants
	if len(cells) == 0 {
		cells = []Cell{{}}
	}
	for _, axis := range sortedKeys(b.Axes) {
		var next []Cell
		for _, cell := range cells {
			if _, linked := cell[axis]; linked {
				next = append(next, cell)
				continue
			}
			for _, v := range b.Axes[axis] {
				more := cell.Clone()
				more[axis] = v
				next = append(next, more)
			}
		}
		cells = next
	}
	out := make([]Cell, len(cells))
	for i, cell := range cells {
		out[i] = cell.Clone()
	}
	return out
}

// matches reports whether one of the patterns holds in every axis that it names.
func matches(patterns []Cell, cell Cell) bool {
	return slices.ContainsFunc(patterns, func(p Cell) bool {
		for axis, v := range p {
			if canonical(axis, cell[axis]) != canonical(axis, v) {
				return false
			}
		}
		return len(p) > 0
	})
}

// set says axes for a cell. Where the cell's method has no such part (a rank for adam), it stays as it was.
func (c Catalogue) set(cell, set Cell) error {
	if err := checkWords(set); err != nil {
		return err
	}
	for _, axis := range sortedKeys(set) {
		if axis == "rank" || axis == "damp" || axis == "search" {
			continue
		}
		cell[axis] = set[axis]
	}
	probe := Cell{"opt": cell["opt"]}
	if probe["opt"] == "" {
		probe["opt"] = tableDefault("opt")
	}
	e, err := find("opt", c.Solvers, solverHead, probe)
	if err != nil {
		return err
	}
	for axis := range absent {
		if v, said := set[axis]; said && e.Uses.reads(axis) {
			cell[axis] = v
		}
	}
	return nil
}
