package steps_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// The tenant's rule asks for MFA of whoever assigns, and the operator's sign-in had none: the plan says so before, and the
// refusal says what to do. Nothing was assigned, and no window is open.
func TestRuleAsksForMFAOfWhoAssigns(t *testing.T) {
	t.Parallel()
	for name, sure := range map[string]bool{"with MFA": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{})
				privileged(func(p *state.RolePolicy) { p.Assign.MFA = true })(t, r.tenant)
				r.pass(steps.SignIn)
				row := rowsOf(r.inspect(steps.Check))["Time-bound role"]
				if !strings.Contains(row.Note, "a sign-in with MFA and a reason") || !strings.Contains(row.Note, "are rules for your own activation") {
					t.Errorf("the check says %+v", row)
				}
				r.passUntil(steps.AssignAdmin)
				if !sure { // a sign-in by device code always has it here
					r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
						f := answer(http.StatusBadRequest, "RoleAssignmentRequestPolicyValidationFailed")
						if q.Method != http.MethodPost || !strings.HasSuffix(q.URL.Path, "/roleAssignmentScheduleRequests") {
							return nil
						}
						return &f
					})
				}
				err := r.apply(t.Context(), steps.AssignAdmin)
				if sure {
					if err != nil {
						t.Error(err)
					}
					return
				}
				if !errors.Is(err, graph.ErrRoleRules) || !strings.Contains(steps.Explain(err).Next, "give a second factor") {
					t.Errorf("it says %v: %s", err, steps.Explain(err).Next)
				}
				if _, held := r.tenant.Settings.RoleEnds(serviceAccount); held || r.open() {
					t.Errorf("held %t, open %t", held, r.open())
				}
			})
		})
	}
}

// What of it can't be read is doubt: it is said, and the role is assigned as without a licence.
func TestRulesThatCantBeRead(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/roleManagementPolicyAssignments", "/roleAssignmentScheduleInstances"} {
		t.Run(path[1:], func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: "privileged"})
				r.refusing(path)
				r.pass(steps.SignIn)
				row := rowsOf(r.inspect(steps.Check))["Time-bound role"]
				if row.Value != "could not be read" || row.Mark != steps.MarkNote || !strings.Contains(row.Note, "without an end") {
					t.Errorf("the check says %+v", row)
				}
				if planned := r.plannedRole(); planned != "assign Global Administrator to it" {
					t.Errorf("planned: %q", planned)
				}
				r.pass(steps.Check)
				r.pass(steps.CreateAccount)
				r.answer(steps.AssignAdmin, "role-lasts", "") // the operator's own role can't be read either
				r.pass(steps.AssignAdmin)
				if end, held := r.tenant.Settings.RoleEnds(serviceAccount); !held || !end.IsZero() {
					t.Errorf("held %t, until %v", held, end)
				}
				if path == "/roleAssignmentScheduleInstances" {
					says(t, r.inspect(steps.AssignAdmin), "whether it ends could not be read", "!whole tenant")
				}
			})
		})
	}
}

// Provisioning takes as long as it takes in a live tenant, and longer; the end that is shown is the tenant's.
func TestEndIsReadNotComputed(t *testing.T) {
	t.Parallel()
	for _, takes := range []time.Duration{0, 47 * time.Second, 100 * time.Second} {
		t.Run(takes.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: "privileged"})
				r.tenant.Settings.SetProvisioning(takes, "")
				r.passUntil(steps.AssignAdmin)
				asked := time.Now()
				f := r.pass(steps.AssignAdmin)
				end, _ := r.tenant.Settings.RoleEnds(serviceAccount)
				if end.Sub(asked) < 20*time.Minute+takes {
					t.Errorf("the end did not move: %v", end.Sub(asked))
				}
				says(t, f, "until "+clockOf(end))
			})
		})
	}
}

// refusing has the tenant refuse whatever ends like this.
func (r *rehearsal) refusing(paths ...string) {
	r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
		if !slices.ContainsFunc(paths, func(path string) bool { return strings.HasSuffix(q.URL.Path, path) }) {
			return nil
		}
		f := answer(http.StatusForbidden, "Authorization_RequestDenied")
		return &f
	})
}
