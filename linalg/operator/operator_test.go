package operator_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"
	"pgregory.net/rapid"

	"ngdbench/cost"
	"ngdbench/linalg"
	"ngdbench/linalg/operator"
)

// bare is the dumbest operator: rows of numbers, two loops, no capability. It is also the twin that all are compared with.
type bare [][]float64

func (a bare) Dims() (int, int) {
	if len(a) == 0 {
		return 0, 0
	}
	return len(a), len(a[0])
}

func (a bare) Apply(dst, x []float64) {
	for i, r := range a {
		dst[i] = 0
		for j, v := range r {
			dst[i] += v * x[j]
		}
	}
}

func (a bare) ApplyT(dst, y []float64) {
	clear(dst)
	for i, r := range a {
		for j, v := range r {
			dst[j] += v * y[i]
		}
	}
}

func (a bare) t() bare {
	n, p := a.Dims()
	b := make(bare, p)
	for j := range b {
		b[j] = make([]float64, n)
		for i := range n {
			b[j][i] = a[i][j]
		}
	}
	return b
}

func (a bare) times(b bare) bare {
	c, bt := make(bare, len(a)), b.t()
	for i := range a {
		c[i] = make([]float64, len(bt))
		bt.Apply(c[i], a[i])
	}
	return c
}

func random(r *rand.Rand, n, p int) bare {
	a := make(bare, n)
	for i := range a {
		a[i] = make([]float64, p)
		for j := range a[i] {
			a[i][j] = r.NormFloat64()
		}
	}
	return a
}

func (a bare) matrix() operator.Matrix {
	n, p := a.Dims()
	g := linalg.New(nil, n, p)
	for i, r := range a {
		copy(linalg.Row(g, i), r)
	}
	return operator.Matrix{General: g}
}

func (a bare) flat() []float64 { return slices.Concat(a...) }

// sparse makes an operator with about half of its elements zero.
func sparse(r *rand.Rand, n, p int) (operator.Operator, bare) {
	d := random(r, n, p)
	var entries []linalg.Entry
	for i := range d {
		for j := range d[i] {
			if r.IntN(2) == 0 {
				d[i][j] = 0
				continue
			}
			half := d[i][j] / 2 // entries at one place add up
			entries = append(entries, linalg.Entry{Row: i, Col: j, Val: half}, linalg.Entry{Row: i, Col: j, Val: half})
		}
	}
	r.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
	return operator.Sparse{CSR: linalg.NewCSR(n, p, entries)}, d
}

// inverseLower is L⁻¹ of a tridiagonal matrix, and its twin.
func inverseLower(n int) (operator.Operator, bare) {
	a := linalg.NewSymmetricBand(nil, n, 1)
	for i := range n {
		a.Data[i*a.Stride], a.Data[i*a.Stride+1] = -1, 3
	}
	c := &linalg.BandCholesky{}
	c.Reset(n, 1, nil)
	if err := c.Factor(a); err != nil {
		panic(err)
	}
	d := make(bare, n)
	for j := range n { // column j of L⁻¹, by forward substitution with a Cholesky of its own
		x := make([]float64, n)
		x[j] = 1
		diagonal := math.Sqrt(3)
		for i := range n {
			below := 0.0
			if i > 0 {
				below = -1 / diagonal
				diagonal = math.Sqrt(3 - below*below)
				x[i] -= below * x[i-1]
			}
			x[i] /= diagonal
		}
		d[j] = x
	}
	return operator.InverseLower{BandCholesky: c}, d.t()
}

