package steps

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// The last screen: what was done, and what is left, as the tenant is read when it is shown.

// leftNow is what an onboarding leaves, as it is read.
type leftNow struct {
	factor  secondFactor
	user    analysis.Reading[graph.User]
	role    analysis.Reading[heldRole]
	apps    analysis.Reading[[]app]
	setting analysis.Reading[graph.MFAServicePolicy]
	// defaults are read where this run turned security defaults off, or on again.
	defaults analysis.Reading[bool]
}

func readLeft(ctx context.Context, r *Run, client *graph.Client, user graph.User) (now leftNow) {
	_ = panics.Each(
		func() error {
			now.factor = readFactor(ctx, r, client, user)
			return nil
		},
		func() error { now.user = analysis.Read(client.Users.User(ctx, user.ID)); return nil },
		func() error { now.role = analysis.Read(roleOf(ctx, r, client, user)); return nil },
		func() error {
			now.apps = analysis.Read(delegate365Apps(ctx, client, r.snapshot().setup.apps...))
			return nil
		},
		func() error { now.setting = readSetting(ctx, client); return nil },
		func() error {
			if _, _, moved := r.snapshot().defaultsMoved(); moved {
				now.defaults = analysis.Read(client.MFA.SecurityDefaults(ctx))
			}
			return nil
		},
	)
	return now
}

// testFailed says that Delegate365 could not use its app password.
func testFailed(m memory) Sentence {
	return finding.Word.Of("test", "failed").In("Delegate365's test of the app password failed %s.", report.Times(m.appPasswords.failedTests))
}

// accountNow is the place of what the account is like, among the sections of the last screen.
const accountNow = 1

// summary is the last screen: what is somebody's to do, what was done, what stays, and how long the account was without MFA.
func (handOver) summary(r *Run, m memory, now leftNow) Finding {
	text := []Sentence{setUp(m).And(wiped())}
	switch {
	case m.appPasswords.tested:
	case m.appPasswords.untested:
		text = []Sentence{finding.Word.Of("setup", "ran").In("Delegate365's setup ran for %s.", phrase.Name(m.org.DisplayName)).And(testFailed(m)).And(wiped())}
	case m.appPasswords.version == versionSkipped:
		text = append(text, skippedBecause(m))
	}
	text = slices.Insert(text, 1, defaultsNow(r, m, now.defaults)...)
	if open := noFactor(r, m.user, now); len(open) > 0 {
		text = append(text, open...)
		now.factor.row.Note = phrase.T("Register one now on its security info page, or disable the account.")
		if !registrable(m) {
			now.factor.row.Note = phrase.T("It can't register one itself: add one in Entra, or disable it.")
		}
	}
	f := Finding{
		Status: Done,
		Text:   text,
		Sections: []Section{
			{Title: phrase.T("Next"), Facts: nextSteps(r, m, now), Left: true},
			accountNow: {Title: phrase.T("The account now"), Facts: append([]Fact{now.factor.row}, keptPassword(m)...), Folds: true},
		},
		Actions: []Action{{ID: ActNext, Label: phrase.T("Finish")}},
	}
	f.Sections = append(f.Sections, doneAndLeft(r, m, now)...)
	if len(m.appPasswords.moved) > 0 {
		f.Sections = append(f.Sections, Section{Title: phrase.T("Moved with the app-password setting"), Facts: movedRows(m.appPasswords.moved)})
	}
	return f
}

// doneAndLeft are what was done, for how long MFA was off, and what stays. Of what the written report has, only what stays is said once more,
// and a time that was too long.
func doneAndLeft(r *Run, m memory, now leftNow) (out []Section) {
	exposed, left := exposureRows(m), leftRows(r, m, now)
	_, written := Handed(r)
	if !written {
		out = append(out, Section{Title: phrase.T("Done"), Facts: doneRows(m)})
	}
	if !written || slices.ContainsFunc(exposed, func(row Fact) bool { return row.Mark != MarkOK }) {
		out = append(out, Section{Title: phrase.T("Without MFA in this run"), Facts: exposed})
	}
	for i, pointed := 0, false; i < len(left); i++ {
		switch row := &left[i]; {
		case !written || row.Mark != MarkNone || row.Label == phrase.T(roleLabel):
		case !pointed:
			row.Note, pointed = phrase.T("How each is taken out: section 7 of the report."), true
		default:
			row.Note = ""
		}
	}
	return append(out, Section{Title: phrase.T("Left in the tenant"), Facts: left, Folds: true})
}

// wiped is said on every last screen.
func wiped() Sentence { return finding.Advice("This run's secrets are wiped when you leave.") }

