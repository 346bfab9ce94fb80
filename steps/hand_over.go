package steps

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// handOver enters the app password in Delegate365, tests it, and says what was done and what stays.
type handOver struct{}

func (handOver) Info() Info {
	return Info{
		ID:    HandOver,
		Title: phrase.T("Hand over"),
		Why:   finding.Advice("An older Delegate365 gets the account and its app password, and tests them against Exchange Online."),
		Actor: You,
		About: 2 * time.Minute,
		Help: []string{
			phrase.T("In Delegate365, open Administration, then Office 365 account. Enter the service account and the app password, not the account's own password. Choose Save, then Test credentials."),
			phrase.T("If the test fails without naming SmtpClientAuthentication, check the user name, and try one new app password. %s", phrase.Upper(phrase.T(whatElse))),
			phrase.T("If your Delegate365 has no page Office 365 account, it works with an app and a certificate, and needs no app password."),
			phrase.T("Decide about Global Administrator, at the end, is about the service account's role. The screen says which ways there are in this tenant, and what each takes. Whether Delegate365 works without the role, the vendor says."),
		},
	}
}

// whatElse is what a test can fail for that no new app password changes.
const whatElse = "exchange Online takes an app password for sending mail only, and only where SMTP AUTH is on and the account has a mailbox. If Delegate365 tests remote PowerShell, none is taken at all."

const (
	ansTest     = "test"
	testUnsaid  = ""
	actTested   = report.TestSucceeded
	actFailed   = report.TestFailed
	actSMTPOff  = "smtp-auth-off" // it failed, and named why
	actAgain    = "test-again"
	actUntested = "finish-untested"
	actNoPage   = report.TestNone
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
	if m.handed.consents != consentsStay {
		return consentsAtEnd(ctx, r, client)
	}
	switch {
	case m.appPasswords.version == versionUnknown && !m.appPasswords.tested:
		return askForVersion(ctx, r, client, user), nil
	case m.appPasswords.tested, m.appPasswords.untested, m.appPasswords.version != versionOlder:
		if m.handed.asksFactor { // nothing else is read while it is waited for
			if f, asks := factorAtEnd(r, readFactor(ctx, r, client, user)); asks {
				return f, nil
			}
		}
		report(Event{Text: phrase.T("Reading what is left in the tenant")})
		var now leftNow
		_ = panics.Each(
			func() error { keepNamed(ctx, r, client, user); return nil },
			func() error { now = readLeft(ctx, r, client, user); return nil },
		)
		held, err := now.role.Content(), now.role.Err()
		if f, asks := factorAtEnd(r, now.factor); asks {
			return f, nil
		}
		if f, deciding := decideRole(m, user, held); err == nil && deciding {
			return f, nil
		}
		settleRole(r, held, err)
		m = r.snapshot()
		f := s.summary(r, m, now)
		if _, open := allowedForNothing(r, m, now.setting); open {
			f.Text = append(f.Text, finding.AppPasswords.Of("", "allowed").In("App passwords are allowed in the tenant, and this Delegate365 needs none."))
			f.Actions = append(f.Actions, Action{ID: ActGo + string(EnableAppPasswords), Label: phrase.T("Forbid app passwords again")})
		}
		f = reported(ctx, r, roleAtEnd(f, m, held, err))
		if f.Status == Ready {
			return beforeReport(f, m, user, now), nil
		}
		return offerConsents(r, f), nil
	case m.secrets.appPassword.IsZero() && !m.appPasswords.appSkipped:
		return Finding{
			Status:  Blocked,
			Text:    []Sentence{finding.Word.Of("app password", "none").In("There is no app password to hand over.").And(finding.Advice("Create a new one in the step before."))},
			Actions: []Action{{ID: ActGo + string(CaptureAppPassword), Label: phrase.T("Go to Capture app password")}, {ID: actNoPage, Label: phrase.T("Delegate365 has no such page")}},
		}, nil
	case m.appPasswords.enough:
		return testedEnough(m), nil
	}
	return underTest(m), nil
}

