package steps

import (
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// Nothing is done for an app password before somebody says that this Delegate365 takes one.
func TestAppPasswordPlans(t *testing.T) {
	t.Parallel()
	open := posture{service: analysis.Read(graph.MFAServicePolicy{AllowAppPasswords: true, AllowAppPasswordsKnown: true}, nil)}
	const writes = "Policy.ReadWrite.AuthenticationMethod "
	for name, c := range map[string]struct {
		version         portalVersion
		p               posture
		enable, capture plannedAs
	}{
		"nobody has said":       {versionUnknown, posture{}, plannedAs{true, 0, 1, writes}, plannedAs{true, 0, 1, writes}},
		"older":                 {versionOlder, posture{}, plannedAs{true, 1, 0, writes}, plannedAs{true, 0, 1, writes}},
		"older, allowed before": {versionOlder, open, plannedAs{}, plannedAs{true, 0, 1, writes}},
		"newer":                 {versionNewer, posture{}, plannedAs{}, plannedAs{}},
		"newer, allowed before": {versionNewer, open, plannedAs{}, plannedAs{}},
		"skipped":               {versionSkipped, posture{}, plannedAs{}, plannedAs{}},
	} {
		t.Run(name, func(t *testing.T) {
			m := memory{account: serviceName}
			m.appPasswords.version = c.version
			c.enable.by(t, enableAppPasswords{}, &c.p, &m)
			c.capture.by(t, captureAppPassword{}, &c.p, &m)
			plannedAs{needed: true}.by(t, handOver{}, &c.p, &m)
		})
	}
}
