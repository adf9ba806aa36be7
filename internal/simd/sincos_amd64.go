package simd

func sinCos(sin, cos, x []float64) {
	for i := 0; i < len(x); {
		if vector {
			i += sinCosAVX2(len(x)-i, &sin[i], &cos[i], &x[i])
		}
		hi := scalarEnd(i, len(x))
		sinCosScalar(sin[i:hi], cos[i:hi], x[i:hi])
		i = hi
	}
}
