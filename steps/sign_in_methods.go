package steps

import (
	"context"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// A new password ends neither a passkey nor any other method that an account has: who registered one signs in as Global Administrator once
// the account is that. Whoever manages users can make an account with this name and this program's mark, which is a job title. So nobody is
// made Global Administrator who has a method besides the password, or may have, before somebody has said whose it is.

const actTheirs = "methods-known"

// methodsAsked reports that somebody has to say whose an account's methods are before it becomes Global Administrator.
func methodsAsked(f foundUser, m memory) bool {
	return f.methods.Done() && !f.facts.Assigned && slices.ContainsFunc(methodKeys(f), func(key string) bool { return !slices.Contains(m.choices.theirs, key) })
}

// methodKeys tell apart what can be said to be the customer's: each method besides the password, or that they could not be read.
func methodKeys(f foundUser) []string {
	if f.methods.Err() != nil {
		return []string{f.user.ID}
	}
	var keys []string
	for _, method := range besidePassword(f.methods.Content()) {
		keys = append(keys, f.user.ID+" "+method.Kind+" "+method.ID+" "+method.Name) // a phone's id is the same for every account
	}
	return keys
}

// besidePassword are the methods but for the password: by each somebody signs in, or sets another password.
func besidePassword(methods []graph.AuthMethod) []graph.AuthMethod {
	return slices.DeleteFunc(slices.Clone(methods), func(m graph.AuthMethod) bool { return m.Kind == "password" })
}

// methodsFinding asks whose they are.
func methodsFinding(f foundUser, actions ...Action) Finding {
	upn := f.user.UserPrincipalName
	said := finding.Unread.Of(upn, "").In("What %s can be signed in with besides its password could not be read.", upn)
	if f.methods.Err() == nil {
		var named []string
		for _, m := range besidePassword(f.methods.Content()) {
			named = append(named, methodSaid(m))
		}
		said = finding.Factor.Of(upn, "registered").In("%s has, besides its password: %s.", upn, phrase.JoinAnd(named))
	}
	return Finding{
		Status: Blocked,
		Text: []Sentence{
			said.And(finding.Advice("A new password ends none of that: whoever holds it could sign in as Global Administrator.")),
			finding.Advice("Ask the customer. What they do not know, delete in Entra, revoke the account's sessions there, and check again."),
		},
		Actions: append(actions, Action{ID: actTheirs, Label: phrase.T("It is the customer's: go on")}),
	}
}

// methodSaid names a method, what its owner called it, and when it was registered, as far as Graph says so.
func methodSaid(m graph.AuthMethod) string {
	said := methodName(m.Kind)
	if m.Name != "" {
		said += " " + phrase.Name(m.Name)
	}
	if !m.Created.IsZero() {
		said += " (" + phrase.T("since %s", phrase.Day(m.Created.Local())) + ")"
	}
	return said
}

// methodsPage is where they are deleted.
func methodsPage(c graph.Cloud, user graph.User) Page {
	return Page{Name: phrase.T("the account's authentication methods"), URL: c.UserMethodsURL(user.ID)}
}

// answerTheirs keeps that the methods last read are the customer's.
func answerTheirs(r *Run) {
	r.update(func(m *memory) {
		if m.found != nil {
			m.choices.theirs = append(slices.Clone(m.choices.theirs), methodKeys(*m.found)...)
		}
	})
}

// areTheirs reports that somebody said of each second factor that it is the customer's.
func areTheirs(methods []graph.AuthMethod, m memory) bool {
	strong := slices.DeleteFunc(slices.Clone(methods), func(a graph.AuthMethod) bool { return !a.Strong() })
	f := foundUser{user: m.user, methods: analysis.Read(strong, nil)}
	return m.found != nil && !methodsAsked(f, m)
}

// noteFound keeps that a second factor was there before this run, or any before it, has asked for one; and forgets one that is gone by then.
func noteFound(r *Run, f foundUser) {
	noteFactor(r, f.methods.Content())
	if askedFactor(r) || f.methods.Err() != nil {
		return
	}
	strong := slices.ContainsFunc(f.methods.Content(), graph.AuthMethod.Strong)
	r.update(func(m *memory) {
		if !strong {
			m.appPasswords.factorSeen = time.Time{}
		}
		m.appPasswords.unasked = strong && (m.appPasswords.unasked || !f.facts.Assigned)
	})
}

// methodsInDoubt keeps the methods of an account that is about to become Global Administrator, and reports that nobody answers for one. Only
// for an account that this run made itself may they be refused.
func methodsInDoubt(r *Run, user graph.User, methods analysis.Reading[[]graph.AuthMethod]) (bool, error) {
	m := r.snapshot()
	found := foundUser{name: m.account, user: user}
	if m.found != nil && objectid.Same(m.found.user.ID, user.ID) {
		found = *m.found
	}
	switch err := methods.Err(); {
	case err != nil && graph.OutcomeOf(err) != graph.Refused:
		return false, &Error{Op: "read the authentication methods of %s", Of: []any{user.UserPrincipalName}, Err: err}
	case err != nil && !found.methods.Done():
		return false, nil
	}
	found.methods, found.facts.Assigned = methods, false
	r.update(func(m *memory) { m.found = &found })
	noteFound(r, found)
	return methodsAsked(found, r.snapshot()), nil
}

// methodsFirst asks it in place of the assignment. It reports false where there is nothing to ask.
func methodsFirst(ctx context.Context, r *Run, client *graph.Client, user graph.User) (Finding, bool, error) {
	if m := r.snapshot(); m.found == nil || !methodsAsked(*m.found, m) {
		return Finding{}, false, nil
	}
	asks, err := methodsInDoubt(r, user, analysis.Read(client.MFA.AuthenticationMethods(ctx, user.ID))) // somebody may have deleted it
	if err != nil || !asks {
		return Finding{}, false, err
	}
	f := methodsFinding(*r.snapshot().found, Action{ID: ActRetry, Label: phrase.T("Check again")})
	f.Sections = []Section{{Facts: []Fact{{Label: phrase.T(accountLabel), Value: user.UserPrincipalName, Mark: MarkBlocks, Page: methodsPage(r.opts.Cloud, user)}}}}
	return f, true, nil
}
