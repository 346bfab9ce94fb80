// Package invisible knows the characters that a reader does not see and a terminal may obey. Strangers put them into names.
package invisible

import (
	"strings"
	"unicode"
	"unicode/utf16"
)

// Is reports a control, bidirectional, zero-width or unassigned character. Of the invisible ones, some are letters or marks by their
// category (https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point). The line feed is one as well.
func Is(r rune) bool {
	return !unicode.IsGraphic(r) || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// None reports that s is printable ASCII, as nearly every line is.
func None(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// Escaped writes every such character of a JSON text as \u. JSON has them in its strings alone, but for what parts its tokens, which
// stays.
func Escaped(s string) string {
	if None(strings.TrimSuffix(s, "\n")) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t' || r == '\r' || !Is(r):
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

const digits = "0123456789abcdef"

func escape(b *strings.Builder, r rune) {
	b.WriteString(`\u`)
	for shift := 12; shift >= 0; shift -= 4 {
		b.WriteByte(digits[r>>shift&0xf])
	}
}
