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

func TestWrapped(t *testing.T) {
	path := "/home/" + strings.Repeat("a", 12)
	for _, c := range []struct {
		lead, text, want string
		w                int
	}{
		{"", "one two  three", "one two  three", 0},
		{"", "one two  three", "one two  three", 15},
		{"", "one two  three", "one two three", 14},
		{"", "one two  three", "one\n  two\nthree", 6},
		{"", "The page: " + path, "The page:\n  " + path, 21},
		{"", "The page: " + path, "The page:\n" + path, 19},
		{"", "The page: " + path + " is long", "The page:\n/home/\naaaaaaaaaaaa\n  is long", 10},
		{"page: ", path, "page:\n" + path, 19},
		{"    ", path, path, 19},
		{"", "/home/eva/report-2.html", "/home/eva/\nreport-2.html", 21},
		{"", "/home/eva/report-2.html", "/home/\neva/\nreport-2.html", 10},
		{"", `C:\Users\Eva B\report-2.html`, "C:\\Users\\Eva B\\\nreport-2.html", 20},
		{"", "https://contoso.com/" + path, "https://contoso.com/" + path, 19},
		{"    ", "one two three", "    one\n  two\n  three", 9},
		{"", "日本語 日本", "日本語\n  日本", 11},
		{"", "", "", 9},
		{"", "a\x1b]0;title\aline\n of words", "aline of\n  words", 12},
	} {
		if got := Wrapped(c.lead, "  ", c.text, c.w); got != c.want {
			t.Errorf("%q, %q in %d columns: %q, want %q", c.lead, c.text, c.w, got, c.want)
		}
	}
}
