package steps

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/welcome"
)

// runSetup walks the operator through Delegate365's own web setup and notices, in the tenant, that it ran.
type runSetup struct{}

func (runSetup) Info() Info {
	return Info{
		ID:    RunSetup,
		Title: phrase.T("Run Delegate365 setup"),
		Why:   finding.Advice("Delegate365's setup page signs in as the service account and creates its apps in your tenant. It takes one to two minutes."),
		Actor: You,
		About: 4 * time.Minute,
		Help: []string{
			phrase.T("Use a private browser window. In an ordinary one you are signed in as yourself, and setup would run with the wrong account. All private windows of one browser share their sign-ins until the last of them is closed, so close the others first."),
			phrase.T("Do not sign in to any Microsoft admin portal as the service account: that would ask it for MFA."),
			phrase.T(`If the setup page shows a code that begins with AADSTS, choose "Setup was refused": this program reads again what asks the account for another factor, and says what the code means.`),
			phrase.T("This program watches the tenant for new apps whose names start with Delegate365, and for the permissions granted to them. It can't see the setup page itself."),
		},
	}
}

const (
	ansMail        = "mail"
	ansConfig      = "configuration-password"
	actUseForeign  = "use-portal"
	actOtherPortal = "other-portal"
	actSetupDone   = "setup-done"
	actSetupAgain  = "setup-again"
	actTheseApps   = "these-apps"
	setupPoll      = 5 * time.Second
	expectedApps   = 2 // the vendor, 2020
)

// setupStart is the tenant as it was before setup: the service principals that do not count as new.
type setupStart struct {
	at     time.Time
	before []string
}

func (s runSetup) Inspect(ctx context.Context, r *Run, report func(Event)) (Finding, error) {
	client, user, err := r.account()
	if err != nil {
		return Finding{}, err
	}
	if r.snapshot().setup.refusal != nil {
		return s.refused(ctx, r, client, user, report)
	}
	apps, err := delegate365Apps(ctx, client, r.snapshot().setup.apps...)
	if err != nil {
		return Finding{}, &Error{Op: "look for the Delegate365 apps", Err: err}
	}
	r.update(func(m *memory) {
		m.setup.apps = idsOf(apps)
		m.dropName() // what is a name may be known only since the mail was read
	})
	m := r.snapshot()
	if m.setupWanted() == setupKeep && finished(apps) {
		f := setupFinished(apps, nil, finding.Apps.Of("", strconv.Itoa(len(apps))).In("Delegate365's apps are in the tenant, with their permissions."))
		f.Actions = append(f.Actions, Action{ID: actSetupAgain, Label: phrase.T("Run setup again")})
		return f, nil
	}
	if m.setup.from == nil {
		r.update(func(m *memory) { m.setup.from = startOfSetup(apps) })
		m = r.snapshot()
	}
	fresh := slices.DeleteFunc(slices.Clone(apps), func(a app) bool { return slices.Contains(m.setup.from.before, a.ID) })
	if f, ended := roleEnded(ctx, r, client, user); ended && !finished(fresh) {
		return f, nil
	}
	switch {
	case finished(fresh):
		return setupFinished(fresh, m.setup.from, finding.Apps.Of("", strconv.Itoa(len(fresh))).In("Setup has created Delegate365's apps, and their permissions are granted.")), nil
	case m.setup.agreed:
		return setupFinished(fresh, nil, finding.Word.Of("setup", "finished").In("You said that setup is completed, and that these are its apps.")), nil
	}
	if f, lacks := lacksPassword(m, user); lacks {
		return f, nil
	}
	if f, open := openOfMail(m); open {
		return f, nil
	}
	if m.setup.seen {
		return s.unsure(ctx, client, m, fresh, report)
	}
	return waitingForSetup(m, fresh), nil
}

func startOfSetup(apps []app) *setupStart {
	return &setupStart{at: time.Now(), before: idsOf(apps)}
}

func idsOf(apps []app) []string {
	ids := make([]string, len(apps))
	for i, a := range apps {
		ids[i] = a.ID
	}
	return ids
}

// finished reports two new apps, each with something granted to it.
func finished(fresh []app) bool {
	return len(fresh) >= expectedApps && !slices.ContainsFunc(fresh, func(a app) bool { return len(a.grants) == 0 })
}

