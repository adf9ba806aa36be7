package report

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"

	"ngdbench/results/tables"
)

// PageFile is the name of the written page.
const PageFile = "report.md"

// WriteFiles writes the page as Markdown and its figures as SVG and PNG into dir, which it makes where it is missing. Each
// file appears whole or not at all, and is replaced where it was there before.
func WriteFiles(r *tables.Run, p *tables.Page, figures []*Figure, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("cannot write the report: %w", err)
	}
	provenance := r.Provenance()
	for _, f := range figures {
		if err := writeFile(dir, f.Name+".svg", f.SVG(provenance)); err != nil {
			return err
		}
		if err := writeFile(dir, f.Name+".png", f.PNG(provenance)); err != nil {
			return err
		}
	}
	var b bytes.Buffer
	if err := p.WriteMarkdown(&b); err != nil {
		return err
	}
	return writeFile(dir, PageFile, b.Bytes())
}

func writeFile(dir, name string, b []byte) error {
	if err := renameio.WriteFile(filepath.Join(dir, name), b, 0o644, renameio.WithTempDir(dir)); err != nil {
		return fmt.Errorf("cannot write the report: %w", err)
	}
	return nil
}
