package simd

func pairDotsScalar(n, c, w int, x []float64, ld, cs int, dst []float64) {
	for i := range n {
		for r := range c {
			for s := range r + 1 {
				dst[i*Pairs(c)+Pairs(r)+s] = pairDot(x[r*cs+i*ld:][:w], x[s*cs+i*ld:][:w])
			}
		}
	}
}

// pairDot is Dot of x and y with zeros behind them, up to a whole number of lanes: they turn a lane of -0 to +0.
func pairDot(x, y []float64) float64 {
	var q [Lanes]float64
	dotScalar(&q, x, y)
	if rest := len(x) % Lanes; rest > 0 {
		for k := range q[rest:] {
			q[rest+k] += 0
		}
	}
	return tree(&q)
}
