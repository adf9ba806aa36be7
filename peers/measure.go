package main

import (
	"context"
	"errors"
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
	// answerWait is for the first call of a slow unit, compilation included, and one sample.
	answerWait = 3 * time.Minute
)

// bench measures settings, one after the other.
type bench struct {
	threads int
	rounds  int
	peers   []*peer       // ngdbench first
	dir     string        // scratch
	memory  float64       // bytes for each peer
	wait    time.Duration // for one answer
	say     func(string)

	turnSeconds float64
	rest        time.Duration
}

// measure takes turns: unit by unit, round by round, peer by peer. What goes wrong with a peer in a unit is its result
// there; its process is started again for the next.
func (b *bench) measure(ctx context.Context, s setting) (*table, error) {
	dir, err := os.MkdirTemp(b.dir, "setting-")
	if err != nil {
		return nil, err
	}
	in := newInputs(s)
	if err := in.write(dir, s); err != nil {
		return nil, err
	}
	for _, p := range b.peers {
		if err := os.Mkdir(outputsOf(dir, p), 0o755); err != nil {
			return nil, err
		}
		defer p.stop()
	}
	t := newTable(s, b.peers)
	for i, u := range units {
		b.say(fmt.Sprintf("%s, N = %d: %s", s.name, s.n, u.name))
		if why := u.tooLarge(s, b.memory); why != "" {
			t.leaveOut(i, why)
			continue
		}
		for round := range b.rounds {
			for j, p := range b.peers {
				b.turn(ctx, &t.Cells[i][j], p, u, dir, round)
			}
		}
		for j, p := range b.peers {
			t.Cells[i][j].compare(u, outputsOf(dir, b.peers[0]), outputsOf(dir, p))
		}
	}
	return t, nil
}

func outputsOf(dir string, p *peer) string { return filepath.Join(dir, "outputs-"+p.name) }

// turn is one request to one peer. An interruption leaves what earlier rounds gave.
func (b *bench) turn(ctx context.Context, c *cell, p *peer, u unit, dir string, round int) {
	if c.Reason != "" {
		return
	}
	a, err := b.ask(ctx, p, u, dir)
	switch {
	case ctx.Err() != nil && round > 0:
	case ctx.Err() != nil:
		c.fail("interrupted")
	case err != nil:
		c.fail(err.Error())
	case a.Error != "":
		c.fail(a.Error)
	default:
		c.add(a)
	}
}

// ask starts the peer where it does not run, and asks it.
func (b *bench) ask(ctx context.Context, p *peer, u unit, dir string) (answer, error) {
	switch {
	case ctx.Err() != nil:
		return answer{}, ctx.Err()
	case p.broken != "":
		return answer{}, errors.New(p.broken)
	case p.proc == nil:
		if err := p.start(ctx, dir, outputsOf(dir, p), b.threads, b.memory, b.wait); err != nil {
			p.broken = err.Error()
			return answer{}, err
		}
	}
	time.Sleep(b.rest)
	return p.ask(ctx, request{u.name, b.turnSeconds, turnMost}, b.wait)
}
