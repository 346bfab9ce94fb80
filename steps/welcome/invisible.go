package welcome

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// invisible reports a character that takes no place on a screen: format controls, soft hyphens, variation selectors, and
// letters that are blank (https://www.unicode.org/reports/tr36/).
func invisible(r rune) bool {
	switch {
	case r < 0xad:
		return false
	case unicode.Is(unicode.Cf, r), r == 0x034f, r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r == 0x2800, r == 0x3164, r == 0xffa0:
		return true
	}
	return r >= 0x180b && r <= 0x180f || r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0000 && r <= 0xe0fff
}

// turns reports a text with characters that turn the order of the letters after them round.
func turns(text []byte) bool {
	for _, r := range "\u202a\u202b\u202d\u202e" {
		if bytes.Contains(text, []byte(string(r))) {
			return true
		}
	}
	return false
}

// visible is a text without its invisible characters.
func visible(text []byte) *scratch {
	out := &scratch{}
	out.room(len(text))
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if !invisible(r) {
			out.b = append(out.b, text[:size]...)
		}
		text = text[size:]
	}
	return out
}
