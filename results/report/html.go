package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"ngdbench/results"
	"ngdbench/results/tables"
)

//go:embed page.html
var pageTemplate string

// frame is what the template puts around the body.
type frame struct {
	Title    string
	Sections []link
	Body     template.HTML
	Manifest string
}

// link is an entry of the contents.
type link struct{ Anchor, Name string }

func (b Command) htmlCommand(stdout io.Writer) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:                   "html [DIR] [--out FILE]",
		DisableFlagsInUseLine: true,
		Short:                 "the report as one web page",
		Long: `html writes the whole report as a single file: words, tables, figures as drawings inside it, each failed cell with its cause, and
the manifest of the run. It loads nothing from anywhere and runs no script.`,
		Example:           "  benchreport html results/reference/quick --out quick.html",
		Args:              oneRunAtMost,
		ValidArgsFunction: runFolders,
		RunE: func(_ *cobra.Command, args []string) error {
			r, err := loadRun(strings.Join(args, ""))
			if err != nil {
				return err
			}
			if out == "" {
				out = filepath.Join(r.Dir, "report", "report.html")
			}
			page, err := b.HTML(r)
			if err != nil {
				return err
			}
			if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
				return fmt.Errorf("cannot write the page: %w", err)
			}
			if err := writeFile(filepath.Dir(out), filepath.Base(out), page); err != nil {
				return err
			}
			_, err = fmt.Fprintln(stdout, out)
			return err
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "file to write (default DIR/report/report.html)")
	cmd.SetFlagErrorFunc(flagError)
	return cmd
}

// HTML is the report of a run as one page.
func (b Command) HTML(r *tables.Run) ([]byte, error) {
	p, figures := Build(r, b.Model)
	byName := map[string]*Figure{}
	for _, f := range figures {
		byName[f.Name] = f
	}
	var body bytes.Buffer
	provenance := r.Provenance()
	err := p.WriteBody(&body, func(pic tables.Picture) string {
		return inline(byName[pic.Name].SVG(provenance), pic.Alt)
	})
	if err != nil {
		return nil, err
	}
	f := frame{Title: tables.Clean(p.Title), Body: template.HTML(anchored(body.String())), Manifest: manifestText(r.Dir)}
	for _, it := range p.Items {
		if h, ok := it.(tables.Heading); ok {
			f.Sections = append(f.Sections, link{fmt.Sprintf("s%d", len(f.Sections)+1), tables.Clean(string(h))})
		}
	}
	var out bytes.Buffer
	t := template.Must(template.New("page").Parse(pageTemplate))
	if err := t.Execute(&out, f); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// inline is a drawing as an element of a page, with its name for those who do not see it.
func inline(svg []byte, alt string) string {
	s := string(svg)
	s = s[strings.Index(s, "<svg"):]
	return `<svg role="img" aria-label="` + html.EscapeString(tables.Clean(alt)) + `"` + strings.TrimPrefix(s, "<svg")
}

var headings = regexp.MustCompile(`<h2>`)

// anchored numbers the headings, so that the list of contents can link to them.
func anchored(body string) string {
	n := 0
	return headings.ReplaceAllStringFunc(body, func(string) string {
		n++
		return fmt.Sprintf(`<h2 id="s%d">`, n)
	})
}

// manifestText is the manifest as it lies there; empty where it cannot be read.
func manifestText(dir string) string {
	b, err := os.ReadFile(filepath.Join(dir, results.ManifestFile))
	if err != nil {
		return ""
	}
	return string(b)
}
