package analysis

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// chance makes tenants by chance, always the same ones for a seed.
type chance struct{ *rand.Rand }

func (c chance) of(percent int) bool { return c.IntN(100) < percent }

// some are a few of the choices, often none.
func (c chance) some(percent int, choices ...string) []string {
	return slices.DeleteFunc(slices.Clone(choices), func(string) bool { return !c.of(percent) })
}

func (c chance) account() Account {
	a := []Account{admin, member, unknown, invited, inside, partner}[c.IntN(6)]
	a.GroupsKnown, a.RolesKnown = c.of(70), c.of(70)
	return a
}

func (c chance) policy(i int) graph.Policy {
	guests := func() graph.Guests {
		return graph.Guests([]string{"", "", "", anyGuests, invitedOfOne, insideOfOne}[c.IntN(6)])
	}
	p := ca(named(fmt.Sprint("CA", i)), granting([]string{"AND", "OR"}[c.IntN(2)], c.some(25, "mfa", "block", "compliantDevice", "approvedApplication", "newControl")...))
	p.State = []string{graph.StateEnabled, graph.StateEnabled, graph.StateReportOnly, graph.StateDisabled}[c.IntN(4)]
	p.Users = graph.PolicyUsers{
		IncludeUsers: c.some(40, "All", me, somebody, guestsOrExternal), ExcludeUsers: c.some(10, me, somebody, guestsOrExternal),
		IncludeGroups: c.some(20, ourGroup, theirs), ExcludeGroups: c.some(10, ourGroup, theirs),
		IncludeRoles: c.some(20, graph.GlobalAdministrator, graph.GlobalReader), ExcludeRoles: c.some(5, graph.GlobalAdministrator, graph.GlobalReader),
		IncludeGuests: guests(), ExcludeGuests: guests(),
	}
	p.Applications = graph.PolicyApplications{
		Include: c.some(40, "All", "Office365", AppGraph, otherApp, keyword), Exclude: c.some(10, AppExchangeOnline, AppGraph, "Office365"),
		UserActions: c.some(10, actionRegister), AuthenticationContext: c.some(5, "c1"), Filter: graph.Filter{Mode: "include", Rule: []string{"", "", "x"}[c.IntN(3)]},
	}
	p.ClientAppTypes = c.some(40, "all", "browser", "other", "exchangeActiveSync")
	p.Platforms = graph.Selection{Include: c.some(15, "all", "windows"), Exclude: c.some(5, "linux")}
	p.Locations = graph.Selection{Include: c.some(15, "All", "AllTrusted"), Exclude: c.some(5, "AllTrusted")}
	p.Risk.SignIn, p.TransferMethods = c.some(5, "high"), c.some(3, "deviceCodeFlow")
	p.Grant.StrengthID = []string{"", "", resistant, ownStrength}[c.IntN(4)]
	p.Grant.TermsOfUse = c.some(10, "t")
	if c.of(5) {
		p.Grant = nil
	}
	return p
}

// tenant has a handful of policies, and what-if half the time, right or wrong.
func (c chance) tenant() (Facts, SignIn) {
	policies := make([]graph.Policy, 1+c.IntN(5))
	ids := make([]string, len(policies))
	for i := range policies {
		policies[i] = c.policy(i)
		ids[i] = policies[i].ID
	}
	f, s := on(c.account(), policies...), SignIns("")[c.IntN(4)]
	if c.of(50) {
		f = with(f, whatIf(s, c.some(40, ids...)...))
	}
	return f, s
}

// change is the same tenant with one policy changed.
func (c chance) change(f Facts, change change) (changed Facts, name string) {
	policies, _ := f.Policies.Value()
	policies = slices.Clone(policies)
	i := c.IntN(len(policies))
	change(&policies[i])
	f.Policies = Read(policies, nil)
	return f, policies[i].Name
}

func lines(demands []Demand) []string {
	var out []string
	for _, d := range demands {
		out = append(out, line(d)+" "+d.Why)
	}
	return out
}

// each runs a property on many tenants.
func each(t *testing.T, property func(c chance, f Facts, s SignIn) error) {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	c := chance{rand.New(rand.NewPCG(seed, 0))}
	for range 5000 {
		f, s := c.tenant()
		if err := property(c, f, s); err != nil {
			policies, _ := f.Policies.Value()
			t.Fatalf("seed %d: %v\naccount %+v\nsign-in %+v\npolicies %+v\nwhat-if %+v", seed, err, f.Account, s, policies, f.WhatIf)
		}
	}
}

