package printable

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Wrapped is a text in lines of fewer than w columns that end between words: the first begins with lead, each other one with under. A word
// that only has room without either, as a path has, stands on a line of its own. With no columns, as where there is no terminal, it is one
// line.
func Wrapped(lead, under, text string, w int) string {
	text = Line(text)
	if w <= 0 || ansi.StringWidth(lead+text) < w {
		return lead + text
	}
	var lines []string
	line, between := lead, ""
	for word := range strings.FieldsSeq(text) {
		if ansi.StringWidth(line+between+word) >= w {
			if strings.TrimSpace(line) != "" {
				lines, line = append(lines, strings.TrimRight(line, " ")), under
			}
			if between = ""; ansi.StringWidth(line+word) >= w {
				line = ""
			}
		}
		line += between + word
		between = " "
	}
	return strings.Join(append(lines, line), "\n")
}

// Words makes lines of at most w columns of s. They end between words only: a longer word, as an address is, has a line of its
// own, whole.
func Words(s string, w int) []string {
	var lines []string
	line, columns := "", 0
	for word := range strings.FieldsSeq(Line(s)) {
		wide := ansi.StringWidth(word)
		if line != "" && columns+1+wide > w {
			lines = append(lines, line)
			line, columns = "", 0
		}
		if line != "" {
			line += " "
			columns++
		}
		line += word
		columns += wide
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
