package steps

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// actKeep and actTake are the prefixes of the answers that keep an app and that take one out, before the id of its service principal;
// actAllConsents chooses how much of the consents is taken back.
const (
	actKeep        = "keep:"
	actTake        = "take:"
	actAllConsents = "all-consents"
)

func appsLeft(ctx context.Context, r *Run, client *graph.Client) (outlook, error) {
	all, err := client.Apps.ServicePrincipals(ctx, "Delegate365")
	if err != nil {
		return outlook{}, &Error{Op: "read Delegate365's apps", Err: err}
	}
	added, unread := addedBy(ctx, client, r.snapshot().user)
	if unread != nil && !errors.Is(unread, graph.ErrForbidden) && !errors.Is(unread, graph.ErrUnlicensed) {
		return outlook{}, &Error{Op: "read who added Delegate365's apps", Err: unread}
	}
	o := r.snapshot().choices.offboard
	var out outlook
	for _, sp := range all {
		name, known := phrase.Name(sp.DisplayName), slices.Contains(added, sp.ID)
		fact := Fact{Label: sp.ID, Value: name, Mark: MarkDecide, Note: "Application " + sp.AppID + ", " + registeredWhere(client, sp) + "."}
		switch {
		case slices.Contains(o.kept, sp.ID):
			fact.Mark, fact.Note = MarkNote, "It stays, as you chose. "+fact.Note
		case !known && !slices.Contains(o.taken, sp.ID):
			fact.Note = "It stays unless you choose otherwise: Microsoft's audit log does not show that the service account's setup added it. " + fact.Note
			out.actions = append(out.actions, Action{ID: actTake + sp.ID, Label: "Delete " + name + " as well"})
		default:
			if known {
				fact.Note = "The service account's setup added it. " + fact.Note
			}
			out.actions = append(out.actions, Action{ID: actKeep + sp.ID, Label: "Keep " + name})
			out.parts = append(out.parts, part{appRemoved(sp), func(ctx context.Context, report func(Event)) error { return removeApp(ctx, r, client, report, sp) }})
		}
		out.facts = append(out.facts, fact)
	}
	return out, nil
}

func registeredWhere(client *graph.Client, sp graph.ServicePrincipal) string {
	if objectid.Same(sp.OwnerTenantID, client.Identity().TenantID) {
		return "registered in this tenant"
	}
	return "registered in another tenant, the vendor's or somebody else's"
}

// addedBy are the ids of the service principals that the account added, as far as Microsoft's audit log reaches: a name says nothing
// about whose an app is. Delegate365's setup runs as that account.
func addedBy(ctx context.Context, client *graph.Client, user graph.User) (ids []string, err error) {
	if user.ID == "" {
		return nil, nil
	}
	audits, err := client.Tenant.DirectoryAudits(ctx, graph.AuditFilter{InitiatedBy: user.ID, Activity: "Add service principal"})
	for _, a := range audits {
		ids = append(ids, a.TargetIDs...)
	}
	return ids, err
}

func appRemoved(sp graph.ServicePrincipal) Change {
	return Change{Op: Remove, Object: "app " + phrase.Name(sp.DisplayName) + " (" + sp.ID + ")", From: "there", To: "deleted"}
}

// removeApp deletes the registration, where it is this tenant's, and the service principal, which need not go with it.
func removeApp(ctx context.Context, r *Run, client *graph.Client, report func(Event), sp graph.ServicePrincipal) error {
	granted, err := client.Apps.Grants(ctx, sp.ID)
	if errors.Is(err, graph.ErrNotFound) {
		granted, err = nil, nil // an earlier run deleted it, and not its registration
	}
	if err != nil {
		return &Error{Op: "read what was granted to " + phrase.Name(sp.DisplayName), Err: err}
	}
	return r.window.Writer().Apply(ctx, report, change.Write{
		Step: finding.RemoveApps, Until: change.Stable, Change: appRemoved(sp),
		Inverse: &journal.Inverse{Kind: journal.InverseDeletedApp, TargetID: sp.ID, Value: sp.AppID, Before: asJSON(granted)},
		Send: func(ctx context.Context) error {
			registered, err := client.Apps.Application(ctx, sp.AppID)
			switch {
			case err == nil:
				err = goneIsDone(client.Apps.DeleteApplication(ctx, registered.ID))
			case errors.Is(err, graph.ErrNone):
				err = nil
			}
			if err != nil {
				return err
			}
			return goneIsDone(client.Apps.DeleteServicePrincipal(ctx, sp.ID))
		},
		Shows: func(ctx context.Context) (bool, error) {
			if _, err := client.Apps.Application(ctx, sp.AppID); !errors.Is(err, graph.ErrNone) {
				return false, err
			}
			_, err := client.Apps.ServicePrincipal(ctx, sp.AppID)
			if errors.Is(err, graph.ErrNone) {
				return true, nil
			}
			return false, err
		},
	})
}

// asJSON is what something was before, as the journal keeps it.
func asJSON(before any) string {
	raw, err := json.Marshal(before)
	if err != nil {
		return ""
	}
	return string(raw)
}

// clientGrant is what was accepted for the application that this program signs in with.
type clientGrant struct {
	id, who, api string
	scopes       []string
}

// grantBefore is a grant of delegated permissions as the journal keeps it.
type grantBefore struct {
	Who    string   `json:"who,omitempty"` // empty is for everybody
	Scopes []string `json:"scopes"`
}