// Excluding the account from a policy takes that policy's demand away and changes no other.
func TestAnExclusionTakesOneDemandAway(t *testing.T) {
	each(t, func(c chance, f Facts, s SignIn) error {
		excluded, name := c.change(f, func(p *graph.Policy) { p.Users.ExcludeUsers = append(slices.Clone(p.Users.ExcludeUsers), me) })
		want := lines(slices.DeleteFunc(Demands(f, s), func(d Demand) bool { return d.Source == name }))
		if got := lines(Demands(excluded, s)); !slices.Equal(got, want) {
			return fmt.Errorf("excluded from %s:\n got %q\nwant %q", name, got, want)
		}
		return nil
	})
}

// Whatever includes the account, an exclusion of it in whatever way wins; only what-if may contradict one that is not
// by the account's id, and then it is said to.
func TestExclusionBeatsInclusion(t *testing.T) {
	ways := []func(*graph.PolicyUsers, Account) bool{
		func(u *graph.PolicyUsers, _ Account) bool { u.ExcludeUsers = ids(me); return true },
		func(u *graph.PolicyUsers, a Account) bool { u.ExcludeGroups = a.Groups; return len(a.Groups) > 0 },
		func(u *graph.PolicyUsers, a Account) bool { u.ExcludeRoles = a.Roles; return len(a.Roles) > 0 },
		func(u *graph.PolicyUsers, a Account) bool { u.ExcludeGuests = anyGuests; return a.guestKind() != "" },
		func(u *graph.PolicyUsers, a Account) bool {
			u.ExcludeUsers = ids(guestsOrExternal)
			return a.guestKind() != ""
		},
	}
	each(t, func(c chance, f Facts, s SignIn) error {
		way, excluded := ways[c.IntN(len(ways))], false
		changed, name := c.change(f, func(p *graph.Policy) { excluded = way(&p.Users, f.Account) })
		for _, d := range Demands(changed, s) {
			if excluded && d.Source == name && d.Disagreement() == "" {
				return fmt.Errorf("%s demands although the account is excluded", line(d))
			}
		}
		return nil
	})
}

func TestOnlyEnforcedPoliciesDemand(t *testing.T) {
	each(t, func(c chance, f Facts, s SignIn) error {
		off, name := c.change(f, func(p *graph.Policy) { p.State = []string{graph.StateReportOnly, graph.StateDisabled}[c.IntN(2)] })
		if slices.Contains(Sources(Demands(off, s)), name) {
			return fmt.Errorf("%s is not enforced and demands", name)
		}
		return nil
	})
}

// What closes the exposure window is certain, asks for MFA, and is about every sign-in.
func TestEverywhereIsCertain(t *testing.T) {
	closed := 0
	each(t, func(_ chance, f Facts, s SignIn) error {
		for _, d := range Demands(f, s) {
			if !d.Everywhere {
				continue
			}
			closed++
			if d.Certainty != Sure || !d.AsksMFA() || !unconditional(d.Policy) || len(d.Policy.Users.ExcludeGroups) > 0 && !f.Account.GroupsKnown && d.WhatIf != Applies {
				return fmt.Errorf("%s", line(d))
			}
		}
		return nil
	})
	if closed == 0 {
		t.Error("no tenant had a demand that holds everywhere")
	}
}

// Knowing less never makes anything more certain.
func TestIgnoranceIsNotCertainty(t *testing.T) {
	each(t, func(_ chance, f Facts, s SignIn) error {
		f.WhatIf, f.Account.GroupsKnown, f.Account.RolesKnown = nil, true, true
		known := map[string]Certainty{}
		for _, d := range Demands(f, s) {
			known[d.Source] = d.Certainty
		}
		f.Account.GroupsKnown, f.Account.RolesKnown = false, false
		for _, d := range Demands(f, s) {
			if d.Certainty == Sure && known[d.Source] != Sure {
				return fmt.Errorf("%s was %s when more was known", line(d), known[d.Source])
			}
			known[d.Source] = No
		}
		for name, c := range known {
			if c != No {
				return fmt.Errorf("%s is no demand when less is known", name)
			}
		}
		return nil
	})
}