// underTest has the app password entered and tested.
func underTest(m *memory) Finding {
	user := m.user.UserPrincipalName
	f := Finding{
		Status: Waiting,
		Task: &Task{
			Part: PartTestCredentials, Again: m.appPasswords.failedTests, Where: phrase.T("In the private window"), URL: m.setup.portal.Base(), Private: true,
			Items: []Item{
				{ID: "open", Text: phrase.T("Open %s", accountPage), Opens: m.setup.portal.Base() != ""},
				{ID: "user-name", Text: phrase.T("Paste the user name"), Copy: graph.NewText(user), Shown: user},
				signInPassword(m),
				{ID: "app-password", Text: phrase.T("Paste the app password, not the account's own"), Copy: m.secrets.appPassword},
				{ID: "test", Text: phrase.T("Choose Save, then Test credentials")},
			},
			Watched: phrase.T("This program can't see that page: say what the test said."),
		},
		Fields: []Field{{
			ID: ansTest, Label: phrase.T("What the test said"), Kind: ChoiceField,
			Options: []Option{
				{ID: testUnsaid, Label: phrase.T("not tested yet")},
				{ID: actTested, Label: phrase.T("it succeeded")},
				{ID: actFailed, Label: phrase.T("it failed")},
				{ID: actSMTPOff, Label: phrase.T("it failed, and names SmtpClientAuthentication")},
				{ID: actNoPage, Label: phrase.T("there is no such page")},
			},
		}},
		Actions: []Action{{ID: ActRetry, Label: phrase.T("Use this answer")}},
	}
	f = orSetNew(m, f)
	if m.appPasswords.failedTests > 0 {
		f.Fields[0].Options = []Option{
			{ID: testUnsaid, Label: phrase.T("not tested again yet")},
			{ID: actTested, Label: phrase.T("it succeeded now")},
			{ID: actFailed, Label: phrase.T("it failed again")},
			f.Fields[0].Options[3],
			{ID: actNoPage, Label: phrase.T("there is no such page")},
		}
		f.Text = []Sentence{finding.Word.Of("test", "failed").In("The test failed %s.", report.Times(m.appPasswords.failedTests))}
		again := Item{ID: "again", Text: phrase.T("Once more: empty both fields on that page"), Verb: phrase.T("Try again")}
		f.Task.Items = append([]Item{again, f.Task.Items[1]}, f.Task.Items[3:]...)
		f.Actions = append(f.Actions, Action{ID: actNewOne, Label: phrase.T("Create a new app password first")})
	}
	return f
}

// testedEnough is the end of trying: what it is, as far as that was named or read, what else it can be, and a way to finish that does not call
// it a success. What 535 5.7.3 means: https://learn.microsoft.com/openspecs/windows_protocols/ms-smtpntlm/62888982-a911-40fa-b587-50b5c69f7334.
func testedEnough(m *memory) Finding {
	var causes []Fact
	smtp := Fact{Label: phrase.T("SMTP AUTH off?"), Mark: MarkNote, Note: phrase.T("%s. Exchange Online's answer names SmtpClientAuthentication then.", phrase.Upper(analysis.SubmissionOff(m.org.Created)))}
	shell := Fact{Label: phrase.T("Remote PowerShell"), Mark: MarkNote, Note: phrase.T("If Delegate365 tests that: no password is taken there any more.")}
	entered := Fact{Label: phrase.T("Wrong entry?"), Mark: MarkNote, Note: phrase.T("535 5.7.3 is a wrong user name or password: compare what was entered.")}
	older := Fact{Label: phrase.T("Older Delegate365"), Mark: MarkNote, Note: phrase.T("The setup of a current Delegate365 works with an app and a certificate: run that.")}
	mailbox := Fact{Label: phrase.T("No mailbox?"), Mark: MarkNote, Note: phrase.T("Without a licence with Exchange Online it has none, and this program gives it none.")}
	rows := []Fact{older, mailbox}
	again := Action{ID: actNewOne, Label: phrase.T("Try again with a new app password")}
	if m.appPasswords.smtpOff {
		smtp = Fact{Label: phrase.T("SMTP AUTH"), Mark: MarkLook, Value: phrase.T("off, as the test said"), Note: phrase.T("An administrator of Exchange can turn it on for the account's mailbox alone, where it has one.")}
		again = Action{ID: actAgain, Label: phrase.T("Test again: it was turned on")}
		causes = append(causes, smtp)
	} else { // what named SMTP AUTH is no test of PowerShell
		rows = []Fact{entered, older, mailbox, smtp, shell}
	}
	if why := neverUsable(m); why != "" {
		causes = slices.Insert(causes, 0, Fact{Label: phrase.T("Refused here"), Value: phrase.T("as the check read the tenant"), Mark: MarkLook, Note: why})
	}
	title := phrase.T("What else it can be")
	if len(causes) > 0 {
		title = phrase.T("What it is, and what else it can be")
	}
	return Finding{
		Status:   Waiting,
		Text:     []Sentence{finding.Word.Of("test", "failed").In("The test failed %s.", report.Times(m.appPasswords.failedTests)).And(finding.Advice("Another app password will hardly change that."))},
		Sections: []Section{{Title: title, Facts: append(causes, rows...)}},
		Actions: []Action{
			{ID: actUntested, Label: phrase.T("Finish, and say that the test failed")},
			again,
			{ID: actTested, Label: phrase.T("It succeeded after all")},
		},
	}
}

