package tables

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"ngdbench/results/stats"
)

// Scientific is 4.5e-7: two digits and an exponent without padding. Unit scalers stop at nano, errors do not.
func Scientific(x float64) string {
	if x == 0 {
		return "0"
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(x, 'e', 1, 64), "e")
	e, _ := strconv.Atoi(exponent)
	return mantissa + "e" + strconv.Itoa(e)
}

// Plain is a number of three digits without exponent where that is readable: 0.0412, 3.98, 1240.
func Plain(x float64) string {
	a := math.Abs(x)
	switch {
	case x == 0:
		return "0"
	case a < 1e-3 || a >= 1e6:
		return Scientific(x)
	case a >= 100:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case a >= 10:
		return strconv.FormatFloat(x, 'f', 1, 64)
	case a >= 1:
		return strconv.FormatFloat(x, 'f', 2, 64)
	}
	return strconv.FormatFloat(x, 'f', 2-int(math.Floor(math.Log10(a))), 64)
}

// Whole is a count; a median of an even number of counts may end in a half.
func Whole(x float64) string {
	if x >= 1e7 {
		return Scientific(x)
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// Memory is a memory size with a binary prefix.
func Memory(x float64) string {
	for _, u := range []struct {
		size float64
		name string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if x >= u.size {
			return strings.TrimSuffix(strconv.FormatFloat(x/u.size, 'f', 1, 64), ".0") + " " + u.name
		}
	}
	return strconv.FormatFloat(x, 'f', 0, 64) + " B"
}

// Ratio is a factor of two digits, 0.43 or 12 or 3.1e4.
func Ratio(x float64) string {
	switch {
	case x >= 9999.5:
	case x >= 9.95:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case x >= 0.995:
		return strconv.FormatFloat(x, 'f', 1, 64)
	case x >= 0.0995:
		return strconv.FormatFloat(x, 'f', 2, 64)
	}
	return Scientific(x)
}

const dash = "–"

// Quantity formats a number, "> limit" for a censored one, "failed" for an absent one.
func Quantity(q stats.Quantity, format func(float64) string) string {
	switch q.Kind {
	case stats.Exact:
		return format(q.Value)
	case stats.Above:
		return "> " + format(q.Value)
	}
	return "failed"
}

// Spread is "median [min, max]", "value (n = 1)" for one seed, and a dash where nothing was measured at all.
func Spread(s stats.Summary, format func(float64) string) string {
	switch {
	case s.N == 0 || s.Failed() == s.N:
		return dash
	case s.N == 1:
		return fmt.Sprintf("%s (%s)", Quantity(s.Median, format), s.Spread())
	case s.Min == s.Max:
		return Quantity(s.Median, format)
	}
	return fmt.Sprintf("%s [%s, %s]", Quantity(s.Median, format), Quantity(s.Min, format), Quantity(s.Max, format))
}
