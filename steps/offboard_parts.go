package steps

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/pause"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// The permissions that offboarding takes beside those of the onboarding.
var (
	writeApps     = scope{Name: "Application.ReadWrite.All", Why: "delete Delegate365's apps"}
	deleteAccount = scope{Name: "User.DeleteRestore.All", Why: "delete the service account"}
	writeGrants   = scope{Name: "DelegatedPermissionGrant.ReadWrite.All", Why: "take back what was accepted for this program"}
)

// takeOuts are the steps that take something out, in their order.
func takeOuts() []takeOut {
	info := func(id ID, title string, why Sentence, help string) Info {
		return Info{ID: id, Title: title, Why: why, Actor: You, About: time.Minute, Help: []string{help}}
	}
	return []takeOut{
		{
			info: info(finding.EndExclusions, phrase.T("End exclusions"), finding.Advice("The account is taken out of the excluded users of every policy, and of the registration campaign, while its id still names somebody."),
				phrase.T("A deleted account's id would stay in the policies. Each list is read a moment before, and only this account is taken out of it.")),
			label: phrase.T("Take the account out"), scopes: []scope{mfa.WritePolicies, mfa.WriteMFA}, look: exclusionsLeft,
		},
		{
			info: info(finding.RemoveRole, phrase.T("Remove Global Admin"), finding.Advice("Global Administrator is taken from the account before it is deleted: a deleted account keeps its roles, and whoever restores it would have a Global Administrator."),
				phrase.T("The role is read back as gone. An account that was there before the onboarding keeps it, unless the journal on this computer says that the onboarding gave it.")),
			label: phrase.T("Remove the role"), scopes: []scope{removeRoles}, look: roleLeft,
		},
		{
			info: info(finding.RemoveApps, phrase.T("Remove the apps"), finding.Advice("The applications that Delegate365's setup added go, and with them what was granted to them. Others of a name like it stay unless you choose otherwise: a name says nothing about whose it is."),
				phrase.T("An application of this tenant is deleted together with its service principal; of the vendor's own only the service principal is here. Both can be restored for 30 days.")),
			label: phrase.T("Delete these apps"), scopes: []scope{writeApps}, look: appsLeft,
		},
		{
			info: info(finding.ForbidAppPasswords, phrase.T("Forbid app passwords"), finding.Advice("Forbid app passwords only when nobody else in the tenant uses one: theirs would go on working, and nobody can delete them any more."),
				phrase.T("Whether others use app passwords can't be read. Where any user besides this account has per-user MFA enforced, ask the customer.")),
			label: phrase.T("Forbid app passwords"), asked: true, scopes: []scope{mfa.WriteService}, look: settingLeft,
		},
		{
			info: info(finding.DeleteAccount, phrase.T("Delete the account"), finding.Advice("An account that this program created is deleted last but one. Entra keeps it for 30 days, and its app passwords end with it."),
				phrase.T("Only after its role is gone, and only an account that this program created.")),
			label: phrase.T("Delete the account"), scopes: []scope{changeUsers, deleteAccount}, look: accountLeft,
		},
		{
			info: info(finding.TakeBackConsents, phrase.T("Take back consents"), finding.Advice("Last of all, because this program may get no new access after it: what was accepted for the application that you signed in with. The access that it holds runs out by itself. It may hold for everybody in the tenant, and somebody else may rely on it."),
				phrase.T("What this run added is known, because it was read before. What an earlier run added is not: all that this program ever asks for can be taken back, whoever accepted it. What it never asks for stays.")),
			asked: true, scopes: []scope{writeGrants}, look: consentsLeft,
		},
	}
}

// of is the account, with what changes of its MFA settings need.
func offboarding(r *Run, client *graph.Client, step ID, report func(Event)) mfa.Account {
	return mfa.Account{
		Client: client, Writer: r.window.Writer(), Require: r.require, Owed: &mfa.Ledger{}, Tenant: r.owner(), User: r.snapshot().user, Step: step, Report: report,
	}
}

