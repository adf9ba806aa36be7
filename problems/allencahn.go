package problems

import (
	_ "embed"
	"encoding/binary"
	"math"
	"sync"

	"ngdbench/problems/geometry"
)

// AllenCahn is
//
//	u_t = 10⁻⁴ u_xx + 5u − 5u³  on (−1,1) × (0,1),   u(x,0) = x² cos πx,   periodic in x.
//
// Exact is a reference solution: cosine coefficients by ETDRK4 with 4096 points and 4000 steps, expanded in Chebyshev
// polynomials on intervals of time, by the command problems/allencahngen, which prints how it converges. The initial
// value has a kink at x = ±1, whose high modes die out after t = 0.05 only; beyond the table they are taken to decay as
// those of the linearised equation at u = −1, and Accuracy is what that leaves.
func AllenCahn() *Problem {
	start := func(x []float64) float64 { return x[0] * x[0] * math.Cos(math.Pi*x[0]) }
	return &Problem{
		Name:     "allencahn",
		Doc:      "u_t = 1e-4 u_xx + 5u - 5u³ on (-1,1), t < 1, periodic, u = x² cos πx at t = 0",
		Source:   "Raissi, Perdikaris, Karniadakis (2019), Physics-informed neural networks, Allen-Cahn equation",
		Domain:   geometry.Cylinder{Space: geometry.Box{Lo: []float64{-1}, Hi: []float64{1}}, End: 1},
		Fields:   []string{"u"},
		Exact:    allenCahnExact,
		Accuracy: 1e-10,
		Norms:    Norms{L2: 1.0029931487, H1: 7.479434, Tol: 1e-2},
		Length:   0.05,
		Rough:    func(x []float64) bool { return x[1] < 0.06 || x[1] > 0.95 },
		Strong: []Strong{
			{Name: "interior", Part: geometry.Interior, Order: Diagonal, Term: func(_, jet, partial []float64) float64 {
				u := jet[0]
				if partial != nil {
					partial[0], partial[1], partial[2], partial[3], partial[4] = 15*u*u-5, 0, 1, -allenCahnD, 0
				}
				return jet[2] - allenCahnD*jet[3] - 5*u + 5*u*u*u
			}},
			prescribed("initial", geometry.Initial, 0, 1, start),
		},
		Hard: func(x, g, phi []float64) {
			s, c := math.Sincos(math.Pi * x[0])
			p := x[0]
			product(g, factor{p * p * c, 2*p*c - math.Pi*p*p*s, (2-math.Pi*math.Pi*p*p)*c - 4*math.Pi*p*s}, constant(1))
			product(phi, constant(1), ramp(x[1], 0))
		},
		Periods: []float64{2, 0},
		Net:     "2x20x20x20x1+periodic+hard",
		Points:  "3000+0",
	}
}

const (
	allenCahnD = 1e-4
	// TableModes is how many cosine modes the reference table has.
	TableModes = 960
	// TableUnit is the unit of its numbers.
	TableUnit = 1. / (1 << 42)
)

//go:embed allencahn.bin
var allenCahnData []byte

// segment is an interval of time: terms[j][k] is the Chebyshev coefficient j of mode k.
type segment struct {
	lo, hi float64
	terms  [][]float64
}

// allenCahnTable decodes the table once. It holds the number of segments, then for each its two times (float64, little
// endian), the number of terms, and for each term a number of modes and as many signed varints, in units of TableUnit.
var allenCahnTable = sync.OnceValue(func() []segment {
	b := allenCahnData
	unsigned := func() int {
		v, n := binary.Uvarint(b)
		b = b[n:]
		return int(v)
	}
	float := func() float64 {
		v := math.Float64frombits(binary.LittleEndian.Uint64(b))
		b = b[8:]
		return v
	}
	out := make([]segment, unsigned())
	for i := range out {
		out[i].lo, out[i].hi = float(), float()
		out[i].terms = make([][]float64, unsigned())
		for j := range out[i].terms {
			row := make([]float64, unsigned())
			for k := range row {
				v, n := binary.Varint(b)
				b = b[n:]
				row[k] = float64(v) * TableUnit
			}
			out[i].terms[j] = row
		}
	}
	return out
})

func allenCahnExact(x, u, grad []float64) {
	if x[1] <= 0 {
		s, c := math.Sincos(math.Pi * x[0])
		v, p := x[0]*x[0]*c, x[0]
		if u != nil {
			u[0] = v
		}
		if grad != nil {
			xx := (2-math.Pi*math.Pi*p*p)*c - 4*math.Pi*p*s
			grad[0], grad[1] = 2*p*c-math.Pi*p*p*s, allenCahnD*xx+5*v-5*v*v*v
		}
		return
	}
	table := allenCahnTable()
	i := 0
	for i < len(table)-1 && x[1] > table[i].hi {
		i++
	}
	value, dx, dt := table[i].at(x[0], x[1])
	tail(x[0], x[1], &value, &dx, &dt)
	if u != nil {
		u[0] = value
	}
	if grad != nil {
		grad[0], grad[1] = dx, dt
	}
}

// at evaluates the modes of the table at x, and their derivatives in x and t.
func (s *segment) at(x, t float64) (value, dx, dt float64) {
	var a, b [TableModes]float64
	scale := 2 / (s.hi - s.lo)
	z := scale*(t-s.lo) - 1
	p, below := 1.0, z // T_j, T_{j−1}; T_{−1} = T_1
	q, dbelow := 0.0, 1.0
	for _, row := range s.terms {
		for k, v := range row {
			a[k] += v * p
			b[k] += v * q * scale
		}
		p, below, q, dbelow = chebyshevNext(z, p, below, q, dbelow)
	}
	turn := rotation(x)
	w := complex(1, 0)
	for k := range a {
		value += a[k] * real(w)
		dx -= a[k] * math.Pi * float64(k) * imag(w)
		dt += b[k] * real(w)
		w *= turn
	}
	return value, dx, dt
}

// chebyshevNext takes T_j and T_{j−1} with their derivatives to T_{j+1} and T_j. The recurrence holds from T_{−1} = T_1
// on: 2z·T_0 − T_1 = z.
func chebyshevNext(z, p, below, q, dbelow float64) (p1, below1, q1, dbelow1 float64) {
	return 2*z*p - below, p, 2*p + 2*z*q - dbelow, q
}

// rotation is e^{iπx}.
func rotation(x float64) complex128 {
	s, c := math.Sincos(math.Pi * x)
	return complex(c, s)
}

// tail adds the modes beyond the table, of the kink of the initial value: a_k e^{−(π²k²D + 10)t}, where 10 is the rate of
// the linearised reaction at u = −1 and a_k = 2(−1)^{k+1}/π² (1/(k−1)² + 1/(k+1)²).
func tail(x, t float64, value, dx, dt *float64) {
	turn := rotation(x)
	w := rotation(math.Mod(x*TableModes, 2))
	for k := TableModes; ; k++ {
		n := float64(k)
		r := math.Pi*math.Pi*n*n*allenCahnD + 10
		if r*t > 42 || k > 1<<18 {
			return
		}
		a := 2 / (math.Pi * math.Pi) * (1/((n-1)*(n-1)) + 1/((n+1)*(n+1))) * math.Exp(-r*t)
		if k%2 == 0 {
			a = -a
		}
		*value += a * real(w)
		*dx -= a * math.Pi * n * imag(w)
		*dt -= a * r * real(w)
		w *= turn
	}
}
