package steps

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// createAccount makes the service account, or takes over one that exists, with a password this run knows.
type createAccount struct{}

func (createAccount) Info() Info {
	return Info{
		ID:    CreateAccount,
		Title: phrase.T("Create service account"),
		Why:   finding.Advice("Delegate365 works with an account of its own, so that no person's account is tied to it."),
		Actor: You,
		About: time.Minute,
		Help: []string{
			phrase.T("The account is cloud-only, enabled, needs no licence for this onboarding, and its password does not expire. The password is made here, held in memory, and copied by you where it is needed. This program never stores it, and shows it once, if you ask for it."),
			phrase.T("If the wizard is started again later, it can't know the password any more, and sets a new one where somebody has to sign in as the account: for Delegate365's setup, or an app password."),
			phrase.T("An account that this program did not make is only used after you say so."),
		},
	}
}

const (
	actAdopt       = "adopt"
	actIgnoreBin   = "create-anyway"
	displayName    = "Delegate365 Service"
	neverExpires   = "DisablePasswordExpiration"
	actChooseOther = ActGo + string(Check)
)

func (createAccount) Inspect(ctx context.Context, r *Run, _ func(Event)) (Finding, error) {
	client, err := r.tenant()
	if err != nil {
		return Finding{}, err
	}
	found := lookAtAccount(ctx, r, client)
	if found.err != nil {
		return Finding{}, &Error{Op: "look for %s", Of: []any{found.name.String()}, Err: found.err}
	}
	r.update(func(m *memory) { m.found, m.user = &found, found.user })
	f := accountFinding(found, r.snapshot())
	r.update(func(m *memory) {
		m.choices.unfit = ""
		if f.Status == Blocked {
			m.choices.unfit = found.name.String()
		}
	})
	return f, nil
}

// lookAtAccount is what has the account's name, as it was read back when it was made, or as it is read now.
func lookAtAccount(ctx context.Context, r *Run, client *graph.Client) foundUser {
	var made graph.User
	var fresh bool
	r.update(func(m *memory) {
		if m.found != nil {
			found := *m.found
			made, fresh = found.made.take()
			m.found = &found
		}
	})
	m := r.snapshot()
	if fresh {
		return foundUser{name: m.account, user: made}
	}
	return findUser(ctx, client, m.account, m.user.ID)
}

// accountFinding decides what to do about what has the account's name.
func accountFinding(found foundUser, m *memory) Finding {
	upn := found.name.String()
	another := Action{ID: actChooseOther, Label: phrase.T("Choose another name")}
	switch {
	case found.user.ID == "" && found.deleted.ID != "" && !m.choices.ignoreBin:
		return Finding{
			Status: Blocked,
			Text: []Sentence{
				finding.Exists.Of(upn, "deleted").In("A deleted account had the user name %s. It can be restored for 30 days after it was deleted.", upn),
				finding.Advice("If a new account takes the name, the deleted one can't be restored as it was."),
			},
			Actions: []Action{another, {ID: actIgnoreBin, Label: phrase.T("Create a new account all the same")}},
		}
	case found.user.ID == "":
		return Finding{
			Status:  Ready,
			Text:    []Sentence{createAccount{}.Info().Why},
			Changes: creation(found.name),
			Notice:  finding.Advice("The password is made here and held in memory only.").And(whoGetsIt(m)),
			Actions: []Action{{ID: ActApply, Label: phrase.T("Create the account")}},
		}
	case objectid.Same(found.user.ID, m.identity.ObjectID):
		return Finding{
			Status:  Blocked,
			Text:    []Sentence{finding.Exists.Of(upn, "yours").In("%s is the account that you are signed in as.", upn).And(finding.Advice("Delegate365 needs an account of its own."))},
			Actions: []Action{another},
		}
	case found.user.Synced:
		return Finding{
			Status:  Blocked,
			Text:    []Sentence{finding.Exists.Of(upn, "synced").In("%s comes from an on-premises directory.", upn).And(finding.Advice("Delegate365 needs an account that lives in Entra only."))},
			Actions: []Action{another},
		}
	case !ours(found.user) && m.choices.adopt != found.user.ID:
		return Finding{
			Status: Blocked,
			Text: []Sentence{
				finding.Exists.Of(upn, "somebody's").In("%s exists, and this program did not make it. It belongs to: %s.", upn, phrase.Name(found.user.DisplayName)),
				finding.Advice("If somebody uses it, a new password locks them out, and it becomes Global Administrator, unless it is that already."),
			},
			Actions: []Action{another, {ID: actAdopt, Label: phrase.T("It is meant for Delegate365: use it")}},
		}
	}
	if m.choices.methods.asked(found.user) {
		return m.choices.methods.finding(upn, another)
	}
	return existingFinding(found.user, m)
}

// creation is what creating the account changes.
func creation(name accountName) []Change {
	return []Change{finding.Changed(Add, phrase.Both("user %s", name.String()), phrase.Both("none"), phrase.Both("enabled, cloud only"))}
}

