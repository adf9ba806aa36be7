// Package conformance holds the checks that every entry of a catalogue must pass, ours or a user's. They are functions of
// a testing.TB, or of a *testing.T where they have subtests, so that one line in a test file applies them:
//
//	func TestMine(t *testing.T) { conformance.Problem(t, mine.Problem()) }
//
// Derivatives are compared with finite differences of high order, made of function values alone: nothing that is checked
// takes part in its own check.
package conformance
