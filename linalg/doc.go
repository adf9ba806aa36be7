// Package linalg is dense linear algebra on row-major matrices: products, symmetric products, triangular solves,
// Cholesky, orthonormal rows, small eigenproblems and singular values, on the project's own kernels; and products and
// factorisations of band matrices, for finite elements.
//
// Everything here gives the same bits whatever GOMAXPROCS and kernel path, for the order of operations of each element
// is fixed by definition: products are one chain of fused multiply-adds over k starting from βC, factorisations and
// solves are the textbook recurrences with such chains, dots run over eight lanes. Blocking and threads only choose who
// computes an element and when. Nothing allocates after its first call of a given size (or after Reset).
//
// Matrices are blas64.General: element (i, j) at Data[i*Stride+j]. Operands that are read must not overlap those that
// are written. Shapes that do not fit are a programmer error and panic.
package linalg
