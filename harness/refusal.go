package harness

import "fmt"

// Refusal is why a cell cannot be trained although each of its words is known: its parts do not fit one another, or a
// setting is out of range. The command cell reports it and exits with 2; in a grid it becomes a row with status skipped.
type Refusal struct{ Reason string }

func (r *Refusal) Error() string { return r.Reason }

func refuse(format string, args ...any) *Refusal { return &Refusal{fmt.Sprintf(format, args...)} }