// grow makes a random operator of n×p with its twin: a leaf with every capability, with some or with none, or two of them
// combined.
func grow(t *rapid.T, r *rand.Rand, n, p, depth int) (operator.Operator, bare) {
	kinds := 2
	if depth > 0 {
		kinds = 8
	}
	switch kind := rapid.IntRange(0, kinds-1).Draw(t, "kind"); {
	case kind == 2 && n > 1:
		k := rapid.IntRange(1, n-1).Draw(t, "rows above")
		a, da := grow(t, r, k, p, depth-1)
		b, db := grow(t, r, n-k, p, depth-1)
		return operator.VStack(a, b), slices.Concat(da, db)
	case kind == 3 && p > 1:
		k := rapid.IntRange(1, p-1).Draw(t, "columns left")
		a, da := grow(t, r, n, k, depth-1)
		b, db := grow(t, r, n, p-k, depth-1)
		return operator.HStack(a, b), slices.Concat(da.t(), db.t()).t()
	case kind == 4:
		k := rapid.IntRange(1, 6).Draw(t, "inner")
		a, da := grow(t, r, n, k, depth-1)
		b, db := grow(t, r, k, p, depth-1)
		return operator.Compose(a, b), da.times(db)
	case kind == 5 && n > 1 && p > 1:
		i, j := rapid.IntRange(1, n-1).Draw(t, "rows above"), rapid.IntRange(1, p-1).Draw(t, "columns left")
		a, da := grow(t, r, i, j, depth-1)
		b, db := grow(t, r, n-i, p-j, depth-1)
		top, bottom := make(bare, i), make(bare, n-i)
		for k := range top {
			top[k] = slices.Concat(da[k], make([]float64, p-j))
		}
		for k := range bottom {
			bottom[k] = slices.Concat(make([]float64, j), db[k])
		}
		return operator.DirectSum(a, b), slices.Concat(top, bottom)
	case kind == 6:
		return sparse(r, n, p)
	case kind == 7 && n == p && n%2 == 0:
		return inverseLower(n)
	case kind == 7 && n == p:
		d := make(bare, n)
		for i := range d {
			d[i] = make([]float64, n)
			d[i][i] = 1
		}
		return operator.Identity(n), d
	case kind == 1:
		d := random(r, n, p)
		return d, d
	}
	d := random(r, n, p)
	return d.matrix(), d
}

// Whatever an operator is made of and whatever its parts can do, its handle answers every question as its twin does, and
// again after a first time.
func TestMapAgreesWithItsTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		n, p := rapid.IntRange(1, 9).Draw(t, "n"), rapid.IntRange(1, 9).Draw(t, "P")
		op, twin := grow(t, r, n, p, 3)
		a := operator.Bind(op, &cost.Meter{})
		if gn, gp := a.Dims(); gn != n || gp != p {
			t.Fatalf("%d×%d, want %d×%d", gn, gp, n, p)
		}
		for range 2 {
			for _, c := range answers(a, twin, r) {
				if d := distance(c.got, c.want); !(d < 1e-12) {
					t.Fatalf("%s: %v, want %v (off by %g)", c.what, c.got, c.want, d)
				}
			}
		}
	})
}

type answer struct {
	what      string
	got, want []float64
}

func answers(a *operator.Map, twin bare, r *rand.Rand) []answer {
	n, p := a.Dims()
	gram, kernel := twin.t().times(twin), twin.times(twin.t())
	x, y := random(r, 3, p), random(r, 3, n)
	i, j := r.IntN(n), r.IntN(p)
	vector := func(n int, f func(dst []float64)) []float64 { d := nans(n); f(d); return d }
	block := func(r, c int, f func(dst blas64.General)) []float64 {
		return vector(r*c, func(d []float64) { f(blas64.General{Rows: r, Cols: c, Stride: c, Data: d}) })
	}
	nr, nc := diagonal(kernel), diagonal(gram)
	return []answer{
		{"Apply", vector(n, func(d []float64) { a.Apply(d, x[0]) }), x[:1].times(twin.t()).flat()},
		{"ApplyT", vector(p, func(d []float64) { a.ApplyT(d, y[0]) }), y[:1].times(twin).flat()},
		{"Gram", vector(p, func(d []float64) { a.Gram(d, x[0]) }), x[:1].times(gram).flat()},
		{"GramColumn", vector(p, func(d []float64) { a.GramColumn(d, j) }), gram[j]},
		{"ApplyBlock", block(3, n, func(d blas64.General) { a.ApplyBlock(d, x.matrix().General) }), x.times(twin.t()).flat()},
		{"ApplyTBlock", block(3, p, func(d blas64.General) { a.ApplyTBlock(d, y.matrix().General) }), y.times(twin).flat()},
		{"GramBlock", block(3, p, func(d blas64.General) { a.GramBlock(d, linalg.New(nil, 3, n), x.matrix().General) }), x.times(gram).flat()},
		{"Row", vector(p, func(d []float64) { a.Row(d, i) }), twin[i]},
		{"KernelRow", vector(n, func(d []float64) { a.KernelRow(d, i) }), kernel[i]},
		{"SquaredNorms of rows", vector(n, func(d []float64) { a.SquaredNorms(d, nil) }), nr},
		{"SquaredNorms of columns", vector(p, func(d []float64) { a.SquaredNorms(nil, d) }), nc},
		{"SquaredNorms of both", vector(n+p, func(d []float64) { a.SquaredNorms(d[:n], d[n:]) }), slices.Concat(nr, nc)},
		{"Dense", block(n, p, a.Dense), twin.flat()},
		{"Kernel", block(n, n, a.Kernel), kernel.flat()},
		{"Normal.Mul", vector(p, func(d []float64) { operator.Normal{Map: a}.Mul(d, x[1]) }), x[1:2].times(gram).flat()},
		{"Normal.Column", vector(p, func(d []float64) { operator.Normal{Map: a}.Column(d, j) }), gram[j]},
		{"Normal.Diagonal", vector(p, operator.Normal{Map: a}.Diagonal), nc},
		{"Dual.Mul", vector(n, func(d []float64) { operator.Dual{Map: a}.Mul(d, y[1]) }), y[1:2].times(kernel).flat()},
		{"Dual.Column", vector(n, func(d []float64) { operator.Dual{Map: a}.Column(d, i) }), kernel[i]},
		{"Dual.Diagonal", vector(n, operator.Dual{Map: a}.Diagonal), nr},
	}
}

