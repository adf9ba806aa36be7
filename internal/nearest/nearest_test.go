package nearest

import "testing"

func TestName(t *testing.T) {
	names := []string{"sgd", "dense", "dual", "nystrom", "rpchol"}
	for _, c := range []struct{ word, want string }{
		{"dnse", "dense"}, {"nystrum", "nystrom"}, {"nys", "nystrom"}, {"rpcholesky", "rpchol"}, {"sdg", "sgd"},
		{"frobnicate", ""}, {"", ""}, {"duel", "dual"}, {"xyz", ""},
	} {
		if got, ok := Name(c.word, names); got != c.want || ok != (c.want != "") {
			t.Errorf("Name(%q) = %q, %v; want %q", c.word, got, ok, c.want)
		}
	}
	if got := Hint("duel", names); got != ` (nearest: "dual")` {
		t.Errorf("Hint: %s", got)
	}
	if got := Hint("frobnicate", names); got != "" {
		t.Errorf("Hint of a far word: %s", got)
	}
	if got := HintOrAll("DUEL", names); got != ` (nearest: "dual")` {
		t.Errorf("HintOrAll: %s", got)
	}
	if got := HintOrAll("frobnicate", append(names, "sgd")); got != " (valid: dense, dual, nystrom, rpchol, sgd)" {
		t.Errorf("HintOrAll of a far word: %s", got)
	}
	if got, _ := Name("ab", []string{"ad", "ac"}); got != "ac" {
		t.Errorf("among equals %q, want the first in the alphabet", got)
	}
}

// TestDistance compares with the recursive definition.
func TestDistance(t *testing.T) {
	words := []string{"", "a", "ab", "ba", "abc", "abd", "xabc", "cab", "bbb"}
	for _, a := range words {
		for _, b := range words {
			if got, want := distance(a, b), plain(a, b); got != want {
				t.Errorf("distance(%q, %q) = %d, want %d", a, b, got, want)
			}
		}
	}
}

func plain(a, b string) int {
	switch {
	case a == "" || b == "":
		return len(a) + len(b)
	case a[0] == b[0]:
		return plain(a[1:], b[1:])
	}
	return 1 + min(plain(a[1:], b), plain(a, b[1:]), plain(a[1:], b[1:]))
}
