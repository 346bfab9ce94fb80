package mfa

import (
	"slices"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

const (
	account = "aaaaaaaa-0000-4000-8000-000000000001"
	policy  = "bbbbbbbb-0000-4000-8000-000000000002"
	other   = "cccccccc-0000-4000-8000-000000000003"
	tenant  = "dddddddd-0000-4000-8000-000000000004"
)

// What is owed is what this run lifted and what an interrupted one left; an exclusion from a policy that demands no MFA is
// somebody's intention, and is named.
func TestOwedExclusions(t *testing.T) {
	excluding := func(id, control, state string, users ...string) graph.Policy {
		return graph.Policy{ID: id, Name: id, State: state, Users: graph.PolicyUsers{ExcludeUsers: users}, Grant: &graph.Grant{Controls: []string{control}}}
	}
	ours := Owed{Exclusions: []Exclusion{{PolicyID: "BBBBBBBB-0000-4000-8000-000000000002", Name: "CA01"}}}
	for name, c := range map[string]struct {
		policy     graph.Policy
		owed       Owed
		back, kept int
	}{
		"demands MFA":                {excluding(policy, "mfa", graph.StateEnabled, account), Owed{}, 1, 0},
		"demands MFA, is off":        {excluding(policy, "mfa", graph.StateDisabled, account), Owed{}, 0, 1},
		"blocks":                     {excluding(policy, "block", graph.StateEnabled, account), Owed{}, 0, 1},
		"blocks, and is ours":        {excluding(policy, "block", graph.StateEnabled, account), ours, 1, 0},
		"is ours, and is off":        {excluding(policy, "mfa", graph.StateDisabled, account), ours, 1, 0},
		"excludes somebody else":     {excluding(policy, "mfa", graph.StateEnabled, other), Owed{}, 0, 0},
		"is ours, excludes no more":  {excluding(policy, "mfa", graph.StateEnabled, other), ours, 0, 0},
		"another provider's factor":  {graph.Policy{ID: policy, State: graph.StateEnabled, Users: graph.PolicyUsers{ExcludeUsers: []string{account}}, Grant: &graph.Grant{Custom: []string{"Duo"}}}, Owed{}, 1, 0},
		"a control of next year":     {excluding(policy, "mfaOrPasskey", graph.StateEnabled, account), Owed{}, 0, 1},
		"is ours, in another's case": {excluding(policy, "block", graph.StateEnabled, other, "AAAAAAAA-0000-4000-8000-000000000001"), ours, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			back, kept := OwedExclusions([]graph.Policy{c.policy}, c.owed, account)
			if len(back) != c.back || len(kept.NoMFA)+len(kept.Unknown) != c.kept {
				t.Errorf("%d back, %v kept", len(back), kept)
			}
		})
	}
}

// Each thing that is owed has its inverse, as the guard and the journal know it.
func TestInverses(t *testing.T) {
	owed := Owed{Defaults: true, Campaign: true, Exclusions: []Exclusion{{PolicyID: policy, Name: "CA01"}}}
	want := []journal.Inverse{
		{Kind: journal.InverseSecurityDefaults, TargetID: tenant, Value: "on"},
		{Kind: journal.InverseCampaignExclusion, TargetID: tenant, Value: account},
		{Kind: journal.InversePolicyExclusion, TargetID: policy, Value: account},
	}
	if got := owed.Inverses(tenant, account); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if got := (Owed{State: graph.MFADisabled, StateSuspended: true}).Inverses(tenant, account); len(got) != 0 {
		t.Errorf("per-user MFA is put back whatever is owed: %+v", got)
	}
}

// A suspension that is sent ends what was restored; only one of the state makes the state itself doubtful.
func TestSuspending(t *testing.T) {
	for kind, suspended := range map[journal.InverseKind]bool{journal.InversePerUserMFA: true, journal.InversePolicyExclusion: false} {
		var l Ledger
		l.Update(func(o *Owed) { o.Demanded = true })
		l.Suspending(journal.Inverse{Kind: kind})
		if o := l.Owed(); o.Demanded || o.StateSuspended != suspended {
			t.Errorf("%s: %+v", kind, o)
		}
	}
}

// What is handed out is a copy.
func TestOwedIsACopy(t *testing.T) {
	var l Ledger
	l.Update(func(o *Owed) { o.Exclusions = []Exclusion{{PolicyID: policy}} })
	l.Owed().Exclusions[0].PolicyID = other
	if got := l.Owed().Exclusions[0].PolicyID; got != policy {
		t.Errorf("it was changed to %s", got)
	}
}
