package steps

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// createAccount makes the service account, or takes over one that exists, with a password this run knows.
type createAccount struct{}

func (createAccount) Info() Info {
	return Info{
		ID:    CreateAccount,
		Title: "Create service account",
		Why:   "Delegate365 works with an account of its own, so that no person's account is tied to it.",
		Actor: You,
		About: time.Minute,
		Help: []string{
			"The account is cloud-only, enabled, needs no licence for this onboarding, and its password does not expire. The password is made here, held in memory, and copied by you where it is needed. It is never shown and never stored.",
			"If the wizard is started again later, it can't know the password any more, and sets a new one.",
			"An account that this program did not make is only used after you say so.",
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
	m := r.see()
	found := findUser(ctx, client, m.account, m.user.ID)
	if found.err != nil {
		return Finding{}, &Error{Op: "look for " + m.account.String(), Err: found.err}
	}
	r.set(func(m *memory) { m.found, m.user = &found, found.user })
	f := accountFinding(found, r.see())
	r.set(func(m *memory) {
		m.unfit = ""
		if f.Status == Blocked {
			m.unfit = found.name.String()
		}
	})
	return f, nil
}

// accountFinding decides what to do about what has the account's name.
func accountFinding(found foundUser, m memory) Finding {
	upn := found.name.String()
	another := Action{ID: actChooseOther, Label: "Choose another name"}
	switch {
	case found.user.ID == "" && found.deleted.ID != "" && !m.ignoreBin:
		return Finding{
			Status: Blocked,
			Text: []string{
				"A deleted account had the user name " + upn + ". It can be restored for 30 days after it was deleted.",
				"If a new account takes the name, the deleted one can't be restored as it was.",
			},
			Actions: []Action{another, {ID: actIgnoreBin, Label: "Create a new account all the same"}},
		}
	case found.user.ID == "":
		return Finding{
			Status:  Ready,
			Text:    []string{createAccount{}.Info().Why},
			Changes: creation(found.name),
			Notice:  "The password is made here and held in memory only.",
			Actions: []Action{{ID: ActApply, Label: "Create the account"}},
		}
	case found.user.Synced:
		return Finding{
			Status:  Blocked,
			Text:    []string{upn + " comes from an on-premises directory. Delegate365 needs an account that lives in Entra only."},
			Actions: []Action{another},
		}
	case !ours(found.user) && m.adopt != found.user.ID:
		return Finding{
			Status: Blocked,
			Text: []string{
				upn + " exists, and this program did not make it. It belongs to: " + phrase.Name(found.user.DisplayName) + ".",
				"If somebody uses it, a new password locks them out, and it would become Global Administrator.",
			},
			Actions: []Action{another, {ID: actAdopt, Label: "It is meant for Delegate365: use it"}},
		}
	}
	return existingFinding(found.user, m)
}

func existingFinding(u graph.User, m memory) Finding {
	var changes []Change
	for _, c := range repairs(u, !m.password.IsZero()) {
		changes = append(changes, c.Change)
	}
	if len(changes) > 0 {
		return Finding{
			Status:  Ready,
			Text:    []string{u.UserPrincipalName + " exists and is used again."},
			Changes: changes,
			Notice:  "The new password is made here and held in memory only. The old one stops working.",
			Actions: []Action{{ID: ActApply, Label: "Apply " + phrase.Count(len(changes), "change", "changes")}},
		}
	}
	return Finding{
		Status: Done,
		Text:   []string{"The service account is ready."},
		Sections: []Section{{Facts: []Fact{
			{Label: "User name", Value: u.UserPrincipalName, Mark: MarkOK},
			{Label: "Enabled", Value: "yes", Mark: MarkOK},
			{Label: "Cloud only", Value: "yes", Mark: MarkOK},
			{Label: "Password", Value: "in memory, not shown", Mark: MarkOK, Note: "It does not expire, and need not be changed at the first sign-in."},
		}}},
		Actions: []Action{{ID: ActNext, Label: "Continue"}},
	}
}

// creation is what creating the account changes.
func creation(name accountName) []Change {
	return []Change{{Op: Add, Object: "user " + name.String(), From: "none", To: "enabled, cloud only"}}
}

// repair is one change that makes an existing account fit.
type repair struct {
	Change
	kind repairKind
}

type repairKind int

const (
	allowSignIn repairKind = iota
	keepPassword
	setPassword
)

// repairs are the changes that make an existing account fit, in the order they are made.
func repairs(u graph.User, passwordKnown bool) []repair {
	var out []repair
	if !u.Enabled {
		out = append(out, repair{Change{Op: Modify, Object: "sign-in of " + u.UserPrincipalName, From: "blocked", To: "allowed"}, allowSignIn})
	}
	if u.PasswordPolicies != neverExpires {
		out = append(out, repair{Change{Op: Modify, Object: "password policies of " + u.UserPrincipalName, From: orNone(u.PasswordPolicies), To: neverExpires}, keepPassword})
	}
	if !passwordKnown || u.MustChangePassword {
		out = append(out, repair{Change{Op: Modify, Object: "password of " + u.UserPrincipalName, From: "not known here", To: "a new one"}, setPassword})
	}
	return out
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func (s createAccount) Apply(ctx context.Context, r *Run, report func(Event)) error {
	client, err := r.tenant()
	if err != nil {
		return err
	}
	m := r.see()
	if m.user.ID == "" {
		if err := r.require(ctx, report, writeUsers); err != nil {
			return err
		}
		return s.create(ctx, r, client, m.account, report)
	}
	if !ours(m.user) && m.adopt != m.user.ID {
		return &Error{Op: "use " + m.user.UserPrincipalName, Hint: "It is not this program's account. Say that it is meant for Delegate365 first, or choose another name."}
	}
	return s.repair(ctx, r, client, report)
}

// create sends the new user once. When the answer is lost, the user that then exists is found by reading; because it
// can't be known whether it has this password, the next look at it offers a new one.
func (createAccount) create(ctx context.Context, r *Run, client *graph.Client, name accountName, report func(Event)) error {
	password := newPassword(name)
	var made graph.User
	err := r.writer.Apply(ctx, report, change.Write{
		Step:    CreateAccount,
		Change:  creation(name)[0],
		Inverse: &journal.Inverse{Kind: journal.InverseUser, TargetID: name.String()},
		Send: func(ctx context.Context) (err error) {
			report(Event{Text: "Creating " + name.String()})
			made, err = client.CreateUser(ctx, graph.NewUser{
				UserPrincipalName: name.String(), DisplayName: displayName, MailNickname: name.local,
				JobTitle: Marker, UsageLocation: r.see().org.CountryCode, Password: password,
			})
			return err
		},
		Shows: func(ctx context.Context) (bool, error) {
			key := name.String()
			if made.ID != "" {
				key = made.ID
			}
			u, err := client.User(ctx, key)
			if errors.Is(err, graph.ErrNotFound) {
				return false, nil
			}
			return err == nil && u.Enabled && ours(u), err
		},
		Until: change.Once,
		Named: true,
	})
	if e, ok := errors.AsType[*graph.Error](err); ok && errors.Is(err, graph.ErrInvalid) && strings.Contains(e.Message, "password") {
		err = &Error{Op: "set the account's password", Hint: "Try again: another password is made each time. If it stays, the tenant's banned-password list is unusually strict.", Err: err}
	}
	if err != nil || made.ID == "" {
		password.Wipe()
		return err
	}
	r.set(func(m *memory) {
		m.password.Wipe()
		m.password, m.user, m.created = password, made, made.ID
	})
	return nil
}

func (createAccount) repair(ctx context.Context, r *Run, client *graph.Client, report func(Event)) error {
	u := r.see().user
	todo := repairs(u, !r.see().password.IsZero())
	administrator, err := isAdministrator(ctx, client, u.ID)
	if err != nil {
		return &Error{Op: "read the roles of " + u.UserPrincipalName, Err: err}
	}
	if err := r.require(ctx, report, accountScopes(u, administrator, !r.see().password.IsZero())...); err != nil {
		return err
	}
	for _, c := range todo {
		if err := r.writer.Apply(ctx, report, repairWrite(r, client, u, c)); err != nil {
			return err
		}
	}
	return nil
}

// repairWrite is the call for one repair.
func repairWrite(r *Run, client *graph.Client, u graph.User, c repair) change.Write {
	w := change.Write{Step: CreateAccount, Change: c.Change, Until: change.Once}
	again := func(fits func(graph.User) bool) func(context.Context) (bool, error) {
		return func(ctx context.Context) (bool, error) {
			now, err := client.User(ctx, u.ID)
			return err == nil && fits(now), err
		}
	}
	switch c.kind {
	case allowSignIn:
		w.Send = func(ctx context.Context) error { return client.EnableUser(ctx, u.ID, true) }
		w.Shows = again(func(u graph.User) bool { return u.Enabled })
		w.Restores = &journal.Inverse{Kind: journal.InverseSignIn, TargetID: u.ID, Value: "allowed"}
	case keepPassword:
		w.Send = func(ctx context.Context) error { return client.SetPasswordPolicies(ctx, u.ID, neverExpires) }
		w.Shows = again(func(u graph.User) bool { return u.PasswordPolicies == neverExpires })
	case setPassword:
		// A password can't be read back: only an answer that says it was set makes it known.
		w.Send = func(ctx context.Context) error {
			password := newPassword(r.see().account)
			r.set(func(m *memory) {
				m.password.Wipe()
				m.password = graph.Secret{}
			})
			if err := client.SetPassword(ctx, u.ID, password); err != nil {
				password.Wipe()
				return err
			}
			r.set(func(m *memory) { m.password = password })
			return nil
		}
		w.Shows = func(ctx context.Context) (bool, error) {
			if r.see().password.IsZero() {
				return false, change.ErrCannotTell
			}
			now, err := client.User(ctx, u.ID)
			return err == nil && !now.MustChangePassword, err
		}
	}
	return w
}

// Undo deletes the account that this run created, and no other. It can be restored for 30 days.
func (createAccount) Undo(ctx context.Context, r *Run, report func(Event)) error {
	client, err := r.tenant()
	if err != nil {
		return err
	}
	id := r.see().created
	if id == "" {
		return nil
	}
	user, err := client.User(ctx, id)
	if errors.Is(err, graph.ErrNotFound) {
		return nil
	}
	if err != nil {
		return &Error{Op: "read the account that was created", Err: err}
	}
	return r.writer.Apply(ctx, report, change.Write{
		Step:     CreateAccount,
		Change:   Change{Op: Remove, Object: "user " + user.UserPrincipalName, From: "enabled, cloud only", To: "deleted"},
		Restores: &journal.Inverse{Kind: journal.InverseUser, TargetID: user.UserPrincipalName},
		Send:     func(ctx context.Context) error { return client.DeleteUser(ctx, id) },
		Shows: func(ctx context.Context) (bool, error) {
			_, err := client.User(ctx, id)
			if errors.Is(err, graph.ErrNotFound) {
				return true, nil
			}
			return false, err
		},
		Until: change.Once,
	})
}

func (createAccount) Answer(r *Run, id string, _ graph.Secret) error {
	switch id {
	case actAdopt:
		r.set(func(m *memory) { m.adopt = m.user.ID })
	case actIgnoreBin:
		r.set(func(m *memory) { m.ignoreBin = true })
	default:
		return unknownAnswer(id)
	}
	return nil
}
