package report

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"

	"ngdbench/internal/nearest"
	"ngdbench/internal/par"
	"ngdbench/results/tables"
)

// PageFile is the name of the written page.
const PageFile = "report.md"

// figureFormats are the formats of figures by suffix.
var figureFormats = []struct {
	name string
	of   func(*Figure, string) []byte
}{{"svg", (*Figure).SVG}, {"png", (*Figure).PNG}, {"pdf", (*Figure).PDF}}

// parseFormats reads a list of formats.
func parseFormats(list []string) error {
	var known []string
	for _, f := range figureFormats {
		known = append(known, f.name)
	}
	for _, name := range list {
		if !slices.Contains(known, name) {
			return fmt.Errorf("--figures %s: want some of %s%s", name, strings.Join(known, ", "), nearest.Hint(name, known))
		}
	}
	return nil
}

// WriteFiles writes the page as Markdown and its figures in some formats (nil: SVG and PNG) into dir, which it makes where it
// is missing. Each file appears whole or not at all, and is replaced where it was there before.
func WriteFiles(r *tables.Run, p *tables.Page, figures []*Figure, dir string, formats []string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("cannot write the report: %w", err)
	}
	if len(formats) == 0 {
		formats = []string{"svg", "png"}
	}
	if err := writeFigures(figures, r.Provenance(), dir, formats); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := p.WriteMarkdown(&b); err != nil {
		return err
	}
	return writeFile(dir, PageFile, b.Bytes())
}

// writeFigures draws on all cores.
func writeFigures(figures []*Figure, provenance, dir string, formats []string) error {
	failures := make([]error, len(figures))
	par.Each(len(figures), func(i int) { failures[i] = writeFigure(figures[i], provenance, dir, formats) })
	return errors.Join(failures...)
}

func writeFigure(f *Figure, provenance, dir string, formats []string) error {
	for _, format := range figureFormats {
		if !slices.Contains(formats, format.name) {
			continue
		}
		if err := writeFile(dir, f.Name+"."+format.name, format.of(f, provenance)); err != nil {
			return err
		}
	}
	return nil
}

func writeFile(dir, name string, b []byte) error {
	if err := renameio.WriteFile(filepath.Join(dir, name), b, 0o644, renameio.WithTempDir(dir)); err != nil {
		return fmt.Errorf("cannot write the report: %w", err)
	}
	return nil
}
