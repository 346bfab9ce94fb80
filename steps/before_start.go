package steps

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/welcome"
)

// What is to be had at hand before MFA is off is asked for before anything begins: nobody should look for a mail while the
// account is a Global Administrator without a second factor.

// beginning is what a sign-in is the first screen of.
type beginning int

const (
	anything beginning = iota
	onboards
	offboards
)

// whoSignsIn says with which account.
func (b beginning) whoSignsIn() string {
	if b == onboards {
		return phrase.T("Sign in as an administrator of the tenant that will use Delegate365: a Global Administrator, or an account that holds the roles the check names. Not the service account: it does not exist yet, and never signs in to an admin portal.")
	}
	return phrase.T("Sign in as an administrator of the customer's tenant, best a Global Administrator. Not the service account, even where it exists: this is about that account.")
}

// prepareOffboarding makes a first screen of the sign-in's: what happens, and what to have ready.
func prepareOffboarding(f *Finding) {
	f.Text = append([]Sentence{finding.Advice("This program takes out what the onboarding and Delegate365's setup put into the tenant, step by step: exclusions, the role, the apps, the account, and what you decide. It takes about 10 minutes, and changes nothing before you have seen it, but for permissions that you accept when signing in.")}, f.Text[1:]...)
	f.Sections = []Section{{Title: phrase.T("Have ready"), Facts: []Fact{
		{Label: phrase.T("Your account"), Value: phrase.T("your own, a Global Administrator's")},
		{Label: phrase.T("The vendor"), Value: phrase.T("has been told that Delegate365 ends here")},
		{Label: phrase.T("The customer"), Value: phrase.T("knows whether others use app passwords")},
	}}}
}

// whatHappens is said before the first sign-in.
func whatHappens() Sentence {
	return finding.Advice("This program checks the tenant, makes a service account, suspends MFA for it while Delegate365's setup runs, and puts MFA back, in about 20 minutes. Until you agree to a change, it adds only what you accept now.")
}

// prepare makes a first screen of the sign-in's: what happens, what to have ready, and the mail.
func (signIn) prepare(f *Finding, m *memory) {
	f.Text = append([]Sentence{whatHappens()}, f.Text[1:]...) // in place of why it is signed in
	f.Notice = Sentence{}
	f.Sections = []Section{{Title: phrase.T("Have ready"), Facts: []Fact{
		{Label: phrase.T("Your account"), Value: phrase.T("your own, a Global Administrator's")},
		{Label: phrase.T("Welcome mail"), Value: mailRead(m)},
		{Label: phrase.T("Telephone"), Value: phrase.T("the customer's, with an authenticator app")},
		{Label: phrase.T("Browser"), Value: phrase.T("where a private window can be opened")},
	}}}
	if m.welcomeKnown() {
		return
	}
	mail := mailField()
	mail.Optional, mail.Help = true, ""
	f.Fields = append(f.Fields, mail)
	f.Task = &Task{Part: PartWelcomeMail}
}

func mailField() Field {
	return Field{ID: ansMail, Label: phrase.T("Welcome mail"), Kind: PasteField, Help: phrase.T("The configuration password in the mail is kept in memory only.")}
}

// mailRead says what is known of the welcome mail.
func mailRead(m *memory) string {
	switch {
	case m.setup.offer != nil, m.setup.foreign != welcome.Portal{}:
		return phrase.T("read; it leaves a question, which comes before setup")
	case m.setup.portal == welcome.Portal{}:
		return phrase.T("from Delegate365: paste it here now, or later")
	case m.secrets.configuration.IsZero():
		return phrase.T("%s, without its password", m.setup.portal.Base())
	}
	return phrase.T("read: %s", m.setup.portal.Base())
}

func (m *memory) welcomeKnown() bool {
	return m.setup.offer != nil || m.setup.portal != welcome.Portal{} || m.setup.foreign != welcome.Portal{}
}

// openOfMail is what has to be asked of the welcome mail before setup can begin. It reports false where nothing is.
func openOfMail(m *memory) (Finding, bool) {
	switch {
	case m.setup.offer != nil:
		return chooseFrom(m.setup.offer), true
	case m.setup.foreign != welcome.Portal{}:
		return foreignPortal(m.setup.foreign), true
	case m.setup.portal == welcome.Portal{}:
		return askForPortal(), true
	}
	return Finding{}, false
}

// actMailLater leaves the mail until MFA is off.
const actMailLater = "mail-later"

// mailFirst asks it before the window is opened, unless somebody wants it later. It reports false where nothing is to be asked.
func mailFirst(m *memory) (Finding, bool) {
	if m.setup.mailLater || m.setupWanted() == setupKeep {
		return Finding{}, false
	}
	f, open := openOfMail(m)
	if open && f.Task != nil { // the mail itself
		f.Text = append(finding.Advise("The mail is asked for now, because nobody should look for it while MFA is off."), f.Text...)
		f.Actions = append(f.Actions, Action{ID: actMailLater, Label: phrase.T("Go on without it for now")})
	}
	return f, open
}

// answerMailFirst takes the answers to that.
func answerMailFirst(r *Run, id string, value graph.Secret) error {
	if id != actMailLater {
		return runSetup{}.Answer(r, id, value)
	}
	r.update(func(m *memory) { m.setup.mailLater = true })
	return nil
}

// withMailFirst asks it in place of a screen that would open the window.
func withMailFirst(r *Run, f Finding) Finding {
	if asked, open := mailFirst(r.snapshot()); open && f.Status == Ready {
		return asked
	}
	return f
}

// openSetupEarly has the setup page opened before the window is: not a minute without MFA goes by for it.
func openSetupEarly(m *memory) *Task {
	if m.setup.portal == (welcome.Portal{}) || m.setup.opened || m.setupWanted() == setupKeep {
		return nil
	}
	return &Task{
		URL: m.setup.portal.SetupURL(), Private: true,
		Items: []Item{{ID: "open", Text: phrase.T("Close other private windows, then open the setup page"), Opens: true}},
	}
}

// Opened keeps that a page was opened, from here or by the operator who was told to, so that no later step asks for it again.
func (r *Run) Opened(address string) {
	r.update(func(m *memory) {
		m.setup.opened = m.setup.opened || m.setup.portal != welcome.Portal{} && address == m.setup.portal.SetupURL()
	})
}
