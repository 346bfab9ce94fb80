package welcome

import (
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Every value carries how surely it was read. Only what has no doubt is used without a question: a password that is read
// wrongly, or a portal that is somebody else's, is worse than one yes more.

// Doubt is why a value was not read for certain. The zero value says that it was.
type Doubt uint16

// The reasons. Several can hold for one value.
const (
	Repaired  Doubt = 1 << iota // the mail could be taken apart only after a repair
	Undecoded                   // it may still be in its transfer encoding
	Damaged                     // its transfer encoding is broken
	Guessed                     // the charset of its letters is a guess
	Glued                       // something stuck to it and was taken off
	Joined                      // it is put together of two lines
	CutOff                      // it may begin earlier or end later
	Neighbour                   // it is not in the cell next to its label
	Hidden                      // mail programs do not show it
	Cleaned                     // invisible characters were taken out of it
	Rewritten                   // it is out of a link that a mail filter has rewritten
	Unnamed                     // its label does not say that it is the configuration password
	Odd                         // it has signs that may not belong to it
	Mentioned                   // a sentence names it, and may mean somebody else's
)

var doubts = []struct {
	doubt Doubt
	text  phrase.Format
}{
	{Repaired, "the mail is damaged and was repaired to read it"},
	{Undecoded, "it may still be encoded as mails are sent"},
	{Damaged, "its encoding in the mail is broken"},
	{Guessed, "the mail does not say how its letters are encoded"},
	{Glued, "something that stuck to it was left off"},
	{Joined, "it is put together of two lines"},
	{CutOff, "it may begin earlier or go on"},
	{Neighbour, "it is not in the cell next to its label"},
	{Hidden, "mail programs do not show it, or show it otherwise"},
	{Cleaned, "invisible characters in it were left off"},
	{Rewritten, "it stands inside of a link that leads elsewhere"},
	{Unnamed, "its label does not say that it is the configuration password of today"},
	{Odd, "it has signs in it that may not belong to it"},
	{Mentioned, "it may be an example, or somebody else's"},
}

// String says the reasons in words, as the end of a sentence. It is empty where there are none.
func (d Doubt) String() string {
	var reasons []string
	for _, r := range doubts {
		if d&r.doubt != 0 {
			reasons = append(reasons, phrase.T(r.text))
		}
	}
	return strings.Join(reasons, "; ")
}

// Address is a portal as a mail has it.
type Address struct {
	Portal
	Doubt Doubt
}

// SurePortal is the portal that can be used without a question: the only one, of the usual form, read without a doubt,
// in a mail that imitates none.
func (m Mail) SurePortal() (Portal, bool) {
	if len(m.Portals) != 1 || len(m.Refused) > 0 || m.Portals[0].Doubt != 0 || !m.Portals[0].Usual() {
		return Portal{}, false
	}
	return m.Portals[0].Portal, true
}

// SurePassword is the password that can be used without a question: the only one, read without a doubt.
func (m Mail) SurePassword() (Password, bool) {
	if len(m.Passwords) != 1 || m.Passwords[0].Doubt != 0 {
		return Password{}, false
	}
	return m.Passwords[0], true
}
