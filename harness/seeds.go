package harness

import (
	"fmt"
	"strconv"
	"strings"
)

// mostSeeds bounds a range, so that a slip of the finger does not ask for a billion cells.
const mostSeeds = 10_000

// ParseSeeds reads seeds such as 1..3, 7 or 1,2,5..9. None may come twice.
func ParseSeeds(s string) ([]int, error) {
	var seeds []int
	seen := map[int]bool{}
	for _, part := range strings.Split(s, ",") {
		first, last, isRange := strings.Cut(part, "..")
		a, err := strconv.Atoi(first)
		b, errLast := a, error(nil)
		if isRange {
			b, errLast = strconv.Atoi(last)
		}
		if err != nil || errLast != nil || a < 0 || b < a {
			return nil, fmt.Errorf("seeds %q: want FIRST..LAST or a list, as in 1..3 or 1,2,5", s)
		}
		if b-a >= mostSeeds {
			return nil, fmt.Errorf("seeds %q: more than %d", s, mostSeeds)
		}
		for n := a; n <= b; n++ {
			if seen[n] {
				return nil, fmt.Errorf("seeds %q: %d comes twice", s, n)
			}
			seen[n] = true
			seeds = append(seeds, n)
		}
	}
	return seeds, nil
}
