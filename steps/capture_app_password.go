package steps

import (
	"context"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/review"
)

// captureAppPassword waits for the account's MFA to be registered, moves it to enforced, and takes its app password.
type captureAppPassword struct{}

func (captureAppPassword) Info() Info {
	return Info{
		ID:    CaptureAppPassword,
		Title: phrase.T("Capture app password"),
		Why:   finding.Advice("The service account registers a second factor, and then creates the app password that an older Delegate365 uses."),
		Actor: You,
		About: 5 * time.Minute,
		Help: []string{
			phrase.T("Use the private window of the service account, and sign in there again where Microsoft asks for it. Register Microsoft Authenticator, or another authenticator app with codes. Not a phone number: Microsoft ends text messages and calls as a second factor for administrators in 2027."),
			phrase.T("The app password is shown once. Copy it before you choose Done, and paste it here: what you paste is not shown, not even its length. If it was closed too early, delete it on the same page and create a new one; an account can have 40."),
			phrase.T("App passwords are offered only while per-user MFA is enforced. If the page does not offer one, wait a minute and sign out and in again."),
			phrase.T("Exchange Online accepts an app password only for sending mail (SMTP), switches that off by default from the end of December 2026, and no app password can do administrative work. Ask the vendor whether your version of Delegate365 still needs one."),
		},
	}
}

const (
	ansAppPassword = "app-password"
	actHasOne      = "has-app-password"
	actRegistered  = "registered"
	methodsPoll    = 5 * time.Second
)

func (s captureAppPassword) Inspect(ctx context.Context, r *Run, _ func(Event)) (Finding, error) {
	client, user, err := r.account()
	if err != nil {
		return Finding{}, err
	}
	if f, over := withoutAnswer(ctx, r, client, user); over {
		return f, nil
	}
	state, methods, unread, err := readRegistration(ctx, client, user)
	if err != nil {
		return Finding{}, &Error{Op: "read the account's MFA", Err: err}
	}
	m := noteFactor(r, methods)
	registered := isFactorIn(methods) || unread != nil && m.appPasswords.factorWord
	rows := []Fact{methodsRow(methods, m), stateRow(state), appPasswordRow(m)}
	if unread != nil {
		rows[0] = unreadMethodsRow(m, unread)
	}
	switch {
	case state == graph.MFADisabled:
		return readAsOff(m, user, rows), nil
	case !registered && unread != nil:
		return byWordOfRegistration(s.register(r, m, rows)), nil
	case !registered:
		return s.register(r, m, rows), nil
	case state != graph.MFAEnforced:
		return Finding{
			Status:   Ready,
			Text:     []Sentence{finding.Factor.Of(user.UserPrincipalName, "registered").In("The second factor is registered.").And(finding.Advice("App passwords are offered once per-user MFA is enforced."))},
			Sections: []Section{{Facts: rows}},
			Changes:  []Change{mfa.StateChange(user, string(state), graph.MFAEnforced)},
			Actions:  []Action{{ID: ActApply, Label: phrase.T("Enforce MFA")}},
		}, nil
	case m.secrets.appPassword.IsZero() && !m.appPasswords.appSkipped:
		return s.create(r, m, rows), nil
	}
	return Finding{
		Status:   Done,
		Text:     []Sentence{finding.Factor.Of(user.UserPrincipalName, "registered").In("A second factor is registered,").And(finding.PerUser.Of(user.UserPrincipalName, string(state)).In("MFA is enforced, and the app password is there."))},
		Sections: []Section{{Facts: rows}},
		Notice:   finding.Advice("Exchange Online accepts it only for sending mail (SMTP), and switches that off by default from the end of December 2026. It can do nothing administrative."),
		Actions:  []Action{{ID: ActNext, Label: phrase.T("Continue")}},
	}, nil
}

// readRegistration reads how far the account is. That its methods are refused is no error: a cloud may not have the list.
func readRegistration(ctx context.Context, client *graph.Client, user graph.User) (state graph.MFAState, methods []graph.AuthMethod, unread, err error) {
	err = panics.Each(
		func() (err error) { state, err = client.MFA.PerUserMFA(ctx, user.ID); return err },
		func() (err error) {
			methods, err = client.MFA.AuthenticationMethods(ctx, user.ID)
			if err != nil && graph.OutcomeOf(err) == graph.Refused {
				unread, err = err, nil
			}
			return err
		},
	)
	return state, methods, unread, err
}

