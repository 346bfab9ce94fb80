package steps

import (
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
)

// The demands of these tables.
var (
	byState    = analysis.Demand{Source: "per-user MFA", Certainty: analysis.Sure, Lift: analysis.ByState, Everywhere: true}
	byPolicy   = analysis.Demand{Source: "CA01", Policy: &graph.Policy{ID: "p1", Name: "CA01"}, Certainty: analysis.Sure, Lift: analysis.ByExclusion}
	byCampaign = analysis.Demand{Source: "registration campaign", Kind: analysis.RegistrationCampaign, Certainty: analysis.Sure, Lift: analysis.ByExclusion}
	byDefaults = analysis.Demand{Source: "security defaults", Kind: analysis.SecurityDefaults, Certainty: analysis.Sure, Lift: analysis.ByTenant, Why: "they have no exception"}
	byNobody   = analysis.Demand{Source: "CA02", Policy: &graph.Policy{ID: "p2", Name: "CA02"}, Certainty: analysis.Sure, Lift: analysis.Never, Why: "it blocks everybody"}
)

// Each demand that can be lifted for one account is one change; one that can't is a way to fail that is said before.
func TestSuspension(t *testing.T) {
	t.Parallel()
	unread := byPolicy
	unread.Unread = true
	for name, c := range map[string]struct {
		demands []analysis.Demand
		want    tabled
		objects string
	}{
		"nothing":            {nil, tabled{Done, 0, ActNext}, ""},
		"the state":          {[]analysis.Demand{byState}, tabled{Ready, 1, ActApply}, "per-user MFA of service@contoso.com enabled disabled"},
		"a policy":           {[]analysis.Demand{byPolicy}, tabled{Ready, 1, ActApply}, "excluded users of CA01 0 1"},
		"a policy not read":  {[]analysis.Demand{unread}, tabled{Ready, 1, ActApply}, "excluded users of CA01 not read one more"},
		"all of them":        {[]analysis.Demand{byState, byPolicy, byCampaign}, tabled{Ready, 3, ActApply}, "excluded users of the registration campaign"},
		"security defaults":  {[]analysis.Demand{byState, byDefaults}, tabled{Blocked, 0, ActRetry}, ""},
		"a block":            {[]analysis.Demand{byNobody}, tabled{Blocked, 0, ActRetry}, ""},
		"a block and others": {[]analysis.Demand{byPolicy, byNobody, byState}, tabled{Blocked, 0, ActRetry}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			facts := mfa.Facts{User: fit}
			facts.PerUser = analysis.Read(graph.MFAEnabled, nil)
			f := suspension(&facts, c.demands)
			c.want.of(t, f)
			said := ""
			for _, change := range f.Changes {
				said += change.Object + " " + change.From + " " + change.To + ";"
			}
			if !strings.Contains(said, c.objects) || len(f.Sections) == 0 {
				t.Errorf("it changes %q", said)
			}
		})
	}
}

func TestSuspendMFAPlan(t *testing.T) {
	t.Parallel()
	on := posture{defaults: analysis.Read(true, nil), policies: analysis.Read[[]graph.Policy](nil, graph.ErrUnlicensed)}
	off := posture{defaults: analysis.Read(false, nil), policies: analysis.Read[[]graph.Policy](nil, graph.ErrUnlicensed)}
	named := memory{account: serviceName, found: &foundUser{}}
	chosen := named
	chosen.defaults.choice = defaultsOff
	kept := named
	kept.setup.choice = setupKeep
	const writes = "Policy.ReadWrite.AuthenticationMethod "
	for name, c := range map[string]struct {
		p    posture
		m    memory
		want plannedAs
	}{
		"nothing":                {off, named, plannedAs{true, 0, 0, writes}},
		"security defaults":      {on, named, plannedAs{true, 1, 0, writes}},
		"security defaults, off": {on, chosen, plannedAs{true, 1, 0, writes + "Policy.ReadWrite.SecurityDefaults "}},
		"setup has run":          {on, kept, plannedAs{}},
	} {
		t.Run(name, func(t *testing.T) { c.want.by(t, suspendMFA{}, &c.p, &c.m) })
	}
}
