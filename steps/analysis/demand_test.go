package analysis

import (
	"errors"
	"slices"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// Every demand says why it is one, on which page that stands, and what leaves it open.
func TestEveryDemandExplainsItself(t *testing.T) {
	for subject, rows := range tables {
		for _, r := range rows {
			for _, s := range append(SignIns(""), adminPortal()) {
				for _, d := range Demands(r.facts, s) {
					open := d.Certainty == May && len(d.Doubts) == 0 && (d.Kind == ConditionalAccess || d.Kind == RecentMFA)
					if d.Source == "" || d.Why == "" || d.Rule == "" || len(d.Asks) == 0 || d.Certainty == No || open || (d.Policy != nil) != (d.Kind == ConditionalAccess) {
						t.Errorf("%s, %s, %s: %+v", subject, r.name, s.Name, d)
					}
				}
			}
		}
	}
}

func TestWhy(t *testing.T) {
	for want, f := range map[string]Facts{
		"it is about all users and asks for MFA":                                                                               everybody(),
		"it is about all users and blocks the sign-in":                                                                         everybody(granting("OR", "block")),
		"it is about all users and asks for MFA, depending on the location":                                                    everybody(locations(ids("AllTrusted"), nil)),
		"it is about a role of the account and asks for MFA":                                                                   on(admin, ca(users(graph.PolicyUsers{IncludeRoles: ids(graph.GlobalAdministrator)}))),
		"it is about some groups and asks for MFA, depending on the account's groups":                                          on(unknown, ca(users(graph.PolicyUsers{IncludeGroups: ids(theirs)}))),
		"it is about all users and asks for the authentication strength \"Passwordless MFA\"":                                  everybody(strength(passwordless)),
		"Microsoft's what-if says that it applies and asks for MFA":                                                            with(on(admin, ca(only(otherApp))), whatIf(SetupBrowser(""), "CA")),
		"it is about all users and asks for MFA, acceptance of terms of use and another provider's factor":                     everybody(terms, custom, and),
		"it is about all users and asks for MFA or a compliant or joined device, depending on the device, which may be enough": everybody(granting("OR", "mfa", "compliantDevice")),
	} {
		if d := Demands(f, SetupBrowser("")); len(d) != 1 || d[0].Why != want {
			t.Errorf("got %q\nwant %q", d[0].Why, want)
		}
	}
}

func TestTheRuleOfADemand(t *testing.T) {
	for want, d := range map[string][]Demand{
		ruleGrant:       Demands(with(everybody(), whatIf(SetupBrowser(""), "CA")), SetupBrowser("")),
		ruleStrengths:   Demands(everybody(strength(resistant)), SetupBrowser("")),
		ruleBlockLegacy: Demands(everybody(strength(resistant)), LegacyAuthentication()),
		ruleWhatIf:      Demands(with(on(admin, ca(only(otherApp))), whatIf(SetupBrowser(""), "CA")), SetupBrowser("")),
		rulePerUser:     Demands(with(on(admin), state(graph.MFAEnforced)), SetupBrowser("")),
		ruleDefaults:    Demands(with(on(admin), defaults(true)), SetupBrowser("")),
		ruleMandatory:   Demands(on(admin), adminPortal()),
	} {
		if len(d) != 1 || d[0].Rule != want {
			t.Errorf("got %+v\nwant %s", d, want)
		}
	}
}

func TestDisagreement(t *testing.T) {
	denied := Demands(with(everybody(), whatIf(SetupBrowser(""))), SetupBrowser(""))[0]
	if got := denied.Disagreement(); got != "its text says that it applies, Microsoft's what-if that it does not" || !denied.Expected() {
		t.Error(got, denied.Expected())
	}
	found := Demands(with(on(admin, ca(only(otherApp))), whatIf(SetupBrowser(""), "CA")), SetupBrowser(""))[0]
	if got := found.Disagreement(); got != "Microsoft's what-if says that it applies, its text that it does not" || !found.Expected() {
		t.Error(got, found.Expected())
	}
}

// What was refused is no reading, also where the error came with a value.
func TestRefusedIsNotRead(t *testing.T) {
	if _, known := Read(true, errRefused).Value(); known {
		t.Error("a refused reading was taken for one")
	}
	if err := Read(true, errRefused).Err(); !errors.Is(err, errRefused) {
		t.Error("the reason is lost:", err)
	}
}

// The facts are values: what is asked of the account as it will be leaves the account as it is.
func TestFactsAreValues(t *testing.T) {
	roles := append(make([]string, 0, 4), graph.GlobalReader)
	f := on(Account{ID: me, Roles: roles, RolesKnown: true, GroupsKnown: true})
	later := f.WithRole(graph.GlobalAdministrator)
	other := f.WithRole(graph.SecurityAdministrator)
	if len(f.Account.Roles) != 1 || later.Account.Roles[1] != graph.GlobalAdministrator || other.Account.Roles[1] != graph.SecurityAdministrator {
		t.Error(f.Account.Roles, later.Account.Roles, other.Account.Roles)
	}
	if got := later.WithRole(graph.GlobalAdministrator).Account.Roles; len(got) != 2 {
		t.Error(got)
	}
	if got := Sources(Demands(with(everybody(), defaults(true)), SetupBrowser(""))); !slices.Equal(got, ids("security defaults", "CA")) {
		t.Error(got)
	}
	for lift, want := range map[Lift]bool{ByState: true, ByExclusion: true, ByTenant: false, Never: false} {
		if lift.OneAccount() != want {
			t.Error(lift)
		}
	}
}
