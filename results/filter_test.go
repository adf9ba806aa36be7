package results

import (
	"slices"
	"testing"
)

func TestKeysOf(t *testing.T) {
	for query, want := range map[string][]string{
		"*": nil, "": nil, "/opt:dense": {"/opt"}, `/opt:"a:b c" -/seed:1`: {"/opt", "/seed"}, "(/opt:/x:y/ OR .name:Cell)": {"/opt", ".name"},
		`/opt:(a OR /b:c/ OR "d:)") block:x`: {"/opt", "block"}, "/opt:a AND /net:b": {"/opt", "/net"},
	} {
		if got := keysOf(query); !slices.Equal(got, want) {
			t.Errorf("%s: keys %q, want %q", query, got, want)
		}
	}
}

func TestFilterRecords(t *testing.T) {
	filter, err := NewFilter("/opt:sgd block:b")
	if err != nil {
		t.Fatal(err)
	}
	rec := Record{Cell: Cell{"opt": "sgd"}, Block: "b"}
	if !filter.KeepRecord(rec) {
		t.Error("not kept")
	}
	if rec.Block = "c"; filter.KeepRecord(rec) {
		t.Error("kept")
	}
	if _, err := NewFilter("opt"); err == nil {
		t.Error("no error for a word without a colon")
	}
}
