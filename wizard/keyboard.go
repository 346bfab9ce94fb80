package wizard

import (
	"bytes"
	"io"
	"slices"
	"time"
	"unicode/utf8"
)

// keyboard stands between the terminal and Bubble Tea, which takes whatever has not arrived whole within 50 ms for keys.
// Two things that come by a keyboard are not typed:
//
//   - An answer of the terminal (OSC, CSI, DCS), or a key's sequence, that arrives in parts: it is held until it is whole.
//   - A paste, where the terminal doesn't mark one: what arrives faster than anybody types is marked here, so that its
//     letters are no keys and its line ends no Enter.
type keyboard struct {
	console
	now func() time.Time

	held    []byte    // a sequence that is not whole yet
	escaped time.Time // when a lone escape was let through
	marked  bool      // inside of a paste that the terminal marks
	last    time.Time // when text arrived last
	run     int       // characters since then that arrived faster than anybody types
	pasting time.Time // until when text belongs to a paste that nobody marked
}

// console is what Bubble Tea takes for a terminal.
type console interface {
	io.ReadWriteCloser
	Fd() uintptr
	Name() string
}

const (
	betweenKeys = 10 * time.Millisecond // two characters that are nearer than this were not typed; key repeat is 30 ms
	fewest      = 4                     // characters so near that make a paste: fewer may be keys that a network delayed
	pasteGap    = time.Second           // what follows a paste within this time belongs to it
	escapeGap   = 2 * time.Second       // an answer whose escape came this long before is still one
	longestHeld = 1 << 10               // bytes of a sequence that does not end
)

const (
	escapeByte = 0x1b
	pasteBegin = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
)

func newKeyboard(c console) *keyboard { return &keyboard{console: c, now: time.Now} }

// Read reads what is there, without the sequences that are not whole. It may return nothing. An eighth of the room is
// used, because what is read grows by the marks and by what was held.
func (k *keyboard) Read(b []byte) (int, error) {
	arrived := make([]byte, max(len(b)/8, 1))
	n, err := k.console.Read(arrived)
	return copy(b, k.take(arrived[:n])), err
}

// take is what of the bytes that arrived goes on, with a paste marked.
func (k *keyboard) take(arrived []byte) []byte {
	now := k.now()
	b := slices.Concat(k.held, arrived)
	k.held = nil
	if !k.escaped.IsZero() {
		if now.Sub(k.escaped) < escapeGap && (isAnswer(b) || len(b) == 1 && (b[0] == ']' || b[0] == '[')) {
			b = append([]byte{escapeByte}, b...)
		}
		k.escaped = time.Time{}
	}
	var out, text []byte
	for len(b) > 0 {
		if b[0] != escapeByte {
			text = append(text, b[0])
			b = b[1:]
			continue
		}
		n, whole := sequence(b)
		if !whole && len(b) < longestHeld {
			k.held = append(k.held, b...)
			break
		}
		if n == 1 && len(b) == 1 {
			k.escaped = now
		}
		out = append(append(out, k.mark(text, now)...), b[:n]...)
		text = nil
		k.marked = k.marked && string(b[:n]) != pasteEnd || string(b[:n]) == pasteBegin
		b = b[n:]
	}
	if n := unfinished(text); n > 0 {
		k.held = append(k.held, text[len(text)-n:]...)
		text = text[:len(text)-n]
	}
	return append(out, k.mark(text, now)...)
}

// unfinished is how many bytes at the end of a text begin a character whose other bytes have not arrived.
func unfinished(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if tail := text[len(text)-n:]; utf8.RuneStart(tail[0]) {
			if tail[0] >= utf8.RuneSelf && !utf8.FullRune(tail) {
				return n
			}
			return 0
		}
	}
	return 0
}

// mark is a text as it goes on: as keys, or as a paste when it came faster than anybody types.
func (k *keyboard) mark(text []byte, now time.Time) []byte {
	if len(text) == 0 || k.marked {
		return text
	}
	written := 0
	for _, c := range text {
		if c >= ' ' && c != 0x7f && utf8.RuneStart(c) || c == '\r' || c == '\n' || c == '\t' {
			written++
		}
	}
	if now.Sub(k.last) > betweenKeys {
		k.run = 0
	}
	k.last, k.run = now, k.run+written
	if written == 0 || k.run < fewest && !now.Before(k.pasting) {
		return text
	}
	if k.run >= fewest || len(bytes.Trim(text, "\r\n")) > 0 { // an Enter that is pressed again and again gets through once the time is over
		k.pasting = now.Add(pasteGap)
	}
	return []byte(pasteBegin + string(text) + pasteEnd)
}

// sequence is how long the sequence is that b begins with, and whether all of it is there. A key that is pressed with Alt
// is two bytes.
func sequence(b []byte) (n int, whole bool) {
	if len(b) < 2 {
		return 1, true // Bubble Tea waits for a while before it takes it for the key
	}
	switch b[1] {
	case '[':
		for n := 2; n < len(b); n++ {
			switch {
			case b[n] >= 0x40 && b[n] <= 0x7e && (n > 2 || b[n] != '['):
				return n + 1, true
			case b[n] < 0x20 || b[n] > 0x7e:
				return n, true
			}
		}
		return len(b), false
	case ']', 'P', '_', '^':
		return str(b)
	case 'O':
		if len(b) < 3 {
			return 2, true
		}
		return 3, true
	}
	return 2, true
}

// str is a sequence that holds a text, as an answer about a colour does. One that does not begin as answers do is a key
// pressed with Alt.
func str(b []byte) (n int, whole bool) {
	if len(b) > 2 && !isAnswer(b[1:]) {
		return 2, true
	}
	for n := 2; n < len(b); n++ {
		switch {
		case b[n] == 0x07:
			return n + 1, true
		case b[n] == escapeByte && n+1 < len(b):
			if b[n+1] == '\\' {
				n++
			}
			return n + 1, true
		case b[n] < 0x20 && b[n] != escapeByte:
			return n, true
		}
	}
	return len(b), false
}

// isAnswer reports that b goes on behind an escape as an answer of the terminal does: ]11;rgb:… or [?62;c or [24;80R or P…
func isAnswer(b []byte) bool {
	if len(b) < 2 {
		return false
	}
	digit := b[1] >= '0' && b[1] <= '9'
	switch b[0] {
	case ']':
		return digit
	case '[':
		return digit || b[1] == '?' || b[1] == '>' || b[1] == '='
	case 'P':
		return digit || b[1] == '>' || b[1] == '!' || b[1] == '$' || b[1] == '+'
	case '_', '^':
		return true
	}
	return false
}
