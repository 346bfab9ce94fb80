package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// mostShown is how much of a name that a stranger chose is on the page; the whole is in the JSON.
const mostShown = 120

// shown is a text as a person may read it: what would not be seen, or would move what stands beside it, is named.
func shown(s string) string { return cut(spelt(s), mostShown) }

// spelt is a text in which what can't be seen is named.
func spelt(s string) string {
	if !strings.ContainsFunc(s, func(c rune) bool { return unseen(c) || c == '\n' || c == utf8.RuneError }) {
		return s
	}
	var b strings.Builder
	for _, c := range s {
		if unseen(c) || c == '\n' || c == utf8.RuneError || unicode.Is(unicode.Cs, c) {
			fmt.Fprintf(&b, "⟨U+%04X⟩", c)
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

// cut is the first characters of a text, and that there are more.
func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// orNone is a value before or after, which may not be there.
func orNone(l phrase.Language, value string) string {
	if value == "" {
		return l.T("not there")
	}
	if end, last, is := timed(value); is {
		return untilShown(l, end, last)
	}
	return shown(Retold(l, value))
}
