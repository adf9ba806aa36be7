package harness

import (
	"errors"
	"fmt"
	"runtime"
	"slices"

	"ngdbench/internal/nearest"
	"ngdbench/internal/simd"
	"ngdbench/results"
)

// Spec is all that decides one training: what a child process reads on standard input.
type Spec struct {
	Cell       Cell           `json:"cell"`
	Settings   Settings       `json:"settings"` // null: what the axis set means in the catalogue; {}: none
	Limits     results.Limits `json:"limits"`
	GOMAXPROCS int            `json:"gomaxprocs,omitempty"` // 0: 1
	Kernels    string         `json:"kernels,omitempty"`    // kernel path; "": the one in use

	// What follows is for the record and does not decide the training.
	Timing string `json:"timing,omitempty"` // exclusive, pinned, shared
	Suite  string `json:"suite,omitempty"`
	Block  string `json:"block,omitempty"`
	Skip   string `json:"skip,omitempty"` // why the cell of a grid does not fit: it is not trained
	Key    string `json:"key,omitempty"`  // filled in by ResolveSpec
	Code   string `json:"code,omitempty"` // code identity, handed through
	// Diagnose puts a diagnosis into each row of the trace and changes nothing else, so it is not in the key either.
	Diagnose bool `json:"diagnose,omitempty"`
	// Save is a folder for the final θ and the solution, absolute; "": none. It is not in the key.
	Save string `json:"save,omitempty"`
}

// ResolveSpec completes a specification: the cell, the settings, the limits, GOMAXPROCS, the kernel path and the key.
// With a *Refusal the specification is complete all the same. It changes nothing in one that it has completed.
func (c Catalogue) ResolveSpec(s Spec) (Spec, error) {
	_, s, err := c.resolveSpec(s, nil)
	return s, err
}

// resolveSpec also takes the suite's own sets, and returns the entries that the cell names.
func (c Catalogue) resolveSpec(s Spec, sets map[string]Settings) (ch chosen, r Spec, err error) {
	var refusal *Refusal
	ch, s.Cell, err = c.resolve(s.Cell)
	if err != nil && !errors.As(err, &refusal) {
		return ch, s, err
	}
	if s.Settings == nil {
		s.Settings, err = c.settings(ch.solver, sets, s.Cell["set"])
	} else {
		s.Settings, err = ch.solver.complete(s.Settings)
	}
	if isRefusal(err) {
		refusal = firstRefusal(refusal, err)
		s.Settings, err = ch.solver.complete(nil)
	}
	if err != nil {
		return ch, s, err
	}
	s.Settings.priced()
	if s.Limits, err = takeLimits(s.Settings, s.Limits); err != nil {
		return ch, s, fmt.Errorf("set=%s: %w", s.Cell["set"], err)
	}
	if _, err = s.Settings.resampleEvery(0); err != nil {
		return ch, s, fmt.Errorf("set=%s: %w", s.Cell["set"], err)
	}
	if err = s.conditions(); err != nil {
		return ch, s, err
	}
	s.Key = Key(s)
	if refusal != nil {
		return ch, s, refusal
	}
	return ch, s, nil
}

func firstRefusal(r *Refusal, err error) *Refusal {
	if r == nil {
		errors.As(err, &r)
	}
	return r
}

// conditions fills in and checks what the machine must provide.
func (s *Spec) conditions() error {
	if s.GOMAXPROCS < 0 {
		return fmt.Errorf("GOMAXPROCS %d: want an integer > 0", s.GOMAXPROCS)
	}
	s.GOMAXPROCS = max(1, s.GOMAXPROCS)
	if s.Kernels == "" {
		s.Kernels = simd.Path()
	}
	if !slices.Contains(simd.Paths(), s.Kernels) {
		return fmt.Errorf("kernel path %q is not available on this %s machine%s", s.Kernels, runtime.GOARCH, nearest.HintOrAll(s.Kernels, simd.Paths()))
	}
	return nil
}
