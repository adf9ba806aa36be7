//go:build !amd64

package simd

func sinCos(sin, cos, x []float64) { sinCosScalar(sin, cos, x) }
