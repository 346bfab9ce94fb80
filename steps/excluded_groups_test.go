package steps_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// Somebody leaves the account out of a policy through a group, or through one that contains its group. No exclusion by its id is
// found; that MFA is back is said with the policy's name, and where the groups can't be read, that nobody knows.
func TestExcludedThroughAGroup(t *testing.T) {
	t.Parallel()
	for name, nested := range map[string]bool{"its group": false, "a group that contains it": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: "business"})
				r.passUntil(steps.ReenableMFA)
				group, err := r.tenant.AddGroup("Robots", serviceAccount)
				if err == nil && nested {
					group, err = r.tenant.AddGroup("All machines", group)
				}
				if err != nil {
					t.Fatal(err)
				}
				if _, err := r.tenant.AddPolicyBehindBack(`{"displayName":"CA55 MFA but for machines","state":"enabled","conditions":{"clientAppTypes":["all"],
					"users":{"includeUsers":["All"],"excludeGroups":["` + group + `"]},"applications":{"includeApplications":["All"]}},
					"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`); err != nil {
					t.Fatal(err)
				}
				f := r.pass(steps.ReenableMFA)
				if row := rowsOf(f)["Excluded through a group"]; row.Mark != steps.MarkNote || !strings.Contains(row.Value, "CA55 MFA but for machines") {
					t.Errorf("it says %s", said(f))
				}
				fault(r, "GET", "/transitiveMemberOf/microsoft.graph.group", 0, forbidden)
				if row := rowsOf(r.inspect(steps.ReenableMFA))["Excluded through a group"]; row.Value != "not known" {
					t.Errorf("without the groups it says %+v", row)
				}
			})
		})
	}
}
