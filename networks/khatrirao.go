package networks

import "ngdbench/linalg/operator"

// KhatriRao is the tangent map T = ∂r/∂θ in the form in which one backward pass leaves it. The row of residual n
// restricted to a hidden layer is
//
//	Σ_c δ[n,c,:] ⊗ a[n,c,:]  (weights, Out×In),  δ[n,0,:]  (bias),
//
// with a the layer's input channels and δ the adjoints of its pre-activation channels; the output layer is kept with its
// channels summed. One value holds the rows of all point groups, and answers every capability for all of them.
//
// T v and Tᵀy cost 2·C·N·P flops, TᵀT v twice that, in one pass over blocks that stay in cache: half of what
// differentiating the network again would take, with no activation in it. Memory is about N·2C·(sum of the widths)
// numbers, where an explicit T has N·P.
type KhatriRao struct {
	t      *Tape
	v      *weights  // the direction v of T v
	theta  []float64 // where Linearise was last
	valid  bool
	panels *panels       // for k vectors at once; made when first used
	pivot  *pivot        // for rows of TTᵀ; made when first used
	kernel *kernel       // for TTᵀ; made when first used
	pairs  *pairProducts // for norms of rows; made when first used
	export *factors      // made when first used
}

var (
	_ operator.Operator     = (*KhatriRao)(nil)
	_ operator.Grammer      = (*KhatriRao)(nil)
	_ operator.GramColumner = (*KhatriRao)(nil)
	_ operator.Blocker      = (*KhatriRao)(nil)
	_ operator.Kerneler     = (*KhatriRao)(nil)
	_ operator.Densifier    = (*KhatriRao)(nil)
	_ operator.Rower        = (*KhatriRao)(nil)
	_ operator.Normer       = (*KhatriRao)(nil)
	_ operator.KernelRower  = (*KhatriRao)(nil)
	_ operator.Factorer     = (*KhatriRao)(nil)
)

func newKhatriRao(t *Tape) *KhatriRao {
	return &KhatriRao{t: t, v: newWeights(t.plan, t.m, false), theta: t.m.Floats(t.params)}
}

// at notes that T is about to be linearised at θ.
func (k *KhatriRao) at(theta []float64) {
	copy(k.theta, theta)
	k.valid = true
}

// Dims returns the number of residuals and P.
func (k *KhatriRao) Dims() (rows, cols int) { return k.t.Dims() }

// direction takes over v of T v.
func (k *KhatriRao) direction(v []float64) {
	k.v.set(k.t.plan, v)
	k.v.setFirst(k.t.plan, v)
}

// Apply computes dst = T x.
func (k *KhatriRao) Apply(dst, x []float64) {
	k.check(dst, x)
	k.direction(x)
	k.t.arg = arguments{dst: dst}
	k.t.run(1, (*Tape).applyPart)
}

// ApplyT computes dst = Tᵀ y.
func (k *KhatriRao) ApplyT(dst, y []float64) {
	k.check(y, dst)
	k.t.arg = arguments{y: y}
	k.t.run(1, (*Tape).applyTPart)
	k.t.reduce(dst)
}

// Gram computes dst = TᵀT x, with the bits of Apply followed by ApplyT.
func (k *KhatriRao) Gram(dst, x []float64) bool {
	if len(dst) != k.t.params || len(x) != k.t.params {
		panic("networks: tangent map called with slices of wrong length")
	}
	k.direction(x)
	k.t.run(2, (*Tape).gramPart)
	k.t.reduce(dst)
	return true
}

// GramColumn computes dst = TᵀT e_j: column j of T is gathered from a and δ, block by block, and multiplied with Tᵀ.
func (k *KhatriRao) GramColumn(dst []float64, j int) bool {
	if len(dst) != k.t.params || j < 0 || j >= k.t.params {
		panic("networks: tangent map called with slices of wrong length")
	}
	k.t.arg = arguments{col: j}
	k.t.run(1, (*Tape).gramColumnPart)
	k.t.reduce(dst)
	return true
}

func (k *KhatriRao) check(rows, cols []float64) {
	if len(rows) != k.t.rows || len(cols) != k.t.params {
		panic("networks: tangent map called with slices of wrong length")
	}
}

func (t *Tape) applyPart(part, worker int) {
	s := t.work[worker]
	for _, b := range t.parts[part] {
		g := &t.groups[b.group]
		for f := range g.rows {
			t.push(b, s, t.memory(b), f, t.arg.dst[b.row+f*g.n:][:b.n], true)
		}
	}
}

func (t *Tape) applyTPart(part, worker int) {
	clear(t.sums[part])
	for _, b := range t.parts[part] {
		g := &t.groups[b.group]
		for f := range g.rows {
			t.pull(b, t.work[worker], t.memory(b), f, t.arg.y[b.row+f*g.n:][:b.n], t.sums[part], true)
		}
	}
}

func (t *Tape) gramColumnPart(part, worker int) {
	s := t.work[worker]
	clear(t.sums[part])
	for _, b := range t.parts[part] {
		for f := range t.groups[b.group].rows {
			t.gather(b, t.memory(b), f, t.arg.col, s.y[:b.n])
			t.pull(b, s, t.memory(b), f, s.y[:b.n], t.sums[part], true)
		}
	}
}

func (t *Tape) gramPart(part, worker int) {
	s := t.work[worker]
	clear(t.sums[part])
	for _, b := range t.parts[part] {
		for f := range t.groups[b.group].rows {
			t.push(b, s, t.memory(b), f, s.y[:b.n], false)
			t.pull(b, s, t.memory(b), f, s.y[:b.n], t.sums[part], true)
		}
	}
}
