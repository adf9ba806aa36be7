package tables

import (
	"regexp"
	"strings"
	"testing"

	"ngdbench/results"
	"ngdbench/results/resultstest"
)

func TestHeadline(t *testing.T) {
	s := NewRun(manifest, resultstest.Records(resultstest.Quick, 3, 4)).Sections()[0]
	for _, want := range []string{"After the same 3.99 s the best natural gradient variant, nystrom rank=128 (preconditioned), is", "times below the best baseline, lbfgs (quasi-newton):", "undecided (n = 3)"} {
		if !strings.Contains(s.headline(), want) {
			t.Errorf("headline %q lacks %q", s.headline(), want)
		}
	}
	loser := resultstest.Quick[0]
	loser.Floor = 1
	s = NewRun(manifest, resultstest.Records([]resultstest.Method{loser, resultstest.Quick[7]}, 6, 4)).Sections()[0]
	if h := s.headline(); !strings.Contains(h, "does not win: it is") || !strings.Contains(h, "loss (p = 0.031)") {
		t.Errorf("headline of a lost comparison: %q", h)
	}
	for _, only := range [][]resultstest.Method{resultstest.Quick[:1], resultstest.Quick[6:7]} {
		if h := NewRun(manifest, resultstest.Records(only, 2, 1)).Sections()[0].headline(); !strings.HasPrefix(h, "No ") {
			t.Errorf("headline without an opponent: %q", h)
		}
	}
}

// TestHeadlineFamily: the best two of many were picked after looking, so the headline's verdict is that of the table of
// pairs, m tests together, and not that of one test.
func TestHeadlineFamily(t *testing.T) {
	for _, seeds := range []int{5, 6, 10} {
		for _, methods := range [][]resultstest.Method{resultstest.Quick, resultstest.Quick[4:7], {resultstest.Quick[4], resultstest.Quick[7]}} {
			s := NewRun(manifest, resultstest.Records(methods, seeds, 4)).Sections()[0]
			d := s.family()
			table := s.pairwise()[0].(*Table)
			for _, row := range table.Rows {
				if row[0] == d.a.Label && row[1] == d.b.Label && row[4] != s.judge(d) {
					t.Errorf("%d solvers, %d seeds: headline %s, table %s", len(methods), seeds, s.judge(d), row[4])
				}
			}
		}
	}
	// 28 pairs of six seeds: 28 · 2/2^6 > 1. The pair alone has p = 0.031.
	s := NewRun(manifest, resultstest.Records(resultstest.Quick, 6, 4)).Sections()[0]
	if h := s.headline(); !strings.HasSuffix(h, "wins 6 of 6; undecided (p = 0.88).") {
		t.Errorf("headline %q", h)
	}
}

// TestHeadlineOfTwoQuestions: one solver is better after the same seconds, the other at the end of its longer training:
// undecided, and both are said.
func TestHeadlineOfTwoQuestions(t *testing.T) {
	quick, slow := resultstest.Quick[7], resultstest.Quick[1]
	slow.Step = 10 // an explicit solver that gets there, in 20 times the seconds
	var list []results.Record
	for seed := 1; seed <= 6; seed++ {
		list = append(list, quick.Record(seed, 10), slow.Record(seed, 600))
	}
	h := NewRun(manifest, list).Sections()[0].headline()
	if !strings.HasSuffix(h, "undecided: loss (p = 0.031) after the same seconds, but win (p = 0.031) at the end of each training.") {
		t.Errorf("headline %q", h)
	}
}

// TestHeadlineOfOneSeed: n is said once, not behind each number.
func TestHeadlineOfOneSeed(t *testing.T) {
	h := NewRun(manifest, resultstest.Records(resultstest.Quick[:1], 1, 4)).Sections()[0].headline()
	if !regexp.MustCompile(`: relative L2 error \d\.\de-\d after 3\.99 s \(n = 1\)\.$`).MatchString(h) {
		t.Errorf("headline %q", h)
	}
}

// TestLead: one sentence names the class that leads and the next one, with the verdict of the table of pairs; none where
// natural gradient has one class.
func TestLead(t *testing.T) {
	slow := resultstest.Quick[0]
	slow.Floor = 1e-3 // explicit, behind the preconditioned
	s := NewRun(manifest, resultstest.Records([]resultstest.Method{slow, resultstest.Quick[4], resultstest.Quick[6]}, 6, 4)).Sections()[0]
	for _, want := range []string{"the leading class of natural gradient, preconditioned (nystrom rank=128), is ", " times below the next class, explicit (dense):",
		"nystrom rank=128 wins 6 of 6; undecided (p = 0.094)."} {
		if h := s.lead(); !strings.Contains(h, want) {
			t.Errorf("%q lacks %q", h, want)
		}
	}
	s = NewRun(manifest, resultstest.Records([]resultstest.Method{resultstest.Quick[4], resultstest.Quick[6]}, 3, 4)).Sections()[0]
	if h := s.lead(); h != "" {
		t.Errorf("one class, and yet %q", h)
	}
	s = &Section{}
	if h := s.lead(); h != "" {
		t.Errorf("nothing ran, and yet %q", h)
	}
}