func exclusionsLeft(ctx context.Context, r *Run, client *graph.Client) (outlook, error) {
	user := r.snapshot().user
	if user.ID == "" {
		return outlook{}, nil
	}
	var out outlook
	policies, err := client.ConditionalAccess.Policies(ctx)
	if err != nil && !errors.Is(err, graph.ErrUnlicensed) {
		return out, &Error{Op: "read which policies exclude %s", Of: []any{user.UserPrincipalName}, Err: err}
	}
	for _, p := range policies {
		if !p.Excludes(user.ID) {
			continue
		}
		out.asked = out.asked || p.DemandsNoMFA() // the onboarding excludes from demands of MFA, and takes it back
		e := mfa.Exclusion{PolicyID: p.ID, Name: p.Name}
		out.parts = append(out.parts, part{mfa.ExclusionRemoved(&p), func(ctx context.Context, report func(Event)) error {
			a := offboarding(r, client, finding.EndExclusions, report)
			a.Owed.Update(func(o *mfa.Owed) { o.Exclusions = []mfa.Exclusion{e} })
			return a.RestoreExclusions(ctx, mfa.WhatIsOwed)
		}})
	}
	out.asked = out.asked && !ours(user) || onlyTitled(r, user)
	methods, err := client.MFA.AuthenticationMethodsPolicy(ctx)
	if err != nil {
		out.stays, out.facts = true, append(out.facts, Fact{Label: phrase.T("Registration campaign"), Value: phrase.T("could not be read"), Mark: MarkNote, Note: Explain(err).What})
		return out, nil
	}
	if mfa.InCampaign(methods.Campaign, user.ID) {
		out.parts = append(out.parts, part{mfa.CampaignRestored(), func(ctx context.Context, report func(Event)) error {
			a := offboarding(r, client, finding.EndExclusions, report)
			a.Owed.Update(func(o *mfa.Owed) { o.Campaign = true })
			return a.RestoreCampaign(ctx)
		}})
	}
	return out, nil
}

func roleLeft(ctx context.Context, r *Run, client *graph.Client) (outlook, error) {
	user := r.snapshot().user
	if user.ID == "" {
		return outlook{}, nil
	}
	if !roleIsOurs(r, user) {
		return somebodysRole(ctx, client, user)
	}
	out := outlook{asked: onlyTitled(r, user)}
	all, err := client.Roles.RoleAssignments(ctx, user.ID)
	if err != nil {
		return out, &Error{Op: "read the roles of %s", Of: []any{user.UserPrincipalName}, Err: err}
	}
	other := readOtherwise(ctx, client, user)
	if other.unread {
		out.facts = []Fact{{Label: phrase.T("Global Administrator"), Value: phrase.T("could not be read"), Mark: MarkLook, Note: phrase.T("It may have the role through a group, or be able to activate it.")}}
	}
	for _, a := range all {
		if a.RoleID != graph.GlobalAdministrator || a.Scope != "/" {
			out.facts = append(out.facts, Fact{Label: phrase.T("Another role"), Value: a.RoleID, Mark: MarkNote, Note: phrase.T("The onboarding did not assign it. It goes with the account, and comes back with it.")})
			continue
		}
		out.parts = []part{{roleTakenOut(user), func(ctx context.Context, report func(Event)) error { return removeRole(ctx, r, client, report) }}}
	}
	if len(out.parts) == 0 {
		out.blocked = other.said(user.UserPrincipalName)
	}
	return out, nil
}

// somebodysRole is Global Administrator of an account that nothing shows to be the onboarding's.
func somebodysRole(ctx context.Context, client *graph.Client, user graph.User) (outlook, error) {
	is, err := mfa.IsAdministrator(ctx, client, user.ID)
	if err != nil {
		return outlook{}, &Error{Op: "read the roles of %s", Of: []any{user.UserPrincipalName}, Err: err}
	}
	if !is {
		return outlook{}, nil
	}
	return outlook{stays: true, facts: []Fact{{Label: phrase.T("Global Administrator"), Value: phrase.T("stays"), Mark: MarkNote, Note: phrase.T("Nothing shows that the onboarding assigned it. Where it did, remove it by hand.")}}}, nil
}

// removeRole takes Global Administrator away, by Privileged Identity Management where that gave it an end, and as soon as it lets it go.
func removeRole(ctx context.Context, r *Run, client *graph.Client, report func(Event)) error {
	user := r.snapshot().user
	h, err := readRole(ctx, client, user)
	if err == nil {
		err = h.unread
	}
	if err != nil {
		return &Error{Op: "read how %s holds its role", Of: []any{user.UserPrincipalName}, Err: err}
	}
	inverse := &journal.Inverse{Kind: journal.InverseRemovedRole, TargetID: user.ID, Value: graph.GlobalAdministrator}
	if h.timed {
		inverse.Before = h.end.UTC().Format(time.RFC3339)
	}
	return r.window.Writer().Apply(ctx, report, change.Write{
		Step: finding.RemoveRole, Until: change.Stable, Inverse: inverse,
		Change:   roleTakenOut(user),
		Restores: &journal.Inverse{Kind: journal.InverseRoleAssignment, TargetID: user.ID, Value: graph.GlobalAdministrator},
		Send:     func(ctx context.Context) error { return sendRemoval(ctx, client, user, h, report) },
		Shows:    func(ctx context.Context) (bool, error) { return roleGone(ctx, client, user) },
	})
}

func roleTakenOut(user graph.User) Change {
	return finding.Changed(Remove, phrase.Both("Global Administrator for %s", user.UserPrincipalName), phrase.Both("assigned"), phrase.Both("not assigned"))
}

// goneIsDone: what is not there any more needs no taking out.
func goneIsDone(err error) error {
	if errors.Is(err, graph.ErrNotFound) {
		return nil
	}
	return err
}

