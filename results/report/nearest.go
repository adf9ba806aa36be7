package report

// didYouMean is "; did you mean NAME?" for the nearest of names, or nothing where none is near.
func didYouMean(word string, names []string) string {
	best, least := "", 1+max(2, len(word)/2)
	for _, n := range names {
		if d := editDistance(word, n); d < least {
			best, least = n, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// editDistance is Levenshtein's: the least number of letters to insert, drop or change, in O(|a| |b|).
func editDistance(a, b string) int {
	s, t := []rune(a), []rune(b)
	row := make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range s {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range t {
			change := diagonal
			if x != y {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(t)]
}
