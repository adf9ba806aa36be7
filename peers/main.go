// Command peers measures the compute core beside what a user would write in JAX or PyTorch, on the same weights and
// points, and checks that all compute the same numbers.
//
// It writes weights, points and directions to a folder, makes a virtual environment for each set of pinned
// requirements (kept in the user's cache), and starts each peer, ngdbench among them, as a process of its own on the
// same cores. Unit by unit the peers take turns, so that a neighbour of the machine hits all alike. What they computed
// must agree with ngdbench to 1e-12 relative in norm. See docs/peers.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/pflag"
)

// Exit codes.
const (
	exitDone   = 0 // all was measured, and all agree
	exitFailed = 1 // a peer failed or disagrees: the table says which
	exitUsage  = 2

	exitInterrupted = 130
)

// options are what the command line says.
type options struct {
	threads int
	rounds  int
	out     string
	python  string
	peers   []string
	cases   []string
}

func main() {
	if len(os.Args) == 5 && os.Args[1] == serveWord {
		os.Exit(serveOurs(os.Args[2], os.Args[3]))
	}
	os.Exit(command(os.Args[1:]))
}

func command(args []string) int {
	opt, set, err := parse(args)
	if errors.Is(err, pflag.ErrHelp) {
		return exitDone
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ok, err := run(ctx, opt, set)
	if err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
	}
	switch {
	case ctx.Err() != nil:
		return exitInterrupted
	case err != nil || !ok:
		return exitFailed
	}
	return exitDone
}

func parse(args []string) (opt options, set []setting, err error) {
	f := pflag.NewFlagSet("peers", pflag.ContinueOnError)
	f.Usage = func() {
		fmt.Fprintf(os.Stderr, "Usage: go run ./peers [flags]\n\nMeasures ngdbench beside JAX and PyTorch and writes table.md and peers.json.\n\n%s", f.FlagUsages())
	}
	f.IntVar(&opt.threads, "threads", min(2, runtime.NumCPU()), "threads, and cores, of each peer")
	f.IntVar(&opt.rounds, "rounds", 3, "turns that each peer gets in each unit")
	f.StringVar(&opt.out, "out", filepath.Join("results", "runs", "peers"), "folder for table.md and peers.json")
	f.StringVar(&opt.python, "python", "python3", "Python 3.11 or newer, which makes the virtual environments")
	f.StringSliceVar(&opt.peers, "peers", []string{"jax", "jax-kr", "torch"}, "peers beside ngdbench")
	f.StringArrayVar(&opt.cases, "case", []string{"2x64x64x64x1:4000", "2x256x256x256x1:2000"}, "network and interior points, NET:N; may be repeated")
	if err = f.Parse(args); err != nil {
		return
	}
	return opt, set, opt.check(f.Args(), &set)
}

// check refuses what cannot be measured, and reads the cases.
func (o *options) check(rest []string, set *[]setting) error {
	if len(rest) > 0 {
		return fmt.Errorf("unexpected %q", rest[0])
	}
	if o.threads < 1 || o.threads > runtime.NumCPU() {
		return fmt.Errorf("--threads %d: this process may use 1 to %d", o.threads, runtime.NumCPU())
	}
	if o.rounds < 1 {
		return fmt.Errorf("--rounds %d: at least 1", o.rounds)
	}
	for _, name := range o.peers {
		if !slices.ContainsFunc(pythonPeers, func(p pythonPeer) bool { return p.name == name }) {
			return fmt.Errorf("--peers: no peer %q; there are %s", name, strings.Join(peerNames(), ", "))
		}
	}
	for _, c := range o.cases {
		s, err := parseSetting(c)
		if err != nil {
			return fmt.Errorf("--case: %w", err)
		}
		*set = append(*set, s)
	}
	return nil
}
