// Package networks holds multilayer perceptrons with their point derivatives, linearised in the parameters.
//
// A network u_θ: R^d → R^m is evaluated at fixed points together with the derivatives in x that a formulation asks for:
// its jets, C channels a point (value; gradient; Laplacian, or some or all second derivatives). A Functional maps the jets of a point to residuals. A Tape
// joins the two: it evaluates the residuals r(θ), their gradient Tᵀr, and the tangent map T = ∂r/∂θ as a KhatriRao
// operator, which keeps for each layer the input channels a and the adjoint channels δ and never differentiates again.
//
// Letters: N points, d dimensions, P parameters, C channels, H hidden layers, n points of a block, k vectors at once.
package networks

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ngdbench/internal/nearest"
)

// Network is a multilayer perceptron: z_l = W_l a_{l-1} + b_l, a_l = σ(z_l), and no σ behind the last layer.
type Network struct {
	Widths []int      // d, the hidden widths, the number of outputs
	Act    Activation // σ; nil is Tanh
	Embed  Embedding  // a_0 of x; nil is x itself
	Ansatz *Ansatz    // u of the outputs; nil: u is the outputs
}

// Layer is where the parameters of one affine map lie in θ, which is W_1, b_1, W_2, b_2, … in this order.
type Layer struct {
	In, Out int
	Weight  int // Out×In, row-major, from here
	Bias    int // Out numbers from here
}

// MaxWidth is the largest width that Parse accepts.
const MaxWidth = 1 << 16

// Parse reads a network as on the axis net: widths joined by x, then parts joined by + in any order, as in
// 2x64x64x1+sine+fourier16+hard. A part names the activation (without one it is tanh), an embedding of the inputs, or the
// ansatz hard. The error of a part that is unknown names the nearest one.
//
// The periods of a periodic embedding and the functions of an ansatz are the problem's: whoever knows it sets them (see
// formulations.Fit), and a tape of a network without them panics.
func Parse(s string) (*Network, error) {
	parts := strings.Split(s, "+")
	widths, err := parseWidths(parts[0])
	if err != nil {
		return nil, fmt.Errorf("network %q: %w", s, err)
	}
	n := &Network{Widths: widths}
	for _, name := range parts[1:] {
		if err := n.Add(name); err != nil {
			return nil, fmt.Errorf("network %q: %w", s, err)
		}
	}
	return n, nil
}

// Add reads one part, as Parse does: an activation, an embedding, hard. A network that has one already is refused another.
func (n *Network) Add(name string) (err error) {
	switch act, ok := activation(name); {
	case ok && n.Act != nil:
		return fmt.Errorf("part %q is a second activation after %q", name, n.Act.Name())
	case ok:
		n.Act = act
	case name == "hard" && n.Ansatz != nil:
		return fmt.Errorf("part %q is there twice", name)
	case name == "hard":
		n.Ansatz = &Ansatz{}
	case name == "periodic" || strings.HasPrefix(name, "fourier"):
		if n.Embed != nil {
			return fmt.Errorf("part %q is a second embedding after %q", name, n.Embed)
		}
		n.Embed = &Periodic{}
		if name != "periodic" {
			n.Embed, err = parseFourier(name, n.Inputs())
		}
		return err
	default:
		return fmt.Errorf("unknown part %q%s", name, nearest.Hint(name, append(activationNames(), "periodic", "fourier16", "hard")))
	}
	return nil
}

func parseWidths(s string) ([]int, error) {
	fields := strings.Split(s, "x")
	if len(fields) < 2 {
		return nil, fmt.Errorf("widths %q: want at least inputs and outputs, as in 2x64x1", s)
	}
	widths := make([]int, len(fields))
	for i, f := range fields {
		w, err := strconv.Atoi(f)
		if err != nil || f[0] == '+' || f[0] == '-' || w > MaxWidth {
			return nil, fmt.Errorf("width %d of %q is %q: want a number from 1 to %d", i+1, s, f, MaxWidth)
		}
		if w < 1 {
			return nil, fmt.Errorf("width %d of %q is %d: want at least 1", i+1, s, w)
		}
		widths[i] = w
	}
	return widths, nil
}

// String is the network as on the axis net: widths, activation where it is not the default, embedding, ansatz. Parse reads
// it back.
func (n *Network) String() string {
	var b strings.Builder
	for i, w := range n.Widths {
		if i > 0 {
			b.WriteByte('x')
		}
		b.WriteString(strconv.Itoa(w))
	}
	if name := n.act().Name(); name != (Tanh{}).Name() {
		b.WriteString("+" + name)
	}
	if n.Embed != nil {
		b.WriteString("+" + n.Embed.String())
	}
	if n.Ansatz != nil {
		b.WriteString("+hard")
	}
	return b.String()
}

// Inputs is d, Outputs is the number of fields.
func (n *Network) Inputs() int  { return n.Widths[0] }
func (n *Network) Outputs() int { return n.Widths[len(n.Widths)-1] }

// Layers lists the affine maps, first to last; the last one is the output layer.
func (n *Network) Layers() []Layer {
	ls := make([]Layer, len(n.Widths)-1)
	at := 0
	for i := range ls {
		l := Layer{In: n.Widths[i], Out: n.Widths[i+1], Weight: at}
		if i == 0 && n.Embed != nil {
			l.In = n.Embed.Features(l.In)
		}
		l.Bias = at + l.In*l.Out
		at = l.Bias + l.Out
		ls[i] = l
	}
	return ls
}

// Size is P.
func (n *Network) Size() int {
	l := n.Layers()[len(n.Widths)-2]
	return l.Bias + l.Out
}

func (n *Network) act() Activation {
	if n.Act == nil {
		return Tanh{}
	}
	return n.Act
}

// check panics on a network that Parse would not make.
func (n *Network) check() {
	if len(n.Widths) < 2 || slices.Min(n.Widths) < 1 {
		panic("networks: a network needs two widths or more, each at least 1")
	}
	if n.Ansatz != nil && n.Ansatz.At == nil {
		panic("networks: an ansatz without its functions")
	}
}
