package redact

import "strings"

const escape = 0x1b

// holds reports a secret in a text, or in what is left of it without terminal sequences.
func (t *table) holds(s string) (is bool) {
	stop := func(span) bool { is = true; return false }
	if strings.IndexByte(s, escape) < 0 {
		t.scan(s, stop)
		return is
	}
	plain := make([]byte, 0, len(s))
	for rest := s; len(rest) > 0 && !is; {
		text, sequence, payload := cut(rest)
		plain = append(plain, text...)
		if payload {
			t.scan(sequence, stop)
		}
		rest = rest[len(text)+len(sequence):]
	}
	if !is {
		t.scan(string(plain), stop)
	}
	return is
}

// cut is the text before the next terminal sequence, and that sequence. payload says that the sequence carries a text of
// its own, as a title or a link does.
func cut(b string) (text, sequence string, payload bool) {
	i := strings.IndexByte(b, escape)
	if i < 0 {
		return b, "", false
	}
	rest := b[i:]
	if len(rest) < 2 {
		return b[:i], rest, false
	}
	switch rest[1] {
	case '[':
		for n := 2; n < len(rest); n++ {
			if rest[n] >= 0x40 && rest[n] <= 0x7e {
				return b[:i], rest[:n+1], false
			}
		}
		return b[:i], rest, true
	case ']', 'P', '_', '^', 'X':
		for n := 2; n < len(rest); n++ {
			if rest[n] == 0x07 {
				return b[:i], rest[:n+1], true
			}
			if rest[n] == escape && n+1 < len(rest) && rest[n+1] == '\\' {
				return b[:i], rest[:n+2], true
			}
		}
		return b[:i], rest, true
	}
	return b[:i], rest[:2], false
}

// redact replaces every secret of a text, and with it what stands right beside it, because a part was enough to find it.
// Terminal sequences inside are kept, so that a style still ends where it ended.
func (t *table) redact(s string) string {
	hidden := make([]bool, len(s))
	hide := func(b string, at func(int) int) {
		t.scan(b, func(found span) bool {
			found = around(b, found)
			for i := found.from; i < found.to; i++ {
				hidden[at(i)] = true
			}
			return true
		})
	}
	var plain []byte
	var origin []int
	for at := 0; at < len(s); {
		text, sequence, payload := cut(s[at:])
		for i := range len(text) {
			origin = append(origin, at+i)
		}
		plain = append(plain, text...)
		at += len(text)
		if payload {
			start := at
			hide(sequence, func(i int) int { return start + i })
		}
		at += len(sequence)
	}
	hide(string(plain), func(i int) int { return origin[i] })
	return masked(s, hidden)
}

func masked(s string, hidden []bool) string {
	var out strings.Builder
	inside := false
	for at := 0; at < len(s); at++ {
		switch {
		case hidden[at] && !inside:
			out.WriteString(mask)
			inside = true
		case !hidden[at]:
			out.WriteByte(s[at])
			inside = inside && within(s, hidden, at)
		}
	}
	return out.String()
}

// within reports that only a terminal sequence stands between here and the next byte that is hidden.
func within(s string, hidden []bool, at int) bool {
	for ; at < len(s) && !hidden[at]; at++ {
		if s[at] == '\n' || s[at] == ' ' {
			return false
		}
	}
	return at < len(s)
}

// around widens a find to the whole word it is in. What closes a quotation stays, with the backslash before it.
func around(text string, s span) span {
	for s.from > 0 && isWord(text[s.from-1]) {
		s.from--
	}
	end := s.to
	for end < len(text) && isWord(text[end]) {
		end++
	}
	for end > s.to && text[end-1] == '\\' {
		end--
	}
	s.to = end
	return s
}

// isWord reports a byte that may belong to a secret. Those of other alphabets and of lines that are drawn do not.
func isWord(c byte) bool {
	return c > ' ' && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\'' && c != '`'
}
