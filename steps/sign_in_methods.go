package steps

import (
	"context"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/review"
)

// A new password ends neither a passkey nor any other method that an account has: who registered one signs in as Global Administrator once
// the account is that. Whoever manages users can make an account with this name and this program's mark, which is a job title. So nobody is
// made Global Administrator who has a method besides the password, or may have, before somebody has said whose it is.

const actTheirs = "methods-known"

// signInMethods are the methods of an account that was there before, as last read, and whose they are.
type signInMethods struct {
	user     string // id of the account
	read     analysis.Reading[[]graph.AuthMethod]
	assigned bool     // it was Global Administrator then
	theirs   []string // those that somebody said are the customer's, by their keys
}

// asked reports that somebody has to say whose an account's methods are before it becomes Global Administrator.
//
//go:noinline // every copy would be carried
func (s *signInMethods) asked(user graph.User) bool {
	return user.ID == s.user && !s.assigned && s.unknown()
}

// unknown reports a method of which nobody has said whose it is.
func (s *signInMethods) unknown() bool {
	for _, key := range s.keys() {
		if !slices.Contains(s.theirs, key) {
			return true
		}
	}
	return false
}

// keys tell apart what can be said to be the customer's: each method besides the password, or that they could not be read.
//
//go:noinline // every copy would be carried
func (s *signInMethods) keys() (keys []string) {
	if s.read.Err() != nil {
		return []string{s.user}
	}
	for _, m := range s.read.Content() {
		if m.Kind != "password" {
			keys = append(keys, s.user+m.Kind+m.ID+m.Name) // a phone's id is the same for every account
		}
	}
	return keys
}

// finding asks whose they are.
func (s *signInMethods) finding(upn string, first Action) Finding {
	said := finding.Unread.Of(upn, "").In("What %s can be signed in with besides its password could not be read.", upn)
	if s.read.Err() == nil {
		said = finding.Factor.Of(upn, "registered").In("%s has, besides its password: %s.", upn, s.named())
	}
	return Finding{
		Status: Blocked,
		Text: []Sentence{
			said.And(finding.Advice("A new password ends none of that: whoever holds it could sign in as Global Administrator.")),
			finding.Advice("Ask the customer. What they do not know, delete in Entra, revoke the account's sessions there, and check again."),
		},
		Actions: []Action{first, {ID: actTheirs, Label: phrase.T("It is the customer's: go on")}},
	}
}

// named names each method.
func (s *signInMethods) named() string {
	var named []string
	for _, m := range s.read.Content() {
		if m.Kind != "password" {
			named = append(named, review.NamedMethod(m))
		}
	}
	return phrase.JoinAnd(named)
}

// namedFactors are the second factors that the account had when its methods were last read; empty where none was seen.
func namedFactors(m *memory) string {
	if m.choices.methods.user != m.user.ID {
		return ""
	}
	return factorsBy(review.NamedMethod, m.choices.methods.read.Content())
}

// factorsBy names the second factors among methods.
func factorsBy(name func(graph.AuthMethod) string, methods []graph.AuthMethod) string {
	var named []string
	for _, method := range methods {
		if method.Strong() {
			named = append(named, name(method))
		}
	}
	return phrase.JoinAnd(named)
}

// methodsPage is where they are deleted.
func methodsPage(c graph.Cloud, user graph.User) Page {
	return Page{Name: phrase.T("the account's authentication methods"), URL: c.UserMethodsURL(user.ID)}
}

// answerTheirs keeps that the methods last read are the customer's.
//
//go:noinline // every copy would be carried
func answerTheirs(r *Run) {
	r.update(func(m *memory) {
		s := &m.choices.methods
		s.theirs = append(s.theirs[:len(s.theirs):len(s.theirs)], s.keys()...)
	})
}

// noteMethods keeps them, and that a second factor was there before this run, or any before it, has asked for one; one that is gone by
// then is forgotten.
func noteMethods(r *Run, user graph.User, methods analysis.Reading[[]graph.AuthMethod], assigned bool) *memory {
	noteFactor(r, methods.Content())
	early, strong := methods.Err() == nil && !askedFactor(r), isFactorIn(methods.Content())
	r.update(func(m *memory) {
		s := &m.choices.methods
		s.user, s.read, s.assigned = user.ID, methods, assigned
		if early && !strong {
			m.appPasswords.factorSeen = time.Time{}
		}
		if early {
			m.appPasswords.unasked = strong && (m.appPasswords.unasked || !assigned)
		}
	})
	return r.snapshot()
}

// methodsInDoubt keeps the methods of an account that is about to become Global Administrator, and reports that nobody answers for one. Only
// for an account that this run made itself may they be refused.
func methodsInDoubt(r *Run, user graph.User, methods analysis.Reading[[]graph.AuthMethod]) (bool, error) {
	switch err := methods.Err(); {
	case err != nil && graph.OutcomeOf(err) != graph.Refused:
		return false, &Error{Op: "read the authentication methods of %s", Of: []any{user.UserPrincipalName}, Err: err}
	case err != nil && r.snapshot().choices.methods.user != user.ID:
		return false, nil
	}
	m := noteMethods(r, user, methods, false)
	return m.choices.methods.asked(user), nil
}

// methodsFirst asks it in place of the assignment. It reports false where there is nothing to ask.
func methodsFirst(ctx context.Context, r *Run, client *graph.Client, user graph.User) (Finding, bool, error) {
	m := r.snapshot()
	if !m.choices.methods.asked(user) {
		return Finding{}, false, nil
	}
	asks, err := methodsInDoubt(r, user, analysis.Read(client.MFA.AuthenticationMethods(ctx, user.ID))) // somebody may have deleted it
	if err != nil || !asks {
		return Finding{}, false, err
	}
	m = r.snapshot()
	f := m.choices.methods.finding(user.UserPrincipalName, Action{ID: ActRetry, Label: phrase.T("Check again")})
	f.Sections = []Section{{Facts: []Fact{{Label: phrase.T(accountLabel), Value: user.UserPrincipalName, Mark: MarkBlocks, Page: methodsPage(r.opts.Cloud, user)}}}}
	return f, true, nil
}
