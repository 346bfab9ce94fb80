package printable

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

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
