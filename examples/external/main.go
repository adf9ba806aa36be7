// External is a benchrun of one's own: a module that ngdbench does not know adds a PDE, a network and a solver to the
// catalogue and gets the whole tool, with its entries in the grid beside all others.
//
//	go run . list
//	go run . run external.yaml
//	go tool benchreport
//	go test .
package main

import (
	"os"

	"ngdbench/benchmarks"
	"ngdbench/harness"
)

func main() {
	os.Exit(harness.Main(benchmarks.Catalogue().With(mine()), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
