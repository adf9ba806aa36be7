package main

import (
	"encoding/binary"
	"math"

	"ngdbench/problems"
)

// segments are the intervals of time with a Chebyshev expansion each, and how many terms it has.
var segments = []struct {
	lo, hi float64
	terms  int
}{
	{0, 0.004, 16}, {0.004, 0.02, 18}, {0.02, 0.06, 18}, {0.06, 0.15, 18}, {0.15, 0.3, 16}, {0.3, 0.5, 16}, {0.5, 0.75, 16}, {0.75, 1, 16},
}

// tabulate expands the coefficients of the solution in time and encodes them; see problems.AllenCahnTable.
func tabulate(n int, h float64) []byte {
	out := binary.AppendUvarint(nil, uint64(len(segments)))
	for _, s := range segments {
		// Chebyshev points from early to late, and what of the tail is known beside the table taken out of nothing:
		// the table has the modes below TableModes only.
		nodes := make([]float64, s.terms)
		for j := range nodes {
			nodes[j] = (s.lo+s.hi)/2 - (s.hi-s.lo)/2*math.Cos(math.Pi*(float64(j)+0.5)/float64(s.terms))
		}
		values := solve(n, h, nodes)
		out = binary.LittleEndian.AppendUint64(out, math.Float64bits(s.lo))
		out = binary.LittleEndian.AppendUint64(out, math.Float64bits(s.hi))
		out = binary.AppendUvarint(out, uint64(s.terms))
		for j := range s.terms {
			row := chebyshev(values, j)
			last := len(row)
			for last > 0 && row[last-1] == 0 {
				last--
			}
			out = binary.AppendUvarint(out, uint64(last))
			for _, v := range row[:last] {
				out = binary.AppendVarint(out, v)
			}
		}
	}
	return out
}

// chebyshev is term j of the expansion in time of each mode, in units of problems.TableUnit.
func chebyshev(values [][]float64, j int) []int64 {
	n := len(values)
	out := make([]int64, problems.TableModes)
	for k := range out {
		sum := 0.0
		for i, c := range values {
			// The nodes rise, so node i is at −cos π(i+½)/n, where T_j is (−1)^j cos πj(i+½)/n.
			sum += c[k] * math.Cos(math.Pi*float64(j)*(float64(i)+0.5)/float64(n))
		}
		if j%2 == 1 {
			sum = -sum
		}
		sum *= 2 / float64(n)
		if j == 0 {
			sum /= 2
		}
		out[k] = int64(math.RoundToEven(sum / problems.TableUnit))
	}
	return out
}
