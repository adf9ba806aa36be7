package harness

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"ngdbench/internal/nearest"
)

var listKinds = []string{"suites", "problems", "networks", "formulations", "solvers", "metrics"}

func (a *app) listCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list [suites|problems|networks|formulations|solvers|metrics]",
		Short: "List what can be named, with one line on each",
		Example: `  benchrun list
  benchrun list solvers`,
		ValidArgs: listKinds,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("list wants one kind, not %d", len(args))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				return a.list(args[0], "")
			}
			for _, kind := range listKinds {
				if _, err := fmt.Fprintln(a.stdout, kind); err != nil {
					return err
				}
				if err := a.list(kind, "  "); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// list prints one kind, a line for each name.
func (a *app) list(kind, indent string) error {
	var lines [][2]string
	switch kind {
	case "suites":
		for _, s := range a.Suites {
			doc := s.Doc
			if len(s.Profiles) > 0 {
				doc += "; profiles: " + strings.Join(sortedKeys(s.Profiles), ", ")
			}
			lines = append(lines, [2]string{s.Name, doc})
		}
	case "problems":
		lines = entryLines(a.Problems)
	case "networks":
		lines = append([][2]string{{"2x64x64x1", "widths, with parts: sine; fourier16 or periodic; hard (benchrun help axes)"}}, entryLines(a.Networks)...)
	case "formulations":
		lines = entryLines(a.Formulations)
	case "metrics":
		lines = entryLines(a.Metrics)
	case "solvers":
		for _, e := range a.Solvers {
			lines = append(lines, [2]string{e.Name, fmt.Sprintf("[%s] %s%s%s", e.Class, e.Doc, partNamesOf(e), setNames(e))})
		}
	default:
		return usagef("unknown kind %q%s", kind, nearest.HintOrAll(kind, listKinds))
	}
	width := 0
	for _, l := range lines {
		width = max(width, len(l[0]))
	}
	for _, l := range lines {
		if _, err := fmt.Fprintln(a.stdout, strings.TrimRight(fmt.Sprintf("%s%-*s  %s", indent, width, l[0], l[1]), " ")); err != nil {
			return err
		}
	}
	return nil
}

func entryLines[T any](entries []Entry[T]) [][2]string {
	var lines [][2]string
	for _, e := range entries {
		lines = append(lines, [2]string{e.Name, e.Doc})
	}
	return lines
}

// setNames is "; sets: published, tuned" where a solver has any beside its default.
func setNames(e SolverEntry) string {
	var names []string
	for _, n := range sortedKeys(e.Sets) {
		if n != "default" {
			names = append(names, n)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "; sets: " + strings.Join(names, ", ")
}

// partNamesOf is "; parts: +geo, +spring" where a solver has any.
func partNamesOf(e SolverEntry) string {
	if len(e.Parts) == 0 {
		return ""
	}
	return "; parts: +" + strings.Join(sortedKeys(e.Parts), ", +")
}
