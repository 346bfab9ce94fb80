package steps

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/graph/pause"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// appState is where an application is.
type appState struct {
	principal    bool   // it is there, under its id
	other        bool   // it is there under another id: somebody signed in to it since
	deleted      bool   // its service principal can be restored
	registration string // id of its deleted registration; empty where there is none
}

func readAppState(ctx context.Context, client *graph.Client, id, appID string) (s appState, err error) {
	now, err := client.Apps.ServicePrincipal(ctx, appID)
	if err != nil && !errors.Is(err, graph.ErrNone) {
		return s, err
	}
	s.principal = err == nil && objectid.Same(now.ID, id)
	s.other = err == nil && !s.principal
	principals, err := client.Apps.DeletedServicePrincipals(ctx)
	if err != nil {
		return s, err
	}
	s.deleted = slices.ContainsFunc(principals, func(d graph.DeletedApp) bool { return objectid.Same(d.ID, id) })
	registrations, err := client.Apps.DeletedApplications(ctx)
	for _, d := range registrations {
		if objectid.Same(d.AppID, appID) {
			s.registration = d.ID
		}
	}
	return s, err
}

func appOut(ctx context.Context, r *Run, client *graph.Client, i journal.Inverse) (undoing, error) {
	var granted []graph.PermissionGrant
	u := undoing{scopes: []scope{restoreApps, readGrants}}
	u.change = finding.Changed(Add, phrase.Both("application %s (%s)", i.Value, i.TargetID), phrase.Both("deleted"), phrase.Both("there"))
	if err := json.Unmarshal([]byte(i.Before), &granted); err != nil {
		u.lost = phrase.T("The journal's line about it can't be read: restore it in the Entra admin center, and grant again what it had.")
		return u, nil
	}
	now, err := readAppState(ctx, client, i.TargetID, i.Value)
	if err != nil {
		return undoing{}, &Error{Op: "look for the application %s", Of: []any{i.Value}, Err: err}
	}
	switch {
	case now.other:
		u.lost = phrase.T("It is there again under another id, because somebody signed in to it since. Grant that one what it needs.")
	case !now.principal && !now.deleted:
		u.lost = phrase.T(goneForGood)
	}
	for _, g := range granted {
		if g.Application {
			u.scopes = append(u.scopes, grantRoles)
		} else {
			u.scopes = append(u.scopes, grantScopes)
		}
	}
	if len(granted) > 0 {
		u.change = finding.Changed(Add, phrase.Both("application %s (%s)", i.Value, i.TargetID), phrase.Both("deleted"), phrase.Both("there, with %s", permissionCount(grantedPermissions(granted))))
		u.fact = Fact{Label: phrase.T("Granted again to %s", i.Value), Value: grantedWords(granted), Mark: MarkDecide}
	}
	u.take = func(ctx context.Context, report func(Event)) error {
		return r.window.Writer().Apply(ctx, report, change.Write{
			Step: PutMFABack, Change: u.change, Until: change.Stable, Restores: &i,
			Send: func(ctx context.Context) error { return restoreApp(ctx, client, i, granted) },
			Shows: func(ctx context.Context) (bool, error) {
				s, err := readAppState(ctx, client, i.TargetID, i.Value)
				if err != nil || !s.principal || s.registration != "" {
					return false, err
				}
				missing, err := missingGrants(ctx, client, i.TargetID, granted)
				return err == nil && len(missing) == 0, err
			},
		})
	}
	return u, nil
}

// grantedWords names what an application had: delegated permissions by their names, its own by the ids that they have in the API.
func grantedWords(granted []graph.PermissionGrant) string {
	var words []string
	for _, g := range granted {
		words = append(words, strings.Fields(g.Scope)...)
	}
	return phrase.JoinFew(words)
}

func grantedPermissions(granted []graph.PermissionGrant) (n int) {
	for _, g := range granted {
		n += len(strings.Fields(g.Scope))
	}
	return n
}

// restoreApp restores the registration, then the service principal, and grants again what is missing. Each is looked at first, so
// that it goes on where an earlier try ended.
func restoreApp(ctx context.Context, client *graph.Client, i journal.Inverse, granted []graph.PermissionGrant) error {
	now, err := readAppState(ctx, client, i.TargetID, i.Value)
	if err == nil && now.registration != "" {
		err = goneIsDone(client.Apps.Restore(ctx, now.registration))
	}
	if err == nil && now.deleted {
		err = goneIsDone(client.Apps.Restore(ctx, i.TargetID))
	}
	if err != nil {
		return err
	}
	missing, err := missingGrants(ctx, client, i.TargetID, granted)
	for try := 1; errors.Is(err, graph.ErrNotFound) && try < deleteTries; try++ { // not restored everywhere yet
		if err := pause.For(ctx, deletePause); err != nil {
			return err
		}
		missing, err = missingGrants(ctx, client, i.TargetID, granted)
	}
	if err != nil {
		return err
	}
	for _, g := range missing {
		if err := grantAgain(ctx, client, i.TargetID, g); err != nil && !errors.Is(err, graph.ErrConflict) {
			return err
		}
	}
	return nil
}

