package cost

import (
	"math"
	"testing"
)

func TestGradientEquivalents(t *testing.T) {
	const n = 40
	for _, c := range []struct {
		counts Counts
		want   float64
	}{
		{Counts{}, 0}, {Counts{Grads: 2}, 2}, {Counts{Losses: 3}, 1}, {Counts{Tangents: 3}, 2},
		{Counts{Grads: 1, Tangents: 1, Joint: 1}, 1}, {Counts{Grads: 3, Tangents: 4, Joint: 1}, 5},
		{Counts{Applies: 1, ApplyTs: 2}, 1}, {Counts{Explicit: 3}, 1}, {Counts{Rows: 3 * n}, 1},
		{Counts{Losses: 1, Grads: 1, Tangents: 1, Applies: 1, ApplyTs: 1, Explicit: 1, Rows: n}, 10.0 / 3},
	} {
		if got := c.counts.GradientEquivalents(n); math.Abs(got-c.want) > 1e-15*c.want {
			t.Errorf("%+v: %g, want %g", c.counts, got, c.want)
		}
	}
	if got := (Counts{Rows: 7, Grads: 1}).GradientEquivalents(0); got != 1 {
		t.Errorf("rows of an objective without residuals: %g", got)
	}
}