func settingLeft(ctx context.Context, r *Run, client *graph.Client) (outlook, error) {
	p, err := client.MFA.MFAServicePolicy(ctx)
	switch {
	case err != nil || !p.AllowAppPasswordsKnown:
		return outlook{stays: true, facts: []Fact{{Label: phrase.T("App-password setting"), Value: phrase.T("not known"), Mark: MarkNote, Note: phrase.T("Microsoft does not document how to read it. Look at it in the service settings: %s", r.opts.Cloud.ServiceSettingsURL())}}}, nil
	case !p.AllowAppPasswords:
		return outlook{}, nil
	}
	var facts []Fact
	if r.snapshot().user.ID != "" {
		facts = appPasswordsOf(r)
	}
	return outlook{facts: facts, parts: []part{{settingChange(true, false), func(ctx context.Context, report func(Event)) error {
		return setAppPasswords(ctx, r, report, finding.ForbidAppPasswords, forbidden)
	}}}}, nil
}

// appPasswordsOf says what becomes of the service account's app passwords, which Forbid app passwords is not about where the account goes.
func appPasswordsOf(r *Run) []Fact {
	row := appPasswordsStay(r)
	if accountGoes(r) {
		row.Value, row.Mark, row.Note = phrase.T("end with it, when it is deleted next"), MarkOK, ""
	}
	return []Fact{row}
}

// accountGoes reports a service account that is to be deleted.
func accountGoes(r *Run) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return ours(r.mem.user) && !slices.Contains(r.mem.choices.offboard.left, finding.DeleteAccount)
}

func accountLeft(ctx context.Context, r *Run, client *graph.Client) (outlook, error) {
	user := r.snapshot().user
	if user.ID == "" || !ours(user) {
		return outlook{}, nil
	}
	switch _, err := client.Users.User(ctx, user.ID); {
	case errors.Is(err, graph.ErrNotFound):
		return outlook{}, nil
	case err != nil:
		return outlook{}, &Error{Op: "read the account %s", Of: []any{user.UserPrincipalName}, Err: err}
	}
	still, err := mfa.IsAdministrator(ctx, client, user.ID)
	if err != nil {
		return outlook{}, &Error{Op: "read the roles of %s", Of: []any{user.UserPrincipalName}, Err: err}
	}
	out := outlook{asked: onlyTitled(r, user), blocked: readOtherwise(ctx, client, user).said(user.UserPrincipalName), parts: []part{{
		accountRemoved(user),
		func(ctx context.Context, report func(Event)) error {
			return removeAccount(ctx, r, client, report, user)
		},
	}}}
	if still {
		out.blocked = finding.Role.Of(user.UserPrincipalName, "yes").In("%s is still Global Administrator. Deleted like this, whoever restores it has a Global Administrator: remove the role first.", user.UserPrincipalName)
	}
	return out, nil
}

// onlyTitled reports an account of which nothing but its job title says that this program created it: whoever manages users can write that,
// and so have somebody else's account taken for it.
func onlyTitled(r *Run, user graph.User) bool {
	named, _, _ := strings.Cut(user.UserPrincipalName, "@")
	return ours(user) && r.opts.Account == "" && !strings.EqualFold(named, suggestedName) &&
		!slices.ContainsFunc(r.recorder.Read().Outstanding(), func(i journal.Inverse) bool {
			return i.Kind == journal.InverseUser && strings.EqualFold(i.TargetID, user.UserPrincipalName)
		})
}

// How long a role that was just removed may still refuse the deletion, and how often it is tried.
const (
	deleteTries = 12
	deletePause = 5 * time.Second
)

func accountRemoved(user graph.User) Change {
	return finding.Changed(Remove, phrase.Both("account %s", user.UserPrincipalName), phrase.Both("there"), phrase.Both("deleted"))
}

func removeAccount(ctx context.Context, r *Run, client *graph.Client, report func(Event), user graph.User) error {
	return r.window.Writer().Apply(ctx, report, change.Write{
		Step: finding.DeleteAccount, Until: change.Stable,
		Change:   accountRemoved(user),
		Restores: &journal.Inverse{Kind: journal.InverseUser, TargetID: user.UserPrincipalName},
		Inverse:  &journal.Inverse{Kind: journal.InverseDeletedUser, TargetID: user.ID, Value: user.UserPrincipalName},
		Send: func(ctx context.Context) error {
			for try := 1; ; try++ {
				err := goneIsDone(client.Users.DeleteUser(ctx, user.ID))
				if !errors.Is(err, graph.ErrForbidden) || try == deleteTries {
					return err
				}
				report(Event{Wait: &Wait{Text: phrase.T("The role that was removed is not gone everywhere yet"), Until: time.Now().Add(deletePause)}})
				if err := pause.For(ctx, deletePause); err != nil {
					return err
				}
			}
		},
		Shows: func(ctx context.Context) (bool, error) {
			_, err := client.Users.User(ctx, user.ID)
			if errors.Is(err, graph.ErrNotFound) {
				return true, nil
			}
			return false, err
		},
	})
}
