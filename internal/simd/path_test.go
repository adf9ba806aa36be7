package simd

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestUse(t *testing.T) {
	was := Path()
	defer func() { _ = Use(was) }()
	if p := Paths(); p[len(p)-1] != Scalar || slices.Contains(p, AVX2) != hasAVX2 {
		t.Fatalf("paths %v", p)
	}
	for _, p := range Paths() {
		if err := Use(p); err != nil || Path() != p {
			t.Fatalf("Use(%q): %v, path %q", p, err, Path())
		}
	}
	for _, p := range []string{"avx512", "", "AVX2"} {
		if err := Use(p); err == nil || Path() != Scalar {
			t.Fatalf("Use(%q): %v, path %q", p, err, Path())
		}
	}
}

const childFlag = "SIMD_TEST_PRINT_PATH"

// TestEnvironment starts this binary again with the variable set, and reads the path that the child took.
func TestEnvironment(t *testing.T) {
	if os.Getenv(childFlag) != "" {
		_, _ = os.Stdout.WriteString("path=" + Path() + "\n")
		if err := EnvironmentError(); err != nil {
			_, _ = os.Stdout.WriteString("error=" + err.Error() + "\n")
		}
		return
	}
	for _, c := range []struct{ value, path, message string }{
		{"", Paths()[0], ""}, {Scalar, Scalar, ""}, {Paths()[0], Paths()[0], ""},
		{"neon", Paths()[0], `error=NGDBENCH_KERNELS: kernel path "neon" is not one of`},
	} {
		child := exec.Command(os.Args[0], "-test.run=^TestEnvironment$", "-test.v")
		child.Env = append(os.Environ(), childFlag+"=1", Environment+"="+c.value)
		out, err := child.Output()
		if err != nil {
			t.Fatal(err)
		}
		if s := string(out); !strings.Contains(s, "path="+c.path+"\n") || strings.Contains(s, "error=") != (c.message != "") ||
			!strings.Contains(s, c.message) {
			t.Errorf("%s=%q: the child printed\n%s", Environment, c.value, s)
		}
	}
}

func TestPrefetchList(t *testing.T) {
	x, y, rest := make([]float64, 40), make([]float64, 8), new(float64)
	var p Prefetch
	p.Add(nil)
	p.Add(x)
	p.Add(y)
	for i, want := range []struct {
		lines int
		at    *float64
		step  int
	}{{0, rest, 0}, {2, &x[0], 64}, {2, &x[16], 64}, {2, &x[32], 64}, {1, &y[0], 64}, {1, rest, 0}} {
		if at, step := p.take(want.lines, rest); at != want.at || step != want.step {
			t.Fatalf("take %d: step %d, want %d", i, step, want.step)
		}
	}
	for range 2 * prefetchRanges {
		p.Add(x)
	}
	p.Reset()
	if at, _ := p.take(1, rest); at != rest {
		t.Fatal("an empty list gave a line")
	}
	if at, _ := (*Prefetch)(nil).take(1, rest); at != rest {
		t.Fatal("no list gave a line")
	}
}

func TestPeakIsPlausible(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		if p := PeakFlops(time.Millisecond); !(p > 1e7 && p < 1e13) {
			t.Errorf("peak %g flop/s", p)
		}
		if q := Quiet(time.Millisecond); !(q > 0) {
			t.Errorf("quiet %g", q)
		}
	})
}
