package steps_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// The operator's own activation ends before the window would have to be closed: it is said at the start, nothing is opened,
// and a new activation is enough.
func TestOwnActivationEndsInTheWindow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		wait  time.Duration
		short bool
	}{"long enough": {0, false}, "too short": {40 * time.Minute, true}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: "privileged-alone"})
				time.Sleep(c.wait)
				r.pass(steps.SignIn)
				row := rowsOf(r.inspect(steps.Check))["Your activation"]
				if !strings.HasPrefix(row.Value, "Global Administrator until ") || (row.Mark == steps.MarkNote) != c.short {
					t.Errorf("the check says %+v", row)
				}
				r.passUntil(steps.AssignAdmin)
				if !c.short {
					r.must(steps.AssignAdmin)
					return
				}
				err := r.apply(t.Context(), steps.AssignAdmin)
				if err == nil || !strings.Contains(steps.Explain(err).Next, "Activate it anew") {
					t.Errorf("it says %v", err)
				}
				if _, held := r.tenant.Settings.RoleEnds(serviceAccount); held || r.open() {
					t.Error("the window was opened")
				}
				if err := r.tenant.ActivateRole(state.OperatorUPN, state.RoleGlobalAdministrator); err != nil {
					t.Fatal(err)
				}
				r.must(steps.AssignAdmin)
			})
		})
	}
}
