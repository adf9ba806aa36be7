package tables

import (
	"strings"
	"testing"

	"ngdbench/results/stats"
)

func TestFormats(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Scientific(4.54e-7), "4.5e-7"}, {Scientific(9.96e-7), "1.0e-6"}, {Scientific(2.5e-9), "2.5e-9"}, {Scientific(0), "0"}, {Scientific(12), "1.2e1"},
		{Scientific(1e-320), "1.0e-320"}, {Scientific(3e17), "3.0e17"},
		{Plain(0.0412), "0.0412"}, {Plain(3.978), "3.98"}, {Plain(41.23), "41.2"}, {Plain(1240.4), "1240"}, {Plain(0), "0"}, {Plain(4e-6), "4.0e-6"},
		{Plain(2.5e7), "2.5e7"}, {Plain(0.4567), "0.457"},
		{Whole(12.5), "12.5"}, {Whole(339287), "339287"},
		{Memory(124 << 20), "124 MiB"}, {Memory(1.5 * (1 << 30)), "1.5 GiB"}, {Memory(800), "800 B"},
		{Ratio(0.4312), "0.43"}, {Ratio(12.3), "12"}, {Ratio(552), "552"}, {Ratio(1), "1.0"}, {Ratio(3.14e4), "3.1e4"}, {Ratio(0.0019), "1.9e-3"}, {Ratio(9.96), "10"},
		{Power(1e-3), "1e-3"}, {Power(1e-6), "1e-6"},
		{Spread(stats.Summarise([]stats.Quantity{stats.Known(2)}), Plain), "2.00 (n = 1)"},
		{Spread(stats.Summarise([]stats.Quantity{{}}), Plain), dash},
		{Spread(stats.Summarise(nil), Plain), dash},
		{Spread(stats.Summarise([]stats.Quantity{stats.Known(2), stats.Beyond(4), {}}), Plain), "> 4.00 [2.00, failed]"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestEscapes(t *testing.T) {
	if got := Clean("a\x1b[31m\nb\tc\u202e\x00"); got != "a\ufffd[31m b c\ufffd\ufffd" {
		t.Errorf("clean: %q", got)
	}
	if got := markdown("a|b `c` <script> *d* _e_ [f](g) [h]: [i][j] [1, 2] 50% \\"); got != "a\\|b \\`c\\` &lt;script&gt; \\*d\\* \\_e\\_ [f\\](g) [h\\]: [i\\][j] [1, 2] 50% \\\\" {
		t.Errorf("markdown: %q", got)
	}
	if got := clip(strings.Repeat("ä", 500)); len([]rune(got)) != longest || !strings.HasSuffix(got, "…") {
		t.Errorf("clip: %d runes", len([]rune(got)))
	}
	for line := range strings.Lines(wrap(strings.Repeat("word ", 99), "  ")) {
		if len(line) > textWidth+1 {
			t.Errorf("wrapped line of %d", len(line))
		}
	}
}
