package harness

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// interruptible returns a context that ends with the first Ctrl-C (or SIGTERM, SIGHUP), another that ends with the
// second, and a function that gives the signals back.
func interruptible() (polite, now context.Context, done func()) {
	polite, stop := context.WithCancel(context.Background())
	now, kill := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // nohup
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		for range signals {
			if polite.Err() == nil {
				stop()
			} else {
				kill()
			}
		}
	}()
	return polite, now, func() {
		signal.Stop(signals)
		close(signals)
		stop()
		kill()
	}
}
