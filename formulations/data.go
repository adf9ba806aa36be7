package formulations

import (
	"math/rand/v2"
	"slices"

	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

// Data is residual blocks on the boundary and other parts outside of the interior, with their points: what a metric of
// functions needs beside itself, where the network has them not built in.
type Data struct{ parts []collocation }

// Data is the blocks as they are now; later redraws do not touch them. There are none where the network has them built in.
func (f *PINN) Data() Data { return dataOf(f.net.Ansatz != nil, f.parts) }

// Data is the blocks of the data, none where the network has them built in.
func (f *Weak) Data() Data { return dataOf(f.net.Ansatz != nil, f.data) }

func dataOf(builtIn bool, parts []collocation) Data {
	var d Data
	if builtIn {
		return d
	}
	for _, c := range parts {
		if c.part != geometry.Interior {
			c.x = slices.Clone(c.x)
			c.blocks = slices.Clone(c.blocks)
			for k := range c.blocks {
				b := &c.blocks[k]
				b.base, b.slope = slices.Clone(b.base), slices.Clone(b.slope)
			}
			d.parts = append(d.parts, c)
		}
	}
	return d
}

// dataBlocks makes the collocations of all parts but the interior, at points drawn from r.
func dataBlocks(p *problems.Problem, counts []int, w Weights, r *rand.Rand) ([]collocation, error) {
	parts := Parts(p)
	inside := slices.Index(parts, geometry.Interior)
	data, err := collocations(p, slices.Delete(parts, inside, inside+1), slices.Delete(slices.Clone(counts), inside, inside+1), w)
	if err != nil {
		return nil, err
	}
	drawAll(data, p.Domain, r)
	return data, nil
}
