// Package simd holds the float64 kernels of the numerics: products of thin matrices with packed weights, the row-wise
// and transposed products of Khatri-Rao operators, and activations with their jets.
//
// Every kernel has two forms, Go assembly for AVX2 with FMA and a scalar twin in Go. The twin defines the kernel: it
// fixes each rounding with math.FMA and explicit conversions, and the assembly repeats the same operations in the same
// order, so that both give the same bits (a NaN is a NaN: its sign and payload are not promised). No kernel reads its
// size, its alignment or the machine to decide an order of operations.
//
// The path is chosen once, by CPUID and the state that the operating system saves; see [Use].
//
// # Packed matrices
//
// A packed k×n matrix is a sequence of ⌈n/8⌉ panels. Panel j holds the columns 8j … 8j+7 as k rows of 8 contiguous
// numbers; columns from n on are zero. A panel is what one tile of the register block reads, one cache line per row.
//
// # Padded rows
//
// Where a matrix has rows of width w, its leading dimension is at least [Pad](w), and the columns w … Pad(w)-1 are
// padding: zero on input, written on output with whatever the formula gives (zero, for zero input). Slices need no
// alignment. Sizes of zero are valid everywhere.
package simd