func diagonal(a bare) []float64 {
	d := make([]float64, len(a))
	for i := range d {
		d[i] = a[i][i]
	}
	return d
}

func nans(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.NaN()
	}
	return x
}

// distance is ‖a−b‖ / (1 + ‖b‖), infinite where the lengths differ.
func distance(a, b []float64) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	s, n := 0.0, 0.0
	for i := range a {
		s += (a[i] - b[i]) * (a[i] - b[i])
		n += b[i] * b[i]
	}
	return math.Sqrt(s) / (1 + math.Sqrt(n))
}

// Each question to an operator with two methods is counted as products and flagged as a fallback; to a matrix the counts
// are the same where the fallback's are no dearer, and nothing is flagged.
func TestCountsAndFallbacks(t *testing.T) {
	twin := random(rand.New(rand.NewPCG(1, 1)), 4, 6)
	x, y, d := make([]float64, 6), make([]float64, 4), make([]float64, 24)
	three := func(n int) blas64.General { return linalg.New(nil, 3, n) }
	for _, c := range []struct {
		what      string
		ask       func(a *operator.Map)
		own, fall cost.Counts
		flags     operator.Capability
	}{
		{"Apply", func(a *operator.Map) { a.Apply(y, x) }, cost.Counts{Applies: 1}, cost.Counts{Applies: 1}, 0},
		{"ApplyT", func(a *operator.Map) { a.ApplyT(x, y) }, cost.Counts{ApplyTs: 1}, cost.Counts{ApplyTs: 1}, 0},
		{"Gram", func(a *operator.Map) { a.Gram(d[:6], x) },
			cost.Counts{Applies: 1, ApplyTs: 1}, cost.Counts{Applies: 1, ApplyTs: 1}, operator.CanGram},
		{"GramColumn", func(a *operator.Map) { a.GramColumn(d[:6], 2) },
			cost.Counts{ApplyTs: 1}, cost.Counts{Applies: 1, ApplyTs: 1}, operator.CanGramColumn | operator.CanGram},
		{"ApplyBlock", func(a *operator.Map) { a.ApplyBlock(three(4), three(6)) },
			cost.Counts{Applies: 3}, cost.Counts{Applies: 3}, operator.CanBlock},
		{"ApplyTBlock", func(a *operator.Map) { a.ApplyTBlock(three(6), three(4)) },
			cost.Counts{ApplyTs: 3}, cost.Counts{ApplyTs: 3}, operator.CanBlock},
		{"Row", func(a *operator.Map) { a.Row(x, 1) }, cost.Counts{Rows: 1}, cost.Counts{Rows: 1}, operator.CanRow},
		{"KernelRow", func(a *operator.Map) { a.KernelRow(y, 1) },
			cost.Counts{Applies: 1}, cost.Counts{Applies: 1, Rows: 1}, operator.CanKernelRow | operator.CanRow},
		{"SquaredNorms", func(a *operator.Map) { a.SquaredNorms(y, x) },
			cost.Counts{Explicit: 1}, cost.Counts{Explicit: 1, Rows: 4}, operator.CanNorms | operator.CanRow},
		{"Dense", func(a *operator.Map) { a.Dense(linalg.New(nil, 4, 6)) },
			cost.Counts{Explicit: 1}, cost.Counts{Explicit: 1, Rows: 4}, operator.CanDense | operator.CanRow},
		{"Kernel", func(a *operator.Map) { a.Kernel(linalg.New(nil, 4, 4)) },
			cost.Counts{Explicit: 1}, cost.Counts{Explicit: 1, Rows: 4, Applies: 4}, operator.CanKernel | operator.CanRow},
	} {
		own, fall := &cost.Meter{}, &cost.Meter{}
		c.ask(operator.Bind(twin.matrix(), own))
		c.ask(operator.Bind(twin, fall))
		c.ask(operator.Bind(twin, nil)) // no meter, no panic
		if own.Counts != c.own || own.Fallbacks != 0 {
			t.Errorf("%s of a matrix: %+v, fallbacks %v", c.what, own.Counts, operator.Capability(own.Fallbacks).Names())
		}
		if fall.Counts != c.fall || fall.Fallbacks != uint32(c.flags) {
			t.Errorf("%s of two methods: %+v, fallbacks %v", c.what, fall.Counts, operator.Capability(fall.Fallbacks).Names())
		}
	}
}

