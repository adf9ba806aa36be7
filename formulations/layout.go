package formulations

import (
	"fmt"
	"strconv"

	"ngdbench/networks"
	"ngdbench/objective"
	"ngdbench/problems"
)

// Params is the layout of a network's parameters: for each layer l its weights "l.weight", Out×In, and its bias "l.bias".
// The weights of the last layer are Output, the others Hidden.
func Params(net *networks.Network) objective.Layout {
	var l objective.Layout
	layers := net.Layers()
	for i, y := range layers {
		role := objective.Hidden
		if i == len(layers)-1 {
			role = objective.Output
		}
		name := strconv.Itoa(i)
		l = append(l,
			objective.Block{Name: name + ".weight", Rows: y.Out, Cols: y.In, Role: role, Layer: i},
			objective.Block{Name: name + ".bias", Rows: y.Out, Cols: 1, Role: objective.Bias, Layer: i})
	}
	return l
}

// order is the same order of derivatives, in the words of package networks.
func order(o problems.Order) networks.Order {
	return [...]networks.Order{networks.Value, networks.Gradient, networks.Laplacian, networks.Diagonal, networks.Hessian}[o]
}

// Fit returns the network with what its parts need from the problem: the periods of a periodic embedding, the functions
// of an ansatz. The error says why the network does not fit: it does not map the problem's coordinates to its fields, or
// the problem lacks what a part needs.
func Fit(p *problems.Problem, net *networks.Network) (*networks.Network, error) {
	if err := checkWidths(p, net); err != nil {
		return nil, err
	}
	fit := *net
	if _, ok := net.Embed.(*networks.Periodic); ok {
		if p.Periods == nil {
			return nil, fmt.Errorf("net %q: the solution of %s is not periodic", net, p.Name)
		}
		fit.Embed = &networks.Periodic{Periods: p.Periods}
	}
	if net.Ansatz != nil {
		if p.Hard == nil {
			return nil, fmt.Errorf("net %q: %s has no ansatz for its boundary data", net, p.Name)
		}
		fit.Ansatz = &networks.Ansatz{At: p.Hard}
	}
	return &fit, nil
}

func checkWidths(p *problems.Problem, net *networks.Network) error {
	if d := p.Dim(); net.Inputs() != d {
		return fmt.Errorf("net %q: %s has %s, the network %s", net, p.Name, counted(d, "coordinate"), counted(net.Inputs(), "input"))
	}
	if f := len(p.Fields); net.Outputs() != f {
		return fmt.Errorf("net %q: %s has %s, the network %s", net, p.Name, counted(f, "field"), counted(net.Outputs(), "output"))
	}
	return nil
}

// counted is "1 field", "2 fields".
func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}
