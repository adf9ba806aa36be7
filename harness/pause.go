package harness

import "time"

const (
	pauseTick = 50 * time.Millisecond
	pauseGap  = time.Second // far above what a busy machine makes a ready goroutine wait
)

// watchPauses notices that the process was stopped and continued, or that the machine slept: a sleeping goroutine then
// wakes much too late. The function returned ends the watch and gives the seconds lost.
//
// A stop does not show in the training's clock, which runs on; a record that says so is no normal sample.
func watchPauses() func() float64 {
	stop, lost := make(chan struct{}), make(chan float64)
	go func() {
		tick := time.NewTicker(pauseTick)
		defer tick.Stop()
		var p pauses
		p.see(time.Now())
		for {
			select {
			case <-tick.C:
				p.see(time.Now())
			case <-stop:
				p.see(time.Now())
				lost <- p.lost.Seconds()
				return
			}
		}
	}()
	return func() float64 { close(stop); return <-lost }
}

// pauses adds up gaps between moments that should follow one another closely.
type pauses struct {
	last time.Time
	lost time.Duration
}

// see is told the time. The longer of the two clocks counts: the monotonic one stands still while a machine sleeps.
func (p *pauses) see(now time.Time) {
	if !p.last.IsZero() {
		gap := max(now.Sub(p.last), now.Round(0).Sub(p.last.Round(0)))
		if gap > pauseGap {
			p.lost += gap - pauseTick
		}
	}
	p.last = now
}
