package report

import (
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// Microsoft's log has a changed policy whole, before and after. Of a long one the report keeps the beginning, and what was cut contradicts
// nothing.
func TestLongPolicyShowsItsExclusion(t *testing.T) {
	const account = "9dadbea4-c72c-4158-9211-afa587fe9e21"
	apps := strings.Repeat(`"00000003-0000-0ff1-ce00-000000000000",`, 100)
	policy := func(apps, excluded string) string {
		return Shortened(`{"state":"enabled","conditions":{"applications":{"includeApplications":["All"],"excludeApplications":[` + apps + `]},"users":{"excludeUsers":[` + excluded + `]}}}`)
	}
	for name, c := range map[string]struct {
		apps, before, after string
		restores, want      bool
	}{
		"taken out":                 {"", "", `"` + account + `"`, false, true},
		"put back":                  {"", `"` + account + `"`, "", true, true},
		"taken out, by another":     {"", "", `"somebody"`, false, false},
		"not put back":              {"", `"` + account + `"`, `"` + account + `"`, true, false},
		"long, taken out":           {apps, "", `"` + account + `"`, false, true},
		"long, put back":            {apps, `"` + account + `"`, "", true, true},
		"long, another's exclusion": {apps, "", `"somebody"`, false, true}, // nobody can tell
	} {
		change := Change{Object: Object{Kind: string(journal.InversePolicyExclusion)}, Restores: c.restores}
		e := Entry{Targets: []Target{{Changes: []Property{{Name: "ConditionalAccessPolicy", Old: policy(c.apps, c.before), New: policy(c.apps, c.after)}}}}}
		if got := change.shown(e, account); got != c.want {
			t.Errorf("%s: it is shown %t", name, got)
		}
	}
}
