package steps

import (
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// Nothing is done for an app password before somebody says that this Delegate365 takes one.
func TestAppPasswordPlans(t *testing.T) {
	open := posture{service: analysis.Read(graph.MFAServicePolicy{AllowAppPasswords: true, AllowAppPasswordsKnown: true}, nil)}
	const writes = "Policy.ReadWrite.AuthenticationMethod "
	for name, c := range map[string]struct {
		office          office
		p               posture
		enable, capture plannedAs
	}{
		"nobody has said":       {officeUnknown, posture{}, plannedAs{true, 0, 1, writes}, plannedAs{true, 0, 1, writes}},
		"older":                 {officePage, posture{}, plannedAs{true, 1, 0, writes}, plannedAs{true, 0, 1, writes}},
		"older, allowed before": {officePage, open, plannedAs{}, plannedAs{true, 0, 1, writes}},
		"newer":                 {officeNone, posture{}, plannedAs{}, plannedAs{}},
		"newer, allowed before": {officeNone, open, plannedAs{}, plannedAs{}},
		"skipped":               {officeSkipped, posture{}, plannedAs{}, plannedAs{}},
	} {
		t.Run(name, func(t *testing.T) {
			m := memory{account: serviceName}
			m.appPasswords.office = c.office
			c.enable.by(t, enableAppPasswords{}, c.p, m)
			c.capture.by(t, captureAppPassword{}, c.p, m)
			plannedAs{needed: true}.by(t, handOver{}, c.p, m)
		})
	}
}