func TestBindBooksItsScratch(t *testing.T) {
	m := &cost.Meter{}
	operator.Bind(random(rand.New(rand.NewPCG(1, 1)), 4, 6), m)
	if m.Bytes != 8*(4+4+6) {
		t.Errorf("%d bytes", m.Bytes)
	}
}

// TwoMethods and a matrix by hand: the values of the interface's definitions.
func TestNormsAndKernelRowByHand(t *testing.T) {
	for _, op := range []operator.Operator{bare{{1, 2, 3}, {4, 5, 6}}, bare{{1, 2, 3}, {4, 5, 6}}.matrix()} {
		h := operator.Bind(op, nil)
		rows, cols, k, g := make([]float64, 2), make([]float64, 3), make([]float64, 2), make([]float64, 3)
		h.SquaredNorms(rows, cols)
		h.KernelRow(k, 1)
		h.GramColumn(g, 1)
		for _, c := range [][2][]float64{{rows, {14, 77}}, {cols, {17, 29, 45}}, {k, {32, 77}}, {g, {22, 29, 36}}} {
			if !slices.Equal(c[0], c[1]) {
				t.Errorf("%T: %v, want %v", op, c[0], c[1])
			}
		}
	}
}

// kerneled has a kernel and no other capability.
type kerneled struct{ bare }

func (k kerneled) Kernel(dst blas64.General) bool { return k.matrix().Kernel(dst) }

// A combinator has a capability where both parts have one: the flag says so.
func TestCombinatorsKeepWhatBothHave(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	a, b := random(r, 4, 4), random(r, 4, 4)
	thin, _ := sparse(r, 4, 4)
	all := operator.CanGram | operator.CanBlock | operator.CanKernel | operator.CanDense | operator.CanRow |
		operator.CanNorms | operator.CanKernelRow | operator.CanGramColumn
	for _, c := range []struct {
		name string
		op   operator.Operator
		own  operator.Capability
	}{
		{"matrix", a.matrix(), all},
		{"two methods", a, 0},
		{"vstack", operator.VStack(a.matrix(), b.matrix()),
			operator.CanGram | operator.CanGramColumn | operator.CanDense | operator.CanRow | operator.CanNorms},
		{"vstack of one", operator.VStack(a.matrix(), b), 0},
		{"hstack", operator.HStack(a.matrix(), b.matrix()),
			operator.CanKernel | operator.CanKernelRow | operator.CanRow | operator.CanNorms},
		{"hstack of one", operator.HStack(a, b.matrix()), 0},
		{"hstack of kernels", operator.HStack(kerneled{a}, kerneled{b}), operator.CanKernel},
		{"hstack of a kernel and a matrix", operator.HStack(kerneled{a}, b.matrix()), operator.CanKernel},
		{"compose", operator.Compose(a.matrix(), b.matrix()),
			operator.CanBlock | operator.CanDense | operator.CanKernel | operator.CanRow | operator.CanNorms},
		{"compose with sparse M", operator.Compose(thin, b.matrix()),
			operator.CanBlock | operator.CanDense | operator.CanKernel | operator.CanRow | operator.CanNorms},
		{"direct sum", operator.DirectSum(a.matrix(), operator.Identity(2)), operator.CanBlock | operator.CanDense | operator.CanRow},
		{"direct sum of one", operator.DirectSum(b.matrix(), a), 0},
		{"compose with M of two methods", operator.Compose(a, b.matrix()), 0},
		{"compose with T of two methods", operator.Compose(a.matrix(), b), operator.CanRow},
		{"nested", operator.HStack(operator.VStack(a.matrix(), b.matrix()), operator.VStack(a.matrix(), b)), 0},
	} {
		m := &cost.Meter{}
		h := operator.Bind(c.op, m)
		n, p := h.Dims()
		v := make([]float64, max(n, p))
		for _, q := range []struct {
			flag operator.Capability
			ask  func()
		}{
			{operator.CanGram, func() { h.Gram(v[:p], make([]float64, p)) }},
			{operator.CanBlock, func() { h.ApplyBlock(linalg.New(nil, 2, n), linalg.New(nil, 2, p)) }},
			{operator.CanKernel, func() { h.Kernel(linalg.New(nil, n, n)) }},
			{operator.CanDense, func() { h.Dense(linalg.New(nil, n, p)) }},
			{operator.CanRow, func() { h.Row(v[:p], n-1) }},
			{operator.CanNorms, func() { h.SquaredNorms(v[:n], nil) }},
			{operator.CanKernelRow, func() { h.KernelRow(v[:n], 0) }},
			{operator.CanGramColumn, func() { h.GramColumn(v[:p], 0) }},
		} {
			m.Fallbacks = 0
			if q.ask(); (operator.Capability(m.Fallbacks)&q.flag == 0) != (c.own&q.flag != 0) {
				t.Errorf("%s: %v fell back to %v", c.name, q.flag.Names(), operator.Capability(m.Fallbacks).Names())
			}
		}
	}
}

