// Command floors checks that imports go down only: see ci/floors.txt. It exits 1 and names each arrow that does not.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

const module = "ngdbench/"

// house is the table of ci/floors.txt: the floor of each package, and the one neighbour that it may stand on.
type house struct {
	floor map[string]int
	over  map[string]string
}

func main() {
	h, err := read("ci/floors.txt")
	if err == nil {
		var bad []string
		if bad, err = h.check(); err == nil && len(bad) > 0 {
			err = errors.New(strings.Join(bad, "\n"))
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("floors: %d packages, all arrows go down\n", len(h.floor))
}

func read(path string) (house, error) {
	h := house{map[string]int{}, map[string]string{}}
	f, err := os.Open(path)
	if err != nil {
		return h, err
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		w := strings.Fields(s.Text())
		if len(w) == 0 || w[0] == "#" {
			continue
		}
		n, err := strconv.Atoi(w[0])
		if err != nil || len(w) < 2 || len(w) > 2 && (len(w) != 4 || w[2] != "over") {
			return h, fmt.Errorf("%s: cannot read %q", path, s.Text())
		}
		h.floor[w[1]] = n
		if len(w) == 4 {
			h.over[w[1]] = w[3]
		}
	}
	return h, nil
}

// check lists the arrows that break the rule, the packages without a floor and the floors without a package.
func (h house) check() (bad []string, err error) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err = cmd.Start(); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for d := json.NewDecoder(out); ; {
		var p struct {
			ImportPath                         string
			Imports, TestImports, XTestImports []string
		}
		if err := d.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		name := strings.TrimPrefix(p.ImportPath, module)
		seen[name] = true
		if _, ok := h.floor[name]; !ok {
			bad = append(bad, name+" has no floor in ci/floors.txt")
			continue
		}
		for _, list := range [][]string{p.Imports, p.TestImports, p.XTestImports} {
			bad = append(bad, h.arrows(name, list)...)
		}
	}
	for name := range h.floor {
		if !seen[name] {
			bad = append(bad, name+" has a floor and no package")
		}
	}
	return bad, cmd.Wait()
}

func (h house) arrows(from string, imports []string) (bad []string) {
	for _, i := range imports {
		to, ours := strings.CutPrefix(i, module)
		if !ours || to == from || h.over[from] == to {
			continue
		}
		if n, ok := h.floor[to]; !ok || n >= h.floor[from] {
			bad = append(bad, fmt.Sprintf("%s (floor %d) imports %s (floor %d)", from, h.floor[from], to, n))
		}
	}
	return bad
}
