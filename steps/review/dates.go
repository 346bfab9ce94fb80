package review

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// setting is whether users may create app passwords. It is undocumented, so that not to read it is no fault.
func setting(f Facts) Row {
	id, label := "app-password-setting", phrase.T("App-password setting")
	p, known := f.Service.Value()
	if !known || !p.AllowAppPasswordsKnown {
		return Row{ID: id, Label: label, Value: phrase.T("not seen"), Mark: NotSeen, Note: phrase.T("Microsoft does not document how to read it.")}
	}
	r := Row{ID: id, Label: label, Value: phrase.T("allowed"), Mark: OK}
	if p.AllowAppPasswords {
		r.Note = phrase.T("Every user whose per-user MFA is enforced may make one.")
		return r
	}
	r.Value, r.Mark, r.Note = phrase.T("not allowed"), Note, phrase.T("App passwords that exist go on working, and nobody can delete one while it is so.")
	if f.Report != nil && slices.ContainsFunc(f.Report.Difference, func(d report.Difference) bool {
		return d.What == report.WhatService && d.Object == "allowAppPasswords" && d.After == "true"
	}) {
		r.Mark, r.Note = Drift, phrase.T("The onboarding allowed them.")+" "+r.Note
	}
	return r
}

// submissionOff is when Exchange Online switches SMTP AUTH off by default for organisations that have it on; administrators can
// switch it on again.
// https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission
var submissionOff = time.Date(2026, time.December, 31, 0, 0, 0, 0, time.UTC)

// dates are what comes, or has come, by itself.
func dates(f Facts) []Row {
	r := Row{ID: "date", Label: phrase.T("SMTP AUTH"), Value: phrase.T("off by default from %s", day(submissionOff)), Mark: Note}
	r.Note = phrase.T("From then on an app password sends mail only where an administrator switches SMTP AUTH on. Ask whether Delegate365 still uses one.")
	if f.At.After(submissionOff) {
		r.Value, r.Note = phrase.T("off by default since %s", day(submissionOff)), phrase.T("An app password sends mail only where an administrator has switched it on again.")
	}
	rows := []Row{r}
	for _, u := range analysis.UpcomingDemands(f.Standing) {
		if f.User.ID == "" {
			continue
		}
		r := Row{ID: "date", Label: phrase.T("Microsoft's policy"), Value: u.Demand.Named(), Mark: Note, Note: phrase.T("Microsoft turns it on by itself. It concerns %s.", phrase.JoinAnd(u.SignIns))}
		if !u.From.IsZero() {
			r.Note = phrase.T("Microsoft turns it on by itself, not before %s. It concerns %s.", day(u.From), phrase.JoinAnd(u.SignIns))
		}
		rows = append(rows, r)
	}
	if f.Report != nil && !f.Report.Audit.KeptUntil.IsZero() {
		r := Row{ID: "date", Label: phrase.T("Microsoft's audit log"), Value: phrase.T("of the onboarding until %s", day(f.Report.Audit.KeptUntil)), Mark: OK}
		if f.At.After(f.Report.Audit.KeptUntil) {
			r.Note = phrase.T("It is gone there. Only the report, and whatever it was copied to, has it.")
		}
		rows = append(rows, r)
	}
	return rows
}
