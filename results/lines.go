package results

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// WriteLines writes records as results.jsonl: one line of JSON each, in the order of Sort.
func WriteLines(w io.Writer, records []Record) error {
	e := json.NewEncoder(w)
	for _, rec := range Sort(records) {
		if err := rec.check(); err != nil {
			return fmt.Errorf("results: %s: %w", rec.Name, err)
		}
		if err := e.Encode(rec); err != nil {
			return err
		}
	}
	return nil
}

// ReadLines reads what WriteLines wrote. The name is for messages, which give the line.
func ReadLines(r io.Reader, name string) ([]Record, error) {
	var list []Record
	in := bufio.NewReader(r)
	for line := 1; ; line++ {
		b, err := in.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("results: %s: %w", name, err)
		}
		if len(b) > 0 {
			rec, bad := Decode(b)
			if bad != nil {
				return nil, fmt.Errorf("results: %s: record %d: %w", name, line, bad)
			}
			list = append(list, rec)
		}
		if err != nil {
			return list, nil
		}
	}
}
