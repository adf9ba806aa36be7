package formulations

import (
	"fmt"
	"math"
	"math/rand/v2"

	"ngdbench/internal/simd"
	"ngdbench/networks"
	"ngdbench/objective"
	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

// EvaluationPoints is how many points a Judge has unless it is told otherwise.
const EvaluationPoints = 9000

// Judge measures the error of a network against the exact solution u* at random points of the interior, which know
// nothing of the training points. With RMS over the points and e = u_θ − u*, it measures
//
//	l2err  RMS(e) / RMS(u*)
//	l2abs  RMS(e)
//	h1err  √(RMS(e)² + RMS(∇e)²) / √(RMS(u*)² + RMS(∇u*)²)
//
// where the squares of all fields, and of all components of a gradient, are added at each point. Of a field that the
// equations determine up to a constant, the mean over the points is taken out of u_θ and u* first. Where u* is zero at
// all points the relative errors are not finite.
//
// A measurement costs one forward pass with first derivatives, 2(d+1)NP flops, and allocates nothing. Its bits depend
// neither on GOMAXPROCS nor on the kernel path. A Judge is not safe for concurrent use.
type Judge struct {
	tape        *networks.Tape
	n, d, f     int       // points, dimensions, fields
	jets        []float64 // n×f×(d+1)
	u, grad     []float64 // exact: n×f and n×f×d
	e, de       []float64 // their errors
	norm, slope float64   // Σ u*², Σ |∇u*|²
	constants   []int     // fields known up to a constant
	problem     *problems.Problem
	net         *networks.Network
}

var _ objective.Judge = (*Judge)(nil)

// NewJudge makes a judge with n points, 0 meaning EvaluationPoints, drawn from r. The stream should be named by the
// problem alone: one set of points per problem, whatever the seed.
func NewJudge(p *problems.Problem, net *networks.Network, n int, r *rand.Rand) (*Judge, error) {
	if p.Exact == nil {
		return nil, fmt.Errorf("judge: %s has no exact solution", p.Name)
	}
	net, err := Fit(p, net)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		n = EvaluationPoints
	}
	if n < 0 || n > MaxPoints {
		return nil, fmt.Errorf("judge: %d evaluation points outside [1, %d]", n, MaxPoints)
	}
	d, f := p.Dim(), len(p.Fields)
	x := make([]float64, n*d)
	p.Domain.Draw(x, geometry.Interior, r)
	j := &Judge{n: n, d: d, f: f, jets: make([]float64, n*f*(d+1)),
		u: make([]float64, n*f), grad: make([]float64, n*f*d), e: make([]float64, n*f), de: make([]float64, n*f*d)}
	for i := range n {
		p.Exact(x[i*d:][:d], j.u[i*f:][:f], j.grad[i*f*d:][:f*d])
	}
	j.constants, j.problem, j.net = p.Constants, p, net
	j.centre(j.u)
	j.norm, j.slope = simd.Dot(j.u, j.u), simd.Dot(j.grad, j.grad)
	j.tape = networks.New(net, []networks.Group{{X: x, Order: networks.Gradient}}, nil, networks.Values, nil)
	return j, nil
}

// Measures lists l2err, l2abs, h1err.
func (j *Judge) Measures() []string { return []string{"l2err", "l2abs", "h1err"} }

// Errors writes the three measures at θ.
func (j *Judge) Errors(dst, theta []float64) {
	j.tape.Jets(theta, j.jets)
	for k := range j.u { // point and field
		jet := j.jets[k*(j.d+1):][:j.d+1]
		j.e[k] = jet[0] - j.u[k]
		for i := range j.d {
			j.de[k*j.d+i] = jet[1+i] - j.grad[k*j.d+i]
		}
	}
	j.centre(j.e)
	e, de := simd.Dot(j.e, j.e), simd.Dot(j.de, j.de)
	dst[0] = math.Sqrt(e / j.norm)
	dst[1] = math.Sqrt(e / float64(j.n))
	dst[2] = math.Sqrt((e + de) / (j.norm + j.slope))
}

// centre takes the mean over the points out of the fields that have an arbitrary constant.
func (j *Judge) centre(u []float64) {
	for _, f := range j.constants {
		mean := 0.0
		for i := range j.n {
			mean += u[i*j.f+f]
		}
		mean /= float64(j.n)
		for i := range j.n {
			u[i*j.f+f] -= mean
		}
	}
}
