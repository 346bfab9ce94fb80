package steps

import (
	"cmp"
	"context"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// An account that exists is made fit: each thing about it that is not as it has to be is one change.

func existingFinding(u graph.User, m *memory) Finding {
	var changes []Change
	todo := repairs(u, m.passwordStays())
	for _, c := range todo {
		changes = append(changes, c.Change)
	}
	if len(changes) > 0 {
		f := Finding{
			Status:  Ready,
			Text:    []Sentence{finding.Exists.Of(u.UserPrincipalName, "yes").In("%s exists and is used again.", u.UserPrincipalName)},
			Changes: changes,
			Notice:  aboutPassword(m, setsPassword(todo)),
			Actions: []Action{{ID: ActApply, Label: phrase.T("Apply %s", phrase.Count(len(changes), "change", "changes"))}},
		}
		if setsPassword(todo) && m.setupWanted() == setupKeep && !u.MustChangePassword {
			f.Actions = append(f.Actions, Action{ID: string(passwordKept), Label: phrase.T("Keep its password")})
		}
		return f
	}
	f := Finding{
		Status: Done,
		Text:   []Sentence{finding.Exists.Of(u.UserPrincipalName, "ready").In("The service account is ready.")},
		Sections: []Section{{Facts: []Fact{
			{Label: phrase.T("User name"), Value: u.UserPrincipalName, Mark: MarkOK},
			{Label: phrase.T("Enabled"), Value: phrase.T("yes"), Mark: MarkOK},
			{Label: phrase.T("Cloud only"), Value: phrase.T("yes"), Mark: MarkOK},
			{Label: phrase.T("Password"), Value: phrase.T("in memory, not shown"), Mark: MarkOK, Note: phrase.T("It does not expire, and need not be changed at the first sign-in.")},
		}}},
		Actions: []Action{{ID: ActNext, Label: phrase.T("Continue")}},
	}
	if m.secrets.password.IsZero() {
		password := &f.Sections[0].Facts[3]
		password.Value, password.Note = phrase.T("stays as it is"), phrase.T("Delegate365's setup is kept, and may have it. It does not expire, and need not be changed at the first sign-in.")
		f.Actions = append(f.Actions, Action{ID: string(passwordReplaced), Label: phrase.T("Set a new password")})
	}
	return f
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
func repairs(u graph.User, passwordStays bool) []repair {
	var out []repair
	if !u.Enabled {
		out = append(out, repair{finding.Changed(Modify, phrase.Both("sign-in of %s", u.UserPrincipalName), phrase.Both("blocked"), phrase.Both("allowed")), allowSignIn})
	}
	if u.PasswordPolicies != neverExpires {
		out = append(out, repair{finding.Changed(Modify, phrase.Both("password policies of %s", u.UserPrincipalName), phrase.Pair{English: cmp.Or(u.PasswordPolicies, "none"), Spoken: orNone(u.PasswordPolicies)}, phrase.Same(neverExpires)), keepPassword})
	}
	if !passwordStays || u.MustChangePassword {
		out = append(out, repair{finding.Changed(Modify, phrase.Both("password of %s", u.UserPrincipalName), phrase.Both("not known here"), phrase.Both("a new one")), setPassword})
	}
	return out
}

// repairsSaid are the changes in a few words.
func repairsSaid(todo []repair) string {
	words := map[repairKind]string{
		allowSignIn: phrase.T("allow its sign-in"), keepPassword: phrase.T("let its password not expire"), setPassword: phrase.T("set a new password"),
	}
	said := make([]string, len(todo))
	for i, c := range todo {
		said[i] = words[c.kind]
	}
	return phrase.JoinAnd(said)
}

func orNone(s string) string {
	if s == "" {
		return phrase.T("none")
	}
	return s
}

// repairWrite is the call for one repair.
func repairWrite(r *Run, client *graph.Client, u graph.User, c repair) change.Write {
	w := change.Write{Step: CreateAccount, Change: c.Change, Until: change.Once}
	again := func(fits func(graph.User) bool) func(context.Context) (bool, error) {
		return func(ctx context.Context) (bool, error) {
			now, err := client.Users.User(ctx, u.ID)
			return err == nil && fits(now), err
		}
	}
	switch c.kind {
	case allowSignIn:
		w.Send = func(ctx context.Context) error { return client.Users.SetUserEnabled(ctx, u.ID, true) }
		w.Shows = again(func(u graph.User) bool { return u.Enabled })
		w.Restores = &journal.Inverse{Kind: journal.InverseSignIn, TargetID: u.ID, Value: "allowed"}
	case keepPassword:
		w.Send = func(ctx context.Context) error { return client.Users.SetPasswordPolicies(ctx, u.ID, neverExpires) }
		w.Shows = again(func(u graph.User) bool { return u.PasswordPolicies == neverExpires })
	case setPassword:
		// A password can't be read back: only an answer that says it was set makes it known.
		w.Send = func(ctx context.Context) error {
			password := newPassword(r.snapshot().account)
			r.update(func(m *memory) {
				m.secrets.password.Wipe()
				m.secrets.password = graph.Secret{}
			})
			if err := client.Users.SetPassword(ctx, u.ID, password); err != nil {
				password.Wipe()
				return err
			}
			r.update(func(m *memory) { m.secrets.password, m.secrets.replaced = password, true })
			return nil
		}
		w.Shows = func(ctx context.Context) (bool, error) {
			if r.snapshot().secrets.password.IsZero() {
				return false, change.ErrCannotTell
			}
			now, err := client.Users.User(ctx, u.ID)
			return err == nil && !now.MustChangePassword, err
		}
	}
	return w
}
