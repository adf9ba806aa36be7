package cost

// Operation is something that a training does and that has a price.
type Operation int

// The operations. Letters: N points, C channels, P parameters, n rows, W sum of the hidden widths, k vectors or rank, m order of a
// matrix. With several groups of points, CNP and CNW are sums over them.
const (
	Loss       Operation = iota // one forward pass
	Gradient                    // loss and gradient
	Linearised                  // loss, gradient and tangent map
	Apply                       // T v
	ApplyT                      // Tᵀ y
	Gram                        // TᵀT v, or TTᵀ y as two products
	Block                       // TᵀT V for k vectors at once
	Form                        // T as a matrix
	Kernel                      // TTᵀ
	Norms                       // the diagonal of TᵀT
	GramColumn                  // one column of TᵀT
	Syrk                        // AᵀA for A k×m
	Cholesky                    // factorisation, order m
	Substitute                  // two triangular solves
	Decompose                   // thin SVD, m×k with m ≤ k
	Sketch                      // Nyström from k products, order m: orthonormal sketch, shift, decomposition
	Fast                        // the same in the published form
	Pivot                       // partial Cholesky from k columns, order m
	Multiply                    // k×k times k×m
	LowRank                     // a k×m matrix, and its transpose, times a vector
	Iteration                   // the vectors of one iteration of conjugate gradients, order m
	operations
)

// maxTerms is the largest number of terms of an operation.
const maxTerms = 4

// operation describes one: its price is the sum of its terms, each times a unit price.
type operation struct {
	name  string
	terms []term
}

// term is an amount that an operation's work is proportional to, with the flops and the bytes of memory traffic of one.
type term struct {
	name         string
	flops, bytes float64
}

// call is the term of what an operation costs at any size: forks, calls.
var call = term{name: "1"}

// far is the numbers of T that a product reads from memory, those beyond what a cache of 8 MB holds.
var far = term{name: "2CNW beyond 2²⁰", bytes: 8}

var table = [operations]operation{
	Loss:       {"loss", []term{{"CNP", 2, 0}, {"CNW", 25, 16}, call}},
	Gradient:   {"gradient", []term{{"CNP", 6, 0}, {"CNW", 50, 48}, call}},
	Linearised: {"linearised", []term{{"CNP", 6, 0}, {"CNW", 50, 64}, call}},
	Apply:      {"apply", []term{{"CNP", 2, 0}, {"CNW", 0, 0}, far, call}},
	ApplyT:     {"applyT", []term{{"CNP", 2, 0}, {"CNW", 0, 0}, far, call}},
	Gram:       {"gram", []term{{"CNP", 4, 0}, {"CNW", 0, 0}, far, call}},
	Block:      {"block", []term{{"⌈k/64⌉CNP", 4, 0}, {"kNP", 4, 0}, {"k(n+P)", 0, 48}, call}},
	Form:       {"form", []term{{"CNP", 2, 0}, {"nP", 0, 16}, call}},
	Kernel:     {"kernel", []term{{"channels", 1, 0}, {"rows", 1, 0}, {"n²", 0, 16}, call}},
	Norms:      {"norms", []term{{"CNP", 2, 0}, {"nP", 2, 0}, call}},
	GramColumn: {"column", []term{{"CNP", 2, 0}, {"CNW", 0, 0}, far, call}},
	Syrk:       {"syrk", []term{{"km²", 1, 0}, {"km", 0, 16}, {"m²", 0, 16}, call}},
	Cholesky:   {"cholesky", []term{{"m³", 1.0 / 3, 0}, {"m²", 0, 24}, {"m", 0, 0}}},
	Substitute: {"substitute", []term{{"m²", 2, 16}, {"m", 2, 0}}},
	Decompose:  {"decompose", []term{{"m²k", 10, 0}, {"m³", 10, 0}, {"mk", 0, 32}, {"m", 0, 0}}},
	Sketch:     {"sketch", []term{{"k²m", 10, 0}, {"km", 0, 48}, {"k³", 9, 0}, call}},
	Fast:       {"fast", []term{{"k²m", 4, 0}, {"km", 0, 32}, {"k³", 1, 0}, call}},
	Pivot:      {"pivot", []term{{"k²m", 2, 0}, {"km", 2, 24}, {"k³", 1, 0}, call}},
	Multiply:   {"multiply", []term{{"k²m", 2, 0}, {"km", 0, 16}, call}},
	LowRank:    {"lowrank", []term{{"km", 4, 16}, {"m", 2, 16}, call}},
	Iteration:  {"iteration", []term{{"m", 10, 80}, call}},
}

// String is the operation's name in a calibration table.
func (o Operation) String() string { return table[o].name }

// Operations lists them all.
func Operations() []Operation {
	all := make([]Operation, operations)
	for i := range all {
		all[i] = Operation(i)
	}
	return all
}

// Terms are the names of the amounts that an operation's price is a sum over.
func (o Operation) Terms() []string {
	names := make([]string, len(table[o].terms))
	for i, t := range table[o].terms {
		names[i] = t.name
	}
	return names
}
