package report

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"ngdbench/results/tables"
)

// annotateSVG puts title and metadata behind the opening tag, where viewers and search tools look for them, and names fonts of
// the same widths for readers who lack the first.
func annotateSVG(svg []byte, title, provenance string) []byte {
	svg = bytes.ReplaceAll(svg, []byte("font-family:Liberation Sans;"), []byte("font-family:Liberation Sans,Arial,Helvetica,sans-serif;"))
	open := bytes.Index(svg, []byte("<svg"))
	end := bytes.IndexByte(svg[max(0, open):], '>')
	if open < 0 || end < 0 {
		panic("report: no <svg> in a figure")
	}
	at := open + end + 1
	note := "\n<title>" + html.EscapeString(tables.Clean(title)) + "</title>\n<metadata>" + html.EscapeString(provenance) + "</metadata>"
	out := append([]byte{}, svg[:at]...)
	out = append(out, note...)
	return append(out, svg[at:]...)
}

// annotatePNG puts an iTXt chunk (UTF-8) behind IHDR, the first chunk: 8 bytes of signature, then length, type, 13
// bytes and checksum.
func annotatePNG(png []byte, provenance string) []byte {
	const head = 8 + 4 + 4 + 13 + 4
	if len(png) < head || string(png[12:16]) != "IHDR" {
		panic("report: a figure is no PNG")
	}
	// keyword NUL, not compressed, method 0, no language NUL, no translated keyword NUL, text
	body := append([]byte("iTXtSource\x00\x00\x00\x00\x00"), strings.ReplaceAll(provenance, "\x00", "")...)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
	chunk = append(chunk, body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(body))
	out := append([]byte{}, png[:head]...)
	out = append(out, chunk...)
	return append(out, png[head:]...)
}

var (
	pdfSize  = regexp.MustCompile(`/Size (\d+)`)
	pdfRoot  = regexp.MustCompile(`/Root (\d+ \d+ R)`)
	pdfStart = regexp.MustCompile(`startxref\s+(\d+)`)
	pdfDate  = regexp.MustCompile(`/(CreationDate|ModDate) \(D:\d{14}\)`)
)

// annotatePDF appends an update with title and subject, as the format provides for, and sets the dates that the writer took
// from the clock to one that never changes: the same figure gives the same bytes.
func annotatePDF(pdf []byte, title, provenance string) []byte {
	pdf = pdfDate.ReplaceAll(pdf, []byte("/$1 (D:20000101000000)"))
	size, root, start := pdfSize.FindSubmatch(pdf), pdfRoot.FindSubmatch(pdf), pdfStart.FindSubmatch(pdf)
	if size == nil || root == nil || start == nil {
		panic("report: a figure is no PDF with a trailer")
	}
	n, err := strconv.Atoi(string(size[1]))
	if err != nil {
		panic("report: a PDF with " + string(size[1]) + " objects")
	}
	out := bytes.TrimRight(append([]byte{}, pdf...), "\n")
	out = append(out, '\n')
	object := len(out)
	out = fmt.Appendf(out, "%d 0 obj\n<< /Title %s /Subject %s >>\nendobj\n", n, pdfText(tables.Clean(title)), pdfText(provenance))
	table := len(out)
	return fmt.Appendf(out, "xref\n0 1\n0000000000 65535 f \n%d 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root %s /Info %d 0 R /Prev %s >>\nstartxref\n%d\n%%%%EOF\n",
		n, object, n+1, root[1], n, start[1], table)
}

// pdfText is text as UTF-16 in hexadecimal digits, which needs no escapes.
func pdfText(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String() + ">"
}
