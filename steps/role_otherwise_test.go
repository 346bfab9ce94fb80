package steps_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// throughGroup makes the service account Global Administrator through a group that may hold roles.
func (r *rehearsal) throughGroup() {
	r.t.Helper()
	group, err := r.tenant.AddGroup("Tier 0", serviceAccount)
	if err == nil {
		err = r.tenant.SetGroupAssignable(group, true)
	}
	if err != nil {
		r.t.Fatal(err)
	}
	r.asOperator("POST", "/v1.0/roleManagement/directory/roleAssignments", simtest.AssignBody(group))
	time.Sleep(time.Hour)
}

func (r *rehearsal) eligible() {
	r.t.Helper()
	if err := r.tenant.SetEligible(serviceAccount, state.RoleGlobalAdministrator, true); err != nil {
		r.t.Fatal(err)
	}
}

// The check names what an account holds through a group, and what it can activate; the offboarding deletes none that keeps it, and goes on
// once it is taken out.
func TestRoleHeldOtherwise(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		give          func(*rehearsal)
		row, offboard string
		take          func(*rehearsal) error
	}{
		"eligible": {(*rehearsal).eligible, "It can activate at any time: Global Administrator", "can activate Global Administrator", func(r *rehearsal) error {
			return r.tenant.SetEligible(serviceAccount, state.RoleGlobalAdministrator, false)
		}},
		"group": {(*rehearsal).throughGroup, "through a group", "Global Administrator through a group", func(r *rehearsal) error {
			return r.tenant.SetGroupAssignable("Tier 0", false)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: "privileged"})
				r.squat(steps.Marker)
				c.give(r)
				r.pass(steps.SignIn)
				if row := rowsOf(r.inspect(steps.Check))["Service account"]; row.Mark != steps.MarkDecide || !strings.Contains(row.Note, c.row) {
					t.Errorf("%+v", row)
				}
				all := steps.Offboard()[1:]
				seen := func(id steps.ID) steps.Finding {
					t.Helper()
					for _, s := range all {
						if s.Info().ID == id {
							f, err := s.Inspect(t.Context(), r.run, r.report)
							if err != nil {
								t.Fatal(err)
							}
							return f
						}
					}
					t.Fatal(id)
					return steps.Finding{}
				}
				if row := rowsOf(seen(finding.OffboardPlan))["Remove Global Admin"]; row.Mark != steps.MarkDecide || !strings.Contains(row.Note, c.offboard) {
					t.Errorf("the plan: %+v", row)
				}
				for _, id := range []steps.ID{finding.RemoveRole, finding.DeleteAccount} {
					if f := seen(id); f.Status != steps.Blocked || !strings.Contains(finding.Read(f.Text), c.offboard) {
						t.Errorf("%s: %v %s", id, f.Status, finding.Read(f.Text))
					}
				}
				if err := c.take(r); err != nil {
					t.Fatal(err)
				}
				if role, account := seen(finding.RemoveRole), seen(finding.DeleteAccount); role.Status != steps.Done || account.Status != steps.Ready {
					t.Errorf("taken out: %v %s, %v %s", role.Status, finding.Read(role.Text), account.Status, finding.Read(account.Text))
				}
			})
		})
	}
}

// An account that nothing demands MFA of is open when it is Global Administrator through a group as well, whether it carries the mark or is
// named; and nobody says that it is none where that could not be read.
func TestRestoreOfARoleThroughAGroup(t *testing.T) {
	t.Parallel()
	for _, title := range []string{steps.Marker, ""} {
		for _, read := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: "fresh", options: func(o *steps.Options) { o.By = journal.ByRestore }})
				r.squat(title)
				r.throughGroup()
				r.pass(steps.SignIn)
				if !read {
					r.refusing("/transitiveMemberOf/microsoft.graph.directoryRole")
				}
				restore := restoring{r, steps.Restore()[1]}
				if err := restore.step.Answer(r.run, "account", graph.NewText(serviceAccount)); err != nil {
					t.Fatal(err)
				}
				f, err := restore.step.Inspect(t.Context(), r.run, r.report)
				if err != nil {
					t.Fatal(err)
				}
				if said := finding.Read(f.Text); strings.Contains(said, "not Global Administrator") || read != (f.Status == steps.Ready) || !read && !strings.Contains(said, "is Global Administrator could not be read") {
					t.Errorf("marked %q, read %v: %v %s", title, read, f.Status, said)
				}
			})
		}
	}
}
