package tables

import (
	"fmt"
	"strings"

	"ngdbench/results"
)

// tally counts cells by status, in the order of results.Statuses: "budget 2, diverged 1".
func tally(cells ...[]Cell) string {
	n := map[string]int{}
	for _, list := range cells {
		for _, c := range list {
			n[c.Status]++
		}
	}
	var words []string
	for _, status := range results.Statuses {
		if n[status] > 0 {
			words = append(words, fmt.Sprintf("%s %d", status, n[status]))
		}
	}
	return strings.Join(words, ", ")
}
