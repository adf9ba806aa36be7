package results

import (
	"encoding/json"
	"math"
	"time"
)

// Schema is the version of Record; a reader refuses a newer one.
const Schema = 1

// Float is a number that JSON can hold: what is not finite is written as null, and null is read as NaN.
type Float float64

// MarshalJSON writes the shortest decimal that reads back to the same bits, or null.
func (f Float) MarshalJSON() ([]byte, error) {
	if v := float64(f); math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(f))
}

// UnmarshalJSON reads a number or null.
func (f *Float) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*f = Float(math.NaN())
		return nil
	}
	return json.Unmarshal(b, (*float64)(f))
}

// Finite reports whether f is a number to compare with.
func (f Float) Finite() bool { return !math.IsNaN(float64(f)) && !math.IsInf(float64(f), 0) }

// Limits end a training; zero is no limit. They are no axes, yet they enter the key.
type Limits struct {
	Steps   int     `json:"steps,omitempty"`
	Seconds float64 `json:"seconds,omitempty"` // of the training's own clock
	Target  float64 `json:"target,omitempty"`  // relative L2 error, tested at trace rows
}

// Statuses of a cell. Failed ones are run again by the same command.
const (
	Converged = "converged" // the gradient is zero, or the solver's own stop test holds
	Target    = "target"    // the error target was reached at a trace row
	Budget    = "budget"    // steps or seconds are used up
	Stalled   = "stalled"   // the next step would be the same one
	Diverged  = "diverged"  // loss or gradient is not finite
	Breakdown = "breakdown" // the linear algebra failed, retries included
	Timeout   = "timeout"   // the hard time limit of the process
	OOM       = "oom"       // out of memory
	Crashed   = "crashed"   // panic, kill, or no result
	Skipped   = "skipped"   // the pair does not fit; Cause says why
)

// Statuses lists them all, the good ends first.
var Statuses = []string{Converged, Target, Budget, Stalled, Diverged, Breakdown, Timeout, OOM, Crashed, Skipped}

// Failed reports whether a status means that the cell runs again under the same command.
func Failed(status string) bool { return status == Timeout || status == OOM || status == Crashed }

