package tables

import (
	"strings"
	"testing"

	"ngdbench/results/stats"
)

func TestFormats(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{scientific(4.54e-7), "4.5e-7"}, {scientific(9.96e-7), "1.0e-6"}, {scientific(2.5e-9), "2.5e-9"}, {scientific(0), "0"}, {scientific(12), "1.2e1"},
		{scientific(1e-320), "1.0e-320"}, {scientific(3e17), "3.0e17"},
		{plain(0.0412), "0.0412"}, {plain(3.978), "3.98"}, {plain(41.23), "41.2"}, {plain(1240.4), "1240"}, {plain(0), "0"}, {plain(4e-6), "4.0e-6"},
		{plain(2.5e7), "2.5e7"}, {plain(0.4567), "0.457"},
		{whole(12.5), "12.5"}, {whole(339287), "339287"},
		{memory(124 << 20), "124 MiB"}, {memory(1.5 * (1 << 30)), "1.5 GiB"}, {memory(800), "800 B"},
		{ratio(0.4312), "0.43"}, {ratio(12.3), "12"}, {ratio(552), "552"}, {ratio(1), "1.0"}, {ratio(3.14e4), "3.1e4"}, {ratio(0.0019), "1.9e-3"}, {ratio(9.96), "10"},
		{power(1e-3), "1e-3"}, {power(1e-6), "1e-6"},
		{spread(stats.Summarise([]stats.Quantity{stats.Known(2)}), plain), "2.00 (n = 1)"},
		{spread(stats.Summarise([]stats.Quantity{{}}), plain), dash},
		{spread(stats.Summarise(nil), plain), dash},
		{spread(stats.Summarise([]stats.Quantity{stats.Known(2), stats.Beyond(4), {}}), plain), "> 4.00 [2.00, failed]"},
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
