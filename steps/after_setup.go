package steps

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// What is said at the end, because nobody else says it.

// whoGetsIt says who is given the account's password besides this program; nobody where setup is not run.
func whoGetsIt(m *memory) Sentence {
	if m.setupWanted() == setupKeep {
		return Sentence{}
	}
	return finding.Word.Of("setup", "wanted").In("You paste it into Delegate365's setup, which works with it.")
}

// keptPassword says of an account that was there before that this run has left its password.
func keptPassword(m *memory) []Fact {
	if !m.secrets.password.IsZero() || !m.existed() {
		return nil
	}
	return []Fact{{Label: phrase.T("Password"), Value: phrase.T("not changed by this run"), Mark: MarkOK}}
}

// todo is what is somebody's to do, as the report has it as well.
func todo(r *Run, m *memory, now leftNow) []report.Task {
	t := report.Todo{
		Account: m.user.UserPrincipalName, Over: true, Password: !m.secrets.password.IsZero(), Given: m.setupWanted() != setupKeep, Replaced: m.replacesPassword(),
		Failed: m.appPasswords.untested, Named: m.appPasswords.smtpOff, Allowed: allowedNow(m, now) != "" && allowedByProgram(r, m), Without: m.without(),
		Bare: now.factor.none && (now.user.Err() != nil || now.user.Content().Enabled), Way: addable(m), Role: roleUnsettled(m, now),
	}
	return t.Tasks(report.Pages{})
}

// roleUnsettled reports that the role stays without an end, and that nobody has decided about it.
func roleUnsettled(m *memory, now leftNow) bool {
	held := now.role.Content()
	return now.role.Err() == nil && held.held && !held.timed && !m.role.settled
}

// nextSteps are its rows on the last screen.
func nextSteps(r *Run, m *memory, now leftNow) (rows []Fact) {
	for _, t := range todo(r, m, now) {
		if t.Short != "" {
			rows = append(rows, Fact{Label: phrase.T(t.About), Value: phrase.T(t.Short)})
		}
	}
	if m.handed.made == nil {
		return rows
	}
	for _, n := range report.Renewals(&m.handed.made.Report) {
		if n.By.Before(time.Now().Add(soon)) {
			rows = append(rows, Fact{Label: phrase.Day(n.By), Value: report.Retold(phrase.Spoken(), n.What)})
		}
	}
	return rows
}

// soon is how long before Delegate365's access ends the last screen says so: whoever reads the report is the first to see it at the next
// review.
const soon = 30 * 24 * time.Hour

// nextSaid are what is somebody's to do, on the terminal.
func nextSaid(all []report.Next) (out []Sentence) {
	for _, n := range all {
		said, what := finding.Computer.Of("next", n.What), report.Retold(phrase.Spoken(), n.What)
		switch {
		case n.When == report.IfNeeded:
			out = append(out, said.In("If needed: %s. %s", what, report.Retold(phrase.Spoken(), n.Why)))
		case n.By.IsZero():
			out = append(out, said.In("Next: %s.", what))
		default:
			out = append(out, said.In("Next, by %s: %s.", phrase.Day(n.By), what))
		}
	}
	return out
}

// nextLines are that after an onboarding: what the last screen has, and with its date what the written report has besides.
func nextLines(r *Run, m *memory, now leftNow) []Sentence {
	var all []report.Next
	for _, t := range todo(r, m, now) {
		all = append(all, t.Next)
	}
	made, _ := Handed(r)
	for _, n := range made.Next {
		same := func(other report.Next) bool { return other.What == n.What }
		switch i := slices.IndexFunc(all, same); {
		case i >= 0:
			all[i].By = n.By
		case !n.By.IsZero():
			all = append(all, n)
		}
	}
	slices.SortStableFunc(all, func(a, b report.Next) int { return a.By.Compare(b.By) })
	return nextSaid(all)
}
