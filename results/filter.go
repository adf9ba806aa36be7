package results

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchproc"

	"ngdbench/internal/nearest"
)

// Filter keeps some cells: a query in the syntax of x/perf. It sees the benchmark name, and suite and block as
// configuration: "/opt:(dense OR cg) -/seed:3", "block:small", "*". The zero value keeps everything.
type Filter struct{ query *benchproc.Filter }

// NewFilter compiles a query; an empty one keeps everything. A key after a slash that is no axis, and a bare key that is
// none of ours, would match nothing in silence: they are errors here.
func NewFilter(query string) (Filter, error) {
	if strings.TrimSpace(query) == "" {
		return Filter{}, nil
	}
	f, err := benchproc.NewFilter(query)
	if err != nil {
		what, _, _ := strings.Cut(err.Error(), "\n") // the query again and a mark below the place are not for one line
		return Filter{}, fmt.Errorf("filter %q: %s", query, what)
	}
	if err := checkFilterKeys(query); err != nil {
		return Filter{}, fmt.Errorf("filter %q: %w", query, err)
	}
	return Filter{f}, nil
}

// Keep says whether the cell matches.
func (f Filter) Keep(c Cell, gomaxprocs int, suite, block string) bool {
	if f.query == nil {
		return true
	}
	res := &benchfmt.Result{Name: benchfmt.Name(strings.TrimPrefix(BenchName(c, gomaxprocs), "Benchmark")), Iters: 1, Values: []benchfmt.Value{{Value: 1, Unit: "ns/op"}}}
	res.SetConfig("suite", suite)
	res.SetConfig("block", block)
	m, err := f.query.Match(res)
	return err == nil && m.Any()
}

// KeepRecord says whether the record's cell matches.
func (f Filter) KeepRecord(r Record) bool {
	return f.Keep(r.Cell, r.procs(), r.Suite, r.Block)
}

// filterKeys are the keys that are no axes.
var filterKeys = []string{".name", ".fullname", "/gomaxprocs", "suite", "block"}

// checkFilterKeys looks at each KEY: outside quotes, parentheses after a colon, and regular expressions.
func checkFilterKeys(query string) error {
	known := append([]string(nil), filterKeys...)
	for _, a := range AxisNames() {
		known = append(known, "/"+a)
	}
	for _, key := range keysOf(query) {
		if !slices.Contains(known, key) {
			return fmt.Errorf("unknown key %s%s", strconv.Quote(key), nearest.HintOrAll(key, known))
		}
	}
	return nil
}

// keysOf lists the words that stand before a colon. The query is known to be well formed.
func keysOf(query string) (keys []string) {
	word := 0
	for i := 0; i < len(query); i++ {
		switch query[i] {
		case ' ', '\t', '(', ')', '-', '*':
			word = i + 1
		case '"':
			i = skipPast(query, i, '"')
			word = i + 1
		case ':':
			keys = append(keys, query[word:i])
			i = skipValue(query, i+1)
			word = i + 1
		}
	}
	return keys
}

// skipValue returns the index of the last byte of the value that begins at i: a word, "…", /…/ or (…).
func skipValue(q string, i int) int {
	if i >= len(q) {
		return i
	}
	switch q[i] {
	case '"', '/':
		return skipPast(q, i, q[i])
	case '(':
		for i < len(q) && q[i] != ')' {
			if q[i] == '"' || q[i] == '/' {
				i = skipPast(q, i, q[i])
			}
			i++
		}
		return i
	}
	for i < len(q) && q[i] != ' ' && q[i] != '\t' && q[i] != ')' {
		i++
	}
	return i - 1
}

// skipPast returns the index of the byte that ends what begins at i.
func skipPast(q string, i int, end byte) int {
	for i++; i < len(q) && q[i] != end; i++ {
		if q[i] == '\\' {
			i++
		}
	}
	return i
}
