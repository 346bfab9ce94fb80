package steps

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"delegate365-onboard/graph"
)

// demand is one thing in the tenant that asks the service account for more than a password, or refuses it.
type demand struct {
	source     string        // as screens name it: per-user MFA, CA01 Require MFA for all users
	policy     *graph.Policy // the Conditional Access policy; nil for the other sources
	lift       lift
	state      string // per-user MFA: the state it is in
	why        string // why it applies
	everywhere bool   // it asks for MFA at every sign-in, wherever and with whatever that is
}

// lift is how a demand can be taken away for one account.
type lift int

const (
	byState     lift = iota // per-user MFA: set the account's state
	byExclusion             // Conditional Access: exclude the account
	never                   // not for one account
)

// mfaFacts is everything that was read about one account's MFA. A nil or false known member could not be read.
type mfaFacts struct {
	user          graph.User
	administrator bool
	state         graph.MFAState
	defaults      bool
	policies      []graph.Policy
	policiesErr   error // ErrUnlicensed means: no Conditional Access here
	whatIf        []graph.WhatIf
	whatIfErr     error
}

// The resources that Delegate365's setup signs in to: Microsoft Graph and Exchange Online (first-party app ids).
const (
	appGraph    = "00000003-0000-0000-c000-000000000000"
	appExchange = "00000002-0000-0ff1-ce00-000000000000"
)

// readMFA reads every source of a demand side by side. What-if and the policies themselves each cover for the other
// when one of them is refused; when both are, it is an error, because nothing could be known.
func readMFA(ctx context.Context, client *graph.Client, user graph.User) (mfaFacts, error) {
	f := mfaFacts{user: user}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(calm(func() (err error) { f.state, err = client.PerUserMFA(ctx, user.ID); return err }))
	g.Go(calm(func() (err error) { f.defaults, err = client.SecurityDefaults(ctx); return err }))
	g.Go(calm(func() (err error) { f.administrator, err = isAdministrator(ctx, client, user.ID); return err }))
	g.Go(calm(func() error {
		f.policies, f.policiesErr = client.Policies(ctx)
		if errors.Is(f.policiesErr, graph.ErrUnlicensed) {
			return nil
		}
		f.whatIf, f.whatIfErr = client.Evaluate(ctx, graph.SignInContext{
			UserID: user.ID, AppIDs: []string{appGraph, appExchange}, ClientApp: "browser", Platform: "windows",
		})
		return errIfBoth(f.policiesErr, f.whatIfErr)
	}))
	if err := g.Wait(); err != nil {
		return mfaFacts{}, &Error{Op: "read what demands MFA of " + user.UserPrincipalName, Err: err}
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

// demandsOn decides what stands between the account and a sign-in with its password alone.
func demandsOn(f mfaFacts) []demand {
	var out []demand
	if f.state != graph.MFADisabled {
		out = append(out, demand{source: "per-user MFA", lift: byState, state: string(f.state), why: "its state is " + string(f.state), everywhere: true})
	}
	if f.defaults {
		out = append(out, demand{source: "security defaults", lift: never, why: "they demand MFA of every administrator", everywhere: true})
	}
	if errors.Is(f.policiesErr, graph.ErrForbidden) {
		return append(out, unreadDemands(f)...)
	}
	for _, p := range f.policies {
		if d, ok := demandOf(p, f); ok {
			out = append(out, d)
		}
	}
	return out
}

// demandOf judges one policy by what-if and by its own text. Either is enough: what-if may not know yet that the
// account became an administrator, and the text alone can't tell who is in a group. Where what-if is refused, a policy
// that may apply counts as one that does.
func demandOf(p graph.Policy, f mfaFacts) (demand, bool) {
	if p.State != graph.StateEnabled || p.Grant == nil || slices.Contains(p.Users.ExcludeUsers, f.user.ID) {
		return demand{}, false
	}
	named, certain := namesAccount(p, f)
	asked := slices.ContainsFunc(f.whatIf, func(w graph.WhatIf) bool { return w.PolicyID == p.ID && w.Applies })
	d := demand{source: p.Name, policy: &p}
	switch {
	case asked:
		d.why = "Microsoft's what-if says that it applies"
	case named && certain:
		d.why = "its text names the account or its role"
	case named && f.whatIfErr != nil:
		d.why = "it may apply; Microsoft's what-if is refused to you"
	default:
		return demand{}, false
	}
	return d, d.judge(p.Grant, p.DemandsMFA(), unconditional(p))
}

// judge says what the controls of a policy ask for, and reports whether a web sign-in with a password stumbles on them.
func (d *demand) judge(g *graph.Grant, mfa, everywhere bool) bool {
	others := slices.DeleteFunc(slices.Clone(g.Controls), func(c string) bool { return c == "mfa" })
	others = append(others, g.Custom...)
	if len(g.TermsOfUse) > 0 {
		others = append(others, "terms of use")
	}
	if mfa {
		d.lift, d.everywhere = byExclusion, everywhere && (len(others) == 0 || g.Operator == "AND")
		return true
	}
	d.lift, d.why = never, "it asks for "+joinAnd(others)
	return len(others) > 0
}

// namesAccount reads whom a policy is about: whether that names the account or its role, and whether the text alone
// makes it certain that the policy applies. Groups and conditions make it uncertain.
func namesAccount(p graph.Policy, f mfaFacts) (named, certain bool) {
	u := p.Users
	roles := []string{}
	if f.administrator {
		roles = append(roles, graph.GlobalAdministrator)
	}
	named = slices.Contains(u.IncludeUsers, "All") || slices.Contains(u.IncludeUsers, f.user.ID) || overlap(u.IncludeRoles, roles)
	named = named && !overlap(u.ExcludeRoles, roles)
	return named || len(u.IncludeGroups) > 0 && f.whatIfErr != nil, named && len(u.ExcludeGroups) == 0 && unconditional(p)
}

// unconditional reports a policy for all applications, browsers and every place, device and risk.
func unconditional(p graph.Policy) bool {
	conditions := len(p.Platforms.Include) + len(p.Platforms.Exclude) + len(p.Locations.Include) + len(p.Locations.Exclude) +
		len(p.UserRisk) + len(p.SignInRisk) + len(p.InsiderRisk) + len(p.TransferMethods) +
		len(p.Applications.Exclude) + len(p.Applications.UserActions) + len(p.Applications.AuthenticationContext)
	browsers := len(p.ClientAppTypes) == 0 || slices.Contains(p.ClientAppTypes, "all") || slices.Contains(p.ClientAppTypes, "browser")
	return conditions == 0 && p.Devices.Rule == "" && p.Applications.Filter.Rule == "" && browsers &&
		slices.Contains(p.Applications.Include, "All")
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

// unreadDemands are what-if's answers when the policies could not be listed.
func unreadDemands(f mfaFacts) []demand {
	var out []demand
	for _, w := range f.whatIf {
		if !w.Applies || w.State != graph.StateEnabled || w.Grant == nil {
			continue
		}
		p := graph.Policy{ID: w.PolicyID, Name: w.Name, State: w.State, Grant: w.Grant}
		d := demand{source: w.Name, policy: &p, why: "Microsoft's what-if says that it applies"}
		if d.judge(w.Grant, w.DemandsMFA(), false) {
			out = append(out, d)
		}
	}
	return out
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
