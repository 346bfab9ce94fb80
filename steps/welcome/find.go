package welcome

import (
	"bytes"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/secret"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// maxFound is how many addresses, imitations or passwords are offered. More than a screen of them help nobody.
const maxFound = 16

// maxJudged is how many addresses, and how many labels, are looked at.
const maxJudged = 5000

// found is what stands in a mail.
type found struct {
	mail    Mail
	own     string
	seen    map[string]bool
	others  []Address       // with Delegate365 in the name, but not for certain
	refused []*RefusedError // the same, refused
	filter  string          // host of a mail filter that hides where its link leads
	words   []word
	judged  int
	labels  int
}

// find looks through the texts for portals and passwords.
func (r *reading) find() (Mail, error) {
	f := found{seen: map[string]bool{}, own: r.own}
	defer f.wipe()
	for _, t := range r.texts {
		f.addresses(t)
	}
	for _, l := range r.links {
		f.address(l.address, l.doubt)
	}
	if len(f.mail.Portals) == 0 {
		f.mail.Portals = f.others
	}
	if len(f.mail.Portals)+len(f.mail.Refused) == 0 {
		f.mail.Refused = f.refused
	}
	if len(f.mail.Portals) == 0 {
		return Mail{}, f.noPortal(r)
	}
	for _, t := range r.texts {
		f.passwords(t)
	}
	f.settle()
	if len(f.mail.Passwords) == 0 {
		return Mail{}, f.noPassword(r)
	}
	return f.mail, nil
}

// noPortal says why a mail has no address that can be used.
func (f *found) noPortal(r *reading) error {
	switch {
	case len(f.mail.Refused) > 0:
		return f.mail.Refused[0]
	case f.filter != "":
		return &Error{
			Reason: phrase.T("its links were rewritten by a mail filter, %s, in a way that hides where they lead", f.filter),
			Hint:   phrase.T("Ask Delegate365 or your mail administrator for the portal address, https://company.delegate365.com, and paste it alone."),
		}
	}
	if err := r.unreadError(); err != nil {
		return err
	}
	return &Error{Reason: phrase.T("it has no Delegate365 address in it"), Hint: phrase.T(hintAny)}
}

// noPassword says why a mail has no password that can be used.
func (f *found) noPassword(r *reading) error {
	if err := r.unreadError(); err != nil {
		return err
	}
	return &Error{
		Reason: phrase.T("it has no line that labels a configuration password"),
		Hint:   phrase.T("Paste only the portal address, %s, and type the configuration password in the browser.", f.mail.Portals[0].Base()),
	}
}

// address judges an address out of a mail.
func (f *found) address(text string, doubt Doubt) {
	if f.judged++; f.judged > maxJudged || len(text) > maxAddress {
		return
	}
	text = trimAddress(text)
	v := judge(text, f.own)
	if inner, ok := nested(text); ok && !v.portal.usual {
		if within := judge(inner, f.own); within.portal.usual {
			v, doubt = within, doubt|Rewritten
		}
	}
	if v.filter && f.filter == "" {
		f.filter = v.refusal.Host
	}
	if v.refusal != nil {
		f.refuse(v)
		return
	}
	base := v.portal.base
	if example().MatchString(base) {
		doubt |= Mentioned
	}
	for _, list := range [][]Address{f.mail.Portals, f.others} {
		for i := range list {
			if list[i].base == base && doubt == 0 {
				list[i].Doubt = 0
			}
		}
	}
	usual := v.portal.usual
	if f.seen[base] || len(f.seen) >= maxFound || !usual && !v.setup && !v.resembles {
		return
	}
	f.seen[base] = true
	if usual || v.setup {
		f.mail.Portals = append(f.mail.Portals, Address{v.portal, doubt})
		return
	}
	f.others = append(f.others, Address{v.portal, doubt})
}

// refuse keeps what passes itself off as a portal.
func (f *found) refuse(v verdict) {
	key := v.refusal.Error()
	if v.website || v.filter || f.seen[key] || len(f.seen) >= maxFound || !v.setup && !v.resembles {
		return
	}
	f.seen[key] = true
	if v.setup {
		f.mail.Refused = append(f.mail.Refused, v.refusal)
		return
	}
	f.refused = append(f.refused, v.refusal)
}

// trimAddress takes off what belongs to the sentence around an address.
func trimAddress(text string) string {
	text = strings.TrimRightFunc(text, func(r rune) bool {
		return strings.ContainsRune(".,;:!?()[]{}<>\"'*_|»«”“’`", r) || invisible(r)
	})
	return strings.TrimLeft(text, ".-_")
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
		f.mail.Passwords = append(f.mail.Passwords, Password{Value: secret.Take(bytes.Clone(w.value)), Label: w.label, Line: w.line, Note: w.note, Doubt: w.doubt})
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
