package steps

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// What could not be read is a doubt: no plan says then that nothing will demand MFA, and the report names what it is.
func TestNotReadIsDoubt(t *testing.T) {
	t.Parallel()
	ready := readyPosture()
	policies, both, previews, methods := ready, ready, ready, ready
	methods.methods, methods.authorization = analysis.Read(graph.AuthenticationMethodsPolicy{}, graph.ErrForbidden), analysis.Read(graph.AuthorizationPolicy{}, graph.ErrForbidden)
	policies.policies = analysis.Read[[]graph.Policy](nil, graph.ErrNotFound)
	both.policies, both.defaults = policies.policies, analysis.Read(false, graph.ErrForbidden)
	previews.policies, previews.hides = analysis.Read([]graph.Policy{}, nil), true
	for name, c := range map[string]struct {
		p    posture
		ids  []string
		says string
	}{
		"all read":                  {ready, nil, "nothing will demand MFA of it"},
		"no policies":               {policies, []string{rowPolicy}, "perhaps lift a demand; not read: Conditional Access"},
		"no policies, and defaults": {both, []string{rowDefaults, rowPolicy}, "perhaps lift a demand; not read: Security defaults and Conditional Access"},
		"what comes after MFA":      {methods, []string{rowCampaign, rowReset}, "nothing will demand MFA of it"},
		"no policies with previews": {previews, []string{rowPolicy}, "perhaps lift a demand; not read: Conditional Access"},
	} {
		m := memory{account: serviceName, posture: &c.p, found: &foundUser{name: serviceName}}
		var report CheckReport
		report.tell(&m)
		i := slices.IndexFunc(report.Plan.Steps, func(s ReportStep) bool { return s.ID == string(SuspendMFA) })
		var ids []string
		for _, r := range report.NotRead {
			if ids = append(ids, r.ID); r.Label == "" || r.Why == "" {
				t.Errorf("%s: %+v", name, r)
			}
		}
		if !slices.Equal(ids, c.ids) || report.Plan.Steps[i].What != c.says {
			t.Errorf("%s: not read are %v, and the plan says %q", name, ids, report.Plan.Steps[i].What)
		}
		c.p.defaults = analysis.Read(true, nil)
		report.tell(&m)
		if says := report.Plan.Steps[i].What; strings.Contains(says, "and so perhaps more") != slices.Contains(c.ids, rowPolicy) {
			t.Errorf("%s: beside a demand it says %q", name, says)
		}
	}
}

// No list of a report is null, and no word of it empty, also where nothing was read for it.
func TestReportWithoutReading(t *testing.T) {
	t.Parallel()
	var report CheckReport
	report.Seen = []ReportSeen{}
	report.tell(&memory{window: window.Snapshot{Leftover: &window.Leftover{}}})
	data, err := json.Marshal(report)
	if err != nil || strings.Contains(string(data), "null") {
		t.Errorf("%v, in %s", err, data)
	}
	if a := report.AppPasswords; !a.Needed || a.Version != "unknown" || a.Offered != "may" || a.Usable != "may" {
		t.Errorf("of app passwords it says %+v", a)
	}
}
