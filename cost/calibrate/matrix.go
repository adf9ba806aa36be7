package calibrate

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
	"ngdbench/linalg"
	"ngdbench/linalg/krylov"
	"ngdbench/linalg/lowrank"
	"ngdbench/linalg/operator"
)

// orders are those of square matrices, and ranks those of factors.
var (
	orders = []int{65, 257, 600, 1185, 2200, 4400, 6000}
	ranks  = []int{32, 64, 128, 256}
)

// matrixJobs measure what knows no network.
func matrixJobs() []job {
	var all []job
	for _, m := range orders {
		all = append(all, factorJob(m), substituteJob(m), iterationJob(m))
		for _, k := range []int{1000, 4400, 8000} {
			all = append(all, syrkJob(k, m))
		}
		for _, k := range ranks {
			if 2*k < m {
				all = append(all, sketchJob(k, m), fastJob(k, m), pivotJob(k, m), multiplyJob(k, m), lowRankJob(k, m))
			}
		}
	}
	for _, m := range []int{64, 128, 257, 500, 900} {
		for _, k := range []int{1000, 2000, 4400} {
			all = append(all, decomposeJob(m, k))
		}
	}
	return all
}

// gaussian is a matrix of random numbers.
func gaussian(rows, cols int) blas64.General {
	r, a := rand.New(rand.NewPCG(1, 2)), linalg.New(nil, rows, cols)
	for i := range a.Data {
		a.Data[i] = r.NormFloat64()
	}
	return a
}

// definite is a positive definite matrix.
func definite(m int) blas64.General {
	a := linalg.New(nil, m, m)
	for i := range m {
		for j := range i + 1 {
			v := 1 / float64(1+i-j)
			a.Data[i*m+j], a.Data[j*m+i] = v, v
		}
		a.Data[i*(m+1)] = float64(m)
	}
	return a
}

func factorJob(m int) job {
	j := job{what: cost.Cholesky, floats: 2 * float64(m*m)}
	j.work.Cholesky(float64(m), 1, 0)
	j.make = func() func() {
		a, c := definite(m), linalg.Cholesky{}
		c.Reset(m, nil)
		return func() { c.Factor(a, 0) }
	}
	return j
}

func substituteJob(m int) job {
	j := job{what: cost.Substitute, floats: 2 * float64(m*m)}
	j.work.Cholesky(float64(m), 0, 1)
	j.make = func() func() {
		a, c, x := definite(m), linalg.Cholesky{}, make([]float64, m)
		c.Reset(m, nil)
		c.Factor(a, 0)
		x[0] = 1
		return func() { c.Solve(x) }
	}
	return j
}

func syrkJob(k, m int) job {
	j := job{what: cost.Syrk, floats: float64(m * (m + k))}
	j.work.Syrk(float64(k), float64(m), 1)
	j.make = func() func() {
		a, g := gaussian(k, m), linalg.New(nil, m, m)
		return func() { linalg.SyrkT(g, a) }
	}
	return j
}

func decomposeJob(m, k int) job {
	j := job{what: cost.Decompose, floats: 4 * float64(m*k)}
	j.work.Decompose(float64(m), float64(k), 1)
	j.make = func() func() {
		a, s := gaussian(m, k), linalg.ThinSVD{}
		s.Reset(m, k, nil)
		return func() { s.Decompose(a) }
	}
	return j
}

func multiplyJob(k, m int) job {
	j := job{what: cost.Multiply, floats: float64(2 * k * m)}
	j.work.Multiply(float64(k), float64(m), 1)
	j.make = func() func() {
		a, b, c := gaussian(k, k), gaussian(k, m), linalg.New(nil, k, m)
		return func() { linalg.Gemm(blas.NoTrans, blas.NoTrans, 1, a, b, 0, c) }
	}
	return j
}

func lowRankJob(k, m int) job {
	j := job{what: cost.LowRank, floats: float64(k * m)}
	j.work.LowRank(float64(k), float64(m), 1)
	j.make = func() func() {
		a, x, t := gaussian(k, m), gaussian(1, m).Data, make([]float64, k)
		y := make([]float64, m)
		return func() { linalg.Mul(t, a, x); linalg.MulT(y, a, t) }
	}
	return j
}

// decaying is a diagonal matrix with eigenvalues that fall, but not below rounding within a rank.
type decaying struct{ order int }

// Order is that of the matrix.
func (d decaying) Order() int { return d.order }

func (d decaying) at(i int) float64 { return 1 / float64((i+1)*(i+1)) }

// Mul computes dst = A x.
func (d decaying) Mul(dst, x []float64) {
	for i, v := range x {
		dst[i] = d.at(i) * v
	}
}

// Column computes dst = A e_j.
func (d decaying) Column(dst []float64, j int) {
	clear(dst)
	dst[j] = d.at(j)
}

// Diagonal is that of A.
func (d decaying) Diagonal(dst []float64) {
	for i := range dst {
		dst[i] = d.at(i)
	}
}

func sketchJob(k, m int) job {
	return approximation(cost.Sketch, k, m, func() approximator { return &lowrank.Nystrom{Rank: k} })
}

func fastJob(k, m int) job {
	return approximation(cost.Fast, k, m, func() approximator { return &lowrank.Fast{Rank: k} })
}

func pivotJob(k, m int) job {
	return approximation(cost.Pivot, k, m, func() approximator { return &lowrank.PivotedCholesky{Rank: k} })
}

type approximator interface {
	Start(a operator.Symmetric, rng *rand.Rand, m *cost.Meter) error
	Prepare()
	Set(mu float64) int
}

// approximation measures a low-rank approximation of a matrix whose products and columns cost next to nothing. Its workspace is made anew
// for each measurement and dropped after it.
func approximation(what cost.Operation, k, m int, make func() approximator) job {
	j := job{what: what, floats: float64(4 * k * m)}
	j.work.Approximate(what, float64(m), float64(k), 1)
	j.make = func() func() {
		a := make()
		if err := a.Start(decaying{m}, rand.New(rand.NewPCG(1, 2)), nil); err != nil {
			panic("calibrate: " + err.Error())
		}
		return func() { a.Prepare(); a.Set(1e-8) }
	}
	return j
}

// iterationCount is the iterations of conjugate gradients that are timed together.
const iterationCount = 50

// iterationJob measures conjugate gradients on a diagonal matrix, whose product is one of the passes over the vectors.
func iterationJob(m int) job {
	j := job{what: cost.Iteration, floats: float64(6 * m)}
	j.work.Iteration(float64(m), iterationCount)
	j.make = func() func() {
		c := krylov.CG{Cap: iterationCount}
		if err := c.Start(m, nil); err != nil {
			panic("calibrate: " + err.Error())
		}
		b, x := gaussian(1, m).Data, make([]float64, m)
		return func() { c.Solve(x, decaying{m}, 1e-12, b, nil) }
	}
	return j
}
