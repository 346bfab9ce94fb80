package steps

import (
	"context"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// handOver enters the app password in Delegate365, tests it, and says what was done and what stays.
type handOver struct{}

func (handOver) Info() Info {
	return Info{
		ID:    HandOver,
		Title: "Hand over",
		Why:   finding.Advice("Delegate365 gets the account and its app password, and tests them against Exchange Online."),
		Actor: You,
		About: 2 * time.Minute,
		Help: []string{
			"In Delegate365, open Administration, then Office 365 account. Enter the service account and the app password, not the account's own password. Choose Save, then Test credentials.",
			"If the test fails, check the user name, and create a new app password. " + phrase.Upper(whatElse),
			"If your Delegate365 has no page Office 365 account, it works with an app and a certificate, and needs no app password.",
		},
	}
}

// whatElse is what a test can fail for that no new app password changes.
const whatElse = "exchange Online takes an app password for sending mail only, and only where SMTP AUTH is on and the account has a mailbox. If Delegate365 tests remote PowerShell, none is taken at all."

const (
	actTested   = "tested"
	actFailed   = "test-failed"
	actUntested = "finish-untested"
	actNoPage   = "no-such-page"
	actNewOne   = "new-app-password"
	accountPage = "Administration / Office 365 account"

	enoughTests = 2 // after so many that failed, another app password is no better
)

func (s handOver) Inspect(ctx context.Context, r *Run, report func(Event)) (Finding, error) {
	client, user, err := r.account()
	if err != nil {
		return Finding{}, err
	}
	m := r.snapshot()
	switch {
	case m.appPasswords.office == officeUnknown && !m.appPasswords.tested:
		return askForVersion(m), nil
	case m.appPasswords.tested, m.appPasswords.untested, m.appPasswords.office != officePage:
		report(Event{Text: "Reading whether a second factor is registered"})
		held, err := roleOf(ctx, r, client, user)
		if f, deciding := decideRole(m, user, held); err == nil && deciding {
			return f, nil
		}
		f := s.summary(r, m, factorRow(ctx, client, user))
		if _, open := allowedForNothing(r, m, readSetting(ctx, client)); open {
			f.Text = append(f.Text, finding.AppPasswords.Of("", "allowed").In("App passwords are allowed in the tenant, and this Delegate365 needs none."))
			f.Actions = append(f.Actions, Action{ID: ActGo + string(EnableAppPasswords), Label: "Forbid app passwords again"})
		}
		return roleAtEnd(f, m, held, err), nil
	case m.secrets.appPassword.IsZero() && !m.appPasswords.appSkipped:
		return Finding{
			Status:  Blocked,
			Text:    []Sentence{finding.Word.Of("app password", "none").In("There is no app password to hand over.").And(finding.Advice("Create a new one in the step before."))},
			Actions: []Action{{ID: ActGo + string(CaptureAppPassword), Label: "Go to Capture app password"}, {ID: actNoPage, Label: "Delegate365 has no such page"}},
		}, nil
	case m.appPasswords.failedTests >= enoughTests:
		return testedEnough(m), nil
	}
	return underTest(m), nil
}

// underTest has the app password entered and tested.
func underTest(m memory) Finding {
	user := m.user.UserPrincipalName
	f := Finding{
		Status: Waiting,
		Task: &Task{
			Part: PartTestCredentials, Where: "In the private window, as " + user, URL: m.setup.portal.Base(), Private: true,
			Items: []Item{
				{ID: "open", Text: "In Delegate365, open " + accountPage, Opens: m.setup.portal.Base() != ""},
				{ID: "password", Text: "If it asks you to sign in: the account's own password", Copy: m.secrets.password},
				{ID: "user-name", Text: "Paste the user name", Copy: graph.NewText(user), Shown: user},
				{ID: "app-password", Text: "Paste the app password (not the own password)", Copy: m.secrets.appPassword},
				{ID: "save", Text: "Choose Save"},
				{ID: "test", Text: "Choose Test credentials: it says that the Exchange account is valid"},
			},
			Watched: "This program can't see that page: say what the test said.",
		},
		Actions: []Action{
			{ID: actTested, Label: "Test credentials succeeded"},
			{ID: actFailed, Label: "It failed"},
			{ID: actNoPage, Label: "There is no such page"},
		},
	}
	if m.appPasswords.failedTests > 0 {
		f.Text = []Sentence{finding.Word.Of("test", "failed").In("It failed once.").And(finding.Advice("Enter it again: the whole user name, the app password and not the account's own, Save, then test. If it speaks of SmtpClientAuthentication, SMTP AUTH is off, and no app password changes that."))}
		f.Actions = []Action{
			{ID: actFailed, Label: "It failed again"},
			{ID: actTested, Label: "Test credentials succeeded now"},
			{ID: actNewOne, Label: "Create a new app password first"},
			{ID: actNoPage, Label: "There is no such page"},
		}
	}
	return f
}

// testedEnough is the end of trying: what else it can be, and a way to finish that does not call it a success.
func testedEnough(m memory) Finding {
	return Finding{
		Status: Waiting,
		Text:   []Sentence{finding.Word.Of("test", "failed").In("The test failed %s.", times(m.appPasswords.failedTests)).And(finding.Advice("Another app password will hardly change that."))},
		Sections: []Section{{Title: "What else it can be", Facts: []Fact{
			{Label: "SMTP AUTH is off", Mark: MarkNote, Note: "As in organisations created after January 2020, and by default everywhere from the end of December 2026. It can't be read here."},
			{Label: "No mailbox", Mark: MarkNote, Note: "This program gives the account no licence."},
			{Label: "Remote PowerShell", Mark: MarkNote, Note: "If Delegate365 tests that: no password is taken there any more."},
			{Label: "An older version", Mark: MarkNote, Note: "The setup of a current Delegate365 works with an app and a certificate: run that."},
		}}},
		Actions: []Action{
			{ID: actUntested, Label: "Finish, and say that the test failed"},
			{ID: actNewOne, Label: "Try again with a new app password"},
			{ID: actTested, Label: "It succeeded after all"},
		},
	}
}

func times(n int) string {
	if n == enoughTests {
		return "twice"
	}
	return phrase.Count(n, "time", "times")
}

// factorRow says, as it is read now, whether the account has a second factor. Until it has one, whoever has its password
// registers theirs (https://learn.microsoft.com/entra/identity/authentication/howto-mfa-userstates).
func factorRow(ctx context.Context, client *graph.Client, user graph.User) Fact {
	methods, err := client.MFA.AuthenticationMethods(ctx, user.ID)
	if err != nil {
		return Fact{Label: "Second factor", Value: "could not be read", Mark: MarkNote, Note: "Look at the account's authentication methods in Entra: if there is none, register one, or disable the account."}
	}
	row := methodsRow(methods)
	if row.Mark != MarkOK {
		row.Value, row.Mark = "none is registered yet", MarkDecide
		row.Note = "Whoever signs in first with its password registers theirs. Register one now on its security info page, or disable the account until it is needed."
	}
	return row
}

// summary is the last screen: what was done, what stays, and how long the account was without MFA.
func (handOver) summary(r *Run, m memory, factor Fact) Finding {
	text := []Sentence{setUp(m).And(wiped)}
	switch {
	case m.appPasswords.tested:
	case m.appPasswords.untested:
		text = []Sentence{
			finding.Word.Of("setup", "ran").In("Delegate365's setup ran for %s.", phrase.Name(m.org.DisplayName)),
			finding.Word.Of("test", "failed").In("Its test of the app password failed %s: what it does with that account in Exchange Online does not work yet.", times(m.appPasswords.failedTests)).
				And(finding.Advice("Run the setup of a current Delegate365, or have SMTP AUTH and the mailbox looked at.")),
			wiped,
		}
	case m.appPasswords.office == officeSkipped:
		text = append(text, skippedBecause(m))
	default:
		text[0] = text[0].And(finding.Word.Of("version", "newer").In("It has no page for credentials, so there were none to test."))
	}
	f := Finding{
		Status: Done,
		Text:   text,
		Sections: []Section{
			{Title: "The account now", Facts: []Fact{factor}},
			{Title: "Done", Facts: doneRows(m)},
			{Title: "Without MFA", Facts: exposureRows(m)},
			{Title: "Left in the tenant, on purpose", Facts: leftRows(r, m)},
		},
		Actions: []Action{{ID: ActNext, Label: "Finish"}},
	}
	if len(m.appPasswords.moved) > 0 {
		f.Sections = append(f.Sections, Section{Title: "Moved with the app-password setting", Facts: movedRows(m.appPasswords.moved)})
	}
	return announceWitness(r, f)
}

// wiped is said on every last screen.
var wiped = finding.Advice("The secrets of this run are wiped when you leave.")

func setUp(m memory) Sentence {
	return finding.Word.Of("setup", "finished").In("Delegate365 is set up for %s.", phrase.Name(m.org.DisplayName))
}

// doneRows are the steps with what each changed in this run, and whether the tenant was read to show it.
func doneRows(m memory) []Fact {
	var rows []Fact
	for _, step := range planned() {
		row := Fact{Label: step.Info().Title, Value: "no change by this program", Mark: MarkOK}
		verified, open := 0, 0
		for _, e := range m.record {
			switch {
			case e.Step != step.Info().ID || e.Outcome == graph.Refused:
			case e.Verified:
				verified++
				row.Value = phrase.Clock(e.At) + "  " + phrase.Count(verified, "change", "changes") + ", read back"
			default:
				open++
			}
		}
		if open > 0 {
			row.Mark, row.Note = MarkNote, phrase.Count(open, "answer was", "answers were")+" lost on the way; the step read the tenant again before it went on."
		}
		rows = append(rows, row)
	}
	return rows
}

func exposureRows(m memory) []Fact {
	var rows []Fact
	for _, e := range m.window.Closed {
		rows = append(rows, Fact{
			Label: phrase.Clock(e.Opened) + " to " + phrase.Clock(e.Closed), Value: phrase.Span(e.Closed.Sub(e.Opened)) + " of " + phrase.Span(e.Cap), Mark: MarkOK,
			Note: "Closed: " + e.By + ".",
		})
	}
	if m.window.Open != nil {
		rows = append(rows, Fact{Label: "Since " + phrase.Clock(m.window.Open.Opened), Value: "still open", Mark: MarkBlocks, Note: "Go back to Re-enable MFA."})
	}
	if len(rows) == 0 {
		rows = append(rows, Fact{Label: "In this run", Value: "never", Mark: MarkOK})
	}
	return rows
}

// leftRows are the things that stay, and what removing each would take.
func leftRows(r *Run, m memory) []Fact {
	rows := []Fact{
		{Label: "Service account", Value: m.user.UserPrincipalName, Note: "Delegate365 works as this account. Deleting it ends that."},
		{Label: roleLabel, Value: "assigned to it", Note: vendorUnknown},
		{Label: "Delegate365 apps", Value: "with their permissions", Note: "Under Enterprise applications. Deleting them ends Delegate365's access."},
	}
	if !m.secrets.appPassword.IsZero() || m.appPasswords.appSkipped {
		rows = append(rows, Fact{Label: "App password", Value: "of the service account", Note: "Deleted by the account itself on its security info page. A new user password does not end it."})
	}
	if m.allowedAppPasswords() {
		rows = append(rows, Fact{Label: "App-password setting", Value: "allowed", Note: "In the MFA service settings, for everybody in the tenant. Delete the app passwords before you turn it off."})
	}
	if id := r.opts.ClientID; id == "" || id == graph.DefaultClientID {
		rows = append(rows, Fact{Label: "Your consent", Value: "Microsoft Graph Command Line Tools", Note: "Under Enterprise applications, Permissions. Remove it there if nobody else uses the tool."})
	}
	return rows
}

// allowedAppPasswords reports that app passwords were allowed when the check read the tenant, or that this run allowed them.
func (m memory) allowedAppPasswords() bool {
	if set := m.settingHere(); set != "" {
		return set == phrase.YesNo(true)
	}
	return m.appPasswords.appWord || m.posture != nil && m.posture.service.Content().AllowAppPasswords
}

// Plan says what this step will change.
func (handOver) Plan(s Situation) Planned {
	m := s.memory
	switch m.appPasswords.office {
	case officeNone, officeSkipped:
		return needed("look at the report")
	case officeUnknown:
		return needed("an app password, " + onlyIfPage)
	}
	return needed("enter the app password in Delegate365, and test it")
}

func (handOver) Answer(r *Run, id string, value graph.Secret) error {
	if mine, err := answerRole(r, id, value); mine {
		return err
	}
	switch id {
	case ansOffice:
		return answerVersion(r, value.Reveal())
	case actTested:
		r.update(func(m *memory) { m.appPasswords.tested, m.appPasswords.untested = true, false })
	case actFailed:
		r.update(func(m *memory) { m.appPasswords.failedTests++ })
	case actUntested:
		r.update(func(m *memory) { m.appPasswords.untested = true })
	case actNoWitness:
		r.update(func(m *memory) { m.noWitness = true })
	case actNoPage:
		return answerOffice(r, string(officeNone))
	case actNewOne:
		r.update(func(m *memory) {
			m.secrets.appPassword.Wipe()
			m.secrets.appPassword, m.appPasswords.appSkipped = graph.Secret{}, false
		})
	default:
		return unknownAnswer(id)
	}
	return nil
}
