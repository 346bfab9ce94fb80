package printable

import (
	"slices"
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	address := "https://login.microsoftonline.com/" + strings.Repeat("a", 90)
	for text, want := range map[string][]string{
		"":                                 nil,
		"one":                              {"one"},
		"one two  three":                   {"one two", "three"},
		"the page " + address + " is long": {"the page", address, "is long"},
		"日本語 日本 三四":                        {"日本語", "日本 三四"},
		"a\x1b]0;title\aline\n of words":   {"aline of", "words"},
	} {
		if got := Words(text, 9); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
