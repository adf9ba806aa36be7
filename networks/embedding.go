package networks

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
)

// Embedding is a fixed map φ: R^d → R^F in front of the first layer, which then has F inputs: u_θ(x) = N_θ(φ(x)).
//
// It is evaluated with its derivatives once for all points that stay, and costs a training nothing but a wider first
// layer with all C channels, where the coordinates themselves have d + 1.
type Embedding interface {
	// String is its part in the grammar of Parse.
	String() string
	// Features is F for inputs in d dimensions.
	Features(d int) int
	// Jet writes the jet with all derivatives of feature f at x, as in Hessian.
	Jet(f int, x, jet []float64)
}

// Fourier is the embedding by random Fourier features,
//
//	φ(x) = (cos 2πb_1·x, sin 2πb_1·x, …, cos 2πb_k·x, sin 2πb_k·x),   b_i ~ N(0, Scale²·I),
//
// F = 2k. The frequencies are drawn from a stream that k and d name: they belong to the network, and are the same for
// every seed of a training. Its part in the grammar is fourier and k, as in fourier16, and s and the scale where it is not 1, as in
// fourier16s5.
//
// Source: Tancik et al. (2020), Fourier features let networks learn high frequency functions, arXiv 2006.10739, section 6.
type Fourier struct {
	k, d  int
	scale float64
	b     []float64 // 2πb_i, k×d
}

// NewFourier draws k ≥ 1 frequencies in d dimensions with the given standard deviation, in periods per unit of length.
func NewFourier(k, d int, scale float64) *Fourier {
	e := &Fourier{k: k, d: d, scale: scale, b: make([]float64, k*d)}
	r := rand.New(rand.NewPCG(uint64(k), uint64(d)))
	for i := range e.b {
		e.b[i] = 2 * math.Pi * scale * r.NormFloat64()
	}
	return e
}

// maxFrequencies is the largest k that Parse accepts.
const maxFrequencies = 1 << 12

func parseFourier(s string, d int) (*Fourier, error) {
	bad := fmt.Errorf("%q: want fourier and a number of frequencies from 1 to %d, as in fourier16, or with a scale fourier16s5", s, maxFrequencies)
	number, scale, scaled := strings.Cut(strings.TrimPrefix(s, "fourier"), "s")
	k, err := strconv.Atoi(number)
	if err != nil || k < 1 || k > maxFrequencies || number[0] == '+' {
		return nil, bad
	}
	width := 1.0
	if scaled {
		if width, err = strconv.ParseFloat(scale, 64); err != nil || !(width > 0) || math.IsInf(width, 0) {
			return nil, bad
		}
	}
	return NewFourier(k, d, width), nil
}

// String is its part in the grammar.
func (e *Fourier) String() string {
	s := "fourier" + strconv.Itoa(e.k)
	if e.scale != 1 {
		s += "s" + strconv.FormatFloat(e.scale, 'f', -1, 64)
	}
	return s
}

// Features is 2k; d must be that of NewFourier.
func (e *Fourier) Features(d int) int {
	if d != e.d {
		panic("networks: Fourier features of other dimensions")
	}
	return 2 * e.k
}

// Jet writes the derivatives of cos or sin of 2πb·x.
func (e *Fourier) Jet(f int, x, jet []float64) {
	d := len(x)
	b, z := e.b[f/2*d:][:d], 0.0
	for i, v := range x {
		z += float64(b[i] * v)
	}
	sin, cos := math.Sincos(z)
	if f%2 == 0 {
		wave(Shape{Dim: d}, b, cos, -sin, jet)
	} else {
		wave(Shape{Dim: d}, b, sin, cos, jet)
	}
}

// wave writes the jet of a function of b·x with the given value and slope that satisfies f” = −f.
func wave(s Shape, b []float64, value, slope float64, jet []float64) {
	jet[0] = value
	for i, v := range b {
		jet[1+i] = v * slope
		for j := i; j < len(b); j++ {
			jet[s.pair(1+i, 1+j)] = -float64(v*b[j]) * value
		}
	}
}

// Periodic is the embedding that makes a network periodic in some coordinates: x_i with period L_i becomes the pair
// cos 2πx_i/L_i, sin 2πx_i/L_i, and a coordinate without period (L_i = 0) stays as it is. The periods are the problem's;
// its part in the grammar is periodic.
//
// Source: Dong, Ni (2021), A method for representing periodic functions and enforcing exactly periodic boundary
// conditions with deep neural networks, arXiv 2007.07442, section 2.
type Periodic struct {
	Periods []float64 // of each coordinate; 0: not periodic
}

// String is its part in the grammar.
func (*Periodic) String() string { return "periodic" }

// Features is d and one more for each periodic coordinate.
func (e *Periodic) Features(d int) int {
	if len(e.Periods) != d {
		panic("networks: a periodic embedding without the periods of its coordinates")
	}
	for _, l := range e.Periods {
		if l != 0 {
			d++
		}
	}
	return d
}

// Jet writes the derivatives of the feature, which is of one coordinate.
func (e *Periodic) Jet(f int, x, jet []float64) {
	clear(jet)
	i, s := 0, Shape{Dim: len(x)}
	for ; ; i++ {
		n := 1
		if e.Periods[i] != 0 {
			n = 2
		}
		if f < n {
			break
		}
		f -= n
	}
	if e.Periods[i] == 0 {
		jet[0], jet[1+i] = x[i], 1
		return
	}
	k := 2 * math.Pi / e.Periods[i]
	value, cos := math.Sincos(k * x[i])
	slope := cos
	if f == 0 {
		value, slope = cos, -value
	}
	jet[0], jet[1+i], jet[s.pair(1+i, 1+i)] = value, k*slope, -k*k*value
}

// coordinates writes the jets of x ↦ x at n points: channel c of point i is row c·n+i of dst, at leading dimension ld.
// There are 1 + firsts of them, for the second derivatives are zero, and are left out.
func (s Shape) coordinates(dst []float64, ld int, x []float64) {
	n := len(x) / s.Dim
	for i := range n {
		copy(dst[i*ld:], x[i*s.Dim:][:s.Dim])
		for c := range s.firsts() {
			dst[((c+1)*n+i)*ld+c] = 1
		}
	}
}

// features writes the jets of an embedding at n points, laid out as coordinates does, all C channels. jet is scratch for
// one with all derivatives, and one of s behind it.
func (s Shape) features(e Embedding, dst []float64, ld int, x, jet []float64) {
	n, c := len(x)/s.Dim, s.Channels()
	all, own := jet[:s.all()], jet[s.all():][:c]
	for i := range n {
		for f := range e.Features(s.Dim) {
			e.Jet(f, x[i*s.Dim:][:s.Dim], all)
			s.reduce(own, all)
			for k, v := range own {
				dst[(k*n+i)*ld+f] = v
			}
		}
	}
}
