package results

import "slices"

// Unit describes one measured quantity: its direction, and what it means.
type Unit struct {
	Name   string // as in Record.Metrics and in bench.txt
	Better int    // -1 lower, +1 higher, 0 neither
	Doc    string
}

// Units is the table of all units, in the order in which bench.txt lists them.
var Units = []Unit{
	{"ns/op", -1, "wall time of the training, evaluation of errors left out"},
	{"model-ns", -1, "modelled time of the training: its counts times the unit prices of a calibration table"},
	{"l2err", -1, "relative L2 error on the evaluation points, RMS(u-u*)/RMS(u*)"},
	{"l2abs", -1, "absolute RMS error on the evaluation points"},
	{"h1err", -1, "relative H1 error, sqrt(RMS(u-u*)^2+RMS(grad(u-u*))^2) over the same of u*"},
	{"estimator", -1, "dual norm of the weak residual over the test space, without the data: an estimate of energy-err"},
	{"energy-err", -1, "absolute error in the energy norm, sqrt(eps) times the L2 norm of grad(u-u*)"},
	{"energy-rel", -1, "energy-err over the same of u*, the relative error in the H1 seminorm"},
	{"effectivity", 0, "estimator over energy-err"},
	{"l2-interp", -1, "relative L2 error of the network interpolated at the nodes of the mesh"},
	{"h1-interp", -1, "relative H1 error of the network interpolated at the nodes of the mesh"},
	{"l2-fe", -1, "relative L2 error of the finite element solution on the same mesh"},
	{"h1-fe", -1, "relative H1 error of the finite element solution on the same mesh"},
	{"l2-nodal", -1, "relative L2 error of the exact solution's interpolant on the same mesh"},
	{"h1-nodal", -1, "relative H1 error of the exact solution's interpolant on the same mesh"},
	{"nodes-fe", -1, "relative RMS error of the finite element solution at the nodes, which limits the network between them"},
	{"l2-digits", +1, "-log10(l2err)"},
	{"loss", -1, "training loss at the end"},
	{"steps", 0, "steps taken"},
	{"cg-iters", -1, "inner iterations, all steps together"},
	{"products", -1, "products with T and with its transpose"},
	{"losses", -1, "evaluations of the loss alone; one that comes with its gradient is not counted: 0 for lbfgs and adam"},
	{"grad-equivalents", -1, "work in units of one gradient, from the counts"},
	{"cpu-ns", -1, "processor time of the training, all threads"},
	{"peak-rss-B", -1, "peak resident memory of the child process"},
	{"work-B", -1, "workspace that the training handed out through its meter, exact"},
	{"of-peak", +1, "share of the peak of fused multiply-adds measured in the same process"},
}

// Direction is the word of the Go benchmark format for which values of the unit are better: "lower", "higher", or "" for
// neither.
func (u Unit) Direction() string {
	switch {
	case u.Better < 0:
		return "lower"
	case u.Better > 0:
		return "higher"
	}
	return ""
}

// UnitOf returns the unit of that name.
func UnitOf(name string) (Unit, bool) {
	i := slices.IndexFunc(Units, func(u Unit) bool { return u.Name == name })
	if i < 0 {
		return Unit{}, false
	}
	return Units[i], true
}

// Improves reports whether a is a better value of the unit than b. What is not finite is worse than anything finite, so
// that no comparison depends on the order in which values come.
func (u Unit) Improves(a, b Float) bool {
	if !a.Finite() || !b.Finite() {
		return a.Finite() && !b.Finite()
	}
	return u.Better < 0 && a < b || u.Better > 0 && a > b
}
