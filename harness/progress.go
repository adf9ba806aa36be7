package harness

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"ngdbench/results"
)

// progress tells a person how far a run is: on a terminal by a bar with the cells that run under it, elsewhere by one
// whole line for each finished cell, without control characters.
type progress struct {
	out   io.Writer
	bar   *mpb.Progress // nil: plain lines
	total *mpb.Bar

	slotMu sync.Mutex // never taken by a decorator: it is held while a bar is added
	slots  map[int]*slotLine

	mu       sync.Mutex
	n, done  int
	expected []float64 // seconds that each cell is expected to take
	jobs     int
	began    time.Time
	spent    float64 // seconds expected of the finished cells
	took     float64 // seconds that they took
	gone     func()  // called when nobody reads any more; may be nil
}

// slotLine shows the cell that runs on a slot. It stays for the whole run, so that lines do not jump.
type slotLine struct {
	bar  *mpb.Bar
	mu   sync.Mutex
	text string
}

func (l *slotLine) set(text string) { l.mu.Lock(); defer l.mu.Unlock(); l.text = text }

func (l *slotLine) get() string { l.mu.Lock(); defer l.mu.Unlock(); return l.text }

// newProgress starts the display for cells of the given expected seconds, jobs side by side. Where out is a terminal
// that can move its cursor (not TERM=dumb, and without NO_COLOR) it draws bars.
func newProgress(out io.Writer, expected []float64, jobs int, gone func()) *progress {
	p := &progress{out: out, n: len(expected), expected: expected, jobs: max(1, jobs), began: time.Now(), gone: gone, slots: map[int]*slotLine{}}
	if !isTerminal(out) || p.n == 0 {
		return p
	}
	p.bar = mpb.New(mpb.WithOutput(out), mpb.WithRefreshRate(250*time.Millisecond))
	p.total = p.bar.AddBar(int64(p.n), mpb.BarPriority(0), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.CountersNoUnit("%d/%d ")),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return " " + p.eta() })))
	return p
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return false
	}
	t := os.Getenv("TERM")
	return t != "" && t != "dumb" && os.Getenv("NO_COLOR") == ""
}

// begin shows a cell that starts on a slot.
func (p *progress) begin(slot int, name string) {
	if p.bar == nil {
		return
	}
	p.slotMu.Lock()
	defer p.slotMu.Unlock()
	line := p.slots[slot]
	if line == nil {
		line = &slotLine{}
		p.slots[slot] = line
		line.bar = p.bar.New(1, mpb.NopStyle(), mpb.BarPriority(1+slot), mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return "  " + line.get() })))
	}
	line.set(name)
}

// row shows how far the cell on a slot is.
func (p *progress) row(slot int, name string, r results.Row) {
	if p.bar == nil {
		return
	}
	p.slotMu.Lock()
	defer p.slotMu.Unlock()
	if line := p.slots[slot]; line != nil {
		line.set(fmt.Sprintf("%s  step %d%s", name, r.Step, errorWord(r.Errors)))
	}
}

func errorWord(errs map[string]results.Float) string {
	if e, ok := errs["l2err"]; ok && e.Finite() {
		return fmt.Sprintf("  l2err %.2e", float64(e))
	}
	return ""
}

// finish books the cell i and says what came of it.
func (p *progress) finish(slot, i int, took float64, text string) {
	p.mu.Lock()
	p.done++
	p.spent += p.expected[i]
	p.took += took
	head, last := fmt.Sprintf("[%d/%d] ", p.done, p.n), p.done == p.n
	p.mu.Unlock()
	if p.bar == nil {
		if !last {
			text += "  " + p.eta()
		}
		p.say(head + text)
		return
	}
	p.say(head + text)
	p.drop(slot)
	p.total.Increment()
}

// drop takes a cell that was not finished off the display.
func (p *progress) drop(slot int) {
	p.slotMu.Lock()
	defer p.slotMu.Unlock()
	if line := p.slots[slot]; line != nil {
		line.set("")
	}
}

// say writes one whole line, above the bars where there are any.
func (p *progress) say(line string) {
	line = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, line) + "\n"
	var err error
	if p.bar != nil {
		_, err = p.bar.Write([]byte(line))
	} else {
		p.mu.Lock()
		defer p.mu.Unlock()
		_, err = io.WriteString(p.out, line)
	}
	if errors.Is(err, syscall.EPIPE) && p.gone != nil {
		p.gone()
	}
}

// eta is "ETA 1m20s": what the cells to come are expected to take, corrected by what the finished ones took.
func (p *progress) eta() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done >= p.n {
		return "done"
	}
	rest := -p.spent
	for _, s := range p.expected {
		rest += s
	}
	if p.spent > 0 {
		rest *= p.took / p.spent
	} else {
		rest -= math.Min(rest, time.Since(p.began).Seconds()*float64(p.jobs))
	}
	d := time.Duration(rest / float64(p.jobs) * float64(time.Second))
	return "ETA " + d.Round(time.Second).String()
}

// close ends the display and leaves the cursor on a fresh line.
func (p *progress) close() {
	if p.bar == nil {
		return
	}
	p.slotMu.Lock()
	for _, line := range p.slots {
		line.bar.Abort(true)
	}
	p.slotMu.Unlock()
	p.total.Abort(true)
	p.bar.Wait()
}
