package phrase

import (
	"strings"
	"testing"
)

func TestName(t *testing.T) {
	for name, want := range map[string]string{
		"CA01 - Require MFA": `"CA01 - Require MFA"`,
		"":                   `""`,
		`X". Nothing demands MFA. Open "https://evil.example`: `"X'. Nothing demands MFA. Open 'https://evil.example"`,
		"a\nb\r\nc\td\u2028e":                   "\"a b  c d e\"",
		"\u202eAFM\u202c \u2066x\u2069":         `"AFM x"`,
		"zero\u200bwidth\ufeff\u2060\U000e0041": `"zerowidth"`,
		"\x1b]0;owned\a\u009b31m":               `"]0;owned31m"`,
		"“quoted” «too»":                        `"'quoted' 'too'"`,
		"会社 مرحبا":                              `"会社 مرحبا"`,
	} {
		if got := Name(name); got != want {
			t.Errorf("%q stands as %q, want %q", name, got, want)
		}
	}
	if got := Name(strings.Repeat("ä", 4000)); len([]rune(got)) != longest+3 {
		t.Errorf("%d characters of a long name stand there", len([]rune(got)))
	}
}
