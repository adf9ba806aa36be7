package operatortest

import (
	"math/rand/v2"
	"testing"

	"ngdbench/linalg/operator"
)

// recorder counts what a check reports instead of failing.
type recorder struct {
	testing.TB
	errors int
}

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.errors++ }

func random(rows, cols int) operator.Matrix {
	return operator.Matrix{General: matrix(rows, cols, normal(rand.New(rand.NewPCG(7, 8)), rows*cols))}
}

func TestMatrixPasses(t *testing.T) {
	All(t, random(7, 5), 0)
	All(t, random(3, 11), 0)
}

// wrong is a matrix whose transpose is off by one entry, and whose norms are those of something else.
type wrong struct{ operator.Matrix }

func (w wrong) ApplyT(dst, y []float64) {
	w.Matrix.ApplyT(dst, y)
	dst[0] += 1e-9 * y[0]
}

type wrongNorms struct{ operator.Matrix }

func (w wrongNorms) SquaredNorms(rows, cols []float64) bool {
	clear(rows)
	clear(cols)
	return true
}

func TestChecksFindFaults(t *testing.T) {
	r := &recorder{TB: t}
	Adjoint(r, wrong{random(7, 5)}, 1e-13)
	if r.errors == 0 {
		t.Error("Adjoint passed a wrong transpose")
	}
	r.errors = 0
	Capabilities(r, wrongNorms{random(7, 5)}, 0, 1e-12)
	if r.errors != 4 {
		t.Errorf("wrong norms gave %d errors, want 4", r.errors)
	}
	r.errors = 0
	Capabilities(r, bare{random(7, 5)}, operator.CanGram, 1e-12)
	if r.errors != 1 {
		t.Errorf("a missing capability gave %d errors, want 1", r.errors)
	}
}

func TestDigestSeesABit(t *testing.T) {
	a := random(7, 5)
	d := Digest(a)
	a.Data[17] *= 1 + 0x1p-52
	if Digest(a) == d {
		t.Error("digest did not change with the last bit of an entry")
	}
}
