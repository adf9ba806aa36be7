package objective

import "ngdbench/cost"

// Shaper is an Objective that knows what its evaluation and its tangent map cost by.
type Shaper interface{ Shape() cost.Shape }

// ShapeOf is the objective's shape; of one that does not say, that of a dense n×P matrix, for whose n a point is made.
func ShapeOf(o Objective) cost.Shape {
	if s, ok := o.(Shaper); ok {
		return s.Shape()
	}
	return NewPoint(o, Loss|o.Offers()&Residual, nil).Shape()
}

// Shape is the metric's, whose tangent map is what most of a step goes into; of one that does not say, that of the
// objective that it is put on.
func (m metric) Shape() cost.Shape {
	if s, says := m.m.(Shaper); says {
		return s.Shape()
	}
	return ShapeOf(m.Objective)
}
