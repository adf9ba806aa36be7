package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// memoryShare of the machine's memory is what one peer may take: one works at a time, and the others keep little.
const memoryShare = 0.5

// run measures all settings, and writes the files after each. ok says that every figure is there.
func run(ctx context.Context, opt options, set []setting) (ok bool, err error) {
	say := func(s string) { fmt.Fprintf(os.Stderr, "%s  %s\n", time.Now().Format(time.TimeOnly), s) }
	dir, err := os.MkdirTemp("", "peers-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	if err := os.MkdirAll(opt.out, 0o755); err != nil {
		return false, err
	}
	m := newManifest(opt, os.Args[1:])
	if m.Machine.MemoryBytes == 0 {
		return false, errors.New("cannot tell how much memory this machine has")
	}
	m.MemoryLimit = memoryShare * float64(m.Machine.MemoryBytes)
	peers, err := prepare(ctx, opt, dir, say)
	if err != nil {
		return false, err
	}
	b := &bench{opt.threads, opt.rounds, peers, dir, m.MemoryLimit, answerWait, say, turnSeconds, rest}
	if ok, err = m.measure(ctx, b, set, opt.out); err != nil {
		return false, err
	}
	say("wrote " + filepath.Join(opt.out, tableFile) + " and " + manifestFile)
	return ok, page(m).WriteText(os.Stdout)
}

// measure fills the manifest, and saves it after each setting.
func (m *manifest) measure(ctx context.Context, b *bench, set []setting, out string) (ok bool, err error) {
	ok = true
	for i, s := range set {
		if ctx.Err() != nil {
			return false, nil
		}
		t, err := b.measure(ctx, s)
		if err != nil {
			return false, err
		}
		m.Tables, ok = append(m.Tables, t), ok && t.ok()
		m.record(b.peers, ctx.Err() != nil)
		if i == len(set)-1 && ctx.Err() == nil {
			end := time.Now().UTC().Truncate(time.Second)
			m.Finished = &end
		}
		if err := m.save(out); err != nil {
			return false, err
		}
	}
	return ok, nil
}

// prepare makes ngdbench and the peers that were asked for ready to be started. Only a missing Python is an error: an
// environment that cannot be made is a reason in that peer's column.
func prepare(ctx context.Context, opt options, dir string, say func(string)) ([]*peer, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	peers := []*peer{{name: "ngdbench", doc: "this repository", command: []string{self, serveWord}}}
	if len(opt.peers) == 0 {
		return peers, nil
	}
	version, err := checkPython(ctx, opt.python)
	if err != nil {
		return nil, err
	}
	if err := unpackScripts(dir); err != nil {
		return nil, err
	}
	for _, py := range pythonPeers {
		if !slices.Contains(opt.peers, py.name) {
			continue
		}
		p := &peer{name: py.name, doc: py.doc}
		bin, packages, err := environment(ctx, opt.python, version, py.requirements, say)
		if err != nil {
			p.broken = "no environment: " + err.Error()
			say(py.name + ": " + p.broken)
		}
		p.command, p.packages = []string{bin, filepath.Join(dir, py.script)}, packages
		peers = append(peers, p)
	}
	return peers, nil
}