func setupFinished(apps []app, from *setupStart, text Sentence) Finding {
	return Finding{
		Status:   Done,
		Text:     []Sentence{text},
		Sections: []Section{{Facts: appRows(apps, from)}},
		Actions:  []Action{{ID: ActNext, Label: phrase.T("Continue")}},
	}
}

func appRows(apps []app, from *setupStart) []Fact {
	var rows []Fact
	for _, a := range apps {
		row := Fact{Label: a.DisplayName, Value: phrase.T("permissions granted"), Mark: MarkOK}
		if len(a.grants) == 0 {
			row.Value, row.Mark = phrase.T("no permissions yet"), MarkPending
		}
		rows = append(rows, row)
	}
	if from != nil && len(rows) < expectedApps {
		rows = append(rows, Fact{Label: phrase.T("Second app"), Value: phrase.T("not seen yet"), Mark: MarkPending})
		if len(rows) == 1 {
			rows[0].Label = phrase.T("Delegate365 apps")
		}
	}
	return rows
}

func askForPortal() Finding {
	return Finding{
		Status: Waiting,
		Text:   finding.Advise("The mail \"Welcome to Delegate365\" has the portal address and the configuration password."),
		Task: &Task{Part: PartWelcomeMail, Items: []Item{
			{ID: "open", Text: phrase.T(`Open the mail "Welcome to Delegate365"`)},
			{ID: "copy", Text: phrase.T("Copy all of it, or save it as a file (.eml or .msg)")},
			{ID: "paste", Text: phrase.T("Paste it here, or the path of the file, or only the portal address")},
		}},
		Fields:  []Field{mailField()},
		Actions: []Action{{ID: ActRetry, Label: phrase.T("Continue")}},
	}
}

func foreignPortal(p welcome.Portal) Finding {
	return Finding{
		Status: Blocked,
		Text: []Sentence{
			finding.Outside.Of("portal", p.Base()).In("The address %s is not of the usual form https://company.delegate365.com.", p.Base()),
			finding.Advice("Whoever runs that page would get the password of a Global Administrator. Use it only if you know that it is your Delegate365."),
		},
		Actions: []Action{{ID: actOtherPortal, Label: phrase.T("Enter another address")}, {ID: actUseForeign, Label: phrase.T("It is our Delegate365: use it")}},
	}
}

func waitingForSetup(m *memory, fresh []app) Finding {
	items := []Item{
		{ID: "open", Text: phrase.T("Close other private windows, then open the setup page"), Opens: true, Done: m.setup.opened},
		{ID: "configuration-password", Text: phrase.T("Paste the configuration password"), Copy: m.secrets.configuration},
		{ID: "user-name", Text: phrase.T("Paste the user name"), Copy: graph.NewText(m.user.UserPrincipalName), Shown: m.user.UserPrincipalName},
		{ID: "password", Text: phrase.T("Paste the password"), Copy: m.secrets.password},
		{ID: "login", Text: phrase.T(`Wait for "Setup completed", then choose Login and sign in as the service account`)},
	}
	if m.secrets.configuration.IsZero() {
		items[1].Text = phrase.T("Type the configuration password from the welcome mail")
	}
	f := Finding{
		Status: Waiting,
		Task: &Task{
			Part: PartSetup, Where: phrase.T("In a private browser window, as %s", m.user.UserPrincipalName), URL: m.setup.portal.SetupURL(), Private: true,
			Items: items, Watched: phrase.T("Watching the tenant for the Delegate365 apps."),
		},
		Sections: []Section{{Facts: appRows(fresh, m.setup.from)}},
		Actions: []Action{
			{ID: actSetupDone, Label: phrase.T("Setup says it is completed")},
			{ID: actRefused, Label: phrase.T("Setup was refused")},
			{ID: actOtherPortal, Label: phrase.T("Enter another address")},
		},
		Poll: setupPoll,
	}
	if m.secrets.configuration.IsZero() {
		f.Fields = []Field{{
			ID: ansConfig, Label: phrase.T("Configuration password"), Kind: SecretField, Optional: true,
			Help: phrase.T("Only needed here if you want to copy it from here."),
		}}
		if m.setup.unfit != "" {
			f.Text = []Sentence{finding.Outside.Of("mail", "no password").In("What the mail calls the configuration password was not taken: %s.", m.setup.unfit)}
		}
	}
	return f
}

