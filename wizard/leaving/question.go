// Package leaving is what is asked of an operator who wants to leave: the words and the answers, for the wizard and for
// the plain lines.
package leaving

import (
	"cmp"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// The answers.
const (
	Leave   = "leave"   // where MFA is off, put it back first
	Disable = "disable" // put MFA back, disable the account, and leave then
	Stay    = "stay"
)

// Situation is what the question depends on.
type Situation struct {
	Exposure steps.Exposure
	Open     bool // whether there is an Exposure
	Changing bool // a change is being made at this moment
	steps.Aftermath
	Title string // what is left; empty means Delegate365 onboarding
}

// Question is asked before anybody leaves.
type Question struct {
	Head    string         // how it stands
	Text    []string       // what leaving means, in paragraphs
	Answers []steps.Action // the first is what an Enter too many does: it leaves nothing half done
}

// Ask is the question in a situation.
func Ask(s Situation) Question {
	q := askShut(s)
	if s.Open {
		q = askExposed(s)
	}
	if s.Ends {
		q.Text = append(q.Text, phrase.Upper(steps.EndsWithIt())+".")
	}
	return q
}

// askShut is the question while no exposure window is open.
func askShut(s Situation) Question {
	q := Question{Head: phrase.T("Leave the %s?", named(s.Title)), Answers: []steps.Action{{ID: Stay, Label: phrase.T("Stay")}, {ID: Leave, Label: phrase.T("Leave")}}}
	if s.Changing {
		q.Text = append(q.Text, phrase.T("A change is being made. Leaving stops after the request under way; if that leaves MFA off, MFA is put back first."))
	}
	if s.Written == (steps.Tally{}) {
		q.Text = append(q.Text, phrase.T("This run has changed nothing in the tenant so far, but for permissions that may have been accepted when signing in."))
		if s.Besides != "" {
			q.Text = append(q.Text, s.Besides)
		}
		return q
	}
	if s.Ends {
		q.Text = append(q.Text, phrase.T("This run has made %s.", s.Written))
	} else {
		q.Text = append(q.Text, phrase.T("What this run has done stays in the tenant: %s. Starting again goes on from there.", s.Written.String()))
	}
	if s.Bare != "" {
		said, advises := bare(s)
		q.Text = append(q.Text, said)
		if advises {
			q.Answers = append(q.Answers, steps.Action{ID: Disable, Label: phrase.T("Disable account and leave")})
		}
	}
	q.Text = append(q.Text, reported(s)...)
	return q
}

// bare is what is said of a Global Administrator of which no second factor was seen. Nothing is advised before it was read.
func bare(s Situation) (said string, advises bool) {
	switch s.Factor {
	case steps.FactorUnread:
		return phrase.T("%s is Global Administrator. Whether it has a second factor is being read.", s.Bare), false
	case steps.FactorUnreadable:
		said = phrase.T("%s is Global Administrator, and whether it has a second factor could not be read: if it has none, whoever signs in first with its password registers one.", s.Bare)
	default:
		said = phrase.T("%s is Global Administrator, and no second factor of it was seen: while it has none, whoever signs in first with its password registers one. If it takes a while until you go on, disabling the account is safer.", s.Bare)
	}
	if !s.Ends {
		said += " " + phrase.T("The next start offers to enable it.")
	}
	return said, true
}

// reported announces what leaving writes.
func reported(s Situation) []string {
	if !s.Reports {
		return nil
	}
	return []string{phrase.T("Leaving writes the report for the customer, with a fingerprint that both of you keep.")}
}

// askExposed is the question while the exposure window is open: no answer leaves it open. A window that an earlier run left
// open is not this run's setup to interrupt, so disabling the account is not offered there.
func askExposed(s Situation) Question {
	open := s.Exposure
	q := Question{
		Head:    open.Standing(),
		Text:    []string{phrase.T("Leaving puts MFA back first and checks that it is back.")},
		Answers: []steps.Action{{ID: Leave, Label: phrase.T("Put MFA back and leave")}, {ID: Stay, Label: phrase.T("Stay")}},
	}
	if s.SignsIn {
		q.Answers[0].Label = phrase.T("Sign in, then: %s", q.Answers[0].Label)
	}
	if open.Everybody != "" {
		q.Text[0] = phrase.T("Leaving first puts MFA back and turns security defaults on again, both at once, and checks both.")
	}
	if !open.Found {
		said := phrase.T("If nobody goes on today, disable the account as well: without a second factor registered, whoever signs in first with its password registers one.")
		if !s.Ends {
			said += " " + phrase.T("The next start offers to enable it.")
		}
		q.Text = append(q.Text, said)
		q.Answers = append(q.Answers, steps.Action{ID: Disable, Label: phrase.T("Put MFA back, disable account and leave")})
	}
	q.Text = append(q.Text, reported(s)...)
	return q
}

// named is what is left: the onboarding, where nothing else is titled.
func named(title string) string {
	return cmp.Or(strings.TrimPrefix(title, "Delegate365 "), phrase.T("onboarding"))
}
