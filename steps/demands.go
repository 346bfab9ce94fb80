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
)

// mfaFacts is everything that was read about one account's MFA.
type mfaFacts struct {
	user          graph.User
	administrator bool
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

// whatIfErr says why Microsoft's what-if of the setup's sign-in is not known.
func (f mfaFacts) whatIfErr() error { return f.WhatIf[analysis.Setup().Name].Err() }

// The sign-ins that are judged, as what-if is asked about them. It does not evaluate a policy about platforms without one,
// and most browsers that meet the setup page run on Windows.
var (
	setupSignIn  = whatIfOf(analysis.Setup())
	legacySignIn = whatIfOf(analysis.LegacyAuthentication())
)

func whatIfOf(s analysis.SignIn) graph.SignInContext {
	return graph.SignInContext{AppIDs: s.Apps, ClientApp: s.ClientApp, Platform: "windows"}
}

// readMFA reads every source of a demand side by side. What-if and the policies themselves each cover for the other
// when one of them is refused; when both are, it is an error, because nothing could be known.
func readMFA(ctx context.Context, client *graph.Client, user graph.User) (mfaFacts, error) {
	f := mfaFacts{user: user}
	f.Account = analysis.Account{ID: user.ID, UPN: user.UserPrincipalName, Guest: strings.Contains(user.UserPrincipalName, "#EXT#")}
	var policies []graph.Policy
	var whatIf []graph.WhatIf
	var policiesErr, whatIfErr error
	g, ctx := errgroup.WithContext(ctx)
	g.Go(calm(func() error {
		state, err := client.PerUserMFA(ctx, user.ID)
		f.PerUser = analysis.Read(state, err)
		return err
	}))
	g.Go(calm(func() error {
		on, err := client.SecurityDefaults(ctx)
		f.SecurityDefaults = analysis.Read(on, err)
		return err
	}))
	g.Go(calm(func() error {
		assignments, err := client.RoleAssignments(ctx, user.ID)
		for _, a := range assignments {
			if a.Scope == "/" {
				f.Account.Roles = append(f.Account.Roles, a.RoleID)
			}
		}
		f.Account.RolesKnown = err == nil
		f.administrator = slices.ContainsFunc(assignments, isGlobalAdministrator)
		return err
	}))
	g.Go(calm(func() error {
		groups, err := client.MemberGroups(ctx, user.ID)
		for _, group := range groups {
			f.Account.Groups = append(f.Account.Groups, group.ID)
		}
		f.Account.GroupsKnown = err == nil
		if errors.Is(err, graph.ErrForbidden) || errors.Is(err, graph.ErrNotFound) {
			return nil // a policy about a group may apply then
		}
		return err
	}))
	g.Go(calm(func() error {
		policies, policiesErr = client.Policies(ctx)
		if errors.Is(policiesErr, graph.ErrUnlicensed) {
			return nil
		}
		asked := setupSignIn
		asked.UserID = user.ID
		whatIf, whatIfErr = client.Evaluate(ctx, asked)
		if errors.Is(policiesErr, graph.ErrForbidden) && errors.Is(whatIfErr, graph.ErrUnlicensed) {
			policiesErr = whatIfErr // it says why; what refuses the policies without a licence need not
			return nil
		}
		return errIfBoth(policiesErr, whatIfErr)
	}))
	if err := g.Wait(); err != nil {
		return mfaFacts{}, &Error{Op: "read what demands MFA of " + user.UserPrincipalName, Err: err}
	}
	f.Policies = analysis.Read(policies, policiesErr)
	f.WhatIfRoles = f.Account.Roles
	if !errors.Is(policiesErr, graph.ErrUnlicensed) {
		f.WhatIf = map[string]analysis.Reading[[]graph.WhatIf]{analysis.Setup().Name: analysis.Read(whatIf, whatIfErr)}
	}
	return f, nil
}

// errIfBoth is nil when either way of reading Conditional Access worked and the other one is refused to this
// operator, and also when it is not licensed. Any other failure may pass, and is an error.
func errIfBoth(policies, whatIf error) error {
	for _, err := range []error{policies, whatIf} {
		if err != nil && !errors.Is(err, graph.ErrForbidden) {
			return err
		}
	}
	if policies != nil && whatIf != nil {
		return errors.Join(policies, whatIf)
	}
	return nil
}

// demandsOn decides what stands between the account and the setup's sign-in with its password alone. What may stand, but
// what-if denies, and what a person may put off, does not.
func demandsOn(f mfaFacts) []analysis.Demand {
	return slices.DeleteFunc(analysis.Demands(f.Facts, analysis.Setup()), func(d analysis.Demand) bool { return !d.Expected() })
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
	return strings.EqualFold(a.RoleID, graph.GlobalAdministrator) && a.Scope == "/"
}

// sideBySide runs reads at once and reports the first error after all are done.
func sideBySide(reads ...func() error) error {
	var wg sync.WaitGroup
	errs := make([]error, len(reads))
	for i, read := range reads {
		wg.Go(func() { errs[i] = calm(read)() })
	}
	wg.Wait()
	return errors.Join(errs...)
}