// Plan says what this step will change.
func (handOver) Plan(s Situation) Planned {
	m, named, seen := s.memory, []Change(nil), phrase.T("the summary")
	if m.handed.kept && (s.changes || len(m.changes("")) > 0) { // of a run that changes nothing there is none
		named, seen = namedChanges(m), phrase.T("the report")
	}
	switch {
	case withoutPassword(m) != "":
		return needed(phrase.T("look at %s", seen), named...)
	case m.appPasswords.version == versionUnknown:
		return needed(phrase.T("%s; maybe an app password", seen), named...)
	}
	return needed(phrase.T("enter the app password in Delegate365, and test it"), named...)
}

func (s handOver) Answer(r *Run, id string, value graph.Secret) error {
	if answerConsents(r, id) {
		return nil
	}
	if mine, err := answerRole(r, id, value); mine {
		return err
	}
	noted, named := id, ""
	if id == actSMTPOff {
		noted, named = actFailed, report.SMTPOff
	}
	if slices.Contains([]string{actTested, actFailed, actNoPage}, noted) {
		r.recorder.Note(journal.Entry{Kind: journal.KindAnswered, Step: string(HandOver), Note: noted, Said: named})
	}
	switch id {
	case ansVersion:
		return answerVersion(r, value.Reveal())
	case ansTest:
		return s.answerTest(r, value.Reveal())
	case actTested:
		r.update(func(m *memory) { m.appPasswords.tested, m.appPasswords.untested = true, false })
	case actFailed:
		r.update(func(m *memory) { m.appPasswords.failed(false) })
	case actSMTPOff:
		r.update(func(m *memory) { m.appPasswords.failed(true) })
	case actAgain:
		askAnew(r, PartTestCredentials)
		r.update(func(m *memory) { m.appPasswords.enough, m.appPasswords.smtpOff = false, false })
	case actUntested:
		r.update(func(m *memory) { m.appPasswords.untested = true })
	case actNoFactor:
		r.update(func(m *memory) { m.handed.withoutFactor = true })
	case actNoWitness:
		r.update(func(m *memory) { m.handed.noWitness = true })
	case actNoPage:
		return answerOffice(r, string(versionNewer))
	case actNewOne:
		askAnew(r, PartAppPassword)
		r.update(func(m *memory) {
			m.secrets.appPassword.Wipe()
			m.secrets.appPassword, m.appPasswords.appSkipped, m.appPasswords.enough = graph.Secret{}, false, false
		})
	default:
		return unknownAnswer(id)
	}
	return nil
}

// failed counts a test that failed; smtpOff says that it named SMTP AUTH.
func (a *appPasswords) failed(smtpOff bool) {
	a.failedTests++
	a.smtpOff, a.enough = smtpOff, smtpOff || a.failedTests >= enoughTests
}

var errUntested = errors.New("nobody has said what the test said")

// answerTest takes what somebody saw the test say.
func (s handOver) answerTest(r *Run, said string) error {
	switch said {
	case testUnsaid:
		return &Error{Op: "go on", Hint: phrase.T("Have Delegate365 test the account, and choose what it says."), Err: errUntested}
	case actTested, actFailed, actSMTPOff, actNoPage:
		return s.Answer(r, said, graph.Secret{})
	}
	return unknownAnswer(said)
}
