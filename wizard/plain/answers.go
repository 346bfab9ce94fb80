package plain

import "io"

// part is where in an answer of the terminal the input stands.
type part int

const (
	typed   part = iota // in none
	escaped             // behind an escape
	control             // in a control sequence, up to a letter
	str                 // in a sequence with a text of its own, up to its end
	ending              // there, behind the escape that may end it
	single              // before the one character of a key's sequence
)

const escape = 0x1b

// next is the next character that belongs to no answer of the terminal and to no key that writes nothing. A line end ends
// every answer, because none has one. In a mail an escape may change the alphabet (ISO 2022), and stays.
func (k *keyboard) next(wanted func() echo) (byte, error) {
	for {
		for len(k.rest) == 0 {
			b, ok := <-k.arrived
			if !ok {
				return 0, io.EOF
			}
			k.rest = b
		}
		c := k.rest[0]
		if k.state == escaped && wanted() == held && (c == '$' || c == '(') {
			k.state = typed
			return escape, nil // and then c
		}
		k.rest = k.rest[1:]
		half := c == '\n' && k.before == '\r' // of one line end
		k.before = c
		if k.state.takes(c) && !half {
			return c, nil
		}
	}
}

// takes reports whether c is text, and moves on.
func (p *part) takes(c byte) bool {
	if c == '\r' || c == '\n' || c == 0x03 {
		*p = typed
		return true
	}
	switch *p {
	case typed:
		if c == escape {
			*p = escaped
			return false
		}
		return true
	case escaped:
		switch c {
		case '[':
			*p = control
		case ']', 'P', '_', '^', 'X':
			*p = str
		case 'O':
			*p = single
		case escape:
		default:
			*p = typed
			return true
		}
	case control:
		if c >= 0x40 && c <= 0x7e {
			*p = typed
		}
	case str:
		switch c {
		case 0x07:
			*p = typed
		case escape:
			*p = ending
		}
	case ending, single:
		*p = typed
	}
	return false
}
