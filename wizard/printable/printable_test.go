package printable

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// hostile are texts that a stranger may have chosen, by what is left of them as a line.
var hostile = map[string]string{
	"CA01 \u202eAFM\u202c\nReady: the onboarding can begin.":       "CA01 AFM Ready: the onboarding can begin.",
	"a\x1b]0;title\x07b\x1b]52;c;Y3VybA==\x07c":                    "abc",
	"a\x1bPdcs\x1b\\b\x1b[31mc\x1b]8;;https://evil.example\x1b\\d": "abcd",
	"a\u009b31mb\u009d0;t\u009cc":                                  "a31mb0;tc",
	"a\r\nb\vc\fd\u0085e\u2028f\u2029g\th":                         "a  b c d e f g h",
	"zero\u200bwidth\u200d\u2060\ufeff\u00ad\u061c\u180e":          "zerowidth",
	"tags \U000e0041\U000e007f and selectors \ufe0f\U000e0100.":    "tags  and selectors .",
	"fillers \u115f\u3164\uffa0\u034f.":                            "fillers .",
	"private \ue000\U000f0000 and unassigned \u0378\U0010ffff.":    "private  and unassigned .",
	"nul\x00 bs\x08 del\x7f":                                       "nul bs del",
	"Contoso GmbH, 東京, עברית, é":                                   "Contoso GmbH, 東京, עברית, é",
	"  plain  ":                                                    "plain",
}

func TestLine(t *testing.T) {
	for text, want := range hostile {
		if got := Line(text); got != want {
			t.Errorf("%+q comes out as %+q, want %+q", text, got, want)
		}
	}
	if got := Line("not \xff\x9b31m UTF-8"); !utf8.ValidString(got) || !strings.HasSuffix(got, "UTF-8") {
		t.Errorf("%+q", got)
	}
}

func TestWriter(t *testing.T) {
	var out bytes.Buffer
	for text := range hostile {
		if n, err := fmt.Fprintln(Writer(&out), text); n != len(text)+1 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	}
	obeys(t, out.String())
	out.Reset()
	if fmt.Fprint(Writer(&out), "one\n\ttwo\n"); out.String() != "one\n two\n" {
		t.Errorf("%q", out.String())
	}
}

// JSON says the same, and a terminal obeys nothing of it.
func TestJSON(t *testing.T) {
	for text := range hostile {
		var out bytes.Buffer
		if err := json.NewEncoder(JSON(&out)).Encode(map[string]string{"a": text}); err != nil {
			t.Fatal(err)
		}
		obeys(t, out.String())
		var back map[string]string
		if err := json.Unmarshal(out.Bytes(), &back); err != nil || back["a"] != text {
			t.Errorf("%+q comes back as %+q: %v", text, back["a"], err)
		}
	}
}

// obeys fails for every character that a terminal would obey or a reader would not see.
func obeys(t *testing.T, text string) {
	t.Helper()
	for _, r := range text {
		if r != '\n' && (unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp, unicode.Variation_Selector) || r == 0x3164) {
			t.Errorf("%U is in %+q", r, text)
		}
	}
}

func FuzzWriter(f *testing.F) {
	for text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		obeys(t, Text(text))
		if line := Line(text); strings.Contains(line, "\n") {
			t.Errorf("%+q", line)
		} else {
			obeys(t, line)
		}
	})
}
