package steps

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
)

// mfaFacts is everything that was read about one account's MFA.
type mfaFacts struct {
	user          graph.User
	administrator bool
	hides         bool  // the policies were read from a version of Graph that leaves some out
	groupsErr     error // why the account's groups are not known
	analysis.Facts
}

// state is the account's per-user MFA; empty where it could not be read.
func (f mfaFacts) state() graph.MFAState {
	s, _ := f.PerUser.Value()
	return s
}

// defaults reports that security defaults are on.
func (f mfaFacts) defaults() bool {
	on, _ := f.SecurityDefaults.Value()
	return on
}

// list are the Conditional Access policies; none where they could not be read.
func (f mfaFacts) list() []graph.Policy {
	policies, _ := f.Policies.Value()
	return policies
}

// whatIfErr says why Microsoft's what-if of the setup's sign-ins is not known, where it was needed.
func (f mfaFacts) whatIfErr() error { return f.WhatIf[analysis.SetupServer().ID].Err() }

// readMFA reads what demands MFA of an account, side by side. Microsoft's what-if is not asked: this is what closing goes
// by. Policies that can't be read are no error, because per-user MFA closes the gap without them; who needs them looks at
// Policies.Err.
func readMFA(ctx context.Context, client *graph.Client, user graph.User) (mfaFacts, error) {
	f := factsOf(user)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(recovered(func() error {
		state, err := client.PerUserMFA(ctx, user.ID)
		f.PerUser = analysis.Read(state, err)
		return err
	}))
	g.Go(recovered(func() error {
		on, err := client.SecurityDefaults(ctx)
		f.SecurityDefaults = analysis.Read(on, err)
		return err
	}))
	g.Go(recovered(func() error {
		return f.readRoles(ctx, client)
	}))
	g.Go(recovered(func() error {
		groups, err := client.MemberGroups(ctx, user.ID)
		for _, group := range groups {
			f.Account.Groups = append(f.Account.Groups, group.ID)
		}
		f.Account.GroupsKnown, f.groupsErr = err == nil, err // a policy about a group may apply else
		return ctx.Err()
	}))
	g.Go(recovered(func() error {
		policies, err := client.Policies(ctx)
		f.Policies = analysis.Read(policies, err)
		return ctx.Err()
	}))
	if err := g.Wait(); err != nil {
		return mfaFacts{}, &Error{Op: "read what demands MFA of " + user.UserPrincipalName, Err: err}
	}
	f.WhatIfRoles, f.hides = f.Account.Roles, client.HidesPolicies()
	return f, nil
}

// readRoles reads the account's roles at the tenant's root.
func (f *mfaFacts) readRoles(ctx context.Context, client *graph.Client) error {
	assignments, err := client.RoleAssignments(ctx, f.user.ID)
	for _, a := range assignments {
		if a.Scope == "/" {
			f.Account.Roles = append(f.Account.Roles, a.RoleID)
		}
	}
	f.Account.RolesKnown = err == nil
	f.administrator = slices.ContainsFunc(assignments, isGlobalAdministrator)
	return err
}

// factsOf are those of an account of which nothing was read yet.
func factsOf(user graph.User) mfaFacts {
	f := mfaFacts{user: user}
	f.Account = analysis.Account{ID: user.ID, UPN: user.UserPrincipalName, Guest: strings.Contains(user.UserPrincipalName, "#EXT#")}
	return f
}

// demandsOn decides what stands between the account and the setup's sign-ins with its password alone. What may stand, but
// what-if denies, and what a person may put off, does not.
func demandsOn(f mfaFacts) []analysis.Demand {
	return slices.DeleteFunc(analysis.SetupDemands(f.Facts), func(d analysis.Demand) bool { return !d.Expected() })
}

// everywhere is the demand that holds at every sign-in, if there is one.
func everywhere(demands []analysis.Demand) (analysis.Demand, bool) {
	i := slices.IndexFunc(demands, func(d analysis.Demand) bool { return d.Everywhere })
	if i < 0 {
		return analysis.Demand{}, false
	}
	return demands[i], true
}

// isAdministrator reports an active Global Administrator assignment at the tenant's root.
func isAdministrator(ctx context.Context, client *graph.Client, userID string) (bool, error) {
	a, err := client.RoleAssignments(ctx, userID)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(a, isGlobalAdministrator), nil
}

func isGlobalAdministrator(a graph.RoleAssignment) bool {
	return a.RoleID == graph.GlobalAdministrator && a.Scope == "/"
}

// sideBySide runs reads at once and reports the first error after all are done.
func sideBySide(reads ...func() error) error {
	var wg sync.WaitGroup
	errs := make([]error, len(reads))
	for i, read := range reads {
		wg.Go(func() { errs[i] = panics.Do(read) })
	}
	wg.Wait()
	return errors.Join(errs...)
}
