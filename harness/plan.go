package harness

import (
	"cmp"
	"fmt"
	"slices"

	"ngdbench/internal/par"
	"ngdbench/results"
)

// Reasons why a cell runs.
const (
	reasonMissing  = "missing"
	reasonFailed   = "failed"
	reasonCode     = "code changed"
	reasonSettings = "settings changed"
	reasonDamaged  = "damaged record"
)

// task is one cell of a plan. A task without a reason is done.
type task struct {
	Spec   Spec
	Reason string
	Detail string   // the status of a failed one, the file of a damaged one
	Done   stored   // its record, where there is no reason
	Old    []stored // what its record replaces: out of date or failed
}

// plan compares the cells that are wanted with the records that a folder lists, and says of each cell whether it runs
// and why. It reads names only, and the records that no wanted key claims: these may be the same cell under other
// settings. Nothing on disk is changed.
func plan(specs []Spec, have []stored) []task {
	byKey := groupByKey(have)
	wanted := make(map[string]bool, len(specs))
	for _, s := range specs {
		wanted[s.Key] = true
	}
	broken := tornFiles(slices.DeleteFunc(slices.Clone(have), func(s stored) bool { return !wanted[s.Key] || s.Code != codeOf(specs) }))
	strangers := byName(slices.DeleteFunc(slices.Clone(have), func(s stored) bool { return wanted[s.Key] }))
	tasks := make([]task, len(specs))
	for i, s := range specs {
		var others []stored
		if len(strangers) > 0 {
			others = strangers[s.Block+" "+s.Cell.Name()]
		}
		tasks[i] = planOne(s, byKey[s.Key], others, broken)
	}
	return tasks
}

// groupByKey makes no copies: a listing may be long.
func groupByKey(have []stored) map[string][]stored {
	slices.SortFunc(have, func(a, b stored) int { return cmp.Compare(a.File, b.File) })
	out := make(map[string][]stored, len(have))
	for i := 0; i < len(have); {
		j := i + 1
		for j < len(have) && have[j].Key == have[i].Key {
			j++
		}
		out[have[i].Key] = have[i:j:j]
		i = j
	}
	return out
}

// byName reads which cells records are of: a key is block and name.
func byName(list []stored) map[string][]stored {
	names := make([]string, len(list))
	par.Each(len(list), func(i int) {
		if name, block, err := results.ReadName(list[i].File); err == nil {
			names[i] = block + " " + name
		}
	})
	out := map[string][]stored{}
	for i, s := range list {
		out[names[i]] = append(out[names[i]], s)
	}
	return out
}

func planOne(s Spec, same, strangers []stored, broken map[string]bool) task {
	t := task{Spec: s}
	var failed, damaged *stored
	for i, old := range same {
		switch {
		case old.Code != s.Code:
			t.Old = append(t.Old, old)
		case broken[old.File]:
			damaged = &same[i]
		case results.Failed(old.Status):
			failed = &same[i]
			t.Old = append(t.Old, old)
		case t.Done.Key == "":
			t.Done = old
		default: // two good ones: a kill between two renames, or a copied file
			t.Old = append(t.Old, old)
		}
	}
	switch {
	case t.Done.Key != "":
		return t // what is old stays in Old: tidying up takes it out
	case damaged != nil:
		t.Reason, t.Detail = reasonDamaged, damaged.File
	case failed != nil:
		t.Reason, t.Detail = reasonFailed, failed.Status
	case len(t.Old) > 0:
		t.Reason = reasonCode
	case len(strangers) > 0:
		t.Reason, t.Old = reasonSettings, append(t.Old, strangers...)
	default:
		t.Reason = reasonMissing
	}
	return t
}

// why is the reason with its detail: "failed (timeout)".
func (t task) why() string {
	if t.Detail != "" && t.Reason == reasonFailed {
		return fmt.Sprintf("%s (%s)", t.Reason, t.Detail)
	}
	return t.Reason
}

// todo is the part of a plan that runs.
func todo(tasks []task) []task {
	return slices.DeleteFunc(slices.Clone(tasks), func(t task) bool { return t.Reason == "" })
}

// comesBack reports whether a superseded record may stand in: not where the last attempt failed or its record is damaged.
func (t task) comesBack() bool {
	return t.Reason == reasonMissing || t.Reason == reasonCode || t.Reason == reasonSettings
}

// codeOf is the code identity of the cells: one program has one.
func codeOf(specs []Spec) string {
	if len(specs) == 0 {
		return ""
	}
	return specs[0].Code
}

// counted is "1 cell" or "9 cells".
func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// countReasons is "12 missing, 3 failed".
func countReasons(tasks []task) string {
	text := ""
	for _, r := range []string{reasonMissing, reasonFailed, reasonCode, reasonSettings, reasonDamaged} {
		n := 0
		for _, t := range tasks {
			if t.Reason == r {
				n++
			}
		}
		if n > 0 {
			if text != "" {
				text += ", "
			}
			text += fmt.Sprintf("%d %s", n, r)
		}
	}
	return text
}

// prepare makes the folder ready for a plan: records of the same key and code that were superseded come back, damaged
// ones are put aside and named, and out-of-date ones leave. It looks at those of specs that are mine, and returns their
// part of the plan that is left to run.
func (f *folder) prepare(specs []Spec, mine []bool, note func(string)) ([]task, error) {
	have, err := f.list()
	if err != nil {
		return nil, err
	}
	tasks := inShard(plan(specs, have), mine)
	away := f.superseded(codeOf(specs)) // before others join them
	for i := range tasks {
		t := &tasks[i]
		if t.Reason == "" {
			if err := f.validate(t, note); err != nil {
				return nil, err
			}
		} else if t.Reason == reasonDamaged {
			if err := f.keepDamaged(t, fmt.Errorf("truncated"), note); err != nil {
				return nil, err
			}
		}
		if t.Reason == reasonFailed {
			continue // its record stays until a better one replaces it
		}
		for _, old := range t.Old {
			if err := f.supersede(old); err != nil {
				return nil, err
			}
		}
		t.Old = nil
		if old, ok := away[t.Spec.Key]; ok && t.comesBack() {
			if s, ok := f.restore(old); ok {
				t.Reason, t.Done = "", s
				if err := f.validate(t, note); err != nil {
					return nil, err
				}
			}
		}
	}
	return tasks, nil
}

// validate reads the record of a cell that is done; one that cannot be read is put aside, and its cell runs again.
func (f *folder) validate(t *task, note func(string)) error {
	rec, err := results.ReadRecord(t.Done.File)
	if err == nil && (rec.Key != t.Done.Key || rec.Code != t.Done.Code || rec.Status != t.Done.Status) {
		err = fmt.Errorf("%s: what it holds does not agree with its name", t.Done.File)
	}
	if err == nil {
		return nil
	}
	t.Reason, t.Detail, t.Done = reasonDamaged, t.Done.File, stored{}
	return f.keepDamaged(t, err, note)
}

func (f *folder) keepDamaged(t *task, why error, note func(string)) error {
	if t.Detail != "" {
		if _, err := results.ReadRecord(t.Detail); err != nil {
			why = err
		}
	}
	to, err := f.setAside(t.Detail, damagedFolder)
	if err != nil {
		return err
	}
	note(fmt.Sprintf("damaged record: %s; kept as %s, its cell runs again", oneLine(why), to))
	return nil
}
