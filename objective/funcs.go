package objective

import (
	"ngdbench/internal/simd"
	"ngdbench/linalg/operator"
)

// Funcs is a least-squares objective given by functions: r(θ), J(θ)v and J(θ)ᵀy. It is how code with its own
// differentiation comes in. N rows and P parameters; every function overwrites dst. Layout may be nil where P alone is
// known.
type Funcs struct {
	N, P     int
	Layout   Layout
	Residual func(dst, theta []float64)
	JVP      func(dst, theta, v []float64)
	VJP      func(dst, theta, y []float64)
}

// FromFuncs makes the objective ½‖r(θ)‖². Its tangent map has two methods, so all other questions to it are answered by
// fallbacks and flagged as such. It panics where the Layout does not have P parameters.
func FromFuncs(f Funcs) Objective {
	if f.Layout == nil {
		f.Layout = Layout{{Name: "theta", Rows: f.P, Cols: 1, Role: Scalar}}
	}
	if f.Layout.Size() != f.P {
		panic("objective: the layout of Funcs does not have P parameters")
	}
	return funcs{f}
}

type funcs struct{ Funcs }

func (f funcs) Params() Layout   { return f.Layout }
func (f funcs) Offers() Quantity { return computed | LeastSquares | Nonnegative }
func (f funcs) Version() int     { return 0 }

func (f funcs) Start(p *Point, want Quantity) operator.Operator {
	p.Residual = p.Floats(f.N)
	if want&Tangent == 0 {
		return nil
	}
	return tangent{f, p}
}

func (f funcs) Eval(p *Point, want Quantity) {
	if want&^Tangent == 0 {
		return
	}
	if p.Have&Residual == 0 {
		f.Residual(p.Residual, p.Theta)
		p.Have |= Residual
	}
	p.Loss = HalfSquare(p.Residual)
	p.Have |= Loss
	if want&Grad != 0 {
		f.VJP(p.Grad, p.Theta, p.Residual)
	}
}

type tangent struct {
	f funcs
	p *Point
}

func (t tangent) Dims() (int, int)        { return t.f.N, t.f.P }
func (t tangent) Apply(dst, x []float64)  { t.f.JVP(dst, t.p.Theta, x) }
func (t tangent) ApplyT(dst, y []float64) { t.f.VJP(dst, t.p.Theta, y) }

// HalfSquare returns ½‖r‖², summed in the fixed order of the kernels: the loss of every least-squares objective.
func HalfSquare(r []float64) float64 { return simd.Dot(r, r) / 2 }
