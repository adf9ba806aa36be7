package harness

import (
	"math"
	"strconv"
	"strings"

	"ngdbench/networks"
)

// canonical writes a value of an axis in the one way in which names, keys and random streams hold it: integers without
// leading zeros, a network without its default activation, a damping in its shortest form. So one cell has one key
// however it was said. A value that it cannot read comes back as it is: the checks of its axis say what is wrong with it.
func canonical(axis, v string) string {
	switch axis {
	case "seed", "rank":
		return integer(v)
	case "net":
		if named(v) {
			return sortParts(v)
		}
		if n, err := networks.Parse(v); err == nil {
			return n.String()
		}
	case "points":
		counts := strings.Split(v, "+")
		for i, n := range counts {
			counts[i] = integer(n)
		}
		return strings.Join(counts, "+")
	case "damp":
		if x, err := strconv.ParseFloat(v, 64); err == nil && x >= 0 && !math.IsInf(x, 0) {
			return shortest(x)
		}
	}
	return v
}

// integer is a number of decimal digits without leading zeros.
func integer(v string) string {
	if v == "" || strings.Trim(v, "0123456789") != "" {
		return v
	}
	if v = strings.TrimLeft(v, "0"); v == "" {
		return "0"
	}
	return v
}

// shortest is x ≥ 0 in the fewest characters that read back as x, with an exponent where that is not longer: 0, 0.5,
// 1e-2, 1e-10, 3.7e-5.
func shortest(x float64) string {
	if x == 0 {
		return "0" // -0 too
	}
	plain := strconv.FormatFloat(x, 'f', -1, 64)
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(x, 'e', -1, 64), "e")
	n, _ := strconv.Atoi(exponent) // it is one of FormatFloat's
	if short := mantissa + "e" + strconv.Itoa(n); n != 0 && len(short) <= len(plain) {
		return short
	}
	return plain
}
