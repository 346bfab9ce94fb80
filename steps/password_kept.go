package steps

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// Rules of this file: an account whose setup is kept may be at work. Its password is replaced only where somebody has to sign in as the
// account in this run: setup is run, or an older Delegate365 is given an app password. Where a second factor has to be registered, or the
// portal looked at, replacing it is offered. Before it is replaced, it is said what that ends.

// passwordChoice is whether the password of an account whose setup is kept is replaced.
type passwordChoice string

const (
	passwordAsNeeded passwordChoice = ""
	passwordKept     passwordChoice = "keep-password"
	passwordReplaced passwordChoice = "new-password"
)

const ansPassword = "password"

// passwordFields ask what becomes of the password, where setup is kept. It stands before the version, which has a say where nothing is
// chosen. A rehearsal's person knows no password that an earlier run set.
func passwordFields(m *memory) []Field {
	if !m.existed() || !m.secrets.password.IsZero() || m.setupWanted() != setupKeep {
		return nil
	}
	return []Field{{
		ID: ansPassword, Label: phrase.T("The account's password"), Kind: ChoiceField, Value: string(m.passwordPreset()), Rehearsed: string(passwordReplaced),
		Options: []Option{
			{ID: string(passwordKept), Label: phrase.T("keep it: Delegate365 may have it")},
			{ID: string(passwordReplaced), Label: phrase.T("set a new one; the old one stops working")},
		},
		Help: phrase.T("A new one is needed only to sign in as the account in this run."),
	}}
}

// passwordPreset is what becomes of the password as it stands.
func (m *memory) passwordPreset() passwordChoice {
	if m.passwordStays() {
		return passwordKept
	}
	return passwordReplaced
}

// answerPassword takes a choice that differs from what would be done anyhow.
func answerPassword(r *Run, text string) error {
	choice, m := passwordChoice(text), r.snapshot()
	if choice != passwordKept && choice != passwordReplaced {
		return unknownAnswer(text)
	}
	if choice != m.passwordPreset() {
		r.update(func(m *memory) { m.choices.password = choice })
	}
	return nil
}

// passwordStays reports that no password is set: this run has set one, or nobody needs one of it.
func (m *memory) passwordStays() bool {
	switch {
	case !m.secrets.password.IsZero():
		return true
	case m.setupWanted() != setupKeep:
		return false
	case m.choices.password != passwordAsNeeded:
		return m.choices.password == passwordKept
	}
	return m.appPasswords.version != versionOlder
}

// replacesPassword reports a password that this run has set in place of one that Delegate365 may have.
func (m *memory) replacesPassword() bool {
	return m.secrets.replaced && setUpBefore(m)
}

// aboutPassword is what has to be known before these changes are made.
func aboutPassword(m *memory, sets bool) Sentence {
	switch {
	case !sets:
		return finding.Word.Of("password", "kept").In("Its password stays as it is.")
	case m.setupWanted() == setupKeep:
		return finding.Advice("The old password stops working, also where Delegate365 still has it. The new one is made here and held in memory only.").And(finding.Advice(report.GiveNewPassword))
	}
	return finding.Advice("The old password stops working. The new one is made here and held in memory only.").And(whoGetsIt(m))
}

// setNew leads to the step that sets a new password, which then announces it.
func setNew() Action {
	return Action{ID: ActGo + string(CreateAccount) + "/" + string(passwordReplaced), Label: phrase.T("Set a new password")}
}

// orSetNew offers a new password where somebody has to sign in as the account, and this run knows none.
func orSetNew(m *memory, f Finding) Finding {
	if m.secrets.password.IsZero() {
		f.Actions = append(f.Actions, setNew())
	}
	return f
}

// signInPassword is the account's password at a page that may ask for it. One that this run did not set is somebody's to know.
func signInPassword(m *memory) Item {
	item := Item{ID: "password", Text: phrase.T("Paste the password, if it asks"), Copy: m.secrets.password}
	if m.secrets.password.IsZero() {
		item.Text = phrase.T("Enter its password, if it asks: this run has not changed it")
	}
	return item
}

// lacksPassword is the finding where setup is to be run, and the account's password was kept.
func lacksPassword(m *memory, user graph.User) (Finding, bool) {
	if !m.secrets.password.IsZero() || m.setupWanted() == setupKeep {
		return Finding{}, false
	}
	return Finding{
		Status:  Blocked,
		Text:    []Sentence{finding.Word.Of("setup", "wanted").In("Delegate365's setup asks for the password of %s, and this run has not set one.", user.UserPrincipalName)},
		Actions: []Action{setNew()},
	}, true
}

// leftToGive says at the end that Delegate365 may still have a password that this run has replaced; nothing else.
func leftToGive(m *memory) []Sentence {
	if !m.replacesPassword() {
		return nil
	}
	return []Sentence{finding.Remaining.Of("password", "replaced").In("Left to do: this run has replaced the password of %s. %s", m.user.UserPrincipalName, phrase.T(report.GiveNewPassword))}
}

// setsPassword reports a password among the changes.
func setsPassword(todo []repair) bool {
	for _, c := range todo {
		if c.kind == setPassword {
			return true
		}
	}
	return false
}
