package stats

import "math"

// Wilson returns the 95 % score interval of a success rate, k of n (Wilson 1927). Unlike k/n ± 2s it does not shrink to a
// point at 0 or n; for n = 0 it is [0, 1].
func Wilson(k, n int) (lo, hi float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.959963984540054 // Φ⁻¹(0.975)
	m, p := float64(n), float64(k)/float64(n)
	centre := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, centre-half), min(1, centre+half)
}