func setUp(m memory) Sentence {
	return finding.Word.Of("setup", "finished").In("Delegate365 is set up for %s.", phrase.Name(m.org.DisplayName))
}

// doneRows are the steps with what each changed in this run, and whether the tenant was read to show it. What the check put back
// of an earlier run stands before them.
func doneRows(m memory) []Fact {
	var rows []Fact
	if row := doneRow(m, Check, phrase.T("Put back first")); row.Mark != MarkNone {
		rows = append(rows, row)
	}
	for _, step := range planned() {
		rows = append(rows, doneRow(m, step.Info().ID, step.Info().Title))
	}
	return rows
}

func doneRow(m memory, id ID, title string) Fact {
	row := Fact{Label: title, Value: phrase.T("no change by this run")}
	all, open := m.changes(id), 0
	for _, c := range all {
		if !c.shown {
			open++
		}
	}
	switch {
	case len(all) == 0 && m.withoutAppPassword(id):
		row.Value, row.Mark = m.whyWithout()
	case id == CaptureAppPassword && len(all) == 0:
		row.Value = phrase.T("no change by this program")
	case id == RunSetup && m.setupWanted() != setupKeep:
		row.Value = phrase.T("no change by this program: setup makes its own")
	case len(all) > 0 && open == 0:
		changes := make([]Change, len(all))
		for i, c := range all {
			changes[i] = c.Change
		}
		row.Value, row.Mark = phrase.Moment(all[len(all)-1].At, time.Now())+"  "+phrase.Count(len(all), "change", "changes")+", "+ReadBack(changes...), MarkOK
	case len(all) > 0:
		row.Value, row.Mark = phrase.Moment(all[len(all)-1].At, time.Now())+"  "+phrase.Count(len(all), "change", "changes"), MarkNote
		row.Note = phrase.T("%s shown by no read; the step read the tenant again before it went on.", phrase.Count(open, "of them was", "of them were"))
	}
	return row
}

// withoutAppPassword reports a step that this onboarding goes without.
func (m memory) withoutAppPassword(id ID) bool {
	return (id == EnableAppPasswords || id == CaptureAppPassword) && m.appPasswords.version != versionOlder && m.appPasswords.version != versionUnknown
}

// whyWithout is why it does: none is needed, none can be had, or none was chosen.
func (m memory) whyWithout() (string, Mark) {
	switch {
	case m.appPasswords.version == versionNewer:
		return phrase.T("not needed"), MarkNone
	case m.appPasswords.skipped != "":
		return phrase.T("not possible in this tenant"), MarkNote
	}
	return phrase.T("left out, as you chose"), MarkNote
}

// exposureRows are the times without MFA: a window that was watched and exposed nobody is in the report. One that was longer than agreed is never ok.
func exposureRows(m memory) []Fact {
	var rows []Fact
	for _, e := range m.window.Exposed() {
		rows = append(rows, closedRow(e))
	}
	if m.window.Open != nil {
		since := phrase.T("not known")
		if !m.window.Open.Opened.IsZero() {
			since = phrase.Moment(m.window.Open.Opened, time.Now())
		}
		rows = append(rows, Fact{Label: phrase.T("Since %s", since), Value: phrase.T("still open"), Mark: MarkBlocks, Note: phrase.T("Go back to Re-enable MFA.")})
	}
	if len(rows) == 0 {
		rows = append(rows, Fact{Label: phrase.T("MFA"), Value: phrase.T("was never off"), Mark: MarkOK})
	}
	return rows
}

func closedRow(e Exposure) Fact {
	row := Fact{Mark: MarkOK, Note: phrase.T("Closed: %s.", e.By.Spoken)}
	if e.Found {
		row.Note = phrase.T("An earlier run had left it open.") + " " + row.Note
	}
	if e.Opened.IsZero() {
		row.Label, row.Value, row.Mark = phrase.T("Until %s", phrase.Moment(e.Closed, time.Now())), phrase.T("nobody here knows since when"), MarkLook
		return row
	}
	lasted := e.Closed.Truncate(time.Second).Sub(e.Opened.Truncate(time.Second)) // as the two times beside it have it
	row.Label = phrase.T("%[1]s to %[2]s", phrase.Moment(e.Opened, e.Closed), phrase.Moment(e.Closed, e.Opened))
	row.Value = phrase.T("%s of %s", phrase.Lasted(lasted), phrase.Lasted(e.Cap))
	if lasted > e.Cap {
		row.Mark, row.Value = MarkLook, phrase.T("%s, longer than the %s agreed", phrase.Lasted(lasted), phrase.Lasted(e.Cap))
	}
	return row
}

