package harness

import (
	"fmt"
	"slices"
	"strings"
)

// nearest is ` (nearest: "x")` with the name of least edit distance to s, or nothing where none is near. A name that
// begins with s, or that s begins with, is near whatever its length.
func nearest(s string, names []string) string {
	names = slices.Sorted(slices.Values(names)) // ties go to the first in the alphabet, not to the first in a map
	best, at := 1+max(2, len(s)/2), ""
	for _, n := range names {
		d := distance(s, n)
		if s != "" && n != "" && (strings.HasPrefix(n, s) || strings.HasPrefix(s, n)) {
			d = min(d, 2)
		}
		if d < best {
			best, at = d, n
		}
	}
	if at == "" {
		return ""
	}
	return fmt.Sprintf(" (nearest: %q)", at)
}

// distance is the least number of insertions, deletions and replacements of bytes between a and b (Levenshtein 1966).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := diagonal
			if a[i] != b[j] {
				d = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], d
		}
	}
	return row[len(b)]
}