// methodsRow names the second factors. One that no screen asked for is somebody's to answer for: a window without MFA is when another's
// can be registered.
func methodsRow(methods []graph.AuthMethod, m *memory) Fact {
	name := func(a graph.AuthMethod) string { return review.MethodName(a.Kind) }
	if m.appPasswords.unasked {
		name = review.NamedMethod
	}
	names := factorsBy(name, methods)
	if names == "" {
		return Fact{Label: phrase.T("Second factor"), Value: phrase.T("none yet"), Mark: MarkPending}
	}
	row := Fact{Label: phrase.T("Second factor"), Value: names, Mark: MarkOK}
	now := m.choices.methods
	now.user, now.read = m.user.ID, analysis.Read(methods, nil)
	switch {
	case m.appPasswords.unasked && !now.unknown():
		row.Mark, row.Note = MarkNote, phrase.T("It was there before this run asked for one, and is the customer's, as you said.")
	case m.appPasswords.unasked:
		row.Mark, row.Note = MarkLook, phrase.T("It was there before this run asked for one. If it is not on the customer's phone, delete it in Entra, among the account's authentication methods.")
	}
	return row
}

// unreadMethodsRow is the second factor where only the operator can know it.
func unreadMethodsRow(m *memory, unread error) Fact {
	row := Fact{Label: phrase.T("Second factor"), Value: phrase.T("could not be read"), Mark: MarkNote, Note: Explain(unread).What}
	if m.appPasswords.factorWord {
		row.Value = phrase.T("registered, as you said")
	}
	return row
}

// byWordOfRegistration asks for the operator's word instead of watching.
func byWordOfRegistration(f Finding) Finding {
	f.Task.Watched = phrase.T("The account's methods can't be read here, so say when one is registered.")
	f.Actions = []Action{{ID: actRegistered, Label: phrase.T("It is registered")}, {ID: ActRetry, Label: phrase.T("Try to read it again")}}
	f.Poll = 0
	return f
}

func stateRow(state graph.MFAState) Fact {
	row := Fact{Label: phrase.T("Per-user MFA"), Value: analysis.StateWord(state).Spoken, Mark: MarkOK}
	if state != graph.MFAEnforced {
		row.Mark = MarkPending
	}
	return row
}

func appPasswordRow(m *memory) Fact {
	switch {
	case !m.secrets.appPassword.IsZero():
		return Fact{Label: phrase.T("App password"), Value: phrase.T("in memory, not shown"), Mark: MarkOK}
	case m.appPasswords.appSkipped:
		return Fact{Label: phrase.T("App password"), Value: phrase.T("in Delegate365, as you said"), Mark: MarkNote}
	}
	return Fact{Label: phrase.T("App password"), Value: phrase.T("none yet"), Mark: MarkPending}
}

func (captureAppPassword) register(r *Run, m *memory, rows []Fact) Finding {
	items, fields := registration(r, m), []Field(nil)
	if m.secrets.appPassword.IsZero() {
		perhaps := appPasswordField()
		perhaps.Optional, perhaps.Label = true, phrase.T("App password, if any")
		items, fields = append(items, Item{ID: "app-password", Text: phrase.T("If it shows an app password at the end, copy it and paste it here")}), []Field{perhaps}
	}
	return orSetNew(m, Finding{
		Status: Waiting,
		Text:   append([]Sentence{finding.Demanded.Of(m.user.UserPrincipalName, "yes").In(sessionEnded).And(twoMethods(m))}, sayBarred(m)...),
		Task: &Task{
			Part: PartRegisterMFA, Where: phrase.T("In the private window"), URL: r.opts.Cloud.SecurityInfoURL(), Private: true,
			Items:   items,
			Watched: phrase.T("Watching for the registered method."),
		},
		Sections: []Section{{Facts: rows}},
		Fields:   fields,
		Actions:  []Action{{ID: ActRetry, Label: phrase.T("Check now")}},
		Poll:     methodsPoll,
	})
}

// sessionEnds, sessionLast and sessionEnded: turning per-user MFA on is one of the critical events that end an account's sessions
// (https://learn.microsoft.com/entra/identity/conditional-access/concept-continuous-access-evaluation).
const (
	sessionEnds  = "The service account's own browser session ends with it: at its next sign-in it is asked for the password, and for a second factor or to register one. That is not a fault."
	sessionLast  = "The service account's own browser session ends with it, and it can't sign in again: it is kept out by %s, and can register nothing that lets it in."
	sessionEnded = "MFA is back, and ended the account's session; no second factor is seen yet. One registered just now shows in a moment."
)

