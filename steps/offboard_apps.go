package steps

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
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
	out := outlook{asked: onlyTitled(r, r.snapshot().user)}
	for _, sp := range all {
		name, known := phrase.Name(sp.DisplayName), slices.Contains(added, sp.ID)
		fact := Fact{Label: phrase.T("Added by the setup"), Value: name, Mark: MarkToDo, Note: phrase.T("Service principal %s of the application %s, %s.", sp.ID, sp.AppID, registeredWhere(client, sp))}
		switch {
		case slices.Contains(o.kept, sp.ID):
			fact.Label, fact.Mark = phrase.T("Stays, as you chose"), MarkNote
		case !known && !slices.Contains(o.taken, sp.ID):
			fact.Label, fact.Mark, fact.Note = phrase.T("Not known whose"), MarkDecide, phrase.T("It stays unless you choose otherwise: Microsoft's audit log does not show that the service account's setup added it.")+" "+fact.Note
			out.actions = append(out.actions, Action{ID: actTake + sp.ID, Label: phrase.T("Delete %s as well", name)})
		default:
			if !known {
				fact.Label = phrase.T("Chosen by you")
			}
			out.actions = append(out.actions, Action{ID: actKeep + sp.ID, Label: phrase.T("Keep %s", name)})
			out.parts = append(out.parts, part{appRemoved(client, sp), func(ctx context.Context, report func(Event)) error { return removeApp(ctx, r, client, report, sp) }})
		}
		out.facts = append(out.facts, fact)
	}
	return out, nil
}

func registeredHere(client *graph.Client, sp graph.ServicePrincipal) bool {
	return objectid.Same(sp.OwnerTenantID, client.Identity().TenantID)
}

func registeredWhere(client *graph.Client, sp graph.ServicePrincipal) string {
	if registeredHere(client, sp) {
		return phrase.T("registered in this tenant")
	}
	return phrase.T("registered in another tenant, the vendor's or somebody else's")
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

// appRemoved names all that goes: the registration as well, where it is this tenant's.
func appRemoved(client *graph.Client, sp graph.ServicePrincipal) Change {
	to := phrase.Both("deleted; the application %s stays registered in another tenant", sp.AppID)
	if registeredHere(client, sp) {
		to = phrase.Both("deleted, with the registration of the application %s", sp.AppID)
	}
	return finding.Changed(Remove, phrase.Both("app %s (%s)", phrase.Name(sp.DisplayName), sp.ID), phrase.Both("there"), to)
}

// removeApp deletes the registration, where it is this tenant's, and the service principal, which need not go with it.
func removeApp(ctx context.Context, r *Run, client *graph.Client, report func(Event), sp graph.ServicePrincipal) error {
	granted, err := client.Apps.Grants(ctx, sp.ID)
	if errors.Is(err, graph.ErrNotFound) {
		granted, err = nil, nil // an earlier run deleted it, and not its registration
	}
	if err != nil {
		return &Error{Op: "read what was granted to %s", Of: []any{phrase.Name(sp.DisplayName)}, Err: err}
	}
	return r.window.Writer().Apply(ctx, report, change.Write{
		Step: finding.RemoveApps, Until: change.Stable, Change: appRemoved(client, sp),
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
