package report

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"html"
	"strings"

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
