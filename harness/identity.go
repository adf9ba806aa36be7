package harness

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
)

const modulePath = "ngdbench"

// decides lists what can change a result: folders with all below them, and files. The rest of the harness, results,
// report and commands move records about, and may change without a cell running again. Suites are left out too: what
// they say is in the key.
var decides = []string{
	"cost", "internal", "linalg", "objective", "problems", "networks", "formulations", "solvers", "benchmarks",
	"harness/canonical.go", "harness/cell.go", "harness/digest.go", "harness/fill.go", "harness/key.go", "harness/loop.go",
	"harness/measure.go", "harness/outcome.go", "harness/resolve.go", "harness/runcell.go", "harness/settings.go",
	"harness/spec.go", "harness/streams.go", "harness/values.go", "harness/watch.go", "results/units.go",
	"go.mod", "go.sum",
}

// CodeIdentity names the code that decides results: 16 hexadecimal digits. A record is reused where its key and its
// code identity agree.
//
// It hashes the content of the Go and assembly files that can change a result, as they lie in the source tree, with
// go.mod, go.sum, the Go version and GOAMD64. That is what git's tree hashes with the uncommitted changes on top would
// say, but for one thing: committing what was just run does not change it. Tests and documents are not in it. In a
// user's module that module's Go files count too. Where the source tree is not at hand, the executable is hashed.
func CodeIdentity() (string, error) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return executableIdentity()
	}
	wd, err := os.Getwd()
	if err != nil {
		return executableIdentity()
	}
	root := moduleRoot(wd, info.Main.Path)
	if root == "" {
		return executableIdentity()
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\nGOAMD64=%s\n", info.GoVersion, GOAMD64())
	if info.Main.Path == modulePath {
		err = hashTree(h, root, decides)
	} else {
		err = hashUserModule(h, root, info)
	}
	return short(h), err
}

// hashUserModule takes in all of the user's module, and ours: by version where it comes from a registry, by content
// where it is a folder.
func hashUserModule(h hash.Hash, root string, info *debug.BuildInfo) error {
	if err := hashTree(h, root, []string{"."}); err != nil {
		return err
	}
	for _, d := range info.Deps {
		if d.Path != modulePath {
			continue
		}
		if r := d.Replace; r != nil && r.Version == "" {
			dir := r.Path
			if !filepath.IsAbs(dir) {
				dir = filepath.Join(root, dir)
			}
			return hashTree(h, dir, decides)
		}
		fmt.Fprintln(h, d.Path, d.Version, d.Sum)
	}
	return nil
}

// hashTree adds the files under root that parts name, in the order of their paths.
func hashTree(h hash.Hash, root string, parts []string) error {
	files, err := sources(root, parts)
	if err != nil {
		return err
	}
	for _, path := range files {
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fmt.Fprintf(h, "%s %x\n", filepath.ToSlash(rel), sha256.Sum256(b))
	}
	return nil
}

// sources lists the files under root that parts name and whose content goes into the program.
func sources(root string, parts []string) (files []string, err error) {
	for _, part := range parts {
		err := filepath.WalkDir(filepath.Join(root, part), func(path string, d fs.DirEntry, err error) error {
			switch name := filepath.Base(path); {
			case err != nil:
				return err
			case d.IsDir():
				if path != root && (name == "testdata" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || foreign(path)) {
					return filepath.SkipDir
				}
			case compiled(name) && !(part == "benchmarks" && strings.HasPrefix(name, "suite")):
				files = append(files, path)
			}
			return nil
		})
		if err != nil && !os.IsNotExist(err) {
			return nil, err
		}
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

// staleBinary names a source file that is newer than the running binary, or "". The records of a binary that was not
// built from the source beside it would carry the wrong identity. go run always builds.
func staleBinary() string {
	info, ok := debug.ReadBuildInfo()
	exe, errExe := os.Executable()
	wd, errWd := os.Getwd()
	if !ok || errExe != nil || errWd != nil || strings.Contains(exe, "go-build") {
		return ""
	}
	root := moduleRoot(wd, info.Main.Path)
	built, err := os.Stat(exe)
	if root == "" || err != nil {
		return ""
	}
	parts := decides
	if info.Main.Path != modulePath {
		parts = []string{"."}
	}
	files, _ := sources(root, parts) // an error shows when they are hashed
	for _, path := range files {
		if f, err := os.Stat(path); err == nil && f.ModTime().After(built.ModTime()) {
			rel, _ := filepath.Rel(root, path) // a manifest names no folder of a machine
			return rel
		}
	}
	return ""
}

// compiled reports whether a file's content goes into the program: go.mod does, by the versions it names.
func compiled(name string) bool {
	switch filepath.Ext(name) {
	case ".go":
		return !strings.HasSuffix(name, "_test.go")
	case ".s", ".S", ".c", ".h", ".mod", ".sum":
		return true
	}
	return false
}

// foreign reports whether a folder is another module.
func foreign(dir string) bool { return exists(filepath.Join(dir, "go.mod")) }

func executableIdentity() (string, error) {
	sum, err := executableSum()
	if err != nil {
		return "", err
	}
	return sum[:16], nil
}

// executableSum is the SHA-256 of the running binary.
func executableSum() (string, error) {
	f, err := os.Open(ownBinary())
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// moduleRoot is the folder at or above dir whose go.mod is that of the named module, or "".
func moduleRoot(dir, module string) string {
	for {
		if f, err := os.Open(filepath.Join(dir, "go.mod")); err == nil {
			defer f.Close()
			if goModModule(f) == module {
				return dir
			}
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

func goModModule(r io.Reader) string {
	for s := bufio.NewScanner(r); s.Scan(); {
		if name, ok := strings.CutPrefix(strings.TrimSpace(s.Text()), "module "); ok {
			return strings.Trim(strings.TrimSpace(name), `"`)
		}
	}
	return ""
}

func buildSetting(info *debug.BuildInfo, key string) string {
	for _, s := range info.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}

func short(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil))[:16] }
