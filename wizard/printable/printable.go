// Package printable makes text fit to leave by a terminal, a pipe or a file that somebody may print. Names, messages and
// error texts come from strangers: a control character in one could set the window's title, fill the clipboard, draw over
// other lines or turn the writing direction. The rules:
//
//   - What leaves holds no control character but the line feed, no bidirectional or zero-width control, no separator of
//     lines or paragraphs, nothing unassigned or private, and no byte that is not UTF-8.
//   - A value becomes one line before it is put into a sentence, so that it can't write a line of its own.
//   - JSON keeps such characters, as \u escapes.
package printable

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/charmbracelet/x/ansi"
)

// Line makes one line of s: terminal sequences are taken out whole, and what parts lines or words becomes a space.
func Line(s string) string {
	if plain(s) {
		return strings.TrimSpace(s)
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return visible(r)
	}, ansi.Strip(s)))
}

// Text is s without what a terminal would obey. Its lines stay.
func Text(s string) string {
	if plain(strings.ReplaceAll(s, "\n", "")) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case '\n':
			return r
		case '\t', '\u2028', '\u2029':
			return ' '
		}
		return visible(r)
	}, ansi.Strip(s))
}

// plain reports that s is printable ASCII, as nearly every line is.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// visible is r, or -1 when a reader would not see it. Of the invisible ones, some are letters or marks by their category
// (https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point).
func visible(r rune) rune {
	if !unicode.IsGraphic(r) || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
		return -1
	}
	return r
}

type writer struct {
	to    io.Writer
	clean func(string) string
}

// Writer writes to w what is fit to be printed, each Write by itself.
func Writer(w io.Writer) io.Writer { return &writer{w, Text} }

// JSON writes JSON to w so that it is fit to be printed too: in a string, what a terminal would obey stands as an escape.
func JSON(w io.Writer) io.Writer { return &writer{w, escaped} }

func (w *writer) Write(b []byte) (int, error) {
	if _, err := io.WriteString(w.to, w.clean(string(b))); err != nil {
		return 0, err
	}
	return len(b), nil
}

const digits = "0123456789abcdef"

// escaped writes every invisible character of a JSON text as \u. JSON has such characters in its strings alone.
func escaped(s string) string {
	if plain(strings.TrimSuffix(s, "\n")) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t' || r == '\r' || visible(r) == r:
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			escape(&b, high)
			escape(&b, low)
		default:
			escape(&b, r)
		}
	}
	return b.String()
}

func escape(b *strings.Builder, r rune) {
	b.WriteString(`\u`)
	for shift := 12; shift >= 0; shift -= 4 {
		b.WriteByte(digits[r>>shift&0xf])
	}
}
