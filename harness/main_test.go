package harness_test

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"gonum.org/v1/gonum/blas/blas64"

	"ngdbench/harness"
	"ngdbench/linalg"
)

// TestMain makes this binary a benchrun over the fake catalogue where it is called by that name: by the scripts, and by
// benchrun itself for its children.
func TestMain(m *testing.M) {
	blas64.Use(linalg.BLAS{})
	if os.Getenv("GORACE") == "" {
		os.Setenv("GORACE", "atexit_sleep_ms=0") // for children under the race detector, which sleep a second before they end
	}
	testscript.Main(m, map[string]func(){
		"benchrun": func() {
			os.Exit(harness.Main(fakeCatalogue(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
		},
	})
}
