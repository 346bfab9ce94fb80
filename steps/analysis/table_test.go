package analysis

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// row is one case: an account, a tenant and a sign-in, and what is demanded of the account then.
type row struct {
	name   string
	rule   string // the page of Microsoft's documentation, a colon, and what it says
	facts  Facts
	signIn SignIn
	judge  func(Facts, SignIn) string // the demands, unless it says otherwise
	want   string
}

// tables are all rows, by subject.
var tables = map[string][]row{
	"users": usersRows, "guests": guestsRows, "applications": applicationsRows, "conditions": conditionsRows,
	"grant": grantRows, "strengths": strengthRows, "everywhere": everywhereRows, "what-if": whatIfRows,
	"sources": sourceRows, "app passwords offered": offeredRows, "app passwords usable": usableRows, "upcoming": upcomingRows,
}

func TestTables(t *testing.T) {
	for subject, rows := range tables {
		t.Run(subject, func(t *testing.T) {
			for _, r := range rows {
				t.Run(r.name, func(t *testing.T) {
					judge := r.judge
					if judge == nil {
						judge = demanded
					}
					if r.signIn.Name == "" {
						r.signIn = SetupBrowser("")
					}
					if got := judge(r.facts, r.signIn); got != r.want {
						t.Errorf("\n got %s\nwant %s\nrule %s", got, r.want, r.rule)
					}
				})
			}
		})
	}
}

// The tables are large enough, and every row rests on Microsoft's documentation.
func TestRowsNameTheirRule(t *testing.T) {
	count, seen := 0, map[string]bool{}
	for subject, rows := range tables {
		for _, r := range rows {
			count++
			page, says, ok := strings.Cut(strings.TrimPrefix(r.rule, "https:"), ": ")
			if !ok || !strings.HasPrefix(page, "//learn.microsoft.com/") || len(says) < 15 || strings.ContainsAny(page, " ") {
				t.Errorf("%s, %s: names no rule: %q", subject, r.name, r.rule)
			}
			if id := subject + "/" + r.name; seen[id] {
				t.Errorf("%s is there twice", id)
			} else {
				seen[id] = true
			}
		}
	}
	if count < 120 {
		t.Errorf("%d rows, want 120 at least", count)
	}
	fmt.Println("rows:", count)
}

// demanded writes demands in a line: source, certainty, what is asked, and what is special about it.
func demanded(f Facts, s SignIn) string {
	var lines []string
	for _, d := range Demands(f, s) {
		lines = append(lines, line(d))
	}
	return strings.Join(lines, "; ")
}

func line(d Demand) string {
	asks := make([]string, len(d.Asks))
	for i, a := range d.Asks {
		asks[i] = shortAsk[a]
	}
	words := []string{d.Source + ":", d.Certainty.String(), strings.Join(asks, "+")}
	if d.Kind != ConditionalAccess {
		words = append(words, [...]string{"by state", "by exclusion", "by tenant", "never"}[d.Lift])
	}
	for word, is := range map[string]bool{"everywhere": d.Everywhere, "unread": d.Unread, "skippable": d.Skippable} {
		if is {
			words = append(words, word)
		}
	}
	slices.Sort(words[3:])
	if d.Disagreement() != "" {
		words = append(words, "disputed")
	}
	if !d.Expected() && !d.Skippable {
		words = append(words, "not expected")
	}
	return strings.Join(words, " ")
}

var shortAsk = map[Ask]string{
	AskMFA: "MFA", AskStrength: "strength", AskBlock: "block", AskDevice: "device", AskClientApp: "app", AskTermsOfUse: "terms",
	AskPasswordChange: "password", AskRiskRemediation: "remediation", AskCustomFactor: "custom", AskRegistration: "registration",
	AskAppPassword: "app-password", AskUnknown: "unknown",
}

const (
	me       = "5e1b0001-0000-4000-8000-000000000001"
	somebody = "5e1b0001-0000-4000-8000-000000000002"
	ourGroup = "9a0b0001-0000-4000-8000-000000000001"
	theirs   = "9a0b0001-0000-4000-8000-000000000002"
	otherApp = "aaaa0001-0000-4000-8000-000000000001"
	keyword  = "AllOfNextYear" // a group of applications that is not known
)

// The accounts that the rows are about.
var (
	admin   = Account{ID: me, UPN: "svc@contoso.com", Roles: []string{graph.GlobalAdministrator}, RolesKnown: true, Groups: []string{ourGroup}, GroupsKnown: true}
	member  = Account{ID: me, UPN: "svc@contoso.com", RolesKnown: true, GroupsKnown: true}
	unknown = Account{ID: me, UPN: "svc@contoso.com", Roles: []string{graph.GlobalAdministrator}}
	nobody  = Account{UPN: "svc@contoso.com", RolesKnown: true} // not created yet
	invited = Account{ID: me, UPN: "svc_fabrikam.com#EXT#@contoso.onmicrosoft.com", Guest: true, RolesKnown: true, GroupsKnown: true}
	inside  = Account{ID: me, UPN: "svc@contoso.com", Guest: true, RolesKnown: true, GroupsKnown: true}
	partner = Account{ID: me, UPN: "svc_fabrikam.com#EXT#@contoso.onmicrosoft.com", RolesKnown: true, GroupsKnown: true}
)

