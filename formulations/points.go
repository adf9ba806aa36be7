package formulations

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ngdbench/problems"
	"ngdbench/problems/geometry"
)

// MaxPoints is the largest number of points that one part may have.
const MaxPoints = 1 << 24

// Parts lists the interior and the other parts of p's domain that carry a residual block, in the domain's order: what the
// axis points counts.
func Parts(p *problems.Problem) []geometry.Part {
	var parts []geometry.Part
	for _, part := range p.Domain.Parts() {
		if part == geometry.Interior || hasBlock(p, part) {
			parts = append(parts, part)
		}
	}
	return parts
}

// hasBlock reports whether a residual block is on a part.
func hasBlock(p *problems.Problem, part geometry.Part) bool {
	return slices.ContainsFunc(p.Strong, func(s problems.Strong) bool { return s.Part == part })
}

// ParsePoints reads a value of the axis points, "900+120": one number of points for each of Parts(p), joined by +. Each
// is at most MaxPoints; the first is at least 1, the others for a network without ansatz, of which NewPINN knows.
// The error names the value, and the part that is wrong.
func ParsePoints(p *problems.Problem, s string) ([]int, error) {
	parts := Parts(p)
	words := strings.Split(s, "+")
	if len(words) != len(parts) {
		return nil, fmt.Errorf("points %q: %s needs %s, %s, as in %q; got %d",
			s, p.Name, counted(len(parts), "number"), joined(parts), p.Points, len(words))
	}
	counts := make([]int, len(parts))
	for i, w := range words {
		n, err := strconv.ParseUint(w, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("points %q: %q is no number of points for the part %s", s, w, parts[i])
		}
		counts[i] = int(n)
	}
	return counts, checkPoints(p, counts, true)
}

// checkPoints refuses the wrong number of parts, and too few or too many points on one of them: each needs one, but the
// second and later where none will do.
func checkPoints(p *problems.Problem, counts []int, none bool) error {
	parts := Parts(p)
	if len(counts) != len(parts) {
		return fmt.Errorf("points %q: %s needs %s, %s", FormatPoints(counts), p.Name, counted(len(parts), "number"), joined(parts))
	}
	for i, n := range counts {
		least := 1
		if none && i > 0 {
			least = 0
		}
		if n < least || n > MaxPoints {
			return fmt.Errorf("points %q: the part %s needs between %d and %d points, not %d", FormatPoints(counts), parts[i], least, MaxPoints, n)
		}
	}
	return nil
}

// FormatPoints writes what ParsePoints reads.
func FormatPoints(counts []int) string {
	words := make([]string, len(counts))
	for i, n := range counts {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, "+")
}

func joined(parts []geometry.Part) string {
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = string(p)
	}
	return strings.Join(names, "+")
}
