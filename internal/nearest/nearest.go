// Package nearest finds the valid name that a misspelt one was meant to be.
package nearest

import (
	"fmt"
	"slices"
	"strings"
)

// Name is the name of least edit distance to word, the first in the alphabet among equals; false where none is near,
// that is within half of the word's length (two at least). A name that begins with word, or that word begins with, is
// near whatever its length. Capitals of word do not count.
func Name(word string, names []string) (string, bool) {
	word = strings.ToLower(word)
	best, at := 1+max(2, len(word)/2), ""
	for _, n := range slices.Sorted(slices.Values(names)) {
		d := distance(word, n)
		if word != "" && n != "" && (strings.HasPrefix(n, word) || strings.HasPrefix(word, n)) {
			d = min(d, 2)
		}
		if d < best {
			best, at = d, n
		}
	}
	return at, at != ""
}

// Hint is ` (nearest: "x")`, or nothing where no name is near: what a message about an unknown word ends with.
func Hint(word string, names []string) string {
	if n, ok := Name(word, names); ok {
		return fmt.Sprintf(" (nearest: %q)", n)
	}
	return ""
}

// HintOrAll is Hint, and where no name is near ` (valid: a, b, c)`, the names in the order of the alphabet.
func HintOrAll(word string, names []string) string {
	hint := Hint(word, names)
	if hint == "" && len(names) > 0 {
		hint = " (valid: " + strings.Join(slices.Compact(slices.Sorted(slices.Values(names))), ", ") + ")"
	}
	return hint
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
