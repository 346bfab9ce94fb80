package steps_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
)

// Where the guard would end with the wizard, that is said before the role is assigned, and nothing is opened without a yes.
func TestGuardEndsTogether(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{options: func(o *steps.Options) {
			o.Around = func() guard.Surroundings { return guard.Surroundings{First: true} }
		}}, folder)
		r.passUntil(steps.AssignAdmin)
		f := r.inspect(steps.AssignAdmin)
		if f.Status != steps.Blocked || !strings.Contains(finding.Read(f.Text), "first process of its container") {
			t.Fatalf("%+v", f)
		}
		told(t, r.apply(t.Context(), steps.AssignAdmin), "Nothing was changed", "outside of the container")
		if len(r.tenant.Snapshot().Users[serviceAccount].Roles) != 0 || w.count() != 0 {
			t.Error("it was opened")
		}
		if err := step(steps.AssignAdmin).Answer(r.run, f.Actions[1].ID, graph.Secret{}); err != nil {
			t.Fatal(err)
		}
		r.pass(steps.AssignAdmin)
		if f := r.inspect(steps.SuspendMFA); f.Status == steps.Blocked {
			t.Errorf("it asks again: %+v", f)
		}
		r.run.Close()
		w.end()
	})
}

// Where it only may end so, that stands beneath the change.
func TestGuardMayEndTogether(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{options: func(o *steps.Options) {
			o.Around = func() guard.Surroundings { return guard.Surroundings{Unit: "session-3.scope"} }
		}}, folder)
		r.passUntil(steps.AssignAdmin)
		if f := r.inspect(steps.AssignAdmin); f.Status != steps.Ready || !strings.Contains(f.Notice.String(), "systemd-run --user --scope") {
			t.Errorf("%+v", f)
		}
		r.pass(steps.AssignAdmin)
		r.run.Close()
		w.end()
	})
}
