package steps

import (
	"cmp"
	"context"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// The permissions that undoing an offboarding takes beside those of offboarding.
var (
	readGrants     = scope{Name: "Directory.Read.All", Why: "read what is granted to an application"}
	restoreAccount = scope{Name: deleteAccount.Name, Why: "restore the service account"}
	restoreApps    = scope{Name: writeApps.Name, Why: "restore Delegate365's apps"}
	grantScopes    = scope{Name: writeGrants.Name, Why: "grant an application again what it had"}
	grantRoles     = scope{Name: "AppRoleAssignment.ReadWrite.All", Why: grantScopes.Why}
)

func userOut(ctx context.Context, r *Run, client *graph.Client, i journal.Inverse) (undoing, error) {
	user, deleted, err := userState(ctx, client, i.TargetID)
	if err != nil {
		return undoing{}, &Error{Op: "look for the account %s", Of: []any{i.Value}, Err: err}
	}
	u := undoing{scopes: []scope{restoreAccount}, there: user.ID != "" && !deleted}
	u.change = finding.Changed(Add, phrase.Both("account %s", i.Value), phrase.Both("deleted"), phrase.Both("there"))
	if user.ID == "" {
		u.lost = phrase.T(goneForGood)
	}
	u.take = func(ctx context.Context, report func(Event)) error {
		return r.window.Writer().Apply(ctx, report, change.Write{
			Step: PutMFABack, Change: u.change, Until: change.Stable, Restores: &i,
			Inverse: &journal.Inverse{Kind: journal.InverseUser, TargetID: i.Value},
			Send:    func(ctx context.Context) error { return goneIsDone(client.Users.RestoreUser(ctx, i.TargetID)) },
			Shows: func(ctx context.Context) (bool, error) {
				now, deleted, err := userState(ctx, client, i.TargetID)
				return err == nil && now.ID != "" && !deleted, err
			},
		})
	}
	return u, nil
}

func roleOut(ctx context.Context, r *Run, client *graph.Client, i journal.Inverse) (undoing, error) {
	user, deleted, err := userState(ctx, client, i.TargetID)
	if err != nil {
		return undoing{}, &Error{Op: "look for the account whose role was removed", Err: err}
	}
	u := undoing{scopes: []scope{writeRoles}}
	u.change = finding.Changed(Add, phrase.Both("Global Administrator for %s", cmp.Or(user.UserPrincipalName, i.TargetID)), phrase.Both("not assigned"), phrase.Both("assigned"))
	switch {
	case user.ID == "":
		u.lost = phrase.T("Its account is gone.")
	case !objectid.Same(i.Value, graph.GlobalAdministrator) || !ours(user):
		u.lost = phrase.T("It is not a role that this program assigns: assign it by hand.")
	case i.Before != "":
		u.lost = phrase.T("It was to end by itself at %s. Where setup needs it, onboarding assigns it again.", i.Before)
	case !deleted:
		if u.there, err = mfa.IsAdministrator(ctx, client, user.ID); err != nil {
			return undoing{}, &Error{Op: "read the roles of %s", Of: []any{user.UserPrincipalName}, Err: err}
		}
	}
	u.take = func(ctx context.Context, report func(Event)) error {
		return assignAgain(ctx, r, report, u.change, i)
	}
	return u, nil
}

// assignAgain makes the account Global Administrator again, once it was read that MFA is demanded of it at every sign-in.
func assignAgain(ctx context.Context, r *Run, report func(Event), c Change, i journal.Inverse) error {
	client, err := r.tenant()
	if err != nil {
		return err
	}
	user, err := client.Users.User(ctx, i.TargetID)
	if err != nil {
		return &Error{Op: "read the account", Err: err}
	}
	facts, err := mfa.Read(ctx, client, user)
	if err != nil {
		return err
	}
	if _, always := mfa.Everywhere(facts.Demands()); !always {
		return &Error{Op: "make %s Global Administrator again", Of: []any{user.UserPrincipalName}, Hint: phrase.T("Nothing is known to demand MFA of it, and nobody is made Global Administrator without. Enforce MFA for it, and try again: %s", r.opts.Cloud.PerUserMFAURL())}
	}
	return r.window.Writer().Apply(ctx, report, change.Write{
		Step: PutMFABack, Change: c, Until: change.Stable, Restores: &i,
		Inverse: &journal.Inverse{Kind: journal.InverseRoleAssignment, TargetID: user.ID, Value: graph.GlobalAdministrator},
		Send: func(ctx context.Context) error {
			_, err := client.Roles.AssignRole(ctx, user.ID, graph.GlobalAdministrator)
			return err
		},
		Shows: func(ctx context.Context) (bool, error) { return mfa.IsAdministrator(ctx, client, user.ID) },
	})
}

func settingOut(ctx context.Context, r *Run, client *graph.Client, _ journal.Inverse) (undoing, error) {
	setting := readSetting(ctx, client)
	u := undoing{scopes: []scope{mfa.WriteService}, there: setting.Err() == nil && setting.Content().AllowAppPasswords}
	u.change = settingChange(false, true)
	if setting.Err() != nil {
		u.lost = phrase.T("The setting could not be read. It is in the MFA service settings: %s", r.opts.Cloud.ServiceSettingsURL())
	}
	u.take = func(ctx context.Context, report func(Event)) error {
		return setAppPasswords(ctx, r, report, PutMFABack, allowed)
	}
	return u, nil
}
