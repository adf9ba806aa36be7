package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Encode writes a record as indented JSON with a newline at the end. The same record gives the same bytes.
func Encode(rec Record) ([]byte, error) {
	if err := rec.check(); err != nil {
		return nil, err
	}
	b, err := json.MarshalIndent(rec, "", "\t")
	return append(b, '\n'), err
}

// Decode reads what Encode wrote. It refuses a newer schema, unknown keys, text behind the record, and a record that
// contradicts itself; the error says where and what.
func Decode(b []byte) (Record, error) {
	var rec Record
	if len(bytes.TrimSpace(b)) == 0 {
		return rec, errors.New("empty file")
	}
	if err := checkSchema(b); err != nil {
		return rec, err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&rec); err != nil {
		return Record{}, explain(b, err)
	}
	return rec, rec.check()
}

// checkSchema comes before the strict decoder, so that a newer record is called newer and not misspelt. It reads all of b
// and so finds what stands behind the record, which the other would leave alone.
func checkSchema(b []byte) error {
	var probe struct{ Schema *int }
	if err := json.Unmarshal(b, &probe); err != nil {
		return explain(b, err)
	}
	switch {
	case probe.Schema == nil:
		return errors.New("no schema: not a record")
	case *probe.Schema > Schema:
		return fmt.Errorf("schema %d is newer than this program's %d", *probe.Schema, Schema)
	case *probe.Schema < 1:
		return fmt.Errorf("schema %d does not exist", *probe.Schema)
	}
	return nil
}

// check refuses a record that cannot have been written by a training.
func (rec Record) check() error {
	switch {
	case rec.Schema != Schema:
		return fmt.Errorf("schema %d, want %d", rec.Schema, Schema)
	case !slices.Contains(Statuses, rec.Status):
		return fmt.Errorf("unknown status %q", rec.Status)
	case rec.Name != rec.Cell.Name():
		return fmt.Errorf("name %q is not that of the cell, %q", rec.Name, rec.Cell.Name())
	}
	for axis, v := range rec.Cell {
		if !IsAxis(axis) {
			return fmt.Errorf("unknown axis %q", axis)
		}
		if err := CheckValue(axis, v); err != nil {
			return err
		}
	}
	for i := 1; i < len(rec.Trace); i++ {
		if a, b := rec.Trace[i-1].Step, rec.Trace[i].Step; a >= b {
			return fmt.Errorf("trace: step %d after step %d", b, a)
		}
	}
	return nil
}

// explain turns an error of the JSON decoder into one with a place in b.
func explain(b []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &syntax) && syntax.Offset >= int64(len(b)):
		return fmt.Errorf("%s: truncated: the record does not end", position(b, int64(len(b))))
	case errors.As(err, &syntax):
		return fmt.Errorf("%s: %w", position(b, syntax.Offset-1), err)
	case errors.As(err, &kind):
		return fmt.Errorf("%s: %s: want %s, not %s", position(b, kind.Offset), kind.Field, kind.Type, kind.Value)
	}
	return err
}

// position is "line 3, column 14" of a byte offset.
func position(b []byte, offset int64) string {
	head := b[:min(int64(len(b)), max(0, offset))]
	return fmt.Sprintf("line %d, column %d", bytes.Count(head, []byte("\n"))+1, len(head)-bytes.LastIndexByte(head, '\n'))
}
