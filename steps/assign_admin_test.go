package steps

import "testing"

func TestAssignAdminPlan(t *testing.T) {
	t.Parallel()
	administrator := memory{user: fit, found: &foundUser{user: fit}}
	administrator.found.facts.Administrator, administrator.found.facts.Assigned = true, true
	plannedAs{true, 1, 0, "RoleManagement.ReadWrite.Directory Policy.ReadWrite.AuthenticationMethod "}.by(t, assignAdmin{}, &posture{}, &memory{account: serviceName})
	plannedAs{}.by(t, assignAdmin{}, &posture{}, &administrator)
}
