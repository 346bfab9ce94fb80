package welcome

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// text is a readable text of a mail.
type text struct {
	scratch
	doubt   Doubt // of everything in it
	guessed bool  // letters beyond ASCII are a guess
	literal bool  // nothing was decoded, so that what looks encoded may be
	page    bool  // it was HTML, whose lines nobody wraps
	cut     bool  // it ends before its end
	turned  bool  // some of its letters are shown in another order
}

// plain takes a text: in UTF-8, or else in the charset of most mails that name none. joined says that a space at the end
// of a line goes away together with the line break (format=flowed with delsp=yes, RFC 3676).
func (r *reading) plain(data []byte, from text, joined bool) {
	out := &from
	r.texts = append(r.texts, out)
	out.guessed = out.guessed || !utf8.Valid(data)
	toUTF8(&out.scratch, data, "windows-1252")
	r.left -= len(out.b)
	out.b = out.b[:tidy(out.b, joined)]
}

// tidy makes a text of lines in place and returns its new length: quote marks at the beginnings of lines go, every kind
// of line break becomes \n, and spaces that don't break become plain ones.
func tidy(b []byte, joined bool) int {
	w := writer{b: b}
	quoted := true
	for i := 0; i < len(b); {
		marks := quoteMarks(b[i:])
		if close := marks > 0 && i+marks < len(b) && b[i+marks] != ' '; close && !quoted {
			marks = 0 // the line may begin with this sign itself
		}
		quoted = marks > 0
		i += marks
		for i < len(b) {
			if size := lineBreak(b[i:]); size > 0 {
				i += size
				w.newLine(joined)
				break
			}
			c, size := plainByte(b[i:])
			w.put(c, b[i:i+size])
			i += size
		}
	}
	clear(b[w.n:])
	return w.n
}

// writer shortens a buffer in place.
type writer struct {
	b    []byte
	n    int
	line int // where the last line begins
}

func (w *writer) put(c byte, raw []byte) {
	if c != 0 {
		w.b[w.n] = c
		w.n++
		return
	}
	w.n += copy(w.b[w.n:], raw)
}

func (w *writer) newLine(joined bool) {
	if line := w.b[w.line:w.n]; joined && bytes.HasSuffix(line, []byte(" ")) && string(line) != "-- " {
		w.n--
		return
	}
	w.b[w.n] = '\n'
	w.n++
	w.line = w.n
}

// quoteMarks is how many bytes at the beginning of a line quote it: > > text.
func quoteMarks(b []byte) int {
	n := 0
	for i, c := range b {
		switch c {
		case '>':
			n = i + 1
		case ' ':
		default:
			return n
		}
	}
	return n
}

// lineBreak is the length of a line break at the beginning of b, or 0.
func lineBreak(b []byte) int {
	switch {
	case b[0] == '\n' || b[0] == '\f' || b[0] == '\v':
		return 1
	case b[0] == '\r' && len(b) > 1 && b[1] == '\n':
		return 2
	case b[0] == '\r':
		return 1
	case bytes.HasPrefix(b, []byte("\u2028")) || bytes.HasPrefix(b, []byte("\u2029")):
		return 3
	}
	return 0
}

// plainByte is the next character and its length: a plain space for a fixed one, a space for NUL, or else 0 for a
// character that stays as it is.
func plainByte(b []byte) (c byte, size int) {
	if b[0] < utf8.RuneSelf {
		if b[0] == 0 {
			return ' ', 1
		}
		return b[0], 1
	}
	switch r, size := utf8.DecodeRune(b); r {
	case '\u00a0', '\u202f', '\u2007', '\u3000':
		return ' ', size
	default:
		return 0, size
	}
}

// isUTF16 reports a byte order mark, or the zero high bytes of Latin letters.
func isUTF16(b []byte) bool {
	return len(b) >= 4 && (b[0] == 0xff && b[1] == 0xfe || b[0] == 0xfe && b[1] == 0xff || latin16(b, 0) || latin16(b, 1))
}

// latin16 reports that of the first characters every second byte is zero.
func latin16(b []byte, zero int) bool {
	for i := 0; i+1 < min(len(b), 16); i += 2 {
		if b[i+zero] != 0 || b[i+1-zero] == 0 {
			return false
		}
	}
	return true
}

// fromUTF16 appends the text in UTF-8, without a byte order mark.
func fromUTF16(out *scratch, b []byte) {
	var order binary.ByteOrder = binary.LittleEndian
	if b[0] == 0xfe || b[0] == 0 {
		order = binary.BigEndian
	}
	if b[0] >= 0xfe {
		b = b[2:]
	}
	out.room(len(b) * 3 / 2)
	for len(b) >= 2 {
		r := rune(order.Uint16(b))
		b = b[2:]
		if utf16.IsSurrogate(r) && len(b) >= 2 {
			if pair := utf16.DecodeRune(r, rune(order.Uint16(b))); pair != utf8.RuneError {
				r, b = pair, b[2:]
			}
		}
		out.room(utf8.UTFMax)
		out.b = utf8.AppendRune(out.b, r)
	}
}
