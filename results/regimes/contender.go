package regimes

import (
	"math"
	"slices"

	"ngdbench/results"
	"ngdbench/results/stats"
	"ngdbench/results/tables"
)

// Contender is the chosen variant of one class in one setting, for one target.
type Contender struct {
	Class   string
	Variant *tables.Variant // with the cells that count: those of the test seeds, or all
	Time    stats.RunTime   // to the target, over those cells
	Memory  float64         // bytes of the workspace, median; NaN where it was not measured
	Peak    float64         // bytes resident at the peak, median; NaN likewise

	// Modelled says that Time was not measured: an explicit direction that was stopped after a few steps. Time is then its
	// seconds per step times the steps of Like, a low-rank direction with the same damping that got there.
	Modelled bool
	Like     *tables.Variant
	Steps    float64 // of Like to the target, median
}

// Reached says whether the class has a time to the target.
func (c *Contender) Reached() bool { return c.Time.Mean.Ok() }

// contenders chooses the best variant of each class that fits into a memory limit (bytes resident at the peak; 0: none).
func (s *Setting) contenders(target, memory float64) (list []*Contender) {
	choose, test := s.split()
	for _, class := range Classes {
		if c := s.contender(class, target, memory, choose, test); c != nil {
			list = append(list, c)
		}
	}
	return list
}

// contender is the fastest variant of a class on the seeds that choose; where some variants have seeds to be tested on,
// it is one of these. It is nil where the class has nothing that fits.
func (s *Setting) contender(class string, target, memory float64, choose, test []string) *Contender {
	var best *tables.Variant
	rank := func(v *tables.Variant) int { return min(1, len(on(v, test).Timed())) }
	for _, v := range s.Variants {
		w := on(v, choose)
		if v.Class != class || len(w.Timed()) == 0 || memory > 0 && !(peak(v) <= memory) {
			continue
		}
		if best == nil || rank(v) > rank(best) || rank(v) == rank(best) && faster(w, on(best, choose), target) < 0 {
			best = v
		}
	}
	if best == nil {
		return nil
	}
	counts := best
	if rank(best) > 0 {
		counts = on(best, test)
	}
	c := &Contender{Class: class, Variant: counts, Time: timeTo(counts, target), Memory: number(median(best, "work-B")), Peak: peak(best)}
	if class == "explicit" && c.Time.Successes == 0 && cut(best) {
		s.model(c, target)
	}
	return c
}

func peak(v *tables.Variant) float64 { return number(median(v, "peak-rss-B")) }

func number(q stats.Quantity) float64 {
	if !q.Ok() {
		return math.NaN()
	}
	return q.Value
}

// cut says whether every training of a variant was ended by a limit in steps.
func cut(v *tables.Variant) bool {
	return len(v.Cells) > 0 && !slices.ContainsFunc(v.Cells, func(c tables.Cell) bool {
		return c.Limits.Steps == 0 || c.Status != results.Budget
	})
}

// model fills in the time of an explicit direction that was cut off: an explicit solve is at least as exact as one with a
// low-rank factor at the same damping, so it takes about as many steps.
func (s *Setting) model(c *Contender, target float64) {
	for _, v := range s.Variants {
		if v.Class != "preconditioned" || trait(v, "damp") != trait(c.Variant, "damp") || timeTo(v, target).Successes == 0 {
			continue
		}
		if c.Like == nil || faster(v, c.Like, target) < 0 {
			c.Like = v
		}
	}
	if c.Like == nil {
		return
	}
	steps := stats.Summarise(c.Like.OverTimed(func(x tables.Cell) stats.Quantity { return x.StepsTo(target) })).Median
	if seconds := stepSeconds(c.Variant) * number(steps); seconds > 0 {
		c.Modelled, c.Steps = true, steps.Value
		c.Time = stats.RunTime{Mean: stats.Known(seconds), N: c.Time.N}
	}
}
