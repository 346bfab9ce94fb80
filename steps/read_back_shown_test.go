package steps_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// A look that follows a write at once shows what that read back. What somebody else does to it after that is seen by the next look, and by
// the next change before it is sent.
func TestWhatOthersUndoIsSeen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := &recorder{}
		r := rehearse(t, setup{profile: "fresh", wrap: calls.wrap})
		for _, id := range []steps.ID{steps.SignIn, steps.Check, steps.CreateAccount} {
			r.pass(id)
		}
		assign := func(on bool) {
			t.Helper()
			if err := r.tenant.SetRole(serviceAccount, graph.GlobalAdministrator, on); err != nil {
				t.Fatal(err)
			}
		}
		r.mailed()
		if f := r.inspect(steps.AssignAdmin); f.Status != steps.Ready {
			t.Fatalf("before: %+v", f)
		}
		assign(true)
		before := len(calls.writes())
		if err := r.apply(t.Context(), steps.AssignAdmin); err != nil || len(calls.writes()) != before {
			t.Errorf("assigned by somebody else, and written all the same: %v, %v", err, calls.writes())
		}
		assign(false)
		if f := r.pass(steps.AssignAdmin); f.Status != steps.Done {
			t.Fatalf("assigned: %+v", f)
		}
		assign(false)
		time.Sleep(2 * time.Second)
		if f := r.inspect(steps.AssignAdmin); f.Status != steps.Ready {
			t.Errorf("taken away by somebody else, and not seen: %+v", f)
		}
	})
}

// So with the account that was made, and with the setting that was set: one look shows what was read back, the second one reads, and so
// does the first that comes later.
func TestWhatOthersUndoIsSeenAtTheSecondLook(t *testing.T) {
	t.Parallel()
	for id, undo := range map[steps.ID]func(*rehearsal){
		steps.CreateAccount: func(r *rehearsal) {
			r.asOperator(http.MethodPatch, "/v1.0/users/"+serviceAccount, `{"accountEnabled":false}`)
		},
		steps.EnableAppPasswords: func(r *rehearsal) {
			r.asOperator(http.MethodPatch, "/beta/policies/mfaServicePolicy", `{"allowAppPasswords":false}`)
		},
	} {
		for name, later := range map[string]time.Duration{"second look": 0, "later": 2 * time.Second} {
			t.Run(string(id)+", "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					r := rehearse(t, setup{profile: "fresh"})
					r.tenant.SetLag(0)
					r.passUntil(id)
					if id == steps.EnableAppPasswords {
						r.answer(id, "office", "page")
					}
					if f := r.inspect(id); f.Status != steps.Ready {
						t.Fatalf("before: %+v", f)
					}
					if err := r.apply(t.Context(), id); err != nil {
						t.Fatal(err)
					}
					undo(r)
					if later == 0 {
						asked := len(r.tenant.Requests())
						if f := r.inspect(id); f.Status != steps.Done || len(r.tenant.Requests()) != asked {
							t.Errorf("the look that follows asks again: %+v", f)
						}
					}
					time.Sleep(later)
					if f := r.inspect(id); f.Status != steps.Ready {
						t.Errorf("undone by somebody else, and not seen: %+v", f)
					}
				})
			})
		}
	}
}

// What the assignment read back is for the look that follows it. Whoever decides about the role reads it.
func TestRoleIsDecidedByReading(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := &recorder{}
		r := rehearse(t, setup{profile: "fresh", wrap: calls.wrap})
		r.tenant.SetLag(0)
		r.passUntil(steps.AssignAdmin)
		r.mailed()
		if err := r.apply(t.Context(), steps.AssignAdmin); err != nil {
			t.Fatal(err)
		}
		if err := r.tenant.SetRole(serviceAccount, graph.GlobalAdministrator, false); err != nil {
			t.Fatal(err)
		}
		r.answer(steps.HandOver, "role-keep", "")
		r.answer(steps.HandOver, "role-reason", "the vendor asks for it")
		before := len(calls.writes())
		if err := r.apply(t.Context(), steps.HandOver); err != nil || len(calls.writes()) != before {
			t.Errorf("a role that is gone is kept: %v, %v", err, calls.writes()[before:])
		}
	})
}

// Where the licences could not be read, a role may end by itself: the look after the assignment asks whether it does.
func TestRoleEndIsAskedForWithoutLicences(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "privileged"})
		r.tenant.SetLag(0)
		r.refusing("/subscribedSkus")
		r.passUntil(steps.AssignAdmin)
		r.mailed()
		r.inspect(steps.AssignAdmin)
		if err := r.apply(t.Context(), steps.AssignAdmin); err != nil {
			t.Fatal(err)
		}
		if end, held := r.tenant.Settings.RoleEnds(serviceAccount); !held || !end.IsZero() {
			t.Fatalf("held %t, until %v", held, end)
		}
		r.refusing("/roleAssignmentScheduleInstances")
		says(t, r.inspect(steps.AssignAdmin), "could not be read", "!assigned, active, whole tenant")
	})
}
