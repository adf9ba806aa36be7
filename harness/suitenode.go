package harness

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/printer"
	"github.com/goccy/go-yaml/token"

	"ngdbench/internal/nearest"
	"ngdbench/results"
)

// mapping reads a map and refuses keys that are not among the known ones; nil knows all.
func (f suiteFile) mapping(n ast.Node, known []string) (map[string]ast.Node, error) {
	var pairs []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		return nil, f.errorAt(n, "want a map KEY: VALUE, not %s", kindOf(n))
	}
	out := map[string]ast.Node{}
	for _, p := range pairs {
		key := p.Key.GetToken().Value
		if known != nil && !slices.Contains(known, key) {
			return nil, f.errorAt(p.Key, "unknown key %q%s", key, nearest.HintOrAll(key, known))
		}
		if _, twice := out[key]; twice {
			return nil, f.errorAt(p.Key, "key %q comes twice", key)
		}
		out[key] = p.Value
	}
	return out, nil
}

// text reads a scalar as the text that stands there.
func (f suiteFile) text(n ast.Node) (string, error) {
	switch n := n.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, nil
	case *ast.LiteralNode:
		return strings.TrimSpace(n.Value.Value), nil
	}
	return "", f.errorAt(n, "want one value, not %s", kindOf(n))
}

// texts reads a list of scalars, or a scalar as a list of one.
func (f suiteFile) texts(n ast.Node) ([]string, error) {
	nodes := []ast.Node{n}
	if list, ok := n.(*ast.SequenceNode); ok {
		nodes = list.Values
	}
	if len(nodes) == 0 {
		return nil, f.errorAt(n, "an empty list")
	}
	out := make([]string, len(nodes))
	for i, v := range nodes {
		var err error
		if out[i], err = f.text(v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// axes reads AXIS: VALUE or AXIS: [VALUES] into axes, over what is there.
func (f suiteFile) axes(n ast.Node, axes map[string][]string) error {
	m, err := f.mapping(n, results.AxisNames())
	if err != nil {
		return err
	}
	for _, axis := range sortedKeys(m) {
		if axes[axis], err = f.values(axis, m[axis]); err != nil {
			return err
		}
	}
	return nil
}

// values reads the values of one axis, each checked where it stands.
func (f suiteFile) values(axis string, n ast.Node) ([]string, error) {
	if axis == "seed" {
		return nil, f.errorAt(n, "seed is no axis of a grid: say seeds")
	}
	values, err := f.texts(n)
	if err != nil {
		return nil, err
	}
	for i, v := range values {
		at := n
		if list, ok := n.(*ast.SequenceNode); ok {
			at = list.Values[i]
		}
		err := checkWords(Cell{axis: v})
		if err == nil {
			err = f.c.checkName(axis, v)
		}
		if err != nil {
			return nil, f.errorAt(at, "%v", err)
		}
	}
	return values, nil
}

// cells reads a list of maps; a map with lists in it stands for their product.
func (f suiteFile) cells(n ast.Node) ([]Cell, error) {
	if n == nil {
		return nil, nil
	}
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		return nil, f.errorAt(n, "want a list of maps, not %s", kindOf(n))
	}
	var out []Cell
	for _, entry := range list.Values {
		b := Block{Axes: map[string][]string{}}
		if err := f.axes(entry, b.Axes); err != nil {
			return nil, err
		}
		if len(b.Axes) == 0 {
			return nil, f.errorAt(entry, "an empty map")
		}
		out = append(out, combine(b)...)
	}
	return out, nil
}

func kindOf(n ast.Node) string {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a map"
	case *ast.SequenceNode:
		return "a list"
	case *ast.NullNode:
		return "nothing"
	case *ast.AnchorNode, *ast.AliasNode:
		return "an anchor or alias: write the value out"
	}
	return strings.ToLower(n.Type().String())
}

// errorAt is a message with the place and the lines around it.
func (f suiteFile) errorAt(n ast.Node, format string, args ...any) error {
	return f.at(n.GetToken(), fmt.Sprintf(format, args...))
}

func (f suiteFile) at(t *token.Token, message string) error {
	if t == nil {
		return fmt.Errorf("%s: %s", f.name, message)
	}
	var p printer.Printer
	excerpt := strings.TrimRight(p.PrintErrorToken(t, false), "\n")
	return fmt.Errorf("%s:%d:%d: %s\n%s", f.name, t.Position.Line, t.Position.Column, message, excerpt)
}

// syntax gives an error of the parser the same form.
func (f suiteFile) syntax(err error) error {
	var placed interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if errors.As(err, &placed) {
		return f.at(placed.GetToken(), placed.GetMessage())
	}
	return fmt.Errorf("%s: %w", f.name, err)
}
