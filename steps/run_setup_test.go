package steps

import "testing"

func TestRunSetupPlan(t *testing.T) {
	kept := memory{}
	kept.setup.choice = setupKeep
	plannedAs{needed: true}.by(t, runSetup{}, posture{}, memory{})
	plannedAs{}.by(t, runSetup{}, posture{}, kept)
}