func TestDimensionsMustFit(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	a, b := random(r, 2, 3), random(r, 4, 5)
	for name, f := range map[string]func(){
		"vstack":  func() { operator.VStack(a, b) },
		"hstack":  func() { operator.HStack(a, b) },
		"compose": func() { operator.Compose(a, b) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		})
	}
}

// After one round of questions nothing allocates, fallbacks and combinators included.
func TestNothingAllocates(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	a, b, c := random(r, 3, 5), random(r, 3, 4), random(r, 2, 3)
	thin, _ := sparse(r, 2, 3)
	lower, _ := inverseLower(2)
	for name, op := range map[string]operator.Operator{
		"bare": a, "hstack": operator.HStack(a, b), "vstack": operator.VStack(a, c.times(a)),
		"compose": operator.Compose(c, a), "compose dense": operator.Compose(c.matrix(), a.matrix()),
		"whitened tests": operator.Compose(operator.DirectSum(lower, operator.Identity(1)), operator.Compose(operator.DirectSum(thin, operator.Identity(1)), random(r, 4, 5).matrix())),
	} {
		h := operator.Bind(op, &cost.Meter{})
		n, p := h.Dims()
		x, u, y := make([]float64, p), make([]float64, p), make([]float64, n)
		kx, ky := linalg.New(nil, 2, p), linalg.New(nil, 2, n)
		kk, dd := linalg.New(nil, n, n), linalg.New(nil, n, p)
		ask := func() {
			h.Gram(x, u)
			h.GramColumn(x, 1)
			h.ApplyBlock(ky, kx)
			h.ApplyTBlock(kx, ky)
			h.Row(x, 1)
			h.KernelRow(y, 1)
			h.SquaredNorms(y, x)
			h.Kernel(kk)
			h.Dense(dd)
		}
		if k := testing.AllocsPerRun(5, ask); k != 0 {
			t.Errorf("%s: %g allocations", name, k)
		}
	}
}

func ExampleMap() {
	var m cost.Meter
	a := operator.Bind(bare{{1, 2}, {3, 4}, {5, 6}}, &m)
	dst := make([]float64, 2)
	a.Gram(dst, []float64{1, 0})
	fmt.Println(dst, m.Counts.Products(), operator.Capability(m.Fallbacks).Names())
	// Output: [35 44] 2 [gram]
}

// The scratch of a composition serves block products and products from the left in any order.
func TestComposedScratchServesBoth(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	a, da := sparse(r, 3, 4)
	b, db := sparse(r, 4, 6)
	inner, twin, x := operator.Compose(a, b), da.times(db), random(r, 6, 5)
	block := func() {
		dst, want := linalg.New(nil, 2, 3), random(r, 2, 6)
		if !inner.(operator.Blocker).ApplyBlock(dst, want.matrix().General) {
			t.Fatal("no block product")
		}
		for i, v := range want.times(twin.t()).flat() {
			if d := math.Abs(linalg.Row(dst, i/3)[i%3] - v); d > 1e-12 {
				t.Errorf("block product: element %d is off by %g", i, d)
			}
		}
	}
	left := func() {
		dst := linalg.New(nil, 3, 5)
		if !inner.(operator.LeftMultiplier).LeftMul(dst, x.matrix().General) {
			t.Fatal("no product from the left")
		}
		for i, v := range twin.times(x).flat() {
			if d := math.Abs(linalg.Row(dst, i/5)[i%5] - v); d > 1e-12 {
				t.Errorf("product from the left: element %d is off by %g", i, d)
			}
		}
	}
	left()
	block()
	left()
}
