// Command benchreport rebuilds the tables and figures of a run from its files: see benchreport --help.
package main

import (
	"os"

	"ngdbench/benchmarks"
	"ngdbench/results/report"
)

func main() { os.Exit(report.Command{Model: benchmarks.Prices}.Run(os.Args[1:], os.Stdout, os.Stderr)) }
