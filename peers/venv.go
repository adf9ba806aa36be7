package main

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed python/*.py requirements-*.txt
var files embed.FS

// pythonPeer is a peer written in Python.
type pythonPeer struct {
	name         string
	script       string
	requirements string
	doc          string
}

var pythonPeers = []pythonPeer{
	{"jax", "jax_forward.py", "requirements-jax.txt", "JAX, forward Laplacian, jax.linearize and jax.vjp"},
	{"jax-kr", "jax_khatri_rao.py", "requirements-jax.txt", "JAX with ngdbench's algorithm"},
	{"torch", "torch_hand.py", "requirements-torch.txt", "PyTorch, hand-written passes"},
}

func peerNames() (names []string) {
	for _, p := range pythonPeers {
		names = append(names, p.name)
	}
	return names
}

// unpackScripts puts the Python files into a folder.
func unpackScripts(dir string) error {
	list, err := fs.Glob(files, "python/*.py")
	if err != nil {
		return err
	}
	for _, name := range list {
		b, err := files.ReadFile(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, filepath.Base(name)), b, 0o644)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// checkPython says what is wrong with a Python that is to make virtual environments, and returns its version.
func checkPython(ctx context.Context, python string) (version string, err error) {
	const ask = "import sys, venv, ensurepip; print('%d.%d.%d' % sys.version_info[:3]); sys.exit(sys.version_info < (3, 11))"
	out, err := exec.CommandContext(ctx, python, "-c", ask).CombinedOutput()
	version = lastLine(string(out))
	var exit *exec.ExitError
	switch {
	case errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("%s: not found; the peers need Python 3.11 or newer with venv and pip (--python names another one)", python)
	case errors.As(err, &exit) && strings.Contains(version, "No module named"):
		return "", fmt.Errorf("%s: %s; the peers need venv and pip (on Debian: the package python3-venv)", python, version)
	case errors.As(err, &exit) && strings.HasPrefix(version, "3."):
		return "", fmt.Errorf("%s is Python %s; the pinned packages need 3.11 or newer (--python names another one)", python, version)
	case err != nil:
		return "", fmt.Errorf("%s: %w: %s", python, err, version)
	}
	return version, nil
}

// environment returns the Python of the virtual environment for a requirements file, and what is installed there. It
// is made in the user's cache where that has none for these requirements and this Python, with a line to say.
func environment(ctx context.Context, python, version, requirements string, say func(string)) (bin string, packages []string, err error) {
	pins, err := files.ReadFile(requirements)
	if err != nil {
		return "", nil, err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", nil, err
	}
	sum := sha256.Sum256(append(pins, version...))
	kind := strings.TrimSuffix(strings.TrimPrefix(requirements, "requirements-"), ".txt")
	dir := filepath.Join(cache, "ngdbench", "peers", kind+"-"+hex.EncodeToString(sum[:6]))
	bin = filepath.Join(dir, "bin", "python")
	whole := filepath.Join(dir, "installed.txt") // written last: without it the folder is a torso
	if b, err := os.ReadFile(whole); err == nil {
		return bin, strings.Fields(string(b)), nil
	}
	say("installing " + requirements + " into " + dir)
	if err := os.RemoveAll(dir); err != nil {
		return "", nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", nil, err
	}
	list := filepath.Join(dir, "requirements.txt")
	if err := os.WriteFile(list, pins, 0o644); err != nil {
		return "", nil, err
	}
	if _, err := output(ctx, python, "-m", "venv", dir); err != nil {
		return "", nil, err
	}
	if _, err := output(ctx, bin, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "-r", list); err != nil {
		return "", nil, err
	}
	frozen, err := output(ctx, bin, "-m", "pip", "freeze", "--disable-pip-version-check")
	if err == nil {
		err = os.WriteFile(whole, frozen, 0o644)
	}
	return bin, strings.Fields(string(frozen)), err
}

// output runs a command; the error has the last line of what it complained about.
func output(ctx context.Context, name string, args ...string) ([]byte, error) {
	var complaints strings.Builder
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w: %s", filepath.Base(name), strings.Join(args[:2], " "), err, lastLine(complaints.String()))
	}
	return out, nil
}

// lastLine is the last line with words in it.
func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
