package benchmarks

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/harness"
	"ngdbench/linalg"
	"ngdbench/results"
)

// TestMain lets the test binary stand in for benchrun where a child process re-executes it, and states the direction of
// each unit above the output of benchmarks, where benchstat looks for it.
func TestMain(m *testing.M) {
	blas64.Use(linalg.BLAS{})
	if len(os.Args) > 1 && os.Args[1] == "child" {
		os.Exit(harness.Main(Catalogue(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	flag.Parse()
	if flag.Lookup("test.bench").Value.String() != "" {
		for _, u := range results.Units {
			if better := u.Direction(); better != "" {
				fmt.Printf("Unit %s better=%s\n", u.Name, better)
			}
		}
		fmt.Print("Unit of-peak-best better=higher\nUnit ns/item better=lower\nUnit allocs/step better=lower\n") // of BenchmarkCore alone
	}
	os.Exit(m.Run())
}
