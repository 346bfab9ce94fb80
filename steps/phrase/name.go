package phrase

import (
	"slices"
	"strings"
	"unicode"
)

// longest is how much of a name stands in a sentence, in characters.
const longest = 120

// Name is a name that somebody else chose, as it stands inside a sentence: in quotes, which it can't end, without line breaks and
// without controls, those of direction and of no width included. So whoever names a policy can't write a sentence of this
// program's. At the end of a line, or in a column of its own, a name stands as it is; a front end screens that.
func Name(name string) string {
	var clean []rune
	for _, r := range name {
		switch {
		case r == '"', r == '“', r == '”', r == '„', r == '«', r == '»':
			r = '\''
		case unicode.IsSpace(r), r == '\u2028', r == '\u2029':
			r = ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs), r == unicode.ReplacementChar:
			continue
		}
		if len(clean) == longest {
			clean = append(clean, '…')
			break
		}
		clean = append(clean, r)
	}
	return `"` + strings.TrimSpace(string(clean)) + `"`
}

// Names are names, each as Name has it.
func Names(names []string) []string {
	out := slices.Clone(names)
	for i, n := range out {
		out[i] = Name(n)
	}
	return out
}
