package problems

// factor is a function of one coordinate with its first and second derivative.
type factor [3]float64

// bubble vanishes at both ends of (lo, hi).
func bubble(x, lo, hi float64) factor { return factor{(x - lo) * (hi - x), lo + hi - 2*x, -2} }

// ramp is x − lo.
func ramp(x, lo float64) factor { return factor{x - lo, 1, 0} }

// constant is c.
func constant(c float64) factor { return factor{c, 0, 0} }

// product writes the jet of Π f_i(x_i) with all derivatives, in the order of Hessian.
func product(jet []float64, f ...factor) {
	d := len(f)
	term := func(i, j int) float64 { // the product with factor i differentiated, and factor j; −1 is none
		p := 1.0
		for k := range f {
			order := 0
			if k == i {
				order++
			}
			if k == j {
				order++
			}
			p *= f[k][order]
		}
		return p
	}
	jet[0] = term(-1, -1)
	at := 1 + d
	for i := range f {
		jet[1+i] = term(i, -1)
		for j := i; j < d; j++ {
			jet[at] = term(i, j)
			at++
		}
	}
}

// boxHard is g = 0 and φ = Π (x_i−lo_i)(hi_i−x_i).
func boxHard(lo, hi []float64) func(x, g, phi []float64) {
	return func(x, g, phi []float64) {
		f := make([]factor, len(x))
		for i, v := range x {
			f[i] = bubble(v, lo[i], hi[i])
		}
		clear(g)
		product(phi, f...)
	}
}
