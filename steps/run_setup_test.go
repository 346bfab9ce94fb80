package steps

import "testing"

func TestRunSetupPlan(t *testing.T) {
	t.Parallel()
	kept := memory{}
	kept.setup.choice = setupKeep
	plannedAs{needed: true}.by(t, runSetup{}, &posture{}, &memory{})
	plannedAs{}.by(t, runSetup{}, &posture{}, &kept)
}

// A user name is no secret: wherever it is to be pasted, it is shown as well.
func TestUserNamesAreShown(t *testing.T) {
	t.Parallel()
	var m memory
	m.user.UserPrincipalName = serviceName.String()
	for _, f := range []Finding{askForVersion(&m), waitingForSetup(&m, nil)} {
		for _, item := range f.Task.Items {
			if item.ID == "user-name" && item.Shown != serviceName.String() {
				t.Errorf("%q shows %q", item.Text, item.Shown)
			}
		}
	}
}
