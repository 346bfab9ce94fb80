package steps_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// A look that follows a write at once shows what that read back. What somebody else does to it after that is seen by the next look, and by
// the next change before it is sent.
func TestWhatOthersUndoIsSeen(t *testing.T) {
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
