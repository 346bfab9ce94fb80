package steps

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// The last screen: what was done, and what is left, as the tenant is read when it is shown.

// leftNow is what an onboarding leaves, as it is read.
type leftNow struct {
	factor  Fact
	user    analysis.Reading[graph.User]
	admin   analysis.Reading[bool]
	apps    analysis.Reading[[]app]
	setting analysis.Reading[graph.MFAServicePolicy]
}

func readLeft(ctx context.Context, client *graph.Client, user graph.User, m memory) (now leftNow) {
	_ = panics.Each(
		func() error {
			now.factor = factorRow(ctx, client, user, m.appPasswords.factorSeen)
			return nil
		},
		func() error { now.user = analysis.Read(client.Users.User(ctx, user.ID)); return nil },
		func() error { now.admin = analysis.Read(mfa.IsAdministrator(ctx, client, user.ID)); return nil },
		func() error { now.apps = analysis.Read(delegate365Apps(ctx, client)); return nil },
		func() error { now.setting = readSetting(ctx, client); return nil },
	)
	return now
}

// factorRow says, as it is read now, whether the account has a second factor. Until it has one, whoever has its password
// registers theirs (https://learn.microsoft.com/entra/identity/authentication/howto-mfa-userstates).
func factorRow(ctx context.Context, client *graph.Client, user graph.User, seen time.Time) Fact {
	methods, err := client.MFA.AuthenticationMethods(ctx, user.ID)
	if err != nil {
		return Fact{Label: "Second factor", Value: "could not be read", Mark: MarkNote, Note: "Look at the account's authentication methods in Entra: if there is none, register one, or disable the account."}
	}
	row := methodsRow(methods)
	switch {
	case row.Mark == MarkOK:
	case !seen.IsZero():
		row.Value, row.Mark = "registered at "+phrase.Clock(seen)+"; not known now: this read does not show it", MarkNote
		row.Note = "Look at the account's authentication methods in Entra in a minute. If there is none, somebody removed it: register one, or disable the account."
	default:
		row.Value, row.Mark = "none is registered yet", MarkDecide
		row.Note = "Whoever first signs in with its password registers theirs: register one now on its security info page, or disable the account meanwhile."
	}
	return row
}

// summary is the last screen: what was done, what stays, and how long the account was without MFA.
func (handOver) summary(r *Run, m memory, now leftNow) Finding {
	text := []Sentence{setUp(m).And(wiped)}
	switch {
	case m.appPasswords.tested:
	case m.appPasswords.untested:
		text = []Sentence{
			finding.Word.Of("setup", "ran").In("Delegate365's setup ran for %s.", phrase.Name(m.org.DisplayName)).And(finding.Word.Of("test", "failed").In("Its test of the app password failed %s: what it does with that account in Exchange Online does not work yet.", times(m.appPasswords.failedTests))).
				And(finding.Advice("Run the setup of a current Delegate365, or have SMTP AUTH and the mailbox looked at.")).And(wiped),
		}
	case m.appPasswords.office == officeSkipped:
		text = append(text, skippedBecause(m))
	}
	f := Finding{
		Status: Done,
		Text:   text,
		Sections: []Section{
			{Title: "The account now", Facts: append([]Fact{now.factor}, passwordRow(m)...), Folds: true},
			{Title: "Next", Facts: nextSteps(m)},
			{Title: "Done", Facts: doneRows(m)},
			{Title: "Without MFA", Facts: exposureRows(m)},
			{Title: "Left in the tenant, on purpose", Facts: leftRows(r, m, now), Folds: true},
		},
		Actions: []Action{{ID: ActNext, Label: "Finish"}},
	}
	if len(m.appPasswords.moved) > 0 {
		f.Sections = append(f.Sections, Section{Title: "Moved with the app-password setting", Facts: movedRows(m.appPasswords.moved)})
	}
	return f
}

// wiped is said on every last screen.
var wiped = finding.Advice("The secrets of this run are wiped when you leave.")

func setUp(m memory) Sentence {
	return finding.Word.Of("setup", "finished").In("Delegate365 is set up for %s.", phrase.Name(m.org.DisplayName))
}

// doneRows are the steps with what each changed in this run, and whether the tenant was read to show it. What the check put back
// of an earlier run stands before them.
func doneRows(m memory) []Fact {
	var rows []Fact
	if row := doneRow(m, Check, "Put back first"); row.Mark != MarkNone {
		rows = append(rows, row)
	}
	for _, step := range planned() {
		rows = append(rows, doneRow(m, step.Info().ID, step.Info().Title))
	}
	return rows
}

func doneRow(m memory, id ID, title string) Fact {
	row := Fact{Label: title, Value: "no change by this program"}
	made, open := m.changes(id), 0
	for _, c := range made {
		if !c.shown {
			open++
		}
	}
	switch {
	case len(made) == 0 && m.withoutAppPassword(id):
		row.Value = "not needed"
	case len(made) > 0 && open == 0:
		row.Value, row.Mark = phrase.Moment(made[len(made)-1].At, time.Now())+"  "+phrase.Count(len(made), "change", "changes")+", read back", MarkOK
	case len(made) > 0:
		row.Value, row.Mark = phrase.Moment(made[len(made)-1].At, time.Now())+"  "+phrase.Count(len(made), "change", "changes"), MarkNote
		row.Note = phrase.Count(open, "of them was", "of them were") + " shown by no read; the step read the tenant again before it went on."
	}
	return row
}

