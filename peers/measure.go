package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// What one turn takes: a quick unit is sampled for half a second, a slow one once.
const (
	turnSeconds = 0.5
	turnMost    = 25
	// rest lets the threads of the peer before stop spinning: OpenMP's and XLA's go to sleep within milliseconds.
	rest = 100 * time.Millisecond
)

// bench measures one setting.
type bench struct {
	opt    options
	peers  []*peer // ngdbench first
	dir    string  // scratch
	memory float64 // bytes for each peer
	end    time.Time
	say    func(string)
}

// measure takes turns: unit by unit, round by round, peer by peer. What goes wrong with a peer in a unit is its result
// there; its process is started again for the next.
func (b *bench) measure(ctx context.Context, s setting) (*table, error) {
	in := newInputs(s)
	inputs := filepath.Join(b.dir, "inputs")
	err := os.MkdirAll(inputs, 0o755)
	if err == nil {
		err = in.write(inputs, s)
	}
	if err != nil {
		return nil, err
	}
	t := newTable(s, b.peers)
	defer func() {
		for _, p := range b.peers {
			p.stop()
		}
	}()
	for i, u := range units {
		b.say(fmt.Sprintf("%s, N = %d: %s", s.name, s.n, u.name))
		if why := u.tooLarge(s, b.memory); why != "" {
			t.leaveOut(i, why)
			continue
		}
		for round := range b.opt.rounds {
			for j, p := range b.peers {
				b.turn(ctx, &t.Cells[i][j], p, u, inputs, round)
			}
		}
		for j := range b.peers {
			if err := t.Cells[i][j].compare(u, b.outputs(b.peers[0]), b.outputs(b.peers[j])); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

func (b *bench) outputs(p *peer) string { return filepath.Join(b.dir, "outputs-"+p.name) }

// turn is one request to one peer.
func (b *bench) turn(ctx context.Context, c *cell, p *peer, u unit, inputs string, round int) {
	if c.Reason != "" {
		return
	}
	wait := min(b.opt.answer, time.Until(b.end))
	switch {
	case p.broken != "":
		c.fail(p.broken)
		return
	case ctx.Err() != nil:
		c.fail("interrupted")
		return
	case wait <= 0:
		c.late(round)
		return
	}
	if p.proc == nil {
		if err := os.MkdirAll(b.outputs(p), 0o755); err != nil {
			c.fail(err.Error())
			return
		}
		if err := p.start(inputs, b.outputs(p), b.opt.threads, b.memory, wait); err != nil {
			p.broken = err.Error()
			c.fail(p.broken)
			return
		}
	}
	time.Sleep(rest)
	a, err := p.ask(request{u.name, turnSeconds, turnMost}, wait)
	switch {
	case err != nil:
		c.fail(err.Error())
	case a.Error != "":
		c.fail(a.Error)
	default:
		c.add(a)
	}
}
