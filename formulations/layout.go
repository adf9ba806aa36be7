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
	return [...]networks.Order{networks.Value, networks.Gradient, networks.Laplacian}[o]
}

// checkNetwork refuses a network that does not map the problem's coordinates to its fields.
func checkNetwork(p *problems.Problem, net *networks.Network) error {
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
