package steps

import (
	"slices"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// What is left to put back: what this run owes, and what an interrupted one may have left. An exclusion from a policy that
// demands no MFA is somebody's intention, and of an account that is not this program's nothing is taken that was not agreed.
func TestRestoration(t *testing.T) {
	t.Parallel()
	excluding := func(id string, grants ...string) graph.Policy {
		p := graph.Policy{ID: id, Name: id, State: graph.StateEnabled, Users: graph.PolicyUsers{ExcludeUsers: []string{fit.ID}}}
		p.Grant = &graph.Grant{Controls: grants}
		return p
	}
	owed := func(ids ...string) (s window.Snapshot) {
		for _, id := range ids {
			s.Owed.Exclusions = append(s.Owed.Exclusions, mfa.Exclusion{PolicyID: id, Name: id})
		}
		return s
	}
	foreign, campaign, defaultsOwed := owed("b"), owed(), owed()
	foreign.Leftover = &window.Leftover{Foreign: true}
	campaign.Owed.Campaign, defaultsOwed.Owed.Defaults = true, true
	for name, c := range map[string]struct {
		state    graph.MFAState
		policies []graph.Policy
		w        window.Snapshot
		want     tabled
		notice   bool
	}{
		"everything is back":             {graph.MFAEnforced, nil, owed(), tabled{Done, 0, ActNext}, false},
		"the state":                      {graph.MFADisabled, nil, owed(), tabled{Ready, 1, ActApply}, false},
		"enabled is not enough":          {graph.MFAEnabled, nil, owed(), tabled{Ready, 1, ActApply}, false},
		"an exclusion of this run":       {graph.MFAEnforced, []graph.Policy{excluding("a", "mfa")}, owed("a"), tabled{Ready, 1, ActApply}, false},
		"one that demands no MFA":        {graph.MFAEnforced, []graph.Policy{excluding("a", "block")}, owed(), tabled{Done, 0, ActNext}, false},
		"the same, of this run":          {graph.MFAEnforced, []graph.Policy{excluding("a", "block")}, owed("a"), tabled{Ready, 1, ActApply}, false},
		"an exclusion of nobody knows":   {graph.MFAEnforced, []graph.Policy{excluding("a", "mfa")}, owed(), tabled{Ready, 1, ActApply}, true},
		"of a foreign account, the rest": {graph.MFAEnforced, []graph.Policy{excluding("a", "mfa"), excluding("b", "mfa")}, foreign, tabled{Ready, 1, ActApply}, false},
		"one that is not there any more": {graph.MFAEnforced, nil, owed("a"), tabled{Done, 0, ActNext}, false},
		"the campaign":                   {graph.MFAEnforced, nil, campaign, tabled{Ready, 1, ActApply}, false},
		"security defaults":              {graph.MFADisabled, nil, defaultsOwed, tabled{Ready, 2, ActApply}, false},
	} {
		t.Run(name, func(t *testing.T) {
			facts := mfa.Facts{User: fit}
			facts.PerUser, facts.Policies = analysis.Read(c.state, nil), analysis.Read(c.policies, nil)
			facts.SecurityDefaults = analysis.Read(false, nil)
			f := restoration(&facts, &memory{window: c.w})
			c.want.of(t, f)
			if !f.Notice.IsZero() != c.notice {
				t.Errorf("it says %q", f.Notice)
			}
		})
	}
}

// What stays excluded is said to demand no MFA only where that is known; of what came after this program it is not.
func TestKeptExclusions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		state, control string
		marks          []Mark
	}{
		"known":                    {graph.StateEnabled, "compliantDevice", []Mark{MarkNote}},
		"off":                      {graph.StateDisabled, "mfaOrPasskey", []Mark{MarkNote}},
		"a control of next year":   {graph.StateEnabled, "mfaOrPasskey", []Mark{MarkLook}},
		"a state of next year":     {"enabledInStages", "compliantDevice", []Mark{MarkLook}},
		"none, because it demands": {graph.StateEnabled, "mfa", []Mark{MarkOK}},
	} {
		t.Run(name, func(t *testing.T) {
			p := graph.Policy{ID: "a", Name: "a", State: c.state, Users: graph.PolicyUsers{ExcludeUsers: []string{fit.ID}}, Grant: &graph.Grant{Controls: []string{c.control}}}
			_, kept := mfa.OwedExclusions([]graph.Policy{p}, mfa.Owed{}, fit.ID)
			var marks []Mark
			for _, row := range keptRows(&mfa.Facts{}, kept) {
				marks = append(marks, row.Mark)
				if claims := strings.Contains(row.Note, "they do not demand MFA"); claims != (row.Mark == MarkNote) {
					t.Errorf("of %s it says %q", row.Value, row.Note)
				}
			}
			if !slices.Equal(marks, c.marks) {
				t.Errorf("%v, want %v", marks, c.marks)
			}
		})
	}
	both := keptRows(&mfa.Facts{}, mfa.Kept{NoMFA: []string{"a"}, Unknown: []string{"b"}})
	if len(both) != 2 || both[0].Mark != MarkLook || both[1].Mark != MarkNote {
		t.Errorf("%+v", both)
	}
}

