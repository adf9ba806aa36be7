package cost_test

import (
	"slices"
	"testing"
	"time"

	"ngdbench/cost"
)

// fake is a clock that the test moves.
type fake struct{ now time.Duration }

func (f *fake) read() time.Duration { return f.now }

func TestPhasesShareTheTime(t *testing.T) {
	f := &fake{}
	m := &cost.Meter{Clock: f.read}
	spend := func(s int) { f.now += time.Duration(s) * time.Second }
	setup := func() {
		defer m.Enter(m.Enter(cost.Setup))
		spend(2)
		func() { // a phase inside a phase: the inner one's time is its own
			defer m.Enter(m.Enter(cost.Factor))
			spend(3)
		}()
		spend(4)
	}
	spend(1)
	setup()
	spend(5)
	if m.Enter(m.Enter(cost.Outside)); m.Seconds[cost.Setup] != 6 || m.Seconds[cost.Factor] != 3 || m.Seconds[cost.Other] != 6 {
		t.Errorf("%v", m.Seconds)
	}
	func() {
		defer m.Enter(m.Enter(cost.Outside))
		spend(3600)
	}()
	if spend(1); m.Total() != 16 {
		t.Errorf("total %g s, want 16", m.Total())
	}
	if m.Seconds[cost.Outside] != 3600 {
		t.Errorf("%g s outside", m.Seconds[cost.Outside])
	}
}

func TestClockRunsByItself(t *testing.T) {
	m := &cost.Meter{}
	m.Enter(cost.Inner)
	for start := time.Now(); time.Since(start) < time.Millisecond; {
	}
	m.Enter(cost.Other)
	if m.Seconds[cost.Inner] < 1e-3 || m.Total() < m.Seconds[cost.Inner] {
		t.Errorf("%v", m.Seconds)
	}
}

func TestNilMeter(t *testing.T) {
	var m *cost.Meter
	if x := m.Floats(3); !slices.Equal(x, []float64{0, 0, 0}) {
		t.Errorf("%v", x)
	}
	if p := m.Enter(cost.Search); p != cost.Search || m.Total() != 0 {
		t.Errorf("phase %v, total %g", p, m.Total())
	}
}

func TestFloatsAreBooked(t *testing.T) {
	m := &cost.Meter{}
	m.Floats(100)
	m.Book(3)
	(*cost.Meter)(nil).Book(1)
	if m.Floats(0); m.Bytes != 824 {
		t.Errorf("%d bytes", m.Bytes)
	}
}

func TestNames(t *testing.T) {
	want := []string{"other", "linearise", "setup", "factor", "inner", "search", "outside"}
	for p := range cost.Outside + 1 {
		if p.String() != want[p] {
			t.Errorf("phase %d is %q", p, p)
		}
	}
	if n := (cost.Counts{Applies: 3, ApplyTs: 4, Rows: 9}).Products(); n != 7 {
		t.Errorf("%d products", n)
	}
}

func TestNothingAllocates(t *testing.T) {
	m := &cost.Meter{}
	if n := testing.AllocsPerRun(100, func() { m.Enter(m.Enter(cost.Setup)); m.Total() }); n != 0 {
		t.Errorf("%g allocations", n)
	}
}
