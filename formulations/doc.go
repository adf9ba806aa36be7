// Package formulations makes training problems of PDEs: problem + network → objective and its judge.
//
// Every formulation is "jets of the network at fixed points, then a fixed map": r(θ) = W^{1/2} M(jet_θ(x)). PINN is the
// one whose map is the strong residual at each point.
//
// Letters: N points, d dimensions, C channels of a jet, n rows (residuals), P parameters.
package formulations
