package harness

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestJoined: manifests are joined to the same whole in any order, in any grouping and however often; an invocation comes
// once, with its end where one of the manifests knows it.
func TestJoined(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "invocations")
		all := make([]Invocation, n)
		for i := range all {
			end := time.Unix(int64(100+i), 0).UTC()
			all[i] = Invocation{Started: time.Unix(int64(i/2), 0).UTC(), Shard: shard{i: i%2 + 1, of: 2}.String(), Finished: &end}
		}
		var list []Manifest
		for range rapid.IntRange(1, 4).Draw(t, "folders") {
			some := rapid.SliceOfNDistinct(rapid.IntRange(0, n-1), 1, n, rapid.ID).Draw(t, "of")
			slices.Sort(some)
			m := Manifest{Schema: ManifestSchema}
			for _, i := range some {
				in := all[i]
				if rapid.Bool().Draw(t, "copied while it ran") {
					in.Finished = nil
				}
				m.Earlier = append(m.Earlier, in)
			}
			last := len(m.Earlier) - 1
			m.Invocation, m.Earlier = m.Earlier[last], m.Earlier[:last]
			list = append(list, m)
		}
		want, _ := joined(list)
		same := func(name string, got Manifest) {
			if d := cmp.Diff(want, got); d != "" {
				t.Fatalf("%s: %s", name, d)
			}
		}
		again, _ := joined(append(slices.Clone(list), list...))
		same("twice", again)
		back := slices.Clone(list)
		slices.Reverse(back)
		again, _ = joined(back)
		same("backwards", again)
		first, _ := joined(list[:1])
		again, _ = joined(append([]Manifest{first}, list[1:]...))
		same("in two steps", again)
		seen := map[string]bool{}
		for _, in := range append(slices.Clone(want.Earlier), want.Invocation) {
			key := in.Started.String() + in.Shard
			if seen[key] {
				t.Fatalf("%s comes twice", key)
			}
			seen[key] = true
		}
	})
}