// missingGrants are those that a service principal had and has not now; of delegated ones what is missing of their scopes, with the
// id of the grant that the rest is in.
func missingGrants(ctx context.Context, client *graph.Client, id string, had []graph.PermissionGrant) ([]graph.PermissionGrant, error) {
	now, err := client.Apps.Grants(ctx, id)
	if err != nil {
		return nil, err
	}
	var missing []graph.PermissionGrant
	for _, g := range had {
		same := slices.IndexFunc(now, func(n graph.PermissionGrant) bool {
			return n.Application == g.Application && objectid.Same(n.ResourceID, g.ResourceID) &&
				(g.Application && objectid.Same(n.Scope, g.Scope) || !g.Application && n.PrincipalID == g.PrincipalID)
		})
		if g.ID = ""; same >= 0 && g.Application {
			continue
		}
		if same >= 0 {
			g.ID, g.Scope = now[same].ID, strings.Join(without(g.Scopes(), now[same].Scopes()), " ")
		}
		if g.Application || g.Scope != "" {
			missing = append(missing, g)
		}
	}
	return missing, nil
}

func without(all, there []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return in(there, s) })
}

// grantAgain grants what is missing. A grant that is there is read a moment before, and nothing of it is lost.
func grantAgain(ctx context.Context, client *graph.Client, id string, g graph.PermissionGrant) error {
	if g.Application {
		return client.Apps.AddAppRole(ctx, id, g)
	}
	if g.ID == "" {
		return client.Apps.AddGrant(ctx, id, g)
	}
	now, err := client.Apps.Grants(ctx, id)
	if err != nil {
		return err
	}
	for _, n := range now {
		if n.ID == g.ID {
			return client.Apps.SetGrant(ctx, g.ID, append(n.Scopes(), without(g.Scopes(), n.Scopes())...))
		}
	}
	return client.Apps.AddGrant(ctx, id, g)
}

func consentAgain(before grantBefore) Change {
	to := phrase.Same("")
	if len(before.Scopes) > 0 {
		to = permissionCount(len(before.Scopes))
	}
	return finding.Changed(Add, phrase.Both("permissions of the application that you signed in with, %s", whose(clientGrant{who: before.Who})), phrase.Both("taken back"), to)
}

func consentOut(ctx context.Context, r *Run, client *graph.Client, i journal.Inverse) (undoing, error) {
	var before grantBefore
	u := undoing{scopes: []scope{readGrants, grantScopes}}
	u.change = consentAgain(before)
	if err := json.Unmarshal([]byte(i.Before), &before); err != nil || len(before.Scopes) == 0 {
		u.lost = phrase.T("The journal's line about it can't be read: accept again what is needed when it is asked for.")
		return u, nil
	}
	u.change = consentAgain(before)
	u.fact = Fact{Label: phrase.T("Accepted again, %s", whose(clientGrant{who: before.Who}).Spoken), Value: phrase.JoinFew(before.Scopes), Mark: MarkDecide}
	sp, err := client.Apps.ServicePrincipal(ctx, clientID(r))
	if err != nil {
		return undoing{}, &Error{Op: "read what was accepted for this program", Err: err}
	}
	had := []graph.PermissionGrant{{PrincipalID: before.Who, ResourceID: i.Value, Scope: strings.Join(before.Scopes, " ")}}
	if len(mfa.Lacking(client, []scope{readGrants})) == 0 {
		missing, err := missingGrants(ctx, client, sp.ID, had)
		u.there = err == nil && len(missing) == 0
	}
	u.take = func(ctx context.Context, report func(Event)) error {
		return r.window.Writer().Apply(ctx, report, change.Write{
			Step: PutMFABack, Change: u.change, Until: change.Once, Restores: &i,
			Send: func(ctx context.Context) error {
				missing, err := missingGrants(ctx, client, sp.ID, had)
				for _, g := range missing {
					err = errors.Join(err, grantAgain(ctx, client, sp.ID, g))
				}
				return err
			},
			Shows: func(ctx context.Context) (bool, error) {
				missing, err := missingGrants(ctx, client, sp.ID, had)
				return err == nil && len(missing) == 0, err
			},
		})
	}
	return u, nil
}