// What is owed is put back though the policies that were read do not say whether it still stands, and only a whole list shows that
// nothing excludes the account.
func TestRestorationOfWhatIsNotShown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		policy string // its excluded users; empty where the list has no policy
		hides  bool
		owed   []mfa.Exclusion
		want   tabled
		row    string
	}{
		"a whole list, nothing owed": {"none", false, nil, tabled{Done, 0, ActNext}, "none"},
		"a whole list":               {"none", false, []mfa.Exclusion{{PolicyID: "a", Name: "a"}}, tabled{Done, 0, ActNext}, "none"},
		"not in a whole list":        {"", false, []mfa.Exclusion{{PolicyID: "a", Name: "a"}}, tabled{Done, 0, ActNext}, "none"},
		"nothing owed":               {"", true, nil, tabled{Done, 0, ActNext}, "none of those that were read"},
		"left out":                   {"", true, []mfa.Exclusion{{PolicyID: "a", Name: "a"}}, tabled{Ready, 1, ActApply}, ""},
		"not left out":               {"none", true, []mfa.Exclusion{{PolicyID: "a", Name: "a"}}, tabled{Done, 0, ActNext}, "none of those that were read"},
		"its exclusions not said":    {"unknown", false, []mfa.Exclusion{{PolicyID: "a", Name: "a"}}, tabled{Ready, 1, ActApply}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			facts := mfa.Facts{User: fit, Hides: c.hides}
			facts.PerUser, facts.SecurityDefaults = analysis.Read(graph.MFAEnforced, nil), analysis.Read(false, nil)
			var policies []graph.Policy
			switch c.policy {
			case "none":
				policies = []graph.Policy{{ID: "a", State: graph.StateEnabled, Users: graph.PolicyUsers{ExcludeUsers: []string{}}}}
			case "unknown":
				policies = []graph.Policy{{ID: "a", State: graph.StateEnabled}}
			}
			facts.Policies = analysis.Read(policies, nil)
			f := restoration(&facts, &memory{window: window.Snapshot{Owed: mfa.Owed{Exclusions: c.owed}}})
			c.want.of(t, f)
			row := ""
			if len(f.Sections) > 0 {
				row = f.Sections[0].Facts[1].Value
			}
			if row != c.row {
				t.Errorf("excluded from %q", row)
			}
		})
	}
}

func TestReenableMFAPlan(t *testing.T) {
	t.Parallel()
	named := memory{account: serviceName, found: &foundUser{}}
	none := posture{defaults: analysis.Read(false, nil), policies: analysis.Read[[]graph.Policy](nil, graph.ErrUnlicensed)}
	on := none
	on.defaults = analysis.Read(true, nil)
	plannedAs{true, 1, 0, "Policy.ReadWrite.AuthenticationMethod "}.by(t, reenableMFA{}, &none, &named)
	plannedAs{true, 2, 0, "Policy.ReadWrite.AuthenticationMethod "}.by(t, reenableMFA{}, &on, &named)
}
