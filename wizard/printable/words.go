package printable

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Wrapped is a text in lines of fewer than w columns that end between words: the first begins with lead, each other one with under. A word
// that only has room without either, as a path has, stands on a line of its own, and a path that has none even there ends its lines behind
// a slash. With no columns, as where there is no terminal, it is one line.
func Wrapped(lead, under, text string, w int) string {
	text = Line(text)
	if w <= 0 || ansi.StringWidth(lead+text) < w {
		return lead + text
	}
	if isPath(text) { // there may be spaces in it
		if lead = strings.TrimRight(lead, " "); lead != "" {
			lead += "\n"
		}
		return lead + strings.Join(pieces(text, w), "\n")
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
			if isPath(word) && ansi.StringWidth(word) >= w {
				parts := pieces(word, w)
				lines, word = append(lines, parts[:len(parts)-1]...), parts[len(parts)-1]
			}
		}
		line += between + word
		between = " "
	}
	return strings.Join(append(lines, line), "\n")
}

// isPath reports a path from the root, of either kind.
func isPath(s string) bool {
	return strings.HasPrefix(s, "/") || strings.HasPrefix(s, `\\`) || len(s) > 2 && s[1] == ':' && s[2] == '\\'
}

// pieces are a path in lines of fewer than w columns that end behind a slash: a name is never broken.
func pieces(path string, w int) []string {
	var lines []string
	line := ""
	for path != "" {
		name := path
		if at := strings.IndexAny(path, `/\`); at >= 0 {
			name = path[:at+1]
		}
		path = path[len(name):]
		if line != "" && ansi.StringWidth(line+name) >= w {
			lines, line = append(lines, line), ""
		}
		line += name
	}
	return append(lines, line)
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
