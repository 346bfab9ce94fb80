package steps

import (
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
	}
	row := Fact{Label: phrase.T("Password"), Value: phrase.T("this program's copy is wiped when you leave"), Mark: MarkNote}
	if m.setupWanted() != setupKeep {
		row.Value = phrase.T("this program's copy is wiped when you leave; Delegate365 was given it")
	}
	return []Fact{row}
}

// todo is what is somebody's to do, as the report has it as well.
func todo(r *Run, m memory, now leftNow) []report.Task {
	t := report.Todo{
		Account: m.user.UserPrincipalName, Over: true, Password: !m.secrets.password.IsZero(), Given: m.setupWanted() != setupKeep, Replaced: m.replacesPassword(),
		Failed: m.appPasswords.untested, Allowed: allowedNow(m, now) != "" && allowedByProgram(r, m),
	}
	return t.Tasks(report.Pages{})
}

// nextSteps are its rows on the last screen.
func nextSteps(r *Run, m memory, now leftNow) (rows []Fact) {
	for _, t := range todo(r, m, now) {
		row := Fact{Label: phrase.T(t.About), Value: report.Retold(phrase.Spoken(), t.What)}
		if t.WithWhy {
			row.Note = report.Retold(phrase.Spoken(), t.Why)
		}
		rows = append(rows, row)
	}
	return rows
}

// nextLines are the same on the terminal, once the last screen was reached.
func nextLines(r *Run, m memory, now leftNow) (out []Sentence) {
	for _, row := range nextSteps(r, m, now) {
		said := finding.Computer.Of("next", row.Label).In("Next: %s.", row.Value)
		if row.Note != "" {
			said = said.And(finding.Computer.Of("next", row.Label).In("%s", row.Note))
		}
		out = append(out, said)
	}
	return out
}
