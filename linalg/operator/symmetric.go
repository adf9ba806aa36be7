package operator

// Symmetric is a symmetric map of R^Order. Krylov methods and low-rank approximations are written for it, so that they
// serve TᵀT (Normal), TTᵀ (Dual), a Hessian by differences, and a test matrix alike.
type Symmetric interface {
	Order() int
	Mul(dst, x []float64)
}

// Pivotable is a Symmetric that gives away its entries: what a partial Cholesky factorisation reads.
type Pivotable interface {
	Symmetric
	Column(dst []float64, j int)
	Diagonal(dst []float64)
}

// Normal is AᵀA, of order P; Dual is A Aᵀ, of order n.
type (
	Normal struct{ *Map }
	Dual   struct{ *Map }
)

var (
	_ Pivotable = Normal{}
	_ Pivotable = Dual{}
)

// Order returns P.
func (n Normal) Order() int { return n.cols }

// Mul computes dst = AᵀA x.
func (n Normal) Mul(dst, x []float64) { n.Gram(dst, x) }

// Column computes dst = AᵀA e_j.
func (n Normal) Column(dst []float64, j int) { n.GramColumn(dst, j) }

// Diagonal computes dst_j = ‖A e_j‖².
func (n Normal) Diagonal(dst []float64) { n.SquaredNorms(nil, dst) }

// Order returns n.
func (d Dual) Order() int { return d.rows }

// Mul computes dst = A Aᵀ x.
func (d Dual) Mul(dst, x []float64) { d.ApplyT(d.Map.x, x); d.Apply(dst, d.Map.x) }

// Column computes dst = A Aᵀ e_j.
func (d Dual) Column(dst []float64, j int) { d.KernelRow(dst, j) }

// Diagonal computes dst_i = ‖Aᵀ e_i‖².
func (d Dual) Diagonal(dst []float64) { d.SquaredNorms(dst, nil) }
