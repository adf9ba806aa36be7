package formulations

import "ngdbench/problems/geometry"

// Points returns the present points of a part, N×d, or nil where no block lies on it.
func (f *PINN) Points(part geometry.Part) []float64 {
	for _, c := range f.parts {
		if c.part == part {
			return c.x
		}
	}
	return nil
}