// clientGrants reads them; none where the application is not in the tenant.
func clientGrants(ctx context.Context, r *Run, client *graph.Client) ([]clientGrant, error) {
	sp, err := client.Apps.ServicePrincipal(ctx, clientID(r))
	if errors.Is(err, graph.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, &Error{Op: "read what was accepted for this program", Err: err}
	}
	grants, err := client.Apps.Grants(ctx, sp.ID)
	if err != nil {
		return nil, &Error{Op: "read what was accepted for this program", Err: err}
	}
	var out []clientGrant
	for _, g := range grants {
		if !g.Application {
			out = append(out, clientGrant{g.ID, g.PrincipalID, g.ResourceID, g.Scopes()})
		}
	}
	return out, nil
}

// keepGrantsBefore keeps what was accepted before this run asked for more than to read. A second look keeps the first.
func keepGrantsBefore(ctx context.Context, r *Run, client *graph.Client) error {
	if r.snapshot().choices.offboard.read {
		return nil
	}
	before, err := clientGrants(ctx, r, client)
	if err != nil {
		return err
	}
	r.update(func(m *memory) { m.choices.offboard.before, m.choices.offboard.read = before, true })
	return nil
}

// keepGrantsIfRead is the same where nothing else depends on it: what could not be read is not known, and nothing is taken back for it.
func keepGrantsIfRead(ctx context.Context, r *Run) {
	client, err := r.tenant()
	if err == nil {
		err = keepGrantsBefore(ctx, r, client)
	}
	if err != nil {
		r.log.Info("read what was accepted before", "error", err)
	}
}

// asksFor are all the permissions that this program ever asks for.
func asksFor() []string {
	all := mfa.Names(readScopes)
	for _, s := range []scope{
		writeUsers, writePassword, writeAsUser, writeRoles, mfa.WriteMFA, mfa.WritePolicies, mfa.WriteDefaults, writeApps, deleteAccount, writeGrants, grantRoles,
	} {
		all = append(all, s.Name)
	}
	return all
}

func in(list []string, name string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, name) })
}

// takenBack is what of a grant is taken back: what this run added, or all that this program asks for. What somebody else asked for
// always stays.
func (o offboardChoices) takenBack(g clientGrant) []string {
	var before []string
	for _, b := range o.before {
		if b.id == g.id {
			before = b.scopes
		}
	}
	var out []string
	for _, s := range g.scopes {
		if in(asksFor(), s) && (o.all || o.read && !in(before, s)) {
			out = append(out, s)
		}
	}
	return out
}

func consentsLeft(ctx context.Context, r *Run, client *graph.Client) (outlook, error) {
	grants, err := clientGrants(ctx, r, client)
	if err != nil {
		return outlook{}, err
	}
	o := r.snapshot().choices.offboard
	out := outlook{actions: []Action{{ID: actAllConsents, Label: "Take back all that this program asks for"}}}
	if o.all {
		out.actions[0].Label = "Take back only what this run added"
	}
	for _, g := range grants {
		taken := o.takenBack(g)
		if len(taken) == 0 {
			continue
		}
		c := consentChange(g, len(g.scopes), len(g.scopes)-len(taken))
		out.facts = append(out.facts, Fact{Label: whose(g), Value: phrase.JoinFew(taken), Mark: MarkDecide})
		out.parts = append(out.parts, part{c, func(ctx context.Context, report func(Event)) error { return takeBack(ctx, r, client, report, g.id) }})
	}
	if len(out.parts) > 0 {
		return out, nil
	}
	for _, g := range grants { // this run added nothing
		if all := (offboardChoices{all: true}).takenBack(g); len(all) > 0 {
			out.facts = append(out.facts, Fact{Label: whose(g), Value: phrase.Count(len(all), "permission", "permissions"), Mark: MarkNote, Note: "An earlier run may have added them, or somebody else: nobody can tell."})
		}
	}
	if len(out.facts) == 0 {
		out.actions = nil
	}
	return out, nil
}

func whose(g clientGrant) string {
	if g.who == "" {
		return "for everybody in the tenant"
	}
	return "for the account " + g.who
}

func consentChange(g clientGrant, from, to int) Change {
	return Change{
		Op: Modify, Object: "permissions of the application that you signed in with, " + whose(g),
		From: phrase.Count(from, "permission", "permissions"), To: phrase.Count(to, "permission", "permissions"),
	}
}

// takeBack reads the grant once more, and takes out of it what is this program's, the permission to do so included. Somebody may have
// accepted something for somebody else meanwhile: that stays.
func takeBack(ctx context.Context, r *Run, client *graph.Client, report func(Event), id string) error {
	now, err := clientGrants(ctx, r, client)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(now, func(g clientGrant) bool { return g.id == id })
	if i < 0 {
		return nil
	}
	taken := r.snapshot().choices.offboard.takenBack(now[i])
	rest := slices.DeleteFunc(slices.Clone(now[i].scopes), func(s string) bool { return in(taken, s) })
	return r.window.Writer().Apply(ctx, report, change.Write{
		Step: finding.TakeBackConsents, Until: change.Once, Change: consentChange(now[i], len(now[i].scopes), len(rest)),
		Inverse: &journal.Inverse{Kind: journal.InverseConsent, TargetID: id, Value: now[i].api, Before: asJSON(grantBefore{now[i].who, now[i].scopes})},
		Send: func(ctx context.Context) error {
			if len(rest) == 0 {
				return goneIsDone(client.Apps.DeleteGrant(ctx, id))
			}
			return client.Apps.SetGrant(ctx, id, rest)
		},
		Shows: func(ctx context.Context) (bool, error) {
			after, err := clientGrants(ctx, r, client)
			if err != nil {
				return false, err
			}
			return !slices.ContainsFunc(after, func(g clientGrant) bool {
				return g.id == id && slices.ContainsFunc(g.scopes, func(s string) bool { return in(taken, s) })
			}), nil
		},
	})
}
