package steps

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Where Delegate365 turns out to be a newer one after app passwords were allowed for it, they were allowed for nothing, for
// everybody in the tenant. Forbidding them again is offered, never done by itself: somebody else may need them by now.

// settingHere is what this run set the setting to last; empty where it did not.
func (m *memory) settingHere() string {
	for _, e := range slices.Backward(m.record) {
		if e.Step == EnableAppPasswords && e.Outcome != graph.Refused && e.Change.Object == settingChange(false, true).Object {
			return e.Change.To
		}
	}
	return ""
}

func (m *memory) allowedHere() bool { return m.settingHere() == phrase.English.YesNo(true) }

// allowedBy says how it is known that app passwords were allowed for the onboarding; empty where nothing says so.
func allowedBy(r *Run, m *memory) string {
	switch {
	case m.allowedHere():
		return phrase.T("This run allowed them.")
	case m.posture != nil && m.posture.service.Err() == nil && m.posture.service.Content().AllowAppPasswordsKnown && !m.posture.service.Content().AllowAppPasswords:
		return phrase.T("They were not allowed when the check read the tenant.")
	case allowedByProgram(r, m):
		return phrase.T("The journal on this computer says that an earlier run allowed them.")
	}
	return ""
}

// allowedByProgram reports that this run allowed them, or an earlier one by the journal.
//
//go:noinline // every copy would be carried
func allowedByProgram(r *Run, m *memory) bool {
	return m.allowedHere() || slices.ContainsFunc(r.recorder.Read().Outstanding(), func(i journal.Inverse) bool {
		return i.Kind == journal.InverseAppPasswordSetting && i.Value != journal.AppPasswordsAllowed
	})
}

// allowedForNothing is the finding where app passwords are allowed, and this Delegate365 needs none; ok is false where they are not,
// or were before the onboarding.
func allowedForNothing(r *Run, m *memory, setting analysis.Reading[graph.MFAServicePolicy]) (f Finding, ok bool) {
	if m.appPasswords.version != versionNewer || setting.Err() == nil && !setting.Content().AllowAppPasswords || setting.Err() != nil && !m.appPasswords.appWord && !m.allowedHere() {
		return Finding{}, false
	}
	how := allowedBy(r, m)
	if how == "" && !m.appPasswords.appWord {
		return Finding{}, false
	}
	f = Finding{
		Status:  Ready,
		Text:    []Sentence{isNewer(), finding.AppPasswords.Of("", "allowed").In("But users of this tenant may create app passwords now.").And(finding.Word.Of("", "allowed").In("%s", how))},
		Changes: []Change{settingChange(true, false)},
		Actions: []Action{{ID: ActApply, Label: phrase.T("Forbid app passwords again")}, {ID: ActNext, Label: phrase.T("Leave them allowed")}, {ID: actWithPage, Label: phrase.T("It has that page: do this step")}},
	}
	if !m.secrets.appPassword.IsZero() || m.appPasswords.appSkipped {
		f.Notice = finding.Advice("First delete the app password that was created, on the account's security info page: once they are forbidden it goes on working, and can't be managed any more.")
	}
	if setting.Err() != nil || m.appPasswords.portalWay {
		f.Status, f.Changes = Waiting, nil
		f.Task = &Task{
			Where: phrase.T("In your own browser, as %s", m.identity.UserPrincipalName), URL: r.opts.Cloud.ServiceSettingsURL(),
			Items: []Item{
				{ID: "open", Text: phrase.T("Open the MFA service settings"), Opens: true},
				{ID: "forbid", Text: phrase.T(`Choose "Do not allow users to create app passwords to sign in to non-browser apps"`)},
				{ID: "save", Text: phrase.T("Choose Save")},
			},
			Watched: phrase.T("Reading the setting every few seconds."),
		}
		f.Poll = settingPoll
		f.Actions = []Action{{ID: ActNext, Label: phrase.T("Leave them allowed")}, {ID: ActRetry, Label: phrase.T("Check now")}, {ID: actWithPage, Label: phrase.T("It has that page: do this step")}}
	}
	if setting.Err() != nil {
		f.Text[1] = finding.Word.Of("", "allowed").In("But you said that app passwords are allowed now.").And(finding.Unread.Of("app passwords", "").In("Whether they still are can't be read here."))
		f.Task.Watched, f.Poll = phrase.T("The setting can't be read here."), 0
		f.Actions[0] = Action{ID: ActNext, Label: phrase.T("Continue")}
	}
	return f, true
}
