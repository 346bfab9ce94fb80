package steps

import (
	"context"
	"errors"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// A role may be held otherwise than by an assignment of one's own: through a group, or as one that can be activated at any time. No onboarding
// gives it like that, and taking the assignment away leaves it.

// otherwise is how an account has Global Administrator, or may have it, beside its own assignment.
type otherwise struct {
	held, eligible, unread bool
}

// readOtherwise reads it. An account in no group that may hold a role has none through one, whatever a list that lags still shows.
func readOtherwise(ctx context.Context, client *graph.Client, user graph.User) (o otherwise) {
	held, unread := client.Roles.HeldRoles(ctx, user.ID)
	if hasAdministrator(held) {
		var groups []graph.Group
		groups, unread = client.Users.MemberGroups(ctx, user.ID)
		for _, g := range groups {
			o.held = o.held || g.RoleAssignable
		}
	}
	eligible, err := client.Roles.EligibleRoles(ctx, user.ID)
	o.eligible, o.unread = hasAdministrator(eligible), unread != nil || err != nil && !errors.Is(err, graph.ErrUnlicensed) // nobody is eligible there
	return o
}

func hasAdministrator(roles []graph.Role) bool {
	for _, r := range roles {
		if objectid.Same(r.TemplateID, graph.GlobalAdministrator) {
			return true
		}
	}
	return false
}

// said tells it of an account without an assignment of its own; empty where it has none of it.
func (o otherwise) said(upn string) Sentence {
	var said Sentence
	if o.held {
		said = finding.Remaining.Of("Global Administrator", "through a group").In("%s is Global Administrator through a group.", upn)
	}
	if o.eligible {
		said = said.And(finding.Remaining.Of("Global Administrator", "eligible").In("%s can activate Global Administrator at any time.", upn))
	}
	if !said.IsZero() {
		said = said.And(finding.Advice("Whoever restores a deleted account may have that again: take it out in Entra first."))
	}
	return said
}