// twoMethods: administrators who may reset their own password are asked for two methods
// (https://learn.microsoft.com/entra/identity/authentication/concept-sspr-policy).
func twoMethods(m *memory) Sentence {
	switch {
	case m.posture == nil || !m.posture.authorization.Done() || m.posture.authorization.Err() != nil:
		return finding.Unread.Of("self-service password reset", "").In("Whether one method or two could not be read.")
	case m.posture.authorization.Content().AdministratorsReset:
		return finding.Outside.Of("self-service password reset", "on").In("Microsoft may ask for two methods, because administrators may reset their password.")
	}
	return Sentence{}
}

// openSecurityInfo names the page where its address in this cloud is not known.
func openSecurityInfo(r *Run) Item {
	if r.opts.Cloud.SecurityInfoURL() == "" {
		return Item{ID: "open", Text: phrase.T("In that window, open My Account, then Security info")}
	}
	return Item{ID: "open", Text: phrase.T("Open the security info page in that window"), Opens: true}
}

func appPasswordField() Field {
	return Field{
		ID: ansAppPassword, Label: phrase.T("App password"), Kind: SecretField,
		Help: phrase.T("Paste it here, with or without spaces. Nothing of it is shown."),
	}
}

func (captureAppPassword) create(r *Run, m *memory, rows []Fact) Finding {
	return orSetNew(m, Finding{
		Status: Waiting,
		Task: &Task{
			Part: PartAppPassword, Where: phrase.T("In the private window"), URL: r.opts.Cloud.SecurityInfoURL(), Private: true,
			Items: []Item{
				openSecurityInfo(r),
				{ID: "user-name", Text: phrase.T("Paste the user name, if it asks"), Copy: graph.NewText(m.user.UserPrincipalName), Shown: m.user.UserPrincipalName},
				signInPassword(m),
				{ID: "add", Text: phrase.T("Add sign-in method, App password, name it Delegate365")},
				{ID: "app-password", Text: phrase.T("Copy it before you choose Done, and paste it here")},
			},
			Watched: phrase.T("Microsoft asks for the second factor first if it was used more than 10 minutes ago."),
		},
		Sections: []Section{{Facts: rows}},
		Fields:   []Field{appPasswordField()},
		Actions:  []Action{{ID: ActRetry, Label: phrase.T("Use this app password")}, {ID: actHasOne, Label: phrase.T("Delegate365 has its app password already")}},
	})
}

// Plan says what this step will change.
func (captureAppPassword) Plan(s Situation) Planned {
	m := s.memory
	what := phrase.T("per-user MFA enforced, after its MFA is registered")
	switch why := withoutPassword(m); {
	case why != "":
		return withoutStep(m, why)
	case m.appPasswords.version == versionUnknown:
		what = phrase.T(onlyIfPage)
	}
	return Planned{
		Needed: true, What: what, permissions: []scope{mfa.WriteMFA},
		Perhaps: []Change{finding.Changed(Modify, mfa.StateOf(m.planUser()), phrase.Pair{}, analysis.StateWord(graph.MFAEnforced))}, // from whatever it is by then
	}
}

func (captureAppPassword) Apply(ctx context.Context, r *Run, report func(Event)) error {
	client, user, err := r.account()
	if err != nil {
		return err
	}
	if err := r.require(ctx, report, mfa.WriteMFA); err != nil {
		return err
	}
	return r.window.Account(client, user, CaptureAppPassword, report).SetState(ctx, graph.MFAEnforced)
}

func (captureAppPassword) Answer(r *Run, id string, value graph.Secret) error {
	switch id {
	case ansVersion:
		return answerVersion(r, value.Reveal())
	case ansAppPassword:
		if value.IsZero() {
			return nil
		}
		p, err := parseAppPassword(value, r.snapshot().secrets.password)
		if err != nil {
			return err
		}
		r.update(func(m *memory) {
			m.secrets.appPassword.Wipe()
			m.secrets.appPassword, m.appPasswords.appSkipped = p, false
		})
	case actWithPage:
		return answerOffice(r, string(versionOlder))
	case actRegistered:
		r.update(func(m *memory) { m.appPasswords.factorWord = true })
	case actHasOne:
		r.update(func(m *memory) { m.appPasswords.appSkipped = true })
	default:
		return unknownAnswer(id)
	}
	return nil
}
