package results

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestRecordGolden(t *testing.T) {
	b, err := Encode(sample())
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "record.json", b)
	if !json.Valid(b) {
		t.Error("not JSON")
	}
	back, err := Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(sample(), back, sameFloat); d != "" {
		t.Errorf("read back (-want +got):\n%s", d)
	}
}

func TestRecordRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rec := sample()
		number := rapid.Custom(func(t *rapid.T) Float { return Float(math.Float64frombits(rapid.Uint64().Draw(t, "bits"))) })
		rec.Metrics = rapid.MapOf(rapid.SampledFrom([]string{"loss", "l2err", "steps"}), number).Draw(t, "metrics")
		rec.Cause = rapid.String().Draw(t, "cause")
		rec.Status = rapid.SampledFrom(Statuses).Draw(t, "status")
		rec.Trace = nil
		for i, v := range rapid.SliceOf(number).Draw(t, "losses") {
			rec.Trace = append(rec.Trace, Row{Step: 2 * i, Loss: v, Slope: -v})
		}
		b, err := Encode(rec)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		rec.Cause = strings.ToValidUTF8(rec.Cause, "\ufffd")
		if d := cmp.Diff(rec, back, sameFloat); d != "" {
			t.Fatal(d)
		}
	})
}

// Every proper beginning of a record is refused as truncated: no cut can pass for a record.
func TestTruncatedRecord(t *testing.T) {
	b, err := Encode(sample())
	if err != nil {
		t.Fatal(err)
	}
	whole := len(bytes.TrimSpace(b))
	for n := range whole {
		_, err := Decode(b[:n])
		if err == nil {
			t.Fatalf("the first %d of %d bytes pass for a record", n, whole)
		}
		if msg := err.Error(); n > 0 && !strings.Contains(msg, "truncated") || n == 0 && msg != "empty file" {
			t.Fatalf("first %d bytes: %v", n, err)
		}
	}
}

func TestBadRecord(t *testing.T) {
	b, err := Encode(sample())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{`"schema": 1`, `"schema": 2`, "schema 2 is newer than this program's 1"},
		{`"schema": 1`, `"schema": 0`, "schema 0 does not exist"},
		{`"schema": 1,`, ``, "no schema: not a record"},
		{`"suite"`, `"sweet"`, `unknown field "sweet"`},
		{`"steps": 10,`, `"steps": "ten",`, "want int, not string"},
		{`"status": "diverged"`, `"status": "exploded"`, `unknown status "exploded"`},
		{`"name": "problem=poisson2d`, `"name": "problem=heat`, "is not that of the cell"},
		{`"rank": "32",`, `"rang": "32",`, "is not that of the cell"},
		{`"step": 0,`, `"step": 1,`, "trace: step 1 after step 1"},
		{`"key"`, `'key'`, "line 27, column 2: invalid character '\\''"},
		{"\n}\n", "\n}\n{}", "line 126, column 1: invalid character '{' after top-level value"},
	} {
		bad := strings.Replace(string(b), c.old, c.new, 1)
		if bad == string(b) {
			t.Fatalf("%s is not in the record", c.old)
		}
		if _, err := Decode([]byte(bad)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s for %s: error %v, want %q", c.new, c.old, err, c.want)
		}
	}
}

// Numbers that are not finite become null even where a record could not be read again, and never break the encoder.
func TestFloat(t *testing.T) {
	for v, want := range map[float64]string{
		math.Inf(1): "null", math.Inf(-1): "null", 1e-10: "1e-10", 0: "0", 3.5e-7: "3.5e-7", 1.0 / 3: "0.3333333333333333",
		math.SmallestNonzeroFloat64: "5e-324", math.MaxFloat64: "1.7976931348623157e+308",
	} {
		if b, err := json.Marshal(Float(v)); err != nil || string(b) != want {
			t.Errorf("%g: %s, %v", v, b, err)
		}
	}
	b, err := json.Marshal(map[string]Float{"x": Float(math.NaN())})
	if err != nil || string(b) != `{"x":null}` {
		t.Errorf("NaN: %s, %v", b, err)
	}
	m := map[string]Float{}
	if err := json.Unmarshal([]byte(`{"x":null,"y":-0}`), &m); err != nil {
		t.Fatal(err)
	}
	if m["x"].Finite() || !math.Signbit(float64(m["y"])) {
		t.Errorf("read %v", m)
	}
}

func FuzzDecode(f *testing.F) {
	b, _ := Encode(sample())
	f.Add(b)
	f.Add([]byte(`{"schema":1}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		rec, err := Decode(b)
		if err != nil {
			return
		}
		again, err := Encode(rec)
		if err != nil {
			t.Fatalf("read but not written: %v", err)
		}
		if back, err := Decode(again); err != nil || !cmp.Equal(rec, back, sameFloat) {
			t.Fatalf("not the same again: %v", err)
		}
	})
}
