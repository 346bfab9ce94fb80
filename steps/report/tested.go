package report

import (
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Test is what somebody said of Delegate365's test of its app password. No read shows it.
type Test struct {
	Said   string `json:"said"`   // succeeded or failed
	Failed int    `json:"failed"` // how often, since it succeeded last
	Claim  Claim  `json:"claim"`  // of the last answer
}

// What somebody says of the test, as the journal has it.
const (
	TestSucceeded = "tested"
	TestFailed    = "test-failed"
	TestNone      = "no-such-page" // there is none: this Delegate365 takes no app password

	SMTPOff = "SmtpClientAuthentication" // what a test that failed named, where it did
)

// What a test shows.
const (
	succeeded = "succeeded"
	failed    = "failed"
)

// testOf is what was said of the test last; nil where nobody said anything, or that there is none.
func testOf(entries []journal.Entry) (t *Test) {
	for _, e := range entries {
		said := Test{Claim: Claim{Layer: LayerJournal, At: second(e.At), Line: e.Seq}}
		switch {
		case e.Kind != journal.KindAnswered:
			continue
		case e.Note == TestSucceeded:
			said.Said = succeeded
		case e.Note == TestFailed:
			if said.Said, said.Failed = failed, 1; t != nil {
				said.Failed += t.Failed
			}
		case e.Note == TestNone:
			t = nil
			continue
		default: // of something else
			continue
		}
		t = &said
	}
	return t
}

// namedSMTP reports that the last answer was of a test that named SMTP AUTH.
func namedSMTP(entries []journal.Entry) (named bool) {
	for _, e := range entries {
		if e.Kind == journal.KindAnswered && (e.Note == TestFailed || e.Note == TestSucceeded) {
			named = e.Said == SMTPOff
		}
	}
	return named
}

// failed reports a test that failed when it was made last.
func (t *Test) failed() bool { return t != nil && t.Said == failed }

// testAlarm says that Delegate365 could not use its app password; empty where it could, or nobody said so.
func testAlarm(r *Report) alarm {
	if !r.Test.failed() || r.offboards() {
		return alarm{}
	}
	return alarm{phrase.T("Delegate365's test of the app password failed %s.", Times(r.Test.Failed)), phrase.T("So said whoever saw it, at %s.", r.Test.Claim.At.Format(hourAndClock))}
}

// Times is how often something was.
func Times(n int) string {
	switch n {
	case 1:
		return phrase.T("once")
	case 2:
		return phrase.T("twice")
	}
	return phrase.Count(n, "time", "times")
}

// passwordSaid is why there is an app password, as far as that is known, and whether it works. Nobody but whoever saw the test knows the latter.
func passwordSaid(r *Report) string {
	said := english("It was made for Delegate365; nobody has said that Delegate365's test of it succeeded.")
	switch {
	case r.Test.failed():
		said = english("It was made for Delegate365; Delegate365's test of it failed, as somebody saw it, and it does not work there yet.")
	case r.Test != nil:
		said = english("Delegate365 signs in to Exchange Online with it: Delegate365's test of it succeeded, as somebody saw it.")
	}
	if r.appPasswordMade() {
		said += " " + english("Microsoft's log shows that the account made one.")
	}
	return said
}

// appPasswordMade reports an app password that was made in this onboarding, by what Microsoft's log has of it so far.
func (r *Report) appPasswordMade() bool { return madeAsAsked(r, appPasswordMade) }

// madeAsAsked reports that Microsoft's log has something that the account was asked for.
func madeAsAsked(r *Report, activity string) bool {
	return slices.ContainsFunc(r.Entries, func(e Entry) bool { return strings.EqualFold(e.Activity, activity) && e.Class == Asked })
}
