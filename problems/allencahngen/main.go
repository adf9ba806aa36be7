// Command allencahngen computes the reference solution of problems.AllenCahn and writes it as the table that the package
// embeds. It prints how the solution changes when the resolution in space and in time is doubled.
//
//	go run ./problems/allencahngen            # convergence, and problems/allencahn.bin
//	go run ./problems/allencahngen --check    # convergence, and how far the embedded table is from the solution
package main

import (
	"flag"
	"fmt"
	"math"
	"os"

	"ngdbench/problems"
)

func main() {
	check := flag.Bool("check", false, "compare the embedded table with the solution instead of writing it")
	out := flag.String("out", "problems/allencahn.bin", "file to write")
	flag.Parse()
	if err := run(*check, *out); err != nil {
		fmt.Fprintln(os.Stderr, "allencahngen:", err)
		os.Exit(1)
	}
}

// The resolution of the reference: N points in space, and the longest time step.
const (
	points = 4096
	step   = 1. / 4000
)

func run(check bool, out string) error {
	times := []float64{0.001, 0.005, 0.02, 0.1, 0.3, 0.6, 1}
	best := solve(2*points, step/2, times)
	report := func(what string, n int, h float64) {
		fmt.Printf("%-42s", what)
		for i, c := range solve(n, h, times) {
			fmt.Printf("  %.1e", distance(c, best[i]))
		}
		fmt.Println()
	}
	fmt.Printf("%-42s", "relative L2 difference to N=8192, h=1/8000")
	for _, t := range times {
		fmt.Printf("  t=%-5g", t)
	}
	fmt.Println()
	report("N=1024, h=1/4000", 1024, step)
	report("N=2048, h=1/4000", 2048, step)
	report("N=4096, h=1/1000", points, 4*step)
	report("N=4096, h=1/2000", points, 2*step)
	report("N=4096, h=1/4000", points, step)
	if !check {
		t := tabulate(points, step)
		fmt.Printf("%d bytes\n", len(t))
		return os.WriteFile(out, t, 0o644)
	}
	p := problems.AllenCahn()
	fmt.Printf("%-42s", "the embedded table")
	for i, c := range best {
		fmt.Printf("  %.1e", tableError(p, c, times[i]))
	}
	fmt.Println()
	return nil
}

// tableError is the relative L2 difference of the embedded table to cosine coefficients, on a grid in x.
func tableError(p *problems.Problem, c []float64, t float64) float64 {
	const n = 2000
	u, e, s := make([]float64, 1), 0.0, 0.0
	for i := range n {
		x := 2*(float64(i)+0.5)/n - 1
		p.Exact([]float64{x, t}, u, nil)
		want := cosines(c, x)
		e += (u[0] - want) * (u[0] - want)
		s += want * want
	}
	return math.Sqrt(e / s)
}
