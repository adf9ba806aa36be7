package regimes

// Query describes a training problem that somebody is about to solve.
type Query struct {
	Params, Points, Dim int
	Target              float64 // relative L2 error
	Memory              float64 // bytes, 0: no limit
	Threads             int     // 0: 1
}

// Priced is what a class of methods costs by the cost model.
type Priced struct {
	Class, Method string  // as in nystrom rank=128
	Step          float64 // seconds of one step
	Bytes         float64 // of workspace
}

// Model prices a step of each class for a query, a PINN with a second-order equation and a network of three equal layers. rank is
// that of the low-rank direction.
type Model func(q Query, rank int) []Priced
