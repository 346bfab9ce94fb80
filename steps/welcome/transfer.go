package welcome

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// The transfer encodings (RFC 2045, section 6) are read as generously as mail programs do, and what was broken is told:
// a decoder that stops at the first mistake would leave half a password.

// unquotePrintable appends what is encoded and reports whether it was whole.
func unquotePrintable(out *scratch, data []byte) (whole bool) {
	whole = true
	out.room(len(data))
	for len(data) > 0 {
		line, rest, broken := bytes.Cut(data, []byte("\n"))
		data = rest
		line = bytes.TrimRight(line, " \t\r")
		soft := bytes.HasSuffix(line, []byte("="))
		line = bytes.TrimSuffix(line, []byte("="))
		for i := 0; i < len(line); i++ {
			c := line[i]
			if c == '=' {
				high, low := nibble(line, i+1), nibble(line, i+2)
				if high < 0 || low < 0 {
					whole = false
				} else {
					c = byte(high<<4 | low)
					i += 2
				}
			}
			_ = out.WriteByte(c)
		}
		if broken && !soft {
			_ = out.WriteByte('\n')
		}
	}
	return whole
}

// nibble is the value of a hexadecimal digit, or -1.
func nibble(b []byte, i int) int {
	if i >= len(b) {
		return -1
	}
	return strings.IndexByte("0123456789abcdef", b[i]|(b[i]&0x40)>>1)
}

// inBase64 reports the characters of base64.
func inBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/'
}

// unbase64 appends what is encoded and reports whether it was whole. Characters that are none of base64's are read over;
// a line of words, such as the footer of a list, ends it.
func unbase64(out *scratch, data []byte) (whole bool) {
	whole = true
	var code scratch
	defer code.wipe()
	for len(data) > 0 {
		line, rest, _ := bytes.Cut(data, []byte("\n"))
		data = rest
		line = bytes.TrimSpace(line)
		padded := bytes.HasSuffix(line, []byte("="))
		line = bytes.TrimRight(line, "=")
		strange := 0
		for _, c := range line {
			if !inBase64(c) {
				strange++
			}
		}
		if strange > 2 || bytes.IndexByte(line, ' ') >= 0 {
			return decode64(out, code.b) && whole && !moreBase64(data)
		}
		whole = whole && strange == 0
		for _, c := range line {
			if inBase64(c) {
				_ = code.WriteByte(c)
			}
		}
		if padded {
			whole = decode64(out, code.b) && whole
			code.b = code.b[:0]
		}
	}
	return decode64(out, code.b) && whole
}

// moreBase64 reports that a long line of base64 follows, so that the one before was no footer.
func moreBase64(data []byte) bool {
	const long = 40
	for line := range bytes.Lines(data) {
		line = bytes.TrimRight(line, "\r\n=")
		if len(line) >= long && !bytes.ContainsFunc(line, func(r rune) bool { return r > 0x7f || !inBase64(byte(r)) }) {
			return true
		}
	}
	return false
}

// decode64 appends whole groups of four, and what a last group has.
func decode64(out *scratch, code []byte) bool {
	out.room(len(code))
	n := len(out.b)
	rest := len(code) % 4
	if rest == 1 {
		code = code[:len(code)-1]
	}
	decoded, err := base64.RawStdEncoding.Decode(out.b[n:cap(out.b)], code)
	out.b = out.b[:n+decoded]
	return err == nil && rest != 1
}
