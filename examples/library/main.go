// Library uses natural gradient inside a program, without the harness: on a least-squares problem given by closures, in a
// loop of one's own and under gonum's optimize.Minimize, and on a PDE with a network.
//
//	go run ./examples/library
package main

import (
	"fmt"
	"io"
	"os"

	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/linalg"
)

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "library:", err)
		os.Exit(1)
	}
}

func run(w io.Writer) error {
	blas64.Use(linalg.BLAS{}) // our kernels for whatever is dense: a program decides, never a package
	for _, part := range []struct {
		title string
		do    func(io.Writer) error
	}{
		{"two exponentials through 40 points, in a loop of one's own", fitByHand},
		{"the same under gonum's Minimize", fitByGonum},
		{"the Poisson equation with a network of 257 parameters", poisson},
	} {
		fmt.Fprintln(w, part.title)
		if err := part.do(w); err != nil {
			return fmt.Errorf("%s: %w", part.title, err)
		}
	}
	return nil
}