// Record is all that is kept of one cell: the truth from which every other file is derived. One JSON file holds one.
type Record struct {
	Schema   int               `json:"schema"`
	Name     string            `json:"name"` // Cell.Name() of the resolved cell
	Cell     Cell              `json:"cell"` // resolved: every axis has a value
	Limits   Limits            `json:"limits"`
	Settings map[string]string `json:"settings"` // everything that set resolved to
	Suite    string            `json:"suite,omitempty"`
	Block    string            `json:"block,omitempty"` // part of the suite
	Key      string            `json:"key"`             // hash of everything resolved, hex
	Code     string            `json:"code"`            // code identity, hex

	Class  string `json:"class"` // explicit, matrix-free, preconditioned, quasi-newton, first-order
	Status string `json:"status"`
	Cause  string `json:"cause,omitempty"` // why skipped, or how it failed
	Log    string `json:"log,omitempty"`   // tail of the child's output where it failed

	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`

	Environment Environment `json:"environment"`
	Sizes       Sizes       `json:"sizes"`

	// Metrics by unit (see Units): ns/op, l2err, l2abs, h1err, l2-digits, steps, cg-iters, products, losses,
	// peak-rss-B, work-B, cpu-ns, grad-equivalents. Errors are the final ones; Best holds the best of the trace.
	Metrics map[string]Float `json:"metrics"`
	Best    map[string]Float `json:"best"`
	// Seconds of the training's clock by phase: linearise, setup, factor, inner, search, other.
	Seconds map[string]Float `json:"seconds"`
	Counts  map[string]int   `json:"counts"` // losses, grads, tangents, joint, applies, applyTs, rows, explicit
	// Fallbacks names operator capabilities that ran by their generic, slow form.
	Fallbacks []string `json:"fallbacks,omitempty"`

	Digests Digests           `json:"digests"`
	Streams map[string]string `json:"streams"` // random stream → its seed, hex
	Trace   []Row             `json:"trace"`
	// NonFiniteStep is the first step after which θ, loss or gradient was not finite; absent where all were.
	NonFiniteStep *int `json:"non_finite_step,omitempty"`
}

// Environment is what a timing depends on and the bits may depend on.
type Environment struct {
	GOMAXPROCS    int    `json:"gomaxprocs"`
	Kernels       string `json:"kernels"` // kernel path: avx2, scalar
	Timing        string `json:"timing"`  // exclusive, pinned, shared
	GoVersion     string `json:"go_version"`
	GOAMD64       string `json:"goamd64"`
	GOOS          string `json:"goos"`
	GOARCH        string `json:"goarch"`
	CPU           string `json:"cpu"`
	Calibration   string `json:"calibration,omitempty"` // digest of the calibration table behind modelled seconds
	MemoryMeasure string `json:"memory_measure"`        // what peak-rss-B is: VmHWM, or what stands in for it
	Suspended     Float  `json:"suspended_seconds,omitempty"`
}

// Sizes are the dimensions of the training problem: P parameters, n rows (residuals), N points.
type Sizes struct {
	Params int   `json:"params"`
	Rows   int   `json:"rows"`
	Points []int `json:"points,omitempty"` // per group
}

// Digests are FNV-1a hashes of float64 bits, hex: of the final θ, and of every θ along the way.
type Digests struct {
	Theta      string `json:"theta"`
	Trajectory string `json:"trajectory"`
}

// Row is one line of the convergence trace: the state after Step steps, and what the last step did.
type Row struct {
	Step       int              `json:"step"`
	Seconds    Float            `json:"seconds"`
	Loss       Float            `json:"loss"`
	Errors     map[string]Float `json:"errors"` // l2err, l2abs, h1err
	Damping    Float            `json:"damping"`
	Scale      Float            `json:"scale"` // step length; 0: θ did not move
	Norm       Float            `json:"norm"`  // ‖d‖
	Slope      Float            `json:"slope"` // ∇Lᵀd
	Iterations int              `json:"iterations"`
	Rank       int              `json:"rank,omitempty"`
	Retries    int              `json:"retries,omitempty"`
	Plain      bool             `json:"plain,omitempty"`            // momentum was dropped
	Modelled   Float            `json:"modelled_seconds,omitempty"` // cumulative, by the calibration table; absent where a part has no price
	Choice     string           `json:"choice,omitempty"`           // of opt=auto: the direction it took
	CGIters    int              `json:"cg_iters"`                   // cumulative inner iterations
	Products   int              `json:"products"`                   // cumulative operator products: Applies + ApplyTs
	Losses     int              `json:"losses"`                     // cumulative loss evaluations
	Digest     string           `json:"digest"`                     // of the trajectory so far
	// Diagnosis of the last step, where it was asked for (--diagnose) and there is one.
	Diagnosis *Diagnosis `json:"diagnosis,omitempty"`
}

// Diagnosis says how the last step stood to the Gramian G = TᵀT at the θ where it started; g is ∇L there and d the way
// that the step took θ. Nothing else in a record depends on whether it is there, peak-rss-B excepted.
type Diagnosis struct {
	// Spectrum is the eigenvalues λ of G, falling, as far as they are above min(n, P)·ε·λ₁.
	Spectrum []Float `json:"spectrum"`
	// Deff is the effective dimension Σ λ/(λ+μ) of that spectrum at the step's damping μ; absent without damping.
	Deff *Float `json:"deff,omitempty"`
	// Captured is (gᵀd)² / [dᵀ(G+μI)d · gᵀ(G+μI)⁻¹g], the share of the quadratic model's decrease that d captures at its
	// best length, in [0, 1]; absent without damping and where θ did not move.
	Captured *Float `json:"captured,omitempty"`
}
