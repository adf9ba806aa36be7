package networks

import (
	"ngdbench/cost"
	"ngdbench/internal/simd"
)

// weights are parameters, or a direction in their space, in the forms that the kernels read.
type weights struct {
	forward  [][]float64 // Wᵀ of each hidden layer, packed In×Out: z = a·Wᵀ
	backward [][]float64 // W of each layer but the first, packed Out×In: ∂a = ∂z·W; nil where no one differentiates
	first    []float64   // Wᵀ of the input layer, In×Pad(Out), where it is hidden
	bias     [][]float64 // of each hidden layer, Pad(Out)
	out      []float64   // rows of the output layer, Out×Pad(In)
	outBias  []float64   // Pad(Out)
}

func newWeights(p *plan, m *cost.Meter, adjoint bool) *weights {
	w := &weights{}
	if p.hidden > 0 {
		w.first = m.Floats(p.layers[0].In * p.layers[0].ldOut)
	}
	for i, l := range p.layers {
		if i < p.hidden {
			w.forward = append(w.forward, m.Floats(simd.PackedLen(l.In, l.Out)))
			w.bias = append(w.bias, m.Floats(l.ldOut))
		} else {
			w.out, w.outBias = m.Floats(l.Out*l.ldIn), m.Floats(l.ldOut)
		}
		if adjoint {
			n := 0
			if i > 0 {
				n = simd.PackedLen(l.Out, l.In)
			}
			w.backward = append(w.backward, m.Floats(n))
		}
	}
	return w
}

// set takes over v, laid out like θ.
func (w *weights) set(p *plan, v []float64) {
	for i, l := range p.layers {
		mat, bias := v[l.Weight:l.Bias], v[l.Bias:][:l.Out]
		if i < p.hidden {
			simd.PackT(w.forward[i], l.In, l.Out, mat, l.In)
			copy(w.bias[i], bias)
		} else {
			for o := range l.Out {
				copy(w.out[o*l.ldIn:], mat[o*l.In:][:l.In])
			}
			copy(w.outBias, bias)
		}
		if w.backward != nil && i > 0 {
			simd.Pack(w.backward[i], l.Out, l.In, mat, l.In)
		}
	}
}

// setFirst takes over the input layer of v once more, for direct products.
func (w *weights) setFirst(p *plan, v []float64) {
	if p.hidden == 0 {
		return
	}
	l := &p.layers[0]
	for j := range l.Out {
		for i, x := range v[j*l.In:][:l.In] {
			w.first[i*l.ldOut+j] = x
		}
	}
}

// unpad copies the padded layout into θ's.
func (p *plan) unpad(dst, padded []float64) {
	for i, l := range p.layers {
		mat, src := dst[l.Weight:l.Bias], padded[l.pad:]
		if i == p.hidden {
			for o := range l.Out {
				copy(mat[o*l.In:][:l.In], src[o*l.ldIn:])
			}
			copy(dst[l.Bias:][:l.Out], src[l.Out*l.ldIn:])
			continue
		}
		for k := range l.In {
			for j, v := range src[k*l.ldOut:][:l.Out] {
				mat[j*l.In+k] = v
			}
		}
		copy(dst[l.Bias:][:l.Out], src[l.In*l.ldOut:])
	}
}
