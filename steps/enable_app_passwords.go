package steps

import (
	"context"
	"errors"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// enableAppPasswords turns on the tenant's setting that lets users create app passwords.
type enableAppPasswords struct{}

func (enableAppPasswords) Info() Info {
	return Info{
		ID:    EnableAppPasswords,
		Title: phrase.T("Enable app passwords"),
		Why:   finding.Advice("An older Delegate365 does some Exchange work without a person, and takes an app password for it. The tenant has to allow them first."),
		Actor: You,
		About: time.Minute,
		Help: []string{
			phrase.T("The setting is the tenant's. It creates no app password itself, but %s (Microsoft's page on app passwords says so).", phrase.T(requiredOfAll)),
			phrase.T(whatItProves),
			phrase.T("Microsoft does not document how a program reads or sets it. This one tries, and says so; it can always be done in the portal instead."),
			phrase.T("Every setting that Microsoft's answer holds is compared with what it was before. Should one have moved with this change, it is put back, and you are told. The ranges of trusted IPs are not in it."),
			phrase.T("To turn it off again: the same page. Existing app passwords go on working then, but can't be managed any more. Delete them first."),
		},
	}
}

// requiredOfAll is what the setting does to everybody
// (https://learn.microsoft.com/entra/identity/authentication/howto-mfa-app-passwords).
const (
	requiredOfAll = "from then on " + ofEverybody
	onceAllowed   = "Once app passwords are allowed, " + ofEverybody + "."
	betterUpdated = "Exchange Online takes one only for sending mail (SMTP), where SMTP AUTH is on. If the vendor updates this Delegate365 first, to one with an app and a certificate, it needs none: go on without."
	ofEverybody   = "everybody in the tenant with per-user MFA enforced who registers for MFA is required to create an app password"
)

const (
	actByPortal  = "by-portal"
	actByCall    = "by-call"
	actAllowed   = "allowed"
	settingPoll  = 5 * time.Second
	settingAudit = "MFA Service Policy Update"
)

func settingChange(from, to bool) Change {
	return finding.Changed(Modify, phrase.Both("users may create app passwords, in the whole tenant"), phrase.BothYesNo(from), phrase.BothYesNo(to))
}

func (s enableAppPasswords) Inspect(ctx context.Context, r *Run, _ func(Event)) (Finding, error) {
	client, user, err := r.account()
	if err != nil {
		return Finding{}, err
	}
	if r.snapshot().appPasswords.version == versionUnknown {
		return askForVersion(ctx, r, client, user), nil
	}
	setting := settingNow(ctx, r, client)
	if f, yes := allowedForNothing(r, r.snapshot(), setting); yes {
		return f, nil
	}
	if f, over := withoutAnswer(ctx, r, client, user); over {
		return f, nil
	}
	readable := setting.Err() == nil
	switch m := r.snapshot(); {
	case readable && setting.Content().AllowAppPasswords:
		return allowedAlready(r, m), nil
	case m.appPasswords.appWord && !readable:
		return s.byWord(ctx, client), nil
	case neverOffered(m) != "":
		return offeredToNobody(neverOffered(m)), nil
	case readable && !m.appPasswords.portalWay:
		return Finding{
			Status:  Ready,
			Text:    []Sentence{finding.Word.Of("version", "older").In("This Delegate365 takes an app password, as you said, and none can be created before the tenant allows them.").And(finding.Advice(onceAllowed)), finding.Advice(betterUpdated)},
			Changes: []Change{settingChange(false, true)},
			Notice:  finding.Advice("Microsoft documents only the portal. Other settings it changes go back."),
			Actions: []Action{{ID: ActApply, Label: phrase.T("Allow app passwords")}, {ID: actByPortal, Label: phrase.T("Do it in the portal instead")}, goWithout(), {ID: ActBack, Label: phrase.T("It is another version")}},
		}, nil
	case ctx.Err() != nil:
		return Finding{}, ctx.Err()
	case errors.Is(setting.Err(), graph.ErrOffline):
		return Finding{}, &Error{Op: "read whether app passwords are allowed", Err: setting.Err()}
	}
	return s.inPortal(r, setting.Err()), nil
}

// settingNow is the tenant's setting as it was read back when it was set, or as it is read now.
func settingNow(ctx context.Context, r *Run, client *graph.Client) (setting analysis.Reading[graph.MFAServicePolicy]) {
	var fresh bool
	if r.update(func(m *memory) { setting, fresh = m.appPasswords.shown.take() }); !fresh {
		setting = readSetting(ctx, client)
	}
	return setting
}

var errNoSetting = errors.New("the answer does not hold the setting")

// readSetting reads the tenant's setting. That it can't be read is an answer as well: Microsoft does not document how.
func readSetting(ctx context.Context, client *graph.Client) analysis.Reading[graph.MFAServicePolicy] {
	policy, err := client.MFA.MFAServicePolicy(ctx)
	if err == nil && !policy.AllowAppPasswordsKnown {
		err = errNoSetting
	}
	return analysis.Read(policy, err)
}

// inPortal asks the operator to change the setting by hand. Where the setting can be read, that notices it.
func (s enableAppPasswords) inPortal(r *Run, unread error) Finding {
	f := Finding{
		Status: Waiting,
		Text:   []Sentence{s.Info().Why, finding.Advice(onceAllowed)},
		Task: &Task{
			Part:  PartServiceSettings,
			Where: phrase.T("In your own browser, as %s", r.snapshot().identity.UserPrincipalName),
			URL:   r.opts.Cloud.ServiceSettingsURL(),
			Items: []Item{
				{ID: "open", Text: phrase.T("Open the MFA service settings"), Opens: true},
				{ID: "allow", Text: phrase.T(`Choose "Allow users to create app passwords to sign in to non-browser apps"`)},
				{ID: "save", Text: phrase.T("Choose Save")},
			},
			Watched: phrase.T("Reading the setting every few seconds."),
		},
		Actions: []Action{{ID: ActRetry, Label: phrase.T("Check now")}, {ID: actByCall, Label: phrase.T("Let this program do it")}, goWithout()},
		Poll:    settingPoll,
	}
	if unread != nil {
		f.Task.Watched = phrase.T("The setting can't be read here, so say when it is saved.")
		f.Actions = []Action{{ID: actAllowed, Label: phrase.T("I have done this")}, {ID: ActRetry, Label: phrase.T("Try to read it again")}, goWithout()}
	}
	return f
}

// byWord is the operator's word, with the audit entry where there is one.
func (enableAppPasswords) byWord(ctx context.Context, client *graph.Client) Finding {
	row := Fact{Label: phrase.T("App passwords"), Value: phrase.T("allowed, as you said"), Mark: MarkNote, Note: phrase.T("The setting could not be read, and no audit entry was found yet.")}
	audits, err := client.Tenant.DirectoryAudits(ctx, graph.AuditFilter{Since: time.Now().Add(-24 * time.Hour), Activity: settingAudit})
	if err == nil && len(audits) > 0 {
		row.Note = phrase.T("The setting could not be read. The audit log shows that it was changed at %s.", phrase.Zoned(audits[0].At))
	}
	return Finding{
		Status:   Done,
		Text:     []Sentence{finding.Word.Of("app passwords", "allowed").In("You said that app passwords are allowed.")},
		Sections: []Section{{Facts: []Fact{row}}},
		Actions:  []Action{{ID: ActNext, Label: phrase.T("Continue")}},
	}
}

// Plan says what this step will change.
func (enableAppPasswords) Plan(s Situation) Planned {
	p, m := s.posture, s.memory
	switch why := withoutPassword(m); {
	case why != "" && m.appPasswords.version == versionUnknown: // the step asks all the same
		return needed(phrase.T("asks for the version; no app password can be created here"))
	case why != "":
		return withoutStep(m, why)
	case p.service.Content().AllowAppPasswords && m.appPasswords.version == versionUnknown:
		return needed(phrase.T("asks for the version; they are allowed"))
	case p.service.Content().AllowAppPasswords:
		return notNeeded(phrase.T("they are allowed"))
	case m.appPasswords.version == versionUnknown:
		return Planned{Needed: true, What: phrase.T(onlyIfPage), Perhaps: []Change{settingChange(false, true)}}.taking(mfa.WriteService)
	}
	return needed(phrase.T("allow app passwords in the whole tenant"), settingChange(false, true)).taking(mfa.WriteService)
}

func (enableAppPasswords) Apply(ctx context.Context, r *Run, report func(Event)) error {
	if r.snapshot().appPasswords.version == versionNewer { // what was allowed for nothing
		return setAppPasswords(ctx, r, report, EnableAppPasswords, forbidden)
	}
	return setAppPasswords(ctx, r, report, EnableAppPasswords, allowed)
}

func (enableAppPasswords) Answer(r *Run, id string, value graph.Secret) error {
	switch id {
	case actByPortal:
		r.update(func(m *memory) { m.appPasswords.portalWay = true })
	case actByCall:
		r.update(func(m *memory) { m.appPasswords.portalWay = false })
	case actWithPage:
		return answerOffice(r, string(versionOlder))
	case actNoPage:
		return answerOffice(r, string(versionNewer))
	case actSkip:
		return answerOffice(r, string(versionSkipped))
	case ansVersion:
		return answerVersion(r, value.Reveal())
	case ActBack:
		return answerOffice(r, string(versionUnknown))
	case actAllowed:
		r.update(func(m *memory) { m.appPasswords.appWord = true })
	default:
		return unknownAnswer(id)
	}
	return nil
}
