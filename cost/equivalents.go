package cost

// GradientEquivalents expresses the work of differentiation in units of one gradient of the loss.
//
// With N points, P parameters and C channels of point derivatives per point, in flops:
//
//	loss           2·C·N·P    one forward pass                             1/3
//	gradient       6·C·N·P    forward, then adjoints and weight gradients  1
//	linearisation  4·C·N·P    forward, then adjoints alone                 2/3
//	T v, Tᵀ y      2·C·N·P    each                                         1/3
//	explicit T     2·C·N·P    n outer products; a row is 1/n of it         1/3
//
// so C, N and P cancel, and n (rows of T) matters for single rows only; n = 0 leaves those out. A linearisation that
// comes with a gradient (Counts.Joint) is free: forward, adjoints and one Tᵀr are the gradient's own 6·C·N·P.
// Counts.Explicit counts T, TᵀT, TTᵀ and the diagonals of the last two alike, each as one T: the squared norms of the
// columns take (2C+2)·N·P, those of the rows less. Left out are products of stored matrices, factorisations and vector
// updates: they are no differentiation, and the seconds by phase show them.
func (c Counts) GradientEquivalents(n int) float64 {
	thirds := float64(c.Losses + 3*c.Grads + 2*(c.Tangents-c.Joint) + c.Applies + c.ApplyTs + c.Explicit)
	if n > 0 {
		thirds += float64(c.Rows) / float64(n)
	}
	return thirds / 3
}
