// Package welcome reads the mail "Welcome to Delegate365" and judges the addresses in it. The mail has no public copy, so
// what is looked for is found by content, never by position: an address of a Delegate365 portal, and a line that labels
// a password. Where several stand for the same thing all are returned and none is guessed. An address that only looks
// like one of Delegate365's is refused with the reason.
package welcome

import (
	"bytes"

	"github.com/delegate365-onboard/delegate365-onboard/graph/secret"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// MaxMail is the longest mail that is read, in bytes.
const MaxMail = 10 << 20

// Mail is what a welcome mail says. One address alone makes a mail without passwords.
type Mail struct {
	Portals   []Address       // in the order they stand in, each once; never empty
	Passwords []Password      // in the order they stand in, each once
	Refused   []*RefusedError // addresses that pass themselves off as a portal's
}

// Password is a word that stands where the mail labels a password.
type Password struct {
	Value secret.Secret
	Label string // as in the mail: Configuration password
	Line  int    // of the readable text, from 1
	Doubt Doubt
	Note  string // what was left off or kept where the mail is ambiguous: without the full stop at its end; may be empty
}

// Wipe overwrites the passwords.
func (m Mail) Wipe() {
	for _, p := range m.Passwords {
		p.Value.Wipe()
	}
}

// Error says why no mail could be read and what to do instead. It never quotes the mail.
type Error struct {
	Reason string // lower case, no full stop: it is larger than 10 MB
	Hint   string // what to do, full sentences
	Err    error  // nil, or what it rests on
}

func (e *Error) Error() string {
	if e.Err == nil {
		return e.Reason
	}
	return e.Reason + ": " + e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

const hintAny = "Paste the whole mail \"Welcome to Delegate365\", or the portal address, or the path of the saved mail (.eml or .msg)."

// Read takes what was pasted: an address; a mail as text, as HTML or with its headers; or the path of a saved mail. A
// mail that can't be used is an *Error or, when nothing but imitations is in it, a *RefusedError. What pasted holds is left
// as it is; every copy made of it is overwritten. The cloud's own portal, own, is as good as one of the usual form; it is
// empty in Microsoft's clouds.
func Read(pasted secret.Secret, own string) (Mail, error) {
	var m Mail
	err := error(&Error{Reason: phrase.T("it is empty"), Hint: phrase.T(hintAny)})
	pasted.Use(func(b []byte) {
		b = bytes.TrimSpace(b)
		switch path, ok := savedMail(b); {
		case len(b) == 0:
		case ok:
			m, err = readFile(path, own)
		default:
			m, err = parse(b, own)
		}
	})
	return m, err
}

// parse reads a mail, or a single address, from memory.
func parse(data []byte, own string) (Mail, error) {
	data = bytes.TrimSpace(data)
	switch {
	case len(data) == 0:
		return Mail{}, &Error{Reason: phrase.T("it is empty"), Hint: phrase.T(hintAny)}
	case len(data) > MaxMail:
		return Mail{}, tooLarge()
	case isAddress(data):
		p, err := Judge(string(data), own)
		if err != nil {
			return Mail{}, err
		}
		return Mail{Portals: []Address{{Portal: p}}}, nil
	case !bytes.ContainsAny(data, " \t\r\n\x00"):
		return Mail{}, &Error{Reason: phrase.T("it is a single word that is no address"), Hint: phrase.T(hintAny)}
	}
	r := reading{own: own, left: maxDecoded}
	defer r.wipe()
	if err := r.take(data, 0, 0); err != nil {
		return Mail{}, err
	}
	return r.find()
}

func tooLarge() error {
	return &Error{
		Reason: phrase.T("it is larger than 10 MB"),
		Hint:   phrase.T("Open the mail and paste only its text, or the portal address alone."),
	}
}

// isAddress reports a single word that is meant as an address.
func isAddress(b []byte) bool {
	if len(b) == 0 || len(b) > maxAddress || bytes.ContainsAny(b, " \t\r\n\x00") {
		return false
	}
	lower := bytes.ToLower(b)
	return bytes.Contains(lower, []byte("://")) || bytes.Contains(lower, []byte("delegate365")) || bytes.HasSuffix(lower, []byte("/setup"))
}
