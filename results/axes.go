// Package results is the record of one cell: its schema, its units, its codecs, and the axis table that names cells.
//
// The folder holds kept data too: results/runs (new runs, not in git) and results/reference (kept ones).
package results

import (
	"fmt"
	"strings"
)

// Axis is one column of the axis table.
type Axis struct {
	Name    string
	Default string // what a cell has where nobody says anything; "" where a formulation or problem must lend it
	Doc     string
}

// Axes is the one axis table, in the order in which every name, key, filter and report lists them.
var Axes = []Axis{
	{"problem", "poisson2d", "the PDE"},
	{"form", "pinn", "how the residual is made of the network, with parts, as in feinn+k4+dual (benchrun list formulations)"},
	{"metric", "gn", "the inner product of the natural gradient: gn (Gauss-Newton of the loss), l2, h1, energy, dual"},
	{"net", "", "widths d_in x ... x d_out, or a named shape (benchrun list networks), then parts: sine (else tanh); fourier16 or periodic (embeddings); hard (boundary data built in)"},
	{"points", "", "points of the interior, then of the boundary (and the initial slice), as in 900+120; quadrature points of a weak form, nodes of a mesh, at least or at most so many"},
	{"opt", "dense", "the solver"},
	{"rank", "0", "rank of the low-rank part, an integer or auto; 0 where the method has none"},
	{"damp", "1e-10", "damping μ: a number ≥ 0, loss, lm, trust; none where the method has none"},
	{"search", "grid", "step length rule: grid, grid31, kfac, engd, armijo, wolfe, full; none where the method has none"},
	{"set", "default", "every other setting at once: default, or a name from the suite file"},
	{"seed", "1", "non-negative integer that names all random streams together with the other axes"},
}

// Cell is a value for each axis; an absent axis was not said.
type Cell map[string]string

// AxisNames lists the axis table.
func AxisNames() []string {
	names := make([]string, len(Axes))
	for i, a := range Axes {
		names[i] = a.Name
	}
	return names
}

// Name is the cell in the order of the axis table: "problem=poisson2d/form=pinn/…/seed=1". Absent axes are left out.
func (c Cell) Name() string {
	var b strings.Builder
	for _, a := range Axes {
		if v, ok := c[a.Name]; ok {
			if b.Len() > 0 {
				b.WriteByte('/')
			}
			b.WriteString(a.Name)
			b.WriteByte('=')
			b.WriteString(v)
		}
	}
	return b.String()
}

// ParseName reads what Name wrote.
func ParseName(s string) (Cell, error) {
	c := Cell{}
	for _, word := range strings.Split(s, "/") {
		k, v, ok := strings.Cut(word, "=")
		if !ok || !IsAxis(k) {
			return nil, fmt.Errorf("results: %q is not AXIS=VALUE", word)
		}
		c[k] = v
	}
	return c, nil
}

// IsAxis reports whether name is in the axis table.
func IsAxis(name string) bool {
	for _, a := range Axes {
		if a.Name == name {
			return true
		}
	}
	return false
}

// CheckValue refuses values that would break a file name, a benchmark name or a filter: they are lower case from
// [a-z0-9_.+-] and not empty.
func CheckValue(axis, v string) error {
	if v == "" {
		return fmt.Errorf("%s=: empty value", axis)
	}
	for _, r := range v {
		if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("_.+-", r)) {
			return fmt.Errorf("%s=%s: values are lower case from [a-z0-9_.+-], not %q", axis, v, r)
		}
	}
	return nil
}

// Clone returns a copy.
func (c Cell) Clone() Cell {
	d := make(Cell, len(c))
	for k, v := range c {
		d[k] = v
	}
	return d
}
