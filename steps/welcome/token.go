package welcome

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// token is the first word of a cell or line, and how it stands there.
type token struct {
	word  []byte
	alone bool // but for a remark in brackets
	blank bool // there is nothing at all
	doubt Doubt
	down  int // lines below the label
	tabs  int // in its line
}

// any reports that something stands there, though perhaps no word.
func (t *token) any() bool { return !t.blank }

func (t *token) neighbour(is bool) {
	if is {
		t.doubt |= Neighbour
	}
}

// goesOn doubts a word at whose end a line was broken: the next line is one word of the same kind, or it ends in a hyphen.
func (t *token) goesOn(rest []byte) {
	next, _, _ := bytes.Cut(rest, []byte("\n"))
	next = bytes.TrimSpace(next)
	if len(next) == 0 || !t.alone {
		return
	}
	more := first(next)
	whole := more.alone && usable(more.word) && len(more.word) == len(next)
	if whole && (strong(more.word) || bytes.HasSuffix(t.word, []byte("-"))) {
		t.doubt |= CutOff
	}
}

// variants are the readings of the word.
func (t *token) variants() []word {
	doubt := t.doubt
	if !t.alone {
		doubt |= CutOff
	}
	words := variants(t.word)
	for i := range words {
		words[i].line, words[i].doubt = t.down, words[i].doubt|doubt
	}
	return words
}

// nextLine is the word in the same cell of the next line that has anything in it.
func nextLine(rest []byte, cell int) token {
	const most = 4
	for down := 1; down <= most && len(rest) > 0; down++ {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		tabs := bytes.Count(line, []byte("\t"))
		if cell == 0 {
			line = bytes.TrimLeft(line, "\t ")
		}
		for range cell {
			_, line, _ = bytes.Cut(line, []byte("\t"))
		}
		line, _, more := bytes.Cut(line, []byte("\t"))
		found := first(line)
		found.down, found.tabs = down, tabs
		if !more {
			found.goesOn(rest)
		}
		return found
	}
	return token{blank: true}
}

// first is the first word, and whether it stands alone but for a remark in brackets. Signs of bold type before it are no
// words.
func first(text []byte) token {
	t := token{blank: len(bytes.TrimSpace(text)) == 0}
	if i := bytes.Index(text, []byte(" (")); i > 0 && bytes.HasSuffix(bytes.TrimRight(text, " .\r"), []byte(")")) {
		text = text[:i]
	}
	text = bytes.TrimFunc(text, unicode.IsSpace)
	if after, ok := bytes.CutPrefix(text, []byte("* ")); ok {
		text = bytes.TrimLeft(after, " ")
	}
	if end := bytes.IndexFunc(text, unicode.IsSpace); end >= 0 {
		t.alone = len(bytes.Trim(text[end:], " *_")) == 0
		text = text[:end]
	} else {
		t.alone = len(text) > 0
	}
	word, glued := unglue(text)
	t.word = word
	if glued {
		t.doubt |= Glued
		t.alone = true
	}
	return t
}

// variants are the readings of a word: without quotes and invisible characters and, where a sign at its ends may belong
// to the sentence or to the password, both ways.
func variants(token []byte) []word {
	token = bytes.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		return r
	}, token)
	for _, q := range []string{`""`, `''`, "“”", "„“", "””", "‘’", "‚‘", "«»", "»«", "``", "<>"} {
		left, size := utf8.DecodeRuneInString(q)
		if inner, ok := bytes.CutPrefix(token, []byte(string(left))); ok {
			if inner, ok = bytes.CutSuffix(bytes.TrimRight(inner, ".,;"), []byte(q[size:])); ok && len(inner) >= 2 {
				inner = bytes.Clone(inner)
				clear(token)
				if q == "<>" {
					return []word{{value: inner, doubt: Odd}}
				}
				return []word{{value: inner}}
			}
		}
	}
	inner := token
	for _, signs := range [][2]string{{"*", "*"}, {"_", "_"}, {"**", "**"}, {"__", "__"}, {"(", ")"}, {"[", "]"}} {
		if in, ok := bytes.CutPrefix(token, []byte(signs[0])); ok {
			if in, ok = bytes.CutSuffix(in, []byte(signs[1])); ok {
				inner = in
			}
		}
	}
	inner = bytes.TrimRight(inner, ".,;")
	for _, pair := range []string{"()", "[]"} {
		if bytes.HasSuffix(inner, []byte(pair[1:])) && bytes.Count(inner, []byte(pair[:1])) < bytes.Count(inner, []byte(pair[1:])) {
			inner = inner[:len(inner)-1]
		}
	}
	if len(inner) < 2 || len(inner) == len(token) {
		return []word{{value: token}}
	}
	return []word{
		{value: bytes.Clone(inner), other: bytes.Clone(token), note: phrase.T("without the signs around it")},
		{value: token, other: bytes.Clone(inner), note: phrase.T("with the signs around it")},
	}
}
