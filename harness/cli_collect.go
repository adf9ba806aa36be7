package harness

import (
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"
)

func (a *app) collectCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "collect DIR... --out DIR",
		Short: "Bring the records of several folders, shards of one run, into one",
		Long: `A grid can be split: run SUITE --shard 1/4, 2/4, 3/4 and 4/4, each at its own time and on its own machine, are together the
same as run SUITE. The split is by predicted cost and depends on suite and flags alone, so a shard that is run again does
only what is missing. Cells that are compared with each other (one problem, network, points and seed) stay in one shard
where that can be balanced.

Shards may share a folder (on a file system with working flock), and then there is nothing to collect: the last one to end
leaves bench.txt and results.jsonl of all. Two shards on one machine disturb each other's times, and their records say so
(timing class shared). With a folder each (--out), collect brings them into one: records, logs, saved parameters, and the
manifests with every invocation. It may be repeated, also with some of the folders, in any order, and with what is in the
folder already; the folders themselves are not changed.

Of two records of one cell the one that has not failed stays, else the earlier one. Exit code 3 says that two trainings
of one cell differ in their bits. Records of older code, and of a cell whose limits or settings have changed since, go to
superseded/. The kernel path is part of a record's key: on machines of different kinds say --kernels.`,
		Example: `  benchrun run quick --shard 1/2 --out /data/part1
  benchrun run quick --shard 2/2 --out /data/part2
  benchrun collect /data/part1 /data/part2 --out results/runs/quick`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("collect wants the folders to collect")
			}
			return nil
		},
		ValidArgsFunction: completeFolders,
		RunE:              func(_ *cobra.Command, args []string) error { return a.collect(args, out) },
	}
	cmd.Flags().StringVar(&out, "out", "", "folder that the records go to")
	return cmd
}

func (a *app) collect(dirs []string, out string) error {
	if out == "" {
		return usagef("collect wants --out, the folder that the records go to")
	}
	for _, dir := range dirs {
		if _, err := readFolder(dir); err != nil {
			return err
		}
	}
	manifests, err := manifestsOf(append([]string{out}, dirs...)) // before anything is made
	if err != nil {
		return err
	}
	into, err := openFolder(out, shard{})
	if err != nil {
		return err
	}
	defer into.close()
	into.tidy()
	m, hasManifest := joined(manifests)
	c := &collection{into: into, note: func(text string) { fmt.Fprintln(a.stderr, "benchrun:", text) }, code: m.Code.Identity}
	dirs = slices.DeleteFunc(dirs, func(dir string) bool { return sameFolder(dir, out) })
	for _, dir := range append([]string{out}, dirs...) {
		if err := c.look(dir); err != nil {
			return err
		}
	}
	if err := c.decide(); err != nil {
		return err
	}
	if hasManifest {
		if err := m.write(into.dir); err != nil {
			return err
		}
	}
	if err := into.derive(); err != nil {
		return err
	}
	return a.collected(c, m)
}

// collected is the last line, and the exit code.
func (a *app) collected(c *collection, m Manifest) error {
	text := fmt.Sprintf("%s: %s, %d new, %d seen before", c.into.dir, counted(c.kept, "record"), c.copied, c.known)
	if c.old > 0 {
		text += fmt.Sprintf(", %d of other code or settings in %s", c.old, supersededFolder)
	}
	if missing := m.Cells.Wanted - c.kept; missing > 0 {
		text += fmt.Sprintf(", %d of %d not there yet", missing, m.Cells.Wanted)
	}
	if _, err := fmt.Fprintln(a.stdout, text); err != nil {
		return err
	}
	slices.Sort(c.differ)
	switch {
	case len(c.differ) > 0:
		return exit(ExitDiffers, "%s differ in their bits; the first: %s", counted(len(c.differ), "cell"), c.differ[0])
	case c.damaged > 0:
		return exit(ExitFailed, "%s left out", counted(c.damaged, "damaged record"))
	}
	return nil
}

func sameFolder(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}
