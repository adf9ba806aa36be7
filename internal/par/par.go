// Package par is the one fork-join of the numerics, and the only place that starts goroutines for them.
package par

// Task is a piece of work cut into groups. Run is called once for each group, by some worker; groups may run at the
// same time, so a group may write only what no other group touches. Which worker runs a group never decides bits.
type Task interface {
	Run(group, worker int)
}
