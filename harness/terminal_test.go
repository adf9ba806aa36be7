package harness_test

import (
	"os/exec"
	"strings"
	"testing"
)

// TestTerminals runs under a terminal made by script(1), of ordinary width and of 12 columns, with cells and without,
// and under TERM=dumb: bars where they can be drawn, plain lines elsewhere, no panic.
func TestTerminals(t *testing.T) {
	if _, err := exec.LookPath("script"); err != nil {
		t.Skip("needs script(1) for a terminal")
	}
	dir := t.TempDir()
	for _, c := range []struct {
		name, term, noColor, columns, args string
		bars                               bool
	}{
		{"ordinary", "xterm", "", "100", "run quick --out " + dir + "/a", true},
		{"no cells", "xterm", "", "100", "run quick --out " + dir + "/a", false},
		{"narrow", "xterm", "", "12", "run quick --out " + dir + "/b", true},
		{"narrow, no cells", "xterm", "", "12", "run quick --out " + dir + "/b", false},
		{"one column", "xterm", "", "1", "run slow --seeds 1 --out " + dir + "/f", true},
		{"dumb", "dumb", "", "100", "run quick --out " + dir + "/c", false},
		{"no colour", "xterm", "1", "100", "run quick --out " + dir + "/d", false},
		{"failures", "xterm", "", "80", "run failing --out " + dir + "/e", true},
	} {
		cmd, stdout, _ := benchrun(t, t.Name())
		inner := "bash -c 'exec -a benchrun " + cmd.Path + " " + c.args + "'"
		script := exec.Command("script", "-qec", "stty cols "+c.columns+" rows 24; "+inner, "/dev/null")
		script.Dir, script.Stdout, script.Stderr = cmd.Dir, stdout, stdout
		script.Env = append(cmd.Env, "TERM="+c.term, "NO_COLOR="+c.noColor)
		_ = script.Run()
		text := stdout.String()
		if strings.Contains(text, "panic:") && !strings.Contains(c.args, "failing") || strings.Contains(text, "goroutine ") || strings.Contains(text, "NaN") {
			t.Errorf("%s: %q", c.name, text)
		}
		if !strings.Contains(text, "results: "+dir) {
			t.Errorf("%s: it does not end: %q", c.name, text)
		}
		if drawn := strings.Contains(text, "\x1b["); drawn != c.bars {
			t.Errorf("%s: bars %v, want %v: %q", c.name, drawn, c.bars, text)
		}
	}
}
