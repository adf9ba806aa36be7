package tables

import "slices"

// lsVPINN are the end points of C. Uriarte, M. Bastidas, D. Pardo, J. M. Taylor and S. Rojas, Optimizing variational
// physics-informed neural networks using least squares, arXiv 2407.20417: relative errors in the H¹ seminorm after 1000
// steps of Adam on the inner weights, without and with exact least squares for the last layer in each step, from the logs
// in the authors' repository. Networks of three hidden layers of one width, boundary data built in; sines as tests.
var lsVPINN = slices.Concat(
	uriarte("modulated", "1x16x16x16x1+hard", "1024+0", 1000, 2.72e-2, 1.95e-3),
	uriarte("modulated+40", "1x64x64x64x1+hard", "4096+0", 1000, 1.00, 6.62e-3),
	uriarte("modulated+40", "1x64x64x64x1+hard", "4096+0", 8000, 5.94e-2, 1.07e-3),
	uriarte("endpoint", "1x16x16x16x1+hard", "1024+0", 1000, 2.23e-1, 1.50e-1),
	uriarte("waves", "2x32x32x32x1+hard", "16384+0", 1000, 2.15e-2, 4.37e-3),
	uriarte("waves+20", "2x128x128x128x1+hard", "16384+0", 1000, 2.92e-1, 1.51e-2),
)

func uriarte(problem, net, points string, steps int, adam, leastSquares float64) []Published {
	p := Published{Problem: problem, Net: net, Points: points, Unit: "energy-rel", Steps: steps, Source: "arXiv 2407.20417, authors' logs",
		Method: "Adam", Settings: "rate 1e-3", Near: []string{"adam"}, Error: adam}
	q := p
	q.Method, q.Settings, q.Near, q.Error = "LS + Adam", "rate 1e-3, least squares in the last layer", []string{"dual", "dense"}, leastSquares
	return []Published{p, q}
}
