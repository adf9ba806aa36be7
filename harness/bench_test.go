package harness

import (
	"strconv"
	"testing"

	"ngdbench/results"
)

// BenchmarkExpand lists 10,000 cells, filtered.
func BenchmarkExpand(b *testing.B) {
	suite := Suite{Name: "wide", Blocks: []Block{{Name: "a", Axes: map[string][]string{"opt": {"nystrom"}}}}}
	for i := range 100 {
		suite.Blocks[0].Axes["rank"] = append(suite.Blocks[0].Axes["rank"], strconv.Itoa(i+1))
		suite.Blocks[0].Seeds = append(suite.Blocks[0].Seeds, i)
	}
	for b.Loop() {
		specs, err := Expand(toyCatalogue(), suite, Options{Filter: "/opt:nystrom"})
		if err != nil || len(specs) != 10_000 {
			b.Fatal(len(specs), err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/10_000, "us/cell")
}

// BenchmarkLoop is a step of a training that does almost nothing: what the loop itself costs.
func BenchmarkLoop(b *testing.B) {
	tr := toyTraining(1e-3, results.Limits{Steps: 10_000})
	tr.Env.Meter = nil
	for b.Loop() {
		if _, err := Train(tr); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10_000, "ns/step")
}
