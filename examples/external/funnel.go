package main

import (
	"math"

	"ngdbench/networks"
)

// funnel is a network that narrows from layer to layer, with swish as its activation.
func funnel(inputs, outputs int) *networks.Network {
	return &networks.Network{Widths: []int{inputs, 24, 12, 6, outputs}, Act: networks.Smooth{Title: "swish", Slopes: swish}}
}

// swish is z·s with the logistic function s = 1/(1 + exp(−z)), s′ = s(1 − s), and its first three derivatives.
func swish(z float64) (s0, s1, s2, s3 float64) {
	s := 1 / (1 + math.Exp(-z))
	d1 := s * (1 - s)
	d2 := d1 * (1 - 2*s)
	d3 := d1 * (1 - 6*s + 6*s*s)
	return z * s, s + z*d1, 2*d1 + z*d2, 3*d2 + z*d3
}
