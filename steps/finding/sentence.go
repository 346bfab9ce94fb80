package finding

import (
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Rules of this file: a sentence on a screen is advice, or a claim. Advice is constant: it is the same in every tenant and every
// run, and so says nothing about this one. A claim is made of a value, and carries what it says of which subject, so that a test
// can hold it against the tenant. Nothing else can be made.

// Sentence is what stands in one paragraph of a screen: a sentence, or a few that belong together.
type Sentence struct{ parts []Part }

// Part is advice, or a claim with its words.
type Part struct {
	Words string
	Claim *Claim // nil of advice
}

// constant is a text that only the source can hold: no variable is of this type outside of this package.
type constant phrase.Format

// Advice is a sentence that says nothing about this tenant or this run.
//
//go:noinline // every copy would be carried
func Advice(words constant) Sentence {
	return Sentence{[]Part{{Words: phrase.T(phrase.Format(words))}}}
}

// Advise are paragraphs of advice.
func Advise(words ...constant) []Sentence {
	out := make([]Sentence, len(words))
	for i, w := range words {
		out[i] = Advice(w)
	}
	return out
}

// Kind is what a claim is about.
type Kind string

// The kinds of claims, with what their subject and their value are.
const (
	Written      Kind = "written"       // how many changes of this run a read has shown, and with + how many none has; no subject
	Earlier      Kind = "earlier"       // the step at which an earlier run of this program stopped; no subject
	Accepted     Kind = "accepted"      // yes: the plan; no subject
	Verdict      Kind = "verdict"       // of the check: blocked, to decide, ready
	SignedIn     Kind = "signed-in"     // the operator: yes, no, refused
	Demanded     Kind = "demanded"      // an account: yes or no, MFA at its sign-in
	Demanding    Kind = "demanding"     // an account: how many things ask it for MFA, or may
	Standing     Kind = "standing"      // what demands MFA: why it can't be suspended for one account
	Role         Kind = "role"          // an account: yes or no, Global Administrator
	RoleEnds     Kind = "role-ends"     // an account: after how long, or when, its Global Administrator ends by itself, and how long the rules allow at most; kept, where Entra will not end it
	PerUser      Kind = "per-user-mfa"  // an account: its state
	Defaults     Kind = "defaults"      // the tenant's domain: on or off
	Excluded     Kind = "excluded"      // an account: yes, policies exclude it
	AppPasswords Kind = "app-passwords" // the tenant: allowed, or that none can be created
	Factor       Kind = "factor"        // an account: registered or none
	Exists       Kind = "exists"        // an account: ready, ours, somebody's, synced, deleted
	Apps         Kind = "apps"          // how many of Delegate365's apps setup has made
	Opened       Kind = "opened"        // an account without MFA: since when, or unknown
	Sent         Kind = "sent"          // a change that is announced again: how often it was sent, or refused
	Made         Kind = "made"          // what was changed: what it became
	Remaining    Kind = "remaining"     // what is left in the tenant: how it stands
	Restored     Kind = "restored"      // an account: yes, this run read it back
	Word         Kind = "word"          // what the operator said: no test can hold it against anything else
	Unread       Kind = "unread"        // what could not be read
	Computer     Kind = "computer"      // this computer: its journal, its other processes
	Outside      Kind = "outside"       // what a page, a mail or Microsoft says
)

// Claim is what a sentence says of this tenant or this run.
type Claim struct {
	Kind    Kind
	Subject string // of whom, or of what
	Value   string // what it is said to be
}

// Of is a claim of this kind.
//
//go:noinline // every copy would be carried
func (k Kind) Of(subject, value string) Claim { return Claim{k, subject, value} }

// In is a sentence that makes the claim.
//
//go:noinline // every copy would be carried
func (c Claim) In(words constant, values ...any) Sentence {
	return Sentence{[]Part{{phrase.T(phrase.Format(words), values...), &c}}}
}

// And is a paragraph of two.
//
//go:noinline // every copy would be carried
func (s Sentence) And(next Sentence) Sentence {
	return Sentence{append(append([]Part{}, s.parts...), next.parts...)}
}

// Gist is what a step comes to, in a sentence, for where it is told later, when more may have been written; empty where it says
// nothing.
func (f Finding) Gist() Sentence {
	if len(f.Text) == 0 {
		return Sentence{}
	}
	return f.Text[0].without(Written)
}

// without is the paragraph without its claims of a kind.
func (s Sentence) without(k Kind) Sentence {
	return Sentence{slices.DeleteFunc(slices.Clone(s.parts), func(p Part) bool { return p.Claim != nil && p.Claim.Kind == k })}
}

// Parts are what the paragraph is made of, in order.
func (s Sentence) Parts() []Part { return s.parts }

// IsZero reports that nothing is said.
func (s Sentence) IsZero() bool { return s.String() == "" }

// String is the paragraph as it is read.
func (s Sentence) String() string {
	var words []string
	for _, p := range s.parts {
		if p.Words != "" {
			words = append(words, p.Words)
		}
	}
	return strings.Join(words, " ")
}

// MarshalText is the paragraph as it is read.
func (s Sentence) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Read are paragraphs as they are read, one after the other.
func Read(paragraphs []Sentence) string {
	words := make([]string, len(paragraphs))
	for i, s := range paragraphs {
		words[i] = s.String()
	}
	return strings.Join(words, " ")
}
