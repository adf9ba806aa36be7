package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"ngdbench/networks"
	"ngdbench/results"
)

// rank is the number of directions of a sketch.
const rank = 64

// sampledRows is how many rows of a large matrix are compared entry by entry; a product with it tells of the others.
const sampledRows = 64

// setting is one network with N interior points, and so one table.
type setting struct {
	name string
	net  *networks.Network
	n    int
}

// parseSetting reads NET:N, as in 2x64x64x64x1:4000. The peers know tanh networks with one output and nothing else.
func parseSetting(s string) (setting, error) {
	net, count, ok := strings.Cut(s, ":")
	n, err := strconv.Atoi(count)
	if !ok || err != nil || n < 1 {
		return setting{}, fmt.Errorf("%q is not NET:N, as 2x64x64x64x1:4000", s)
	}
	parsed, err := networks.Parse(net)
	if err != nil {
		return setting{}, err
	}
	if strings.Contains(parsed.String(), "+") || parsed.Outputs() != 1 || len(parsed.Widths) < 3 {
		return setting{}, fmt.Errorf("%s: the peers have tanh networks with a hidden layer and one output", net)
	}
	return setting{parsed.String(), parsed, n}, nil
}

// inputs are what all peers compute with, in our order of the parameters: W_1 (out×in), b_1, W_2, …
type inputs struct {
	theta  []float64 // P, weights by Glorot and Bengio (2010), biases of standard deviation 0.1
	v      []float64 // P, the direction of a product
	omega  []float64 // rank×P, the directions of a sketch
	points []float64 // N×d, uniform on the unit cube
	source []float64 // N, f: any numbers will do
	y      []float64 // N, what kernel matrices are multiplied with
	rows   []float64 // the rows of large matrices that are compared entry by entry
}

// newInputs draws inputs from a fixed seed.
func newInputs(s setting) inputs {
	draw := rand.New(rand.NewPCG(2505, 11638))
	normal := func(n int, scale float64) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = scale * draw.NormFloat64()
		}
		return x
	}
	p := s.net.Size()
	in := inputs{theta: make([]float64, p), points: make([]float64, s.n*s.net.Inputs())}
	for _, l := range s.net.Layers() {
		copy(in.theta[l.Weight:], normal(l.In*l.Out, math.Sqrt(2/float64(l.In+l.Out))))
		copy(in.theta[l.Bias:], normal(l.Out, 0.1))
	}
	for i := range in.points {
		in.points[i] = draw.Float64()
	}
	in.source, in.y, in.v, in.omega = normal(s.n, 1), normal(s.n, 1), normal(p, 1), normal(rank*p, 1)
	for i := range min(sampledRows, s.n) {
		in.rows = append(in.rows, float64(i*s.n/min(sampledRows, s.n)))
	}
	return in
}

// description is case.json, what the arrays do not say.
type description struct {
	Net    string `json:"net"`
	Widths []int  `json:"widths"`
}

// write puts the inputs into a folder: case.json, and an .npy file for each array.
func (in *inputs) write(dir string, s setting) error {
	b, err := json.Marshal(description{s.name, s.net.Widths})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "case.json"), b, 0o644); err != nil {
		return err
	}
	p, d := len(in.theta), s.net.Inputs()
	for _, a := range []struct {
		name  string
		data  []float64
		shape []int
	}{
		{"theta", in.theta, []int{p}}, {"v", in.v, []int{p}}, {"omega", in.omega, []int{rank, p}},
		{"points", in.points, []int{s.n, d}}, {"source", in.source, []int{s.n}}, {"y", in.y, []int{s.n}},
		{"rows", in.rows, []int{len(in.rows)}},
	} {
		if err := results.WriteArray(filepath.Join(dir, a.name+results.ArrayEnd), a.data, a.shape...); err != nil {
			return err
		}
	}
	return nil
}

// readInputs reads what write wrote.
func readInputs(dir string) (setting, inputs, error) {
	var d description
	b, err := os.ReadFile(filepath.Join(dir, "case.json"))
	if err == nil {
		err = json.Unmarshal(b, &d)
	}
	if err != nil {
		return setting{}, inputs{}, err
	}
	var in inputs
	for name, dst := range map[string]*[]float64{
		"theta": &in.theta, "v": &in.v, "omega": &in.omega, "points": &in.points, "source": &in.source, "y": &in.y, "rows": &in.rows,
	} {
		if _, *dst, err = results.ReadArray(filepath.Join(dir, name+results.ArrayEnd)); err != nil {
			return setting{}, inputs{}, err
		}
	}
	s, err := parseSetting(fmt.Sprintf("%s:%d", d.Net, len(in.source)))
	return s, in, err
}
