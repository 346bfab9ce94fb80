// Package mfa reads what demands MFA of one account, lifts that for a while, and restores it. Each thing it lifts is known to it
// until it is restored, and each goes through the path of a write.
package mfa

import (
	"context"
	"errors"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// Facts are everything that was read about one account's MFA.
type Facts struct {
	User          graph.User
	Administrator bool  // it is Global Administrator for the whole tenant
	Assigned      bool  // by an assignment of its own
	Hides         bool  // the policies were read from a version of Graph that leaves some out
	GroupsErr     error // why the account's groups are not known
	analysis.Facts
}

// State is the account's per-user MFA; empty where it could not be read.
func (f *Facts) State() graph.MFAState {
	s, _ := f.PerUser.Value()
	return s
}

// DefaultsOn reports that security defaults are on.
func (f *Facts) DefaultsOn() bool {
	on, _ := f.SecurityDefaults.Value()
	return on
}

// PolicyList are the Conditional Access policies; none where they could not be read.
func (f *Facts) PolicyList() []graph.Policy {
	policies, _ := f.Policies.Value()
	return policies
}

// WhatIfErr says why Microsoft's what-if of the setup's sign-ins is not known, where it was needed.
func (f *Facts) WhatIfErr() error { return f.WhatIf[analysis.SetupServer().ID].Err() }

// Demands decides what stands between the account and the setup's sign-ins with its password alone. What may stand, but
// what-if denies, and what a person may put off, does not.
func (f *Facts) Demands() []analysis.Demand {
	return slices.DeleteFunc(analysis.SetupDemands(f.Facts), func(d analysis.Demand) bool { return !d.Expected() })
}

// Read reads what demands MFA of an account, side by side. Microsoft's what-if is not asked: this is what closing goes
// by. Policies that can't be read are no error, because per-user MFA closes the gap without them; who needs them looks at
// Policies.Err.
func Read(ctx context.Context, client *graph.Client, user graph.User) (Facts, error) {
	f := factsOf(user)
	g, ctx := errgroup.WithContext(ctx)
	read := func(part func() error) { g.Go(func() error { return panics.Do(part) }) }
	read(func() error {
		state, err := client.MFA.PerUserMFA(ctx, user.ID)
		f.PerUser = analysis.Read(state, err)
		return err
	})
	read(func() error {
		on, err := client.MFA.SecurityDefaults(ctx)
		f.SecurityDefaults = analysis.Read(on, err)
		return err
	})
	read(func() error { return f.readRoles(ctx, client) })
	read(func() error {
		f.isIn(client.Users.MemberGroups(ctx, user.ID))
		return ctx.Err()
	})
	read(func() error {
		policies, err := client.ConditionalAccess.Policies(ctx)
		f.Policies, f.Hides = analysis.Read(policies, err), client.ConditionalAccess.HidesPolicies()
		return ctx.Err()
	})
	if err := g.Wait(); err != nil {
		return Facts{}, &problem.Error{Op: "read what demands MFA of %s", Of: []any{user.UserPrincipalName}, Err: err}
	}
	f.WhatIfRoles = f.Account.Roles
	return f, nil
}

// ReadClosing reads what closing sets, and no more: per-user MFA, the policies, security defaults and the role. Only
// per-user MFA has to be read; what-if is not asked.
func ReadClosing(ctx context.Context, client *graph.Client, user graph.User) (Facts, error) {
	f := factsOf(user)
	err := panics.Each(
		func() error {
			state, err := client.MFA.PerUserMFA(ctx, user.ID)
			f.PerUser = analysis.Read(state, err)
			return err
		},
		func() error {
			on, err := client.MFA.SecurityDefaults(ctx)
			f.SecurityDefaults = analysis.Read(on, err)
			return nil
		},
		func() error {
			f.Policies = analysis.Read(client.ConditionalAccess.Policies(ctx))
			f.Hides = client.ConditionalAccess.HidesPolicies()
			return nil
		},
		func() error {
			_ = f.readRoles(ctx, client) // a role that can't be read stops no closing
			return nil
		},
	)
	if err != nil {
		return Facts{}, &problem.Error{Op: "read per-user MFA of %s", Of: []any{user.UserPrincipalName}, Err: err}
	}
	return f, nil
}

// ReadEach reads what demands MFA of an account at every sign-in, and goes without what can't be read. Only per-user MFA has to be.
func ReadEach(ctx context.Context, client *graph.Client, user graph.User) (f Facts, err error) {
	var groups []graph.Group
	var groupsErr error
	err = panics.Each(
		func() (err error) {
			f, err = ReadClosing(ctx, client, user)
			return err
		},
		func() error {
			groups, groupsErr = client.Users.MemberGroups(ctx, user.ID)
			return nil
		},
	)
	f.isIn(groups, groupsErr)
	return f, err
}

// isIn takes the account's groups. Where they could not be read, a policy about a group may apply all the same.
func (f *Facts) isIn(groups []graph.Group, err error) {
	for _, group := range groups {
		f.Account.Groups = append(f.Account.Groups, group.ID)
	}
	f.Account.GroupsKnown, f.GroupsErr = err == nil, err
}

// Whole reports that all was read by which something may demand MFA at every sign-in.
func (f *Facts) Whole() bool {
	_, defaults := f.SecurityDefaults.Value()
	policies := f.Policies.Err() == nil || errors.Is(f.Policies.Err(), graph.ErrUnlicensed)
	return defaults && policies && !f.Hides && f.Account.RolesKnown && f.Account.GroupsKnown
}

// readRoles reads the account's roles for the whole tenant: those that are assigned to it, and those that it holds through a group. Either
// list may lag: what one of them shows is held.
func (f *Facts) readRoles(ctx context.Context, client *graph.Client) error {
	var assignments []graph.RoleAssignment
	var held []graph.Role
	var unread error
	err := panics.Each(
		func() (err error) { assignments, err = client.Roles.RoleAssignments(ctx, f.User.ID); return err },
		func() error { held, unread = client.Roles.HeldRoles(ctx, f.User.ID); return nil },
	)
	for _, a := range assignments {
		if a.Scope == "/" {
			f.Account.Roles = append(f.Account.Roles, a.RoleID)
		}
	}
	for _, role := range held {
		if !f.holds(role.TemplateID) {
			f.Account.Roles = append(f.Account.Roles, role.TemplateID)
		}
	}
	f.Account.RolesKnown = err == nil && unread == nil
	f.Assigned = slices.ContainsFunc(assignments, isGlobalAdministrator)
	f.Administrator = f.holds(graph.GlobalAdministrator)
	return err
}

// holds reports that a role, by its template's id, is among those read.
func (f *Facts) holds(role string) bool {
	return slices.ContainsFunc(f.Account.Roles, func(id string) bool { return objectid.Same(id, role) })
}

// factsOf are those of an account of which nothing was read yet.
func factsOf(user graph.User) Facts {
	f := Facts{User: user}
	f.Account = analysis.Account{ID: user.ID, UPN: user.UserPrincipalName, Guest: isGuest(user)}
	return f
}

// isGuest goes by the account's type: a guest may be of this tenant itself, and who was invited may be a member. Where the type was
// not read, or is none that is known, an account that was invited is taken for a guest.
// https://learn.microsoft.com/entra/external-id/user-properties
func isGuest(user graph.User) bool {
	return user.Type == graph.Guest || user.Type == graph.UnknownType && strings.Contains(strings.ToUpper(user.UserPrincipalName), "#EXT#")
}

// Everywhere is the demand that holds at every sign-in, if there is one.
func Everywhere(demands []analysis.Demand) (analysis.Demand, bool) {
	i := slices.IndexFunc(demands, func(d analysis.Demand) bool { return d.Everywhere })
	if i < 0 {
		return analysis.Demand{}, false
	}
	return demands[i], true
}

// OpenDoubts are the demands that may stand, and of which nobody can tell before the sign-in.
func OpenDoubts(demands []analysis.Demand) []analysis.Demand {
	return slices.DeleteFunc(slices.Clone(demands), func(d analysis.Demand) bool { return !d.Open() })
}

// IsAdministrator reports an active Global Administrator assignment at the tenant's root.
func IsAdministrator(ctx context.Context, client *graph.Client, userID string) (bool, error) {
	a, err := client.Roles.RoleAssignments(ctx, userID)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(a, isGlobalAdministrator), nil
}

func isGlobalAdministrator(a graph.RoleAssignment) bool {
	return a.RoleID == graph.GlobalAdministrator && a.Scope == "/"
}
