package steps

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// What is said at the end, because nobody else says it: what became of the account's password, and what to do first.

// whoGetsIt says who is given the account's password besides this program; nobody where setup is not run.
func whoGetsIt(m memory) Sentence {
	if m.setupWanted() == setupKeep {
		return Sentence{}
	}
	return finding.Word.Of("setup", "wanted").In("You paste it into Delegate365's setup, which works with it.")
}

// passwordRow says what became of the password that this run has set.
func passwordRow(m memory) []Fact {
	switch {
	case m.secrets.password.IsZero() && m.existed():
		return []Fact{{Label: phrase.T("Password"), Value: phrase.T("not changed by this run"), Mark: MarkOK}}
	case m.secrets.password.IsZero():
		return nil
	case m.setupWanted() != setupKeep:
		return []Fact{{Label: phrase.T("Password"), Value: phrase.T("wiped when you leave; Delegate365 was given it"), Mark: MarkNote}}
	}
	return []Fact{{Label: phrase.T("Password"), Value: phrase.T("wiped when you leave, and then known to nobody"), Mark: MarkNote}}
}

// nextSteps are what Delegate365 wants first, what can be put away, and how somebody gets a password.
func nextSteps(m memory) []Fact {
	next := []Fact{
		{Label: phrase.T("In Delegate365"), Value: phrase.T("make an organisational unit; name administrators")},
		{Label: phrase.T("In the browser"), Value: phrase.T("sign the service account out; close the window")},
	}
	if m.replacesPassword() {
		next = slices.Insert(next, 0, Fact{Label: phrase.T("Its new password"), Value: phrase.T(report.GiveNewPassword)})
	}
	if !m.secrets.password.IsZero() {
		next = append(next, Fact{Label: phrase.T("Set a password"), Value: phrase.T("Entra admin center, Users, the account, Reset password")})
	}
	return next
}
