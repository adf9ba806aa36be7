package harness

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestDeal: every cell has one shard, the same in any call, and no group is torn; no shard is longer than the average by
// more than the largest group.
func TestDeal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 9).Draw(t, "shards")
		seconds := rapid.SliceOfN(rapid.Float64Range(0.05, 100), 1, 60).Draw(t, "seconds")
		groups := rapid.IntRange(1, 20).Draw(t, "groups")
		specs := make([]Spec, len(seconds))
		for i := range specs {
			specs[i] = Spec{Key: fmt.Sprint(i), Block: fmt.Sprint(i * 7 % groups)}
		}
		for _, by := range []func(Spec) string{compared, Spec.identity} {
			where, longest, mean := deal(specs, seconds, n, by)
			again, _, _ := deal(specs, seconds, n, by)
			if !slices.Equal(where, again) {
				t.Fatal("another split in a second call")
			}
			load, group, home := make([]float64, n), map[string]float64{}, map[string]int{}
			for i, s := range specs {
				load[where[i]] += seconds[i]
				group[by(s)] += seconds[i]
				if k, seen := home[by(s)]; seen && k != where[i] {
					t.Fatal("a group is torn")
				}
				home[by(s)] = where[i]
			}
			most := 0.0
			for _, g := range group {
				most = max(most, g)
			}
			if l := slices.Max(load); l > mean+most+1e-9 || l < longest-1e-9 || l > longest+1e-9 {
				t.Fatalf("the longest shard takes %g s, said %g, average %g, largest group %g", l, longest, mean, most)
			}
		}
	})
}

// TestMembers: the shards are a partition, and comparable cells stay together where the balance allows it.
func TestMembers(t *testing.T) {
	c := toyCatalogue()
	block := Block{Name: "b", Axes: map[string][]string{"opt": {"sgd", "dense"}, "problem": {"poisson2d", "lent"}}}
	specs, err := Expand(c, Suite{Name: "s", Blocks: []Block{block}}, Options{Seeds: []int{1, 2, 3, 4}})
	if err != nil {
		t.Fatal(err)
	}
	count, times := make([]int, len(specs)), make([]int, len(specs))
	for i := 1; i <= 4; i++ {
		for k, mine := range (shard{i: i, of: 4}).members(c, specs) {
			if mine {
				count[k] = i
				times[k]++
			}
		}
	}
	homes := map[string]int{}
	for k, s := range specs {
		if home, seen := homes[compared(s)]; seen && home != count[k] {
			t.Errorf("%s is apart from what it is compared with", s.Cell.Name())
		}
		homes[compared(s)] = count[k]
	}
	for i, n := range times {
		if n != 1 {
			t.Errorf("%s is in %d shards", specs[i].Cell.Name(), n)
		}
	}
	// Eleven shards of eight groups: single cells, and as many shards with a cell as there can be.
	alone := map[int]bool{}
	for i := 1; i <= 11; i++ {
		for _, mine := range (shard{i: i, of: 11}).members(c, specs) {
			if mine {
				alone[i] = true
			}
		}
	}
	if len(alone) != 11 {
		t.Errorf("%d of 11 shards have cells, of %d", len(alone), len(specs))
	}
	for _, s := range []string{"1", "0/2", "3/2", "x/2", "1/x", "1/0", "1/10001", "/"} {
		if _, err := parseShard(s); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
}
