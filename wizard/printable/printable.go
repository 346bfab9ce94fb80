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

	"github.com/charmbracelet/x/ansi"

	"github.com/delegate365-onboard/delegate365-onboard/graph/invisible"
)

// Line makes one line of s: terminal sequences are taken out whole, and what parts lines or words becomes a space.
func Line(s string) string {
	if invisible.None(s) {
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
	if invisible.None(strings.ReplaceAll(s, "\n", "")) {
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

// visible is r, or -1 when a reader would not see it.
func visible(r rune) rune {
	if invisible.Is(r) {
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
func JSON(w io.Writer) io.Writer { return &writer{w, invisible.Escaped} }

func (w *writer) Write(b []byte) (int, error) {
	if _, err := io.WriteString(w.to, w.clean(string(b))); err != nil {
		return 0, err
	}
	return len(b), nil
}
