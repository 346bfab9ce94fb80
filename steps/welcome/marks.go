package welcome

import (
	"bytes"
	"encoding/hex"
	"html"
	"unicode/utf8"
)

// What stands in a text beside a password, or instead of some of its characters, was put there by programs that the mail
// passed: links that Outlook adds, pictures it leaves out, codes that nobody decoded.

var (
	markAfter  = pattern(`(?i)[<(\[]+(?:(?:mailto|tel|callto|file|sip|image|cid|https?|cidimage)\s*:|[\x00\x01]).*$|[<(\[]*[\x00\x01].*$`)
	markBefore = pattern(`(?i)^[<(\[](?:cid|image|mailto)\s*:[^\])>]*[\])>]`)
	hexCode    = pattern(`=[0-9A-Fa-f]{2}`)
	percent    = pattern(`%[0-9A-Fa-f]{2}`)
	entityCode = pattern(`&(?:#\d+|#[xX][0-9A-Fa-f]+|[A-Za-z]{2,10});`)
	shiftCode  = pattern(`\+[A-Za-z0-9/]{2,}-`)
)

// unglue takes off what another program stuck to a word.
func unglue(token []byte) (rest []byte, glued bool) {
	rest = markBefore().ReplaceAll(token, nil)
	if at := markAfter().FindIndex(rest); at != nil {
		rest = rest[:at[0]]
	}
	return rest, len(rest) < len(token)
}

// undecoded are the readings of a word that may still be encoded: as it stands, and decoded.
func undecoded(t *text, w word) []word {
	var other []byte
	switch {
	case entityCode().Match(w.value):
		other = []byte(html.UnescapeString(string(w.value)))
	case !t.literal:
		return []word{w}
	case hexCode().Match(w.value):
		other = hexCode().ReplaceAllFunc(bytes.Clone(w.value), func(code []byte) []byte {
			b, _ := hex.DecodeString(string(code[1:]))
			return b
		})
	case bytes.HasSuffix(w.value, []byte("=")), percent().Match(w.value), shiftCode().Match(w.value):
	default:
		return []word{w}
	}
	w.doubt |= Undecoded
	if !utf8.Valid(other) || bytes.Equal(other, w.value) || !usable(other) {
		clear(other)
		return []word{w}
	}
	second := w
	second.value, second.other = other, bytes.Clone(w.other)
	second.note = "decoded"
	return []word{w, second}
}
