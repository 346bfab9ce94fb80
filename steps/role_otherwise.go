package steps

import (
	"context"
	"errors"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// A role may be held otherwise than by an assignment of one's own: through a group, or as one that can be activated at any time. No onboarding
// gives it like that, and taking the assignment away leaves it.

// otherwise is how an account has Global Administrator, or may have it, beside its own assignment.
type otherwise struct {
	held, eligible bool
	unread         error
}

// readOtherwise reads it. An account in no group that may hold a role has none through one, whatever a list that lags still shows.
func readOtherwise(ctx context.Context, client *graph.Client, user graph.User) otherwise {
	var held, eligible []graph.Role
	var groups []graph.Group
	var unread [3]error
	err := panics.Each(
		func() error { held, unread[0] = client.Roles.HeldRoles(ctx, user.ID); return nil },
		func() error { groups, unread[1] = client.Users.MemberGroups(ctx, user.ID); return nil },
		func() error { eligible, unread[2] = client.Roles.EligibleRoles(ctx, user.ID); return nil },
	)
	if errors.Is(unread[2], graph.ErrUnlicensed) { // nobody is eligible there
		unread[2] = nil
	}
	through := slices.ContainsFunc(groups, func(g graph.Group) bool { return g.RoleAssignable })
	return otherwise{through && hasAdministrator(held), hasAdministrator(eligible), errors.Join(err, errors.Join(unread[:]...))}
}

func hasAdministrator(roles []graph.Role) bool {
	return slices.ContainsFunc(roles, func(r graph.Role) bool { return r.TemplateID == graph.GlobalAdministrator })
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

// facts say that it could not be read.
func (o otherwise) facts() []Fact {
	if o.unread == nil {
		return nil
	}
	return []Fact{{Label: phrase.T("Global Administrator"), Value: phrase.T("could not be read"), Mark: MarkLook, Note: phrase.T("It may have the role through a group, or be able to activate it.")}}
}
