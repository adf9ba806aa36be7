package solvers

import (
	"fmt"
	"math"
)

// Momentum changes the right-hand side and the result of a solve: SPRING with d ← d + βφ, φ the last direction, so that
// d is the minimiser of ‖Td + r‖² + μ‖d − βφ‖². The correction of the bias of the first steps then divides d by √(1 − β²ᵏ), k the
// number of steps since φ was zero. Zero: none.
//
// Source: Goldshlager, Abrahamsen, Lin (2024); corrections: Guzmán-Cordero, Dangel, Goldshlager, Zeinhofer (2025).
type Momentum struct {
	Beta    float64 // β in [0, 1)
	Correct Correction
	Clip    float64 // largest ‖d‖, > 0; 0: any. The published norm constraint, for steps of fixed length
}

// Correction says what the next step's φ is where the bias is corrected.
type Correction int

const (
	NoCorrection   Correction = iota
	PaperCorrected            // φ is the corrected direction, as the paper has it
	CodeCorrected             // φ is the direction before the correction, as the authors' code has it
)

// ParseCorrection reads none, paper or code.
func ParseCorrection(s string) (Correction, error) {
	switch s {
	case "none":
		return NoCorrection, nil
	case "paper":
		return PaperCorrected, nil
	case "code":
		return CodeCorrected, nil
	}
	return 0, fmt.Errorf("bias=%s: want none, paper or code", s)
}

// Validate refuses settings out of range.
func (m Momentum) Validate() error {
	switch {
	case !(m.Beta >= 0 && m.Beta < 1):
		return fmt.Errorf("solvers: momentum %g outside [0, 1)", m.Beta)
	case !(m.Clip >= 0) || math.IsInf(m.Clip, 1):
		return fmt.Errorf("solvers: clip of the momentum %g outside (0, ∞)", m.Clip)
	}
	return nil
}

// Factor is what the direction of step k = 1, 2, … is multiplied by.
func (m Momentum) Factor(k int) float64 {
	if m.Correct == NoCorrection {
		return 1
	}
	return 1 / math.Sqrt(1-math.Pow(m.Beta, 2*float64(k)))
}
