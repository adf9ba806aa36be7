package main

import (
	"fmt"
	"io"
	"math/rand/v2"

	"ngdbench/formulations"
	"ngdbench/networks"
	"ngdbench/problems"
	"ngdbench/solvers"
	"ngdbench/solvers/naturalgradient"
)

// poisson trains a network on −Δu = 2π² sin πx sin πy with a low-rank preconditioner. Every random number comes from a stream that is
// named here, so it prints the same digits in every run.
func poisson(w io.Writer) error {
	p := problems.Poisson2D()
	net, err := networks.Parse(p.Net)
	if err != nil {
		return err
	}
	pinn, err := formulations.NewPINN(p, net, []int{900, 120}, formulations.Weights{}, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		return err
	}
	judge, err := formulations.NewJudge(p, net, 0, rand.New(rand.NewPCG(1, 2)))
	if err != nil {
		return err
	}
	solver := &naturalgradient.Method{Direction: naturalgradient.Nystrom(128)}
	if err := solver.Start(pinn, solvers.Env{Rand: rand.New(rand.NewPCG(1, 3))}); err != nil {
		return err
	}
	theta := pinn.Params().Draw(rand.New(rand.NewPCG(1, 4)))
	errors := make([]float64, len(judge.Measures()))
	for step := 0; step < 100; step++ {
		info := solver.Step(theta)
		if step%20 == 19 {
			judge.Errors(errors, theta)
			fmt.Fprintf(w, "  step %3d  loss %.1e  %s %.1e\n", step+1, info.Loss, judge.Measures()[0], errors[0])
		}
		if info.Status != solvers.Running {
			return fmt.Errorf("step %d: %s", step, info.Status)
		}
	}
	return nil
}
