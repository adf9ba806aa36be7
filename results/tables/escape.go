package tables

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const longest = 160 // runes of a cell or a note that came from a file

// clip is clean text, cut where it is very long.
func clip(s string) string {
	if r := []rune(s); len(r) > longest {
		s = string(r[:longest-1]) + "…"
	}
	return Clean(s)
}

// Clean makes text from a file harmless on a terminal: line ends become spaces, control characters and directional marks a
// visible replacement.
func Clean(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			b.WriteByte(' ')
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar:
			b.WriteRune(unicode.ReplacementChar)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

var markdownEscapes = strings.NewReplacer(
	`\`, `\\`, "|", `\|`, "`", "\\`", "*", `\*`, "_", `\_`, "](", `\](`, "][", `\][`, "]:", `\]:`, "~", `\~`, "$", `\$`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;")

// markdown is clean text in which nothing means markup, the pipe of a table least of all. Brackets alone mean nothing; what
// would make a link of them is escaped.
func markdown(s string) string { return markdownEscapes.Replace(Clean(s)) }

// wrap breaks clean text at spaces so that lines have at most textWidth characters, where words allow it; further
// lines begin with indent.
func wrap(s, indent string) string {
	var b strings.Builder
	column := 0
	for i, word := range strings.Fields(s) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case column+1+n > textWidth:
			b.WriteString("\n" + indent)
			column = len(indent)
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	return b.String()
}

const textWidth = 120