// leftRows are the things that stay, as they are read, and what removing each would take.
func leftRows(r *Run, m memory, now leftNow) []Fact {
	account := Fact{Label: phrase.T(accountLabel), Value: m.user.UserPrincipalName, Note: phrase.T("Delegate365 works as this account. Deleting it ends that.")}
	switch err := now.user.Err(); {
	case errors.Is(err, graph.ErrNotFound):
		account.Value, account.Mark, account.Note = phrase.T("%s is not there", m.user.UserPrincipalName), MarkLook, phrase.T("It was deleted meanwhile, or the tenant does not show it just now.")
	case err != nil:
		account.Value, account.Mark = phrase.T("%s, not read now", m.user.UserPrincipalName), MarkNote
	case !now.user.Content().Enabled:
		account.Value, account.Mark = phrase.T("%s, disabled", m.user.UserPrincipalName), MarkLook
	}
	rows := []Fact{account, leftRole(now), leftApps(now)}
	if !m.secrets.appPassword.IsZero() || m.appPasswords.appSkipped {
		rows = append(rows, Fact{Label: phrase.T("App password"), Value: phrase.T("of the service account"), Note: phrase.T("Deleted by an administrator in the per-user MFA page, or by the account itself on its security info page. A new user password does not end it.")})
	}
	if value := allowedNow(m, now); value != "" {
		rows = append(rows, Fact{Label: phrase.T("App-password setting"), Value: value, Note: phrase.T("In the MFA service settings, for everybody in the tenant. Delete the app passwords before you turn it off.")})
	}
	if id := r.opts.ClientID; (id == "" || objectid.Same(id, graph.DefaultClientID)) && !m.consentsGone() {
		label := phrase.T("Your consent")
		if len(m.signedIn.before) > 0 {
			label = phrase.T("Consents")
		}
		rows = append(rows, Fact{Label: label, Value: phrase.T("Microsoft Graph Command Line Tools"), Note: phrase.T("Under Enterprise applications, Permissions. Remove it there if nobody else uses the tool.")})
	}
	return rows
}

func leftRole(now leftNow) Fact {
	row := Fact{Label: phrase.T(roleLabel), Value: now.role.Content().words().Spoken, Note: phrase.T(vendorUnknown)}
	switch {
	case now.role.Err() != nil:
		row.Value, row.Mark = phrase.T("could not be read"), MarkNote
	case !now.role.Content().held:
		row.Value, row.Mark, row.Note = phrase.T("not assigned to it"), MarkLook, phrase.T("Somebody took it away meanwhile, or the tenant does not show it just now.")
	}
	return row
}

// heldBefore reports that the account was there before this program, and its role as well, as far as the row is about it.
func heldBefore(r *Run, m memory, row Fact) bool {
	switch {
	case m.user.ID == "" || ours(m.user):
		return false
	case row.Label == phrase.T(roleLabel):
		return len(m.changes(AssignAdmin)) == 0 && !roleIsOurs(r, m.user)
	}
	return row.Label == phrase.T(accountLabel)
}

const appsLabel phrase.Format = "Delegate365 apps"

func leftApps(now leftNow) Fact {
	row := Fact{Label: phrase.T(appsLabel), Value: phrase.T("none seen"), Mark: MarkLook, Note: phrase.T("Without them Delegate365 has no access.")}
	apps := now.apps.Content()
	granted := !slices.ContainsFunc(apps, func(a app) bool { return len(a.grants) == 0 })
	switch {
	case now.apps.Err() != nil:
		row.Value, row.Mark, row.Note = phrase.T("could not be read"), MarkNote, ""
	case len(apps) > 0 && granted:
		row.Value, row.Mark, row.Note = phrase.T("%s, with permissions", phrase.Count(len(apps), "app", "apps")), MarkNone, phrase.T("Under Enterprise applications. Deleting them ends Delegate365's access.")
	case len(apps) > 0:
		row.Value, row.Note = phrase.T("%s, not all with permissions", phrase.Count(len(apps), "app", "apps")), phrase.T("Under Enterprise applications. Look at their permissions there.")
	}
	return row
}

// allowedNow is how the setting stands; empty where it forbids app passwords, or nobody knows of it.
func allowedNow(m memory, now leftNow) string {
	switch {
	case now.setting.Err() == nil && now.setting.Content().AllowAppPasswords:
		return phrase.T("allowed")
	case now.setting.Err() != nil && m.allowedHere():
		return phrase.T("allowed by this run; not read now")
	case now.setting.Err() != nil && m.appPasswords.appWord:
		return phrase.T("allowed, as you said")
	}
	return ""
}