// on is a tenant in which everything was read but what-if, and nothing but the policies demands anything.
func on(a Account, policies ...graph.Policy) Facts {
	return Facts{
		Account: a, PerUser: Read(graph.MFADisabled, nil), SecurityDefaults: Read(false, nil), Policies: Read(policies, nil),
		AppPasswords: Read(true, nil), Methods: Read([]graph.AuthMethod{{Kind: "password"}}, nil),
	}
}

func with(f Facts, changes ...func(*Facts)) Facts {
	for _, change := range changes {
		change(&f)
	}
	return f
}

// whatIf is what-if's answer for a sign-in by the account as it is: the policies that apply. The others are about somebody
// else.
func whatIf(s SignIn, ids ...string) func(*Facts) {
	return func(f *Facts) {
		var verdicts []graph.WhatIf
		for _, id := range ids {
			verdicts = append(verdicts, graph.WhatIf{PolicyID: id, Name: id, State: graph.StateEnabled, Applies: true, Grant: &graph.Grant{Operator: "OR", Controls: []string{"mfa"}}})
		}
		policies, _ := f.policies()
		for _, p := range policies {
			if !slices.Contains(ids, p.ID) {
				verdicts = append(verdicts, graph.WhatIf{PolicyID: p.ID, Name: p.Name, State: p.State, Reasons: "users"})
			}
		}
		f.WhatIf = map[string]Reading[[]graph.WhatIf]{s.ID: Read(verdicts, nil)}
		f.WhatIfRoles = f.Account.Roles
	}
}

func state(s graph.MFAState) func(*Facts) {
	return func(f *Facts) { f.PerUser = Read(s, nil) }
}

func defaults(on bool) func(*Facts) {
	return func(f *Facts) { f.SecurityDefaults = Read(on, nil) }
}

func registered(kinds ...string) func(*Facts) {
	return func(f *Facts) {
		var methods []graph.AuthMethod
		for _, k := range kinds {
			methods = append(methods, graph.AuthMethod{Kind: k})
		}
		f.Methods = Read(methods, nil)
	}
}

type change = func(*graph.Policy)

// ca is an enforced policy that demands MFA of all users for all applications, with what makes it another.
func ca(changes ...change) graph.Policy {
	p := graph.Policy{
		ID: "CA", Name: "CA", State: graph.StateEnabled, Users: graph.PolicyUsers{IncludeUsers: []string{"All"}},
		Applications: graph.PolicyApplications{Include: []string{"All"}}, Grant: &graph.Grant{Operator: "OR", Controls: []string{"mfa"}},
	}
	for _, c := range changes {
		c(&p)
	}
	return p
}

func named(name string) change         { return func(p *graph.Policy) { p.ID, p.Name = name, name } }
func in(s string) change               { return func(p *graph.Policy) { p.State = s } }
func users(u graph.PolicyUsers) change { return func(p *graph.Policy) { p.Users = u } }

func without(u graph.PolicyUsers) change {
	return func(p *graph.Policy) { u.IncludeUsers = []string{"All"}; p.Users = u }
}

func apps(a graph.PolicyApplications) change { return func(p *graph.Policy) { p.Applications = a } }
func only(ids ...string) change              { return apps(graph.PolicyApplications{Include: ids}) }

func clients(types ...string) change { return func(p *graph.Policy) { p.ClientAppTypes = types } }

func platforms(include, exclude []string) change {
	return func(p *graph.Policy) { p.Platforms = graph.Selection{Include: include, Exclude: exclude} }
}

func locations(include, exclude []string) change {
	return func(p *graph.Policy) { p.Locations = graph.Selection{Include: include, Exclude: exclude} }
}

func granting(operator string, controls ...string) change {
	return func(p *graph.Policy) { p.Grant = &graph.Grant{Operator: operator, Controls: controls} }
}

func strength(id string) change {
	return func(p *graph.Policy) { p.Grant = &graph.Grant{Operator: "OR", StrengthID: id, StrengthName: id} }
}

func terms(p *graph.Policy)   { p.Grant.TermsOfUse = []string{"t"} }
func custom(p *graph.Policy)  { p.Grant.Custom = []string{"duo"} }
func and(p *graph.Policy)     { p.Grant.Operator = "AND" }
func noGrant(p *graph.Policy) { p.Grant, p.Session = nil, true }

func ids(s ...string) []string { return s }

var day = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
