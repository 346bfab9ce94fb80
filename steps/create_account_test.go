package steps

import (
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// tabled is what a finding has to be.
type tabled struct {
	status  Status
	changes int
	first   string // id of the primary action
}

func (want tabled) of(t *testing.T, f Finding) {
	t.Helper()
	got := tabled{f.Status, len(f.Changes), ""}
	if len(f.Actions) > 0 {
		got.first = f.Actions[0].ID
	}
	if got != want || len(f.Text) == 0 {
		t.Errorf("got %+v, want %+v: %q", got, want, f.Text)
	}
}

var (
	serviceName = accountName{local: "service", domain: "contoso.com"}
	fit         = graph.User{ID: "1", UserPrincipalName: "service@contoso.com", JobTitle: Marker, Enabled: true, PasswordPolicies: neverExpires}
	stranger    = graph.User{ID: "2", UserPrincipalName: "service@contoso.com", DisplayName: "Adele", Enabled: true, PasswordPolicies: neverExpires}
)

// withPassword knows the account's password.
func withPassword() *memory {
	return &memory{secrets: secrets{password: graph.NewSecret("a password that is known here")}}
}

// What has the account's name decides what is done about it. An account that is not this program's is never used unasked.
func TestAccountFinding(t *testing.T) {
	t.Parallel()
	adopted, bin := withPassword(), memory{choices: choices{ignoreBin: true}}
	adopted.choices.adopt = stranger.ID
	synced, disabled, change := stranger, fit, fit
	synced.Synced, disabled.Enabled, change.MustChangePassword = true, false, true
	for name, c := range map[string]struct {
		found foundUser
		m     memory
		want  tabled
	}{
		"nothing":                        {foundUser{}, memory{}, tabled{Ready, 1, ActApply}},
		"a deleted one":                  {foundUser{deleted: stranger}, memory{}, tabled{Blocked, 0, actChooseOther}},
		"a deleted one, all the same":    {foundUser{deleted: stranger}, bin, tabled{Ready, 1, ActApply}},
		"from on premises":               {foundUser{user: synced}, memory{}, tabled{Blocked, 0, actChooseOther}},
		"from on premises, and adopted":  {foundUser{user: synced}, *adopted, tabled{Blocked, 0, actChooseOther}},
		"a stranger's":                   {foundUser{user: stranger}, memory{}, tabled{Blocked, 0, actChooseOther}},
		"a stranger's, another adopted":  {foundUser{user: stranger}, memory{choices: choices{adopt: "3"}}, tabled{Blocked, 0, actChooseOther}},
		"a stranger's, adopted":          {foundUser{user: stranger}, *adopted, tabled{Done, 0, ActNext}},
		"ours":                           {foundUser{user: fit}, *withPassword(), tabled{Done, 0, ActNext}},
		"ours, of an earlier run":        {foundUser{user: fit}, memory{}, tabled{Ready, 1, ActApply}},
		"ours, disabled":                 {foundUser{user: disabled}, *withPassword(), tabled{Ready, 1, ActApply}},
		"ours, disabled, of another run": {foundUser{user: disabled}, memory{}, tabled{Ready, 2, ActApply}},
		"ours, to change its password":   {foundUser{user: change}, *withPassword(), tabled{Ready, 1, ActApply}},
	} {
		t.Run(name, func(t *testing.T) {
			c.found.name = serviceName
			c.want.of(t, accountFinding(c.found, &c.m))
		})
	}
}

// plannedAs is what a plan has to be of one step.
type plannedAs struct {
	needed           bool
	changes, perhaps int
	permissions      string
}

func (want plannedAs) by(t *testing.T, s Step, p *posture, m *memory) {
	t.Helper()
	out := s.Plan(Situation{posture: p, memory: m})
	got := plannedAs{out.Needed, len(out.Changes), len(out.Perhaps), ""}
	for _, permission := range out.permissions {
		got.permissions += permission.Name + " "
	}
	if got != want || out.What == "" {
		t.Errorf("got %+v, want %+v: %q", got, want, out.What)
	}
}

func TestCreateAccountPlan(t *testing.T) {
	t.Parallel()
	known := withPassword()
	known.user = fit
	administrator := memory{user: fit, found: &foundUser{user: fit}}
	administrator.found.facts.Administrator = true
	for name, c := range map[string]struct {
		m    memory
		want plannedAs
	}{
		"it does not exist":  {memory{account: serviceName}, plannedAs{true, 1, 0, "User.ReadWrite.All "}},
		"it is ready":        {*known, plannedAs{}},
		"its password":       {memory{user: fit}, plannedAs{true, 1, 0, "User.ReadWrite.All User-PasswordProfile.ReadWrite.All "}},
		"an administrator's": {administrator, plannedAs{true, 1, 0, "User.ReadWrite.All Directory.AccessAsUser.All "}},
	} {
		t.Run(name, func(t *testing.T) { c.want.by(t, createAccount{}, &posture{}, &c.m) })
	}
	all := fit
	all.Enabled, all.PasswordPolicies = false, ""
	if said := (createAccount{}).Plan(Situation{posture: &posture{}, memory: &memory{user: all, account: serviceName}}).What; !strings.Contains(said, "allow its sign-in, let its password not expire and set a new password") {
		t.Errorf("of three changes the plan says %q", said)
	}
}
