// Command benchrun runs grids of cells and keeps their records: see benchrun --help.
package main

import (
	"os"

	"ngdbench/benchmarks"
	"ngdbench/harness"
)

func main() {
	os.Exit(harness.Main(benchmarks.Catalogue(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