// withoutAppPassword reports a step that this onboarding goes without.
func (m memory) withoutAppPassword(id ID) bool {
	return (id == EnableAppPasswords || id == CaptureAppPassword) && m.appPasswords.office != officePage && m.appPasswords.office != officeUnknown
}

// exposureRows are the times without MFA. One that was longer than agreed is never ok.
func exposureRows(m memory) []Fact {
	var rows []Fact
	for _, e := range m.window.Closed {
		rows = append(rows, closedRow(e))
	}
	if m.window.Open != nil {
		since := "not known"
		if !m.window.Open.Opened.IsZero() {
			since = phrase.Moment(m.window.Open.Opened, time.Now())
		}
		rows = append(rows, Fact{Label: "Since " + since, Value: "still open", Mark: MarkBlocks, Note: "Go back to Re-enable MFA."})
	}
	if len(rows) == 0 {
		rows = append(rows, Fact{Label: "In this run", Value: "never", Mark: MarkOK})
	}
	return rows
}

func closedRow(e Exposure) Fact {
	row := Fact{Mark: MarkOK, Note: "Closed: " + e.By + "."}
	if e.Opened.IsZero() {
		row.Label, row.Value, row.Mark = "Until "+phrase.Moment(e.Closed, time.Now()), "nobody here knows since when", MarkDecide
		return row
	}
	lasted := e.Closed.Sub(e.Opened)
	row.Label = phrase.Moment(e.Opened, e.Closed) + " to " + phrase.Moment(e.Closed, e.Opened)
	row.Value = phrase.Lasted(lasted) + " of " + phrase.Lasted(e.Cap)
	if lasted > e.Cap {
		row.Mark, row.Value = MarkDecide, phrase.Lasted(lasted)+", longer than the "+phrase.Lasted(e.Cap)+" agreed"
	}
	return row
}

// leftRows are the things that stay, as they are read, and what removing each would take.
func leftRows(r *Run, m memory, now leftNow) []Fact {
	account := Fact{Label: "Service account", Value: m.user.UserPrincipalName, Note: "Delegate365 works as this account. Deleting it ends that."}
	switch err := now.user.Err(); {
	case errors.Is(err, graph.ErrNotFound):
		account.Value, account.Mark, account.Note = m.user.UserPrincipalName+" is not there", MarkDecide, "It was deleted meanwhile, or the tenant does not show it just now."
	case err != nil:
		account.Value, account.Mark = m.user.UserPrincipalName+", not read now", MarkNote
	case !now.user.Content().Enabled:
		account.Value, account.Mark = m.user.UserPrincipalName+", disabled", MarkDecide
	}
	rows := []Fact{account, leftRole(now), leftApps(now)}
	if !m.secrets.appPassword.IsZero() || m.appPasswords.appSkipped {
		rows = append(rows, Fact{Label: "App password", Value: "of the service account", Note: "Deleted by the account itself on its security info page. A new user password does not end it."})
	}
	if value := allowedNow(m, now); value != "" {
		rows = append(rows, Fact{Label: "App-password setting", Value: value, Note: "In the MFA service settings, for everybody in the tenant. Delete the app passwords before you turn it off."})
	}
	if id := r.opts.ClientID; id == "" || id == graph.DefaultClientID {
		rows = append(rows, Fact{Label: "Your consent", Value: "Microsoft Graph Command Line Tools", Note: "Under Enterprise applications, Permissions. Remove it there if nobody else uses the tool."})
	}
	return rows
}

func leftRole(now leftNow) Fact {
	row := Fact{Label: roleLabel, Value: "assigned to it", Note: vendorUnknown}
	switch {
	case now.admin.Err() != nil:
		row.Value, row.Mark = "could not be read", MarkNote
	case !now.admin.Content():
		row.Value, row.Mark, row.Note = "not assigned to it", MarkDecide, "Somebody took it away meanwhile, or the tenant does not show it just now."
	}
	return row
}

func leftApps(now leftNow) Fact {
	row := Fact{Label: "Delegate365 apps", Value: "none seen", Mark: MarkDecide, Note: "Without them Delegate365 has no access."}
	apps := now.apps.Content()
	granted := !slices.ContainsFunc(apps, func(a app) bool { return len(a.grants) == 0 })
	switch {
	case now.apps.Err() != nil:
		row.Value, row.Mark, row.Note = "could not be read", MarkNote, ""
	case len(apps) > 0 && granted:
		row.Value, row.Mark, row.Note = phrase.Count(len(apps), "app", "apps")+", with permissions", MarkNone, "Under Enterprise applications. Deleting them ends Delegate365's access."
	case len(apps) > 0:
		row.Value, row.Note = phrase.Count(len(apps), "app", "apps")+", not all with permissions", "Under Enterprise applications. Look at their permissions there."
	}
	return row
}

// allowedNow is how the setting stands; empty where it forbids app passwords, or nobody knows of it.
func allowedNow(m memory, now leftNow) string {
	switch {
	case now.setting.Err() == nil && now.setting.Content().AllowAppPasswords:
		return "allowed"
	case now.setting.Err() != nil && m.allowedHere():
		return "allowed by this run; not read now"
	case now.setting.Err() != nil && m.appPasswords.appWord:
		return "allowed, as you said"
	}
	return ""
}
