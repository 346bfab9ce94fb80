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
//   - A paste, where the terminal doesn't mark one, or a remote console types it: what arrives faster than anybody types is
//     marked here, so that its letters are no keys and its line ends no Enter. Sequences in it that stand for keys are dropped.
//
// A paste whose end the terminal never marks is over when nothing came of it for a while.
type keyboard struct {
	console
	now func() time.Time

	held    []byte    // a sequence that is not whole yet
	escaped time.Time // when a lone escape was let through
	marked  bool      // inside of a paste that the terminal marks
	heard   time.Time // when something arrived last that belongs to that
	arrived time.Time // when anything arrived last
	pace    pace
	pasting time.Time // until when text belongs to a paste that nobody marked, or that was marked until just now
}

// pace is how fast text arrives.
type pace struct {
	last   time.Time // when text arrived last
	char   byte      // its last character, by its first byte
	run    int       // characters in a row, each within betweenKeys of the one before
	varied int       // characters in a row that differ, each within hasty of the one before
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
	hasty       = 40 * time.Millisecond // nobody types many characters that differ as fast as this: a key that is held down repeats one
	fewestHasty = 6                     // characters as near as that that make a paste
	pasteGap    = time.Second           // what follows a paste within this time belongs to it
	markGap     = betweenKeys * 2       // what follows a marked paste within this time belongs to it
	silence     = 2 * time.Second       // a marked paste of which nothing comes for so long is over
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
	out := k.unmark(len(arrived), now)
	var text []byte
	burst := characters(b) >= fewest
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
		out, text = append(out, k.mark(text, now)...), nil
		out = append(out, k.pass(b[:n], burst, now)...)
		b = b[n:]
	}
	if n := unfinished(text); n > 0 {
		k.held = append(k.held, text[len(text)-n:]...)
		text = text[:len(text)-n]
	}
	return append(out, k.mark(text, now)...)
}

// unmark ends a marked paste of which nothing came for too long. Single keys, pressed because nothing happens, are nothing of it.
func (k *keyboard) unmark(n int, now time.Time) (end []byte) {
	if k.marked && now.Sub(k.heard) >= silence {
		k.marked, end = false, []byte(pasteEnd)
	}
	if n >= fewest || now.Sub(k.arrived) <= betweenKeys {
		k.heard = now
	}
	k.arrived = now
	return end
}

// pass is a sequence as it goes on: as it came, or not at all where it stands for a key among what was not typed.
func (k *keyboard) pass(seq []byte, burst bool, now time.Time) []byte {
	switch {
	case string(seq) == pasteBegin:
		k.marked, k.heard = true, now
	case string(seq) == pasteEnd:
		k.marked, k.pasting = false, later(k.pasting, now.Add(markGap))
	case !k.marked && (burst || now.Before(k.pasting)) && isKey(seq):
		return nil
	}
	return seq
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// characters is how many characters there are in b beside its sequences.
func characters(b []byte) (count int) {
	for len(b) > 0 {
		n := 1
		if b[0] == escapeByte {
			n, _ = sequence(b)
		} else if written(b[0]) {
			count++
		}
		b = b[n:]
	}
	return count
}

// written reports a byte that begins a character of a text.
func written(c byte) bool {
	return c >= ' ' && c != 0x7f && utf8.RuneStart(c) || c == '\r' || c == '\n' || c == '\t'
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
	some := k.pace.take(text, now)
	if !some || !k.pace.untyped() && !now.Before(k.pasting) {
		return text
	}
	if k.pace.untyped() || len(bytes.Trim(text, "\r\n")) > 0 { // an Enter that is pressed again and again gets through once the time is over
		k.pasting = now.Add(pasteGap)
	}
	return []byte(pasteBegin + string(text) + pasteEnd)
}

// take counts what has arrived, and reports that there are characters in it.
func (p *pace) take(text []byte, now time.Time) (some bool) {
	switch gap := now.Sub(p.last); {
	case gap > hasty:
		p.run, p.varied = 0, 0
	case gap > betweenKeys:
		p.run = 0
	}
	p.last = now
	for _, c := range text {
		if !written(c) {
			continue
		}
		some = true
		p.run++
		if c != p.char {
			p.varied++
		}
		p.char = c
	}
	return some
}

// untyped reports more characters than anybody types in the time.
func (p *pace) untyped() bool { return p.run >= fewest || p.varied >= fewestHasty }

// isKey reports a sequence that stands for a key, in any of the ways that terminals write one. Answers of the terminal and the
// marks of a paste are none.
func isKey(seq []byte) bool {
	if len(seq) < 2 || seq[1] != '[' {
		return !isAnswer(seq[1:])
	}
	if len(seq) < 3 || bytes.ContainsAny(seq[2:3], "?<=>") {
		return false
	}
	return !bytes.ContainsAny(seq[len(seq)-1:], "IOcnty")
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
