// Package leaving is what is asked of an operator who wants to leave: the words and the answers, for the wizard and for
// the plain lines.
package leaving

import (
	"cmp"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
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
	Open     bool        // whether there is an Exposure
	Changing bool        // a change is being made at this moment
	Written  steps.Tally // by this run
	Title    string      // what is left; empty means Delegate365 onboarding
}

// Question is asked before anybody leaves.
type Question struct {
	Head    string   // how it stands
	Text    []string // what leaving means, in paragraphs
	Answers []steps.Action
}

// Ask is the question in a situation.
func Ask(s Situation) Question {
	if s.Open {
		return askExposed(s.Exposure)
	}
	q := Question{Head: "Leave the " + cmp.Or(strings.TrimPrefix(s.Title, "Delegate365 "), "onboarding") + "?", Answers: []steps.Action{{ID: Leave, Label: "Leave"}, {ID: Stay, Label: "Stay"}}}
	if s.Changing {
		q.Text = append(q.Text, "A change is being made. Leaving stops after the request under way; if that leaves MFA off, MFA is put back first.")
	}
	if s.Written == (steps.Tally{}) {
		q.Text = append(q.Text, "This run has changed nothing in the tenant so far.")
		return q
	}
	q.Text = append(q.Text, "What this run has done stays in the tenant: "+s.Written.String()+". Starting again goes on from there.")
	return q
}

// askExposed is the question while the exposure window is open: no answer leaves it open. A window that an earlier run left
// open is not this run's setup to interrupt, so disabling the account is not offered there.
func askExposed(open steps.Exposure) Question {
	q := Question{
		Head:    open.Standing(),
		Text:    []string{"Leaving puts MFA back first and checks that it is back."},
		Answers: []steps.Action{{ID: Leave, Label: "Put MFA back and leave"}, {ID: Stay, Label: "Stay"}},
	}
	if !open.Found {
		q.Text = append(q.Text, "If it takes a while until you go on, disabling the account is safer: without a second factor registered, whoever signs in first with its password registers one. The next start offers to enable it.")
		q.Answers = append(q.Answers, steps.Action{ID: Disable, Label: "Put MFA back, disable account"})
	}
	return q
}
