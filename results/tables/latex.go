package tables

import (
	"io"
	"strings"
)

// writeLaTeX writes the table as a tabular with the rules of the package booktabs.
func (t *Table) writeLaTeX(w io.Writer) error {
	e := &errWriter{w: w}
	var align strings.Builder
	head := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		align.WriteByte("rl"[toInt(c.Left)])
		head[i] = c.Name
	}
	e.print("\\begin{tabular}{", align.String(), "}\n\\toprule\n", latexRow(head), "\\midrule\n")
	for _, row := range t.Rows {
		e.print(latexRow(row))
	}
	e.print("\\bottomrule\n\\end{tabular}\n")
	return e.err
}

func toInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func latexRow(cells []string) string {
	escaped := make([]string, len(cells))
	for i, c := range cells {
		escaped[i] = latex(clip(c))
	}
	return strings.Join(escaped, " & ") + " \\\\\n"
}

var latexEscapes = strings.NewReplacer(
	`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "%", `\%`, "&", `\&`, "#", `\#`, "_", `\_`, "$", `\$`,
	"^", `\textasciicircum{}`, "~", `\textasciitilde{}`, "<", `\textless{}`, ">", `\textgreater{}`, "|", `\textbar{}`, `"`, `\textquotedbl{}`,
	"–", "--", "×", `$\times$`, "·", `$\cdot$`, "±", `$\pm$`, "≤", `$\leq$`, "≥", `$\geq$`, "∞", `$\infty$`, "…", `\dots{}`,
	"ᵀ", `$^{\mathsf{T}}$`, "²", `$^2$`, "³", `$^3$`, "μ", `$\mu$`, "σ", `$\sigma$`, "ε", `$\varepsilon$`, "Σ", `$\Sigma$`, "λ", `$\lambda$`,
	"≈", `$\approx$`, "−", `$-$`, "√", `$\surd$`, "[", "{[}", "]", "{]}", "�", "?")

// latex is clean text in which nothing means markup. Brackets are braced: behind the \\ of the row before, one would be its
// argument.
func latex(s string) string { return latexEscapes.Replace(Clean(s)) }
