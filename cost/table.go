package cost

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"sync"
)

// Table is the calibration table: unit prices of one machine, for one or more numbers of threads.
type Table struct {
	Schema  int      `json:"schema"`
	CPU     string   `json:"cpu"`
	Kernels string   `json:"kernels"` // kernel path measured
	Go      string   `json:"go"`
	Columns []Column `json:"columns"` // by rising threads

	digest string
}

// Column is the unit prices for one number of threads, by operation.
type Column struct {
	Threads int              `json:"threads"`
	Prices  map[string]Price `json:"prices"`

	unit [operations][maxTerms]float64
}

// Price is that of one operation: seconds for one of each term, and how well they fit what was measured.
type Price struct {
	Terms   []string  `json:"terms"`
	Seconds []float64 `json:"seconds"`
	Samples int       `json:"samples"` // sizes measured
	Error   float64   `json:"error"`   // median of |log(fitted/measured)|
	Worst   float64   `json:"worst"`   // largest max(fitted/measured, measured/fitted)
}

// tableSchema is the version of Table.
const tableSchema = 1

// NewTable is a table of columns measured on a CPU, with a kernel path and a Go version. Its error is a price that is missing or no price.
func NewTable(cpu, kernels, version string, columns []Column) (*Table, error) {
	t := &Table{Schema: tableSchema, CPU: cpu, Kernels: kernels, Go: version, Columns: columns}
	if err := t.complete(); err != nil {
		return nil, fmt.Errorf("calibration table: %w", err)
	}
	return t, nil
}

// ParseTable reads a table and checks that it prices every operation of this program.
func ParseTable(data []byte) (*Table, error) {
	t := &Table{}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(t); err != nil {
		return nil, fmt.Errorf("calibration table: %w", err)
	}
	if err := t.complete(); err != nil {
		return nil, fmt.Errorf("calibration table: %w", err)
	}
	return t, nil
}

// complete checks the table and fills in what is derived.
func (t *Table) complete() error {
	switch {
	case t.Schema != tableSchema:
		return fmt.Errorf("schema %d, want %d", t.Schema, tableSchema)
	case len(t.Columns) == 0:
		return fmt.Errorf("no columns")
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.Threads < 1 || i > 0 && c.Threads <= t.Columns[i-1].Threads {
			return fmt.Errorf("columns: threads %d, want rising numbers ≥ 1", c.Threads)
		}
		if err := c.complete(); err != nil {
			return fmt.Errorf("threads %d: %w", c.Threads, err)
		}
	}
	h := sha256.Sum256(t.Encode())
	t.digest = hex.EncodeToString(h[:10])
	return nil
}

func (c *Column) complete() error {
	for _, o := range Operations() {
		p, ok := c.Prices[o.String()]
		if !ok {
			return fmt.Errorf("no price of %q", o)
		}
		if !slices.Equal(p.Terms, o.Terms()) || len(p.Seconds) != len(p.Terms) {
			return fmt.Errorf("terms of %q: %v, want %v", o, p.Terms, o.Terms())
		}
		sum := 0.0
		for j, v := range p.Seconds {
			if !(v >= 0) || math.IsInf(v, 1) {
				return fmt.Errorf("price %g of %q: want a number ≥ 0", v, o)
			}
			sum += v
			c.unit[o][j] = v
		}
		if sum == 0 {
			return fmt.Errorf("%q is free", o)
		}
	}
	return nil
}

// Encode is the table as a file.
func (t *Table) Encode() []byte {
	b, err := json.MarshalIndent(t, "", " ")
	if err != nil {
		panic("cost: a table that JSON cannot hold")
	}
	return append(b, '\n')
}

// Digest names the table: 20 hexadecimal digits of the SHA-256 of Encode.
func (t *Table) Digest() string { return t.digest }

// For returns the column for so many threads, the nearest one by ratio.
func (t *Table) For(threads int) *Column {
	far := func(c Column) float64 { return math.Abs(math.Log(float64(c.Threads) / float64(max(1, threads)))) }
	best := 0
	for i := range t.Columns {
		if cmp.Less(far(t.Columns[i]), far(t.Columns[best])) {
			best = i
		}
	}
	return &t.Columns[best]
}

// Seconds prices the work.
func (c *Column) Seconds(w *Work) float64 {
	s := 0.0
	for i := range w.amounts {
		for j, v := range w.amounts[i] {
			s += float64(v * c.unit[i][j])
		}
	}
	return s
}

//go:embed table.json
var embedded []byte

// Default is the table that comes with the program.
var Default = sync.OnceValue(func() *Table {
	t, err := ParseTable(embedded)
	if err != nil {
		panic("cost: embedded " + err.Error())
	}
	return t
})

// inUse is the table that Use has chosen.
var inUse *Table

// Current is the table in use in this process: Default, unless Use chose another. Like the kernel path it is a matter of the whole
// process, chosen once at its start.
func Current() *Table {
	if inUse != nil {
		return inUse
	}
	return Default()
}

// Use reads the table of a file and makes it the one in use; "" is Default.
func Use(file string) error {
	if file == "" {
		inUse = nil
		return nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	t, err := ParseTable(data)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	inUse = t
	return nil
}
