package wizard

import (
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"github.com/delegate365-onboard/delegate365-onboard/wizard/printable"
)

// What the tenant holds was typed by strangers: every text passes through clean before it is measured or drawn, and is
// styled only afterwards.

// clean makes one line of s: no escape sequences, no control characters, nothing that turns the writing direction.
//
//go:noinline // every copy would be carried
func clean(s string) string { return printable.Line(s) }

// width is the number of columns s takes. Most of what is measured is plain ASCII, where every byte takes one.
func width(s string) int {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return ansi.StringWidth(s)
		}
	}
	return len(s)
}

// wrap breaks s into lines of at most w columns, between words where it can, a path after a slash, and what has none after a dot. Nothing is left out.
func wrap(s string, w int) []string {
	w = max(w, 1)
	var lines []string
	line := ""
	flush := func() {
		if line != "" {
			lines = append(lines, line)
		}
		line = ""
	}
	for word := range strings.FieldsSeq(clean(s)) {
		switch {
		case line == "":
			line = word
		case width(line)+1+width(word) <= w:
			line += " " + word
		default:
			flush()
			line = word
		}
		for width(line) > w {
			head := ansi.Truncate(line, w, "")
			if head == "" {
				break // one glyph that is wider than the line
			}
			if at := strings.LastIndexAny(head, `/\`); at > len(head)/2 || at > 0 && head[at-1] != '/' && line[len(head)] != '/' && width(name(line[at+1:])) <= w {
				head = head[:at+1] // so that the name of a file, and the host of an address, is in one piece
			} else if dot := strings.LastIndexByte(head, '.'); at < 0 && dot > len(head)/2 {
				head = head[:dot+1] // and each part of a permission's name
			}
			lines = append(lines, head)
			line = line[len(head):]
		}
	}
	flush()
	return lines
}

// name is what a path begins with, up to its first slash and with that.
func name(path string) string {
	if at := strings.IndexAny(path, `/\`); at >= 0 {
		return path[:at+1]
	}
	return path
}

// indent puts prefix before every line.
//
//go:noinline // every copy would be carried
func indent(prefix string, lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = prefix + line
	}
	return out
}

// hang puts first before the first line and as many spaces before the others.
func hang(first string, lines []string) []string {
	if len(lines) == 0 {
		return []string{strings.TrimRight(first, " ")}
	}
	out := indent(strings.Repeat(" ", width(first)), lines)
	out[0] = first + lines[0]
	return out
}

// pad fills s with spaces to w columns.
func pad(s string, w int) string {
	return s + strings.Repeat(" ", max(w-width(s), 0))
}

// ends puts left and right at the two ends of w columns, and reports whether both fit.
func ends(left, right string, w int) (string, bool) {
	gap := w - width(left) - width(right)
	if right == "" {
		return left, gap >= 0
	}
	return left + strings.Repeat(" ", max(gap, 1)) + right, gap >= 1
}

// latin reports that every terminal agrees on the width of s.
func latin(s string) bool {
	for _, r := range s {
		if r > unicode.MaxLatin1 {
			return false
		}
	}
	return true
}