// unsure is what to say when the operator saw setup complete but the tenant does not show two new apps: what is seen,
// what the audit log says, and the question.
func (runSetup) unsure(ctx context.Context, client *graph.Client, m *memory, fresh []app, report func(Event)) (Finding, error) {
	report(Event{Text: phrase.T("Reading the audit log")})
	audits, err := client.Tenant.DirectoryAudits(ctx, graph.AuditFilter{Since: m.setup.from.at, InitiatedBy: m.user.ID})
	facts := appRows(fresh, m.setup.from)
	for _, a := range audits {
		facts = append(facts, Fact{Label: phrase.Clock(a.At) + " " + a.Activity, Value: phrase.JoinAnd(a.Targets), Mark: MarkNote})
	}
	if err != nil {
		facts = append(facts, Fact{Label: phrase.T("Audit log"), Value: phrase.T("could not be read"), Mark: MarkNote, Note: Explain(err).What})
	}
	if len(fresh) > 0 || len(audits) > 0 {
		return Finding{
			Status:   Waiting,
			Text:     []Sentence{finding.Word.Of("setup", "finished").In("You saw setup complete.").And(finding.Apps.Of("", strconv.Itoa(len(fresh))).In("The tenant does not show two new Delegate365 apps; this is what it shows."))},
			Sections: []Section{{Facts: facts}},
			Actions:  []Action{{ID: actTheseApps, Label: phrase.T("These are the apps: continue")}, {ID: actSetupAgain, Label: phrase.T("Watch again")}},
		}, nil
	}
	return Finding{
		Status:   Waiting,
		Text:     []Sentence{finding.Word.Of("setup", "finished").In("You saw setup complete,").And(finding.Apps.Of("", "0").In("but no new app is seen in the tenant and the audit log has no entry of the service account yet.")).And(finding.Advice("It can lag by some minutes."))},
		Sections: []Section{{Facts: facts}},
		Actions:  []Action{{ID: actSetupAgain, Label: phrase.T("Watch again")}, {ID: ActNext, Label: phrase.T("Go on without this proof")}},
		Poll:     setupPoll,
	}, nil
}

// Plan says what this step will change.
func (runSetup) Plan(s Situation) Planned {
	m := s.memory
	if m.setupWanted() == setupKeep {
		return notNeeded(phrase.T("setup has run"))
	}
	return needed(phrase.T("its page adds Delegate365's apps"))
}

// Apply changes nothing: the setup page does.
func (runSetup) Apply(context.Context, *Run, func(Event)) error { return nil }

func (runSetup) Answer(r *Run, id string, value graph.Secret) error {
	switch id {
	case ansMail:
		return takeWelcome(r, value)
	case ansWhichPortal:
		return choosePortal(r, value.Reveal())
	case ansWhichPassword:
		return choosePassword(r, value.Reveal())
	case actShowEnds:
		showEnds(r)
	case ansConfig:
		if err := r.snapshot().refuseName(value); err != nil || value.IsZero() {
			return err
		}
		r.update(func(m *memory) { m.secrets.configuration.Wipe(); m.secrets.configuration = value })
	case actUseForeign:
		r.update(func(m *memory) { m.setup.portal, m.setup.foreign = m.setup.foreign, welcome.Portal{} })
	case actOtherPortal:
		r.update(func(m *memory) {
			m.setup.portal, m.setup.foreign, m.setup.opened = welcome.Portal{}, welcome.Portal{}, false
			m.dropOffer()
			m.secrets.configuration.Wipe()
			m.secrets.configuration = graph.Secret{}
		})
	case actSetupDone:
		r.update(func(m *memory) { m.setup.seen = true })
	case actSetupAgain:
		r.update(func(m *memory) { m.setup.choice, m.setup.seen, m.setup.agreed = setupRun, false, false })
	case actTheseApps:
		r.update(func(m *memory) { m.setup.agreed = true })
	case actRetrySetup:
		r.update(func(m *memory) { m.setup.refusal = nil })
	default:
		return answerRefusal(r, id)
	}
	return nil
}
