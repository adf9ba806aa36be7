package results

import (
	"cmp"
	"slices"
	"strconv"
)

// Sort returns the records in the one order of every derived file: by suite, block, axes in the order of the table
// (numbers by value, auto and names behind them), GOMAXPROCS, key, code and start. It depends on neither file names nor
// the order of a listing.
func Sort(records []Record) []Record {
	out := slices.Clone(records)
	slices.SortStableFunc(out, func(a, b Record) int {
		return cmp.Or(cmp.Compare(a.Suite, b.Suite), cmp.Compare(a.Block, b.Block), Compare(a.Cell, b.Cell),
			cmp.Compare(a.Environment.GOMAXPROCS, b.Environment.GOMAXPROCS),
			cmp.Compare(a.Key, b.Key), cmp.Compare(a.Code, b.Code), a.Started.Compare(b.Started))
	})
	return out
}

// Compare orders cells axis by axis.
func Compare(a, b Cell) int {
	for _, axis := range Axes {
		if d := CompareValues(a[axis.Name], b[axis.Name]); d != 0 {
			return d
		}
	}
	return 0
}

// CompareValues orders two values of one axis: numbers by size and before names; 1e-3 and 0.001, of one size, by text.
func CompareValues(a, b string) int {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	switch {
	case errX == nil && errY == nil:
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a, b))
	case errX == nil:
		return -1
	case errY == nil:
		return +1
	}
	return cmp.Compare(a, b)
}
