package welcome

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/delegate365-onboard/delegate365-onboard/graph/secret"
)

// maxFound is how many addresses, imitations or passwords are offered. More than a screen of them help nobody.
const maxFound = 16

// maxJudged is how many addresses, and how many labels, are looked at.
const maxJudged = 5000

// found is what stands in a mail.
type found struct {
	mail   Mail
	seen   map[string]bool
	others []Portal        // with Delegate365 in the name, but not for certain
	doubts []*RefusedError // the same, refused
	words  []word
	judged int
	labels int
}

// find looks through the texts for portals and passwords.
func (r *reading) find() (Mail, error) {
	f := found{seen: map[string]bool{}}
	defer f.wipe()
	for _, t := range r.texts {
		t.b = t.b[:f.addresses(t.b)]
	}
	for _, link := range r.links {
		f.address(link)
	}
	if len(f.mail.Portals) == 0 {
		f.mail.Portals = f.others
	}
	if len(f.mail.Portals)+len(f.mail.Refused) == 0 {
		f.mail.Refused = f.doubts
	}
	if len(f.mail.Portals) == 0 {
		if len(f.mail.Refused) > 0 {
			return Mail{}, f.mail.Refused[0]
		}
		return Mail{}, &Error{Reason: "it has no Delegate365 address in it", Hint: hintAny}
	}
	for _, t := range r.texts {
		f.passwords(t.b)
	}
	f.settle()
	if len(f.mail.Passwords) == 0 {
		return Mail{}, &Error{
			Reason: "it has no line that labels a configuration password",
			Hint:   "Paste only the portal address, " + f.mail.Portals[0].Base() + ", and type the configuration password in the browser.",
		}
	}
	return f.mail, nil
}

var (
	linkInText = regexp.MustCompile(`(?i)https?:[/\\]{2}[^\s<>"'\x00]+`)
	bareInText = regexp.MustCompile(`(?i)[\p{L}\p{N}_.-]*delegate365\.\p{L}{2}[^\s<>"'\x00]*`)
)

// addresses judges the addresses in a text and then blots them out, so that none is taken for a password. It returns the
// text's new length.
func (f *found) addresses(text []byte) int {
	for _, pattern := range []*regexp.Regexp{linkInText, bareInText} {
		n, last := 0, 0
		for _, at := range pattern.FindAllIndex(text, -1) {
			before := byte(' ')
			if at[0] > 0 {
				before = text[at[0]-1]
			}
			n += copy(text[n:], text[last:at[0]])
			last = at[1]
			address := text[at[0]:at[1]]
			if pattern == linkInText || !strings.ContainsRune("@/\\%", rune(before)) && !bytes.ContainsRune(address, '@') {
				f.address(string(address))
			}
			text[n] = blot
			n++
		}
		n += copy(text[n:], text[last:])
		clear(text[n:])
		text = text[:n]
	}
	return len(text)
}

// blot stands where an address stood.
const blot = 0

// address judges an address out of a mail.
func (f *found) address(text string) {
	if f.judged++; f.judged > maxJudged || len(text) > maxAddress {
		return
	}
	text = strings.TrimRightFunc(text, func(r rune) bool {
		return strings.ContainsRune(".,;:!?()[]{}<>\"'*_|»«”“’`", r) || unicode.Is(unicode.Cf, r)
	})
	text = strings.TrimLeft(text, ".-_")
	v := judge(text)
	key := v.portal.base
	if v.refusal != nil {
		key = v.refusal.Error()
	}
	if v.website || f.seen[key] || len(f.seen) >= maxFound {
		return
	}
	usual := v.portal.usual
	if !usual && !v.setup && !v.resembles {
		return
	}
	f.seen[key] = true
	switch {
	case v.refusal != nil && v.setup:
		f.mail.Refused = append(f.mail.Refused, v.refusal)
	case v.refusal != nil:
		f.doubts = append(f.doubts, v.refusal)
	case usual || v.setup:
		f.mail.Portals = append(f.mail.Portals, v.portal)
	default:
		f.others = append(f.others, v.portal)
	}
}

// settle turns the words into passwords. A word that was trimmed, or not, on a guess is left out when another text of the
// same mail, as its HTML next to its plain text, shows the one meant.
func (f *found) settle() {
	f.words = slices.DeleteFunc(f.words, func(w word) bool {
		refuted := w.other != nil && f.certainly(w.other) && !f.certainly(w.value)
		if refuted {
			w.wipe()
		}
		return refuted
	})
	for _, w := range f.words {
		f.mail.Passwords = append(f.mail.Passwords, Password{Value: secret.Take(bytes.Clone(w.value)), Label: w.label, Line: w.line, Note: w.note})
	}
}

// certainly reports a word that stands somewhere without a doubt where it begins and ends.
func (f *found) certainly(value []byte) bool {
	for _, w := range f.words {
		if w.other == nil && bytes.Equal(w.value, value) {
			return true
		}
	}
	return false
}

func (f *found) wipe() {
	for _, w := range f.words {
		w.wipe()
	}
}
