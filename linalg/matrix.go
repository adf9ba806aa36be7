package linalg

import (
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/cost"
)

// New returns the rows×cols zero matrix, its bytes booked on m.
func New(m *cost.Meter, rows, cols int) blas64.General {
	return blas64.General{Rows: rows, Cols: cols, Stride: max(cols, 1), Data: m.Floats(rows * cols)}
}

// Row returns row i of a, sharing its numbers.
func Row(a blas64.General, i int) []float64 {
	if a.Cols == 0 {
		return nil // the last row of an empty matrix may begin past its slice
	}
	return a.Data[i*a.Stride : i*a.Stride+a.Cols]
}

// Block returns the rows×cols submatrix of a whose first element is (i, j), sharing its numbers.
func Block(a blas64.General, i, j, rows, cols int) blas64.General {
	if i < 0 || j < 0 || rows < 0 || cols < 0 || i+rows > a.Rows || j+cols > a.Cols {
		panic("linalg: Block: outside the matrix")
	}
	b := blas64.General{Rows: rows, Cols: cols, Stride: a.Stride}
	if rows > 0 && cols > 0 {
		b.Data = a.Data[i*a.Stride+j : (i+rows-1)*a.Stride+j+cols]
	}
	return b
}

// Copy overwrites dst with a, of the same shape.
func Copy(dst, a blas64.General) {
	if dst.Rows != a.Rows || dst.Cols != a.Cols {
		panic("linalg: Copy: shapes differ")
	}
	for i := range a.Rows {
		copy(Row(dst, i), Row(a, i))
	}
}

// check panics where a is not a matrix that its slice can hold.
func check(a blas64.General) {
	if a.Rows < 0 || a.Cols < 0 || a.Stride < max(a.Cols, 1) {
		panic("linalg: bad matrix shape")
	}
	if a.Rows > 0 && a.Cols > 0 && len(a.Data) < (a.Rows-1)*a.Stride+a.Cols {
		panic("linalg: matrix slice too short")
	}
}

// ceil is ⌈a/b⌉; up is a rounded up to a multiple of b.
func ceil(a, b int) int { return (a + b - 1) / b }
func up(a, b int) int   { return ceil(a, b) * b }