// Plan says what this step will change.
func (createAccount) Plan(s Situation) Planned {
	m := s.memory
	if m.user.ID == "" {
		return needed(phrase.T("create %s", m.account.String()), creation(m.account)...).taking(accountScopes(m.user, false, false)...)
	}
	stays := m.passwordStays()
	todo := repairs(m.user, stays)
	switch {
	case len(todo) == 0 && m.secrets.password.IsZero():
		return notNeeded(phrase.T("use %s; its password stays", m.user.UserPrincipalName))
	case len(todo) == 0:
		return notNeeded(phrase.T("%s is ready", m.user.UserPrincipalName))
	}
	changes := make([]Change, len(todo))
	for i, c := range todo {
		changes[i] = c.Change
	}
	scopes := accountScopes(m.user, m.existed() && m.found.facts.Administrator, stays)
	if !ours(m.user) && m.choices.adopt != m.user.ID {
		return Planned{Needed: true, What: phrase.T("asked first: use %s, or another name", m.account.String()), Perhaps: changes}.taking(scopes...)
	}
	return needed(phrase.T("use %s: %s", m.account.String(), repairsSaid(todo)), changes...).taking(scopes...)
}

func (s createAccount) Apply(ctx context.Context, r *Run, report func(Event)) error {
	client, err := r.tenant()
	if err != nil {
		return err
	}
	m := r.snapshot()
	if m.user.ID == "" {
		if err := r.require(ctx, report, writeUsers); err != nil {
			return err
		}
		return s.create(ctx, r, client, m.account, report)
	}
	if !ours(m.user) && m.choices.adopt != m.user.ID {
		return &Error{Op: "use %s", Of: []any{m.user.UserPrincipalName}, Hint: phrase.T("It is not this program's account. Say that it is meant for Delegate365 first, or choose another name.")}
	}
	return s.repair(ctx, r, client, report)
}

// create sends the new user once. When the answer is lost, the user that then exists is found by reading; because it
// can't be known whether it has this password, the next look at it offers a new one.
func (createAccount) create(ctx context.Context, r *Run, client *graph.Client, name accountName, report func(Event)) error {
	password := newPassword(name)
	var made, shown graph.User
	var role analysis.Reading[heldRole]
	err := r.window.Writer().Apply(ctx, report, change.Write{
		Step:    CreateAccount,
		Change:  creation(name)[0],
		Inverse: &journal.Inverse{Kind: journal.InverseUser, TargetID: name.String()},
		Send: func(ctx context.Context) (err error) {
			report(Event{Text: phrase.T("Creating %s", name.String())})
			made, err = client.Users.CreateUser(ctx, graph.NewUser{
				UserPrincipalName: name.String(), DisplayName: displayName, MailNickname: name.local,
				JobTitle: Marker, UsageLocation: r.snapshot().org.CountryCode, Password: password,
			})
			return err
		},
		Shows: func(ctx context.Context) (bool, error) {
			key := name.String()
			if made.ID != "" {
				key = made.ID
			}
			u, err := client.Users.User(ctx, key)
			if errors.Is(err, graph.ErrNotFound) {
				return false, nil
			}
			shown = u
			return err == nil && u.Enabled && ours(u), err
		},
		Until: change.Once.Beside(func(ctx context.Context) {
			if made.ID != "" {
				role = analysis.Read(roleOf(ctx, r, client, made))
			}
		}),
		Named: true,
	})
	if e, ok := errors.AsType[*graph.Error](err); ok && errors.Is(err, graph.ErrInvalid) && strings.Contains(e.Message, "password") {
		err = &Error{Op: "set the account's password", Hint: phrase.T("Try again: another password is made each time. If it stays, the tenant's banned-password list is unusually strict."), Err: err}
	}
	if err != nil || made.ID == "" {
		password.Wipe()
		return err
	}
	r.update(func(m *memory) {
		m.secrets.password.Wipe()
		m.secrets.password, m.user, m.found = password, made, &foundUser{name: name, user: made, made: justRead(shown)}
		if role.Err() == nil {
			m.role.shown = justRead(role.Content())
		}
	})
	return nil
}

func (createAccount) repair(ctx context.Context, r *Run, client *graph.Client, report func(Event)) error {
	u, stays := r.snapshot().user, r.snapshot().passwordStays()
	todo := repairs(u, stays)
	administrator, err := mfa.IsAdministrator(ctx, client, u.ID)
	if err != nil {
		return &Error{Op: "read the roles of %s", Of: []any{u.UserPrincipalName}, Err: err}
	}
	if err := r.require(ctx, report, accountScopes(u, administrator, stays)...); err != nil {
		return err
	}
	for _, c := range todo {
		if err := r.window.Writer().Apply(ctx, report, repairWrite(r, client, u, c)); err != nil {
			return err
		}
	}
	return nil
}

func (createAccount) Answer(r *Run, id string, _ graph.Secret) error {
	switch id {
	case actAdopt:
		r.update(func(m *memory) { m.choices.adopt = m.user.ID })
	case string(passwordKept), string(passwordReplaced):
		r.update(func(m *memory) { m.choices.password = passwordChoice(id) })
	case actTheirs:
		answerTheirs(r)
	case actIgnoreBin:
		r.update(func(m *memory) { m.choices.ignoreBin = true })
	default:
		return unknownAnswer(id)
	}
	return nil
}
