package objective

// Quantity is a set: things to compute at a point, then promises about the objective. A solver's Needs, a part's Needs
// and an objective's Offers are such sets; a pair fits where Missing is empty.
type Quantity uint

const (
	Loss     Quantity = 1 << iota
	Grad              // ∇L
	Residual          // whitened residual r
	Tangent           // whitened tangent map T of the metric

	LeastSquares // promise: L = ½‖r‖², T is the Jacobian of r, ∇L = Tᵀ r
	Nonnegative  // promise: L ≥ 0
	Factors      // promise: T offers operator.Factors

	computed = Loss | Grad | Residual | Tangent
)

var quantityNames = [...]string{"loss", "gradient", "residual", "tangent map", "least squares", "non-negative loss", "layer factors"}

// Missing names what need has and offer lacks: "least squares, layer factors". It is empty where the pair fits.
func Missing(need, offer Quantity) string {
	s := ""
	for i, n := range quantityNames {
		if q := Quantity(1) << i; need&q != 0 && offer&q == 0 {
			if s != "" {
				s += ", "
			}
			s += n
		}
	}
	return s
}
