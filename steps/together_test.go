package steps_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
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
	t.Parallel()
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
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{options: func(o *steps.Options) {
			o.Around = func() guard.Surroundings { return guard.Surroundings{Unit: "session-3.scope"} }
		}}, folder)
		r.passUntil(steps.AssignAdmin)
		r.mailed()
		if f := r.inspect(steps.AssignAdmin); f.Status != steps.Ready || !strings.Contains(f.Notice.String(), "systemd-run --user --scope") {
			t.Errorf("%+v", f)
		}
		r.pass(steps.AssignAdmin)
		if open, _ := r.run.Exposure(); open.While != "while you stay logged in" {
			t.Errorf("the guard is sure to go on %q", open.While)
		}
		r.run.Close()
		w.end()
	})
}

// A guard that finds itself in a job object which ends it with the terminal says so when it is ready: it is let go, nothing is
// opened, and the operator decides.
func TestGuardSaysThatItEndsTogether(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		started, ended := 0, 0
		var last io.Closer
		r := rehearse(t, setup{options: func(o *steps.Options) {
			o.Journal, o.Around = folder, func() guard.Surroundings { return guard.Surroundings{} }
			o.Guard = func(ctx context.Context, order guard.Order) (*guard.Guard, error) {
				started++
				in, to := io.Pipe()
				from, out := io.Pipe()
				last = to
				go func() {
					defer out.Close() //nolint:errcheck // a pipe in memory
					for lines := bufio.NewScanner(in); lines.Scan(); {
						released := strings.Contains(lines.Text(), "goodbye")
						if released {
							ended++
						}
						fmt.Fprintf(out, "{\"job\":%d}\n", guard.KillingJob)
						if released {
							return
						}
					}
				}()
				return guard.Connect(ctx, order, to, from)
			}
		}})
		r.passUntil(steps.AssignAdmin)
		r.mailed()
		if f := r.inspect(steps.AssignAdmin); f.Status != steps.Ready {
			t.Fatalf("%+v", f)
		}
		told(t, r.apply(t.Context(), steps.AssignAdmin), "Nothing was changed", "job object", "plain console window")
		if len(r.tenant.Snapshot().Users[serviceAccount].Roles) != 0 || started != 1 || ended != 1 {
			t.Errorf("it was opened, or %d of %d guards have ended", ended, started)
		}
		f := r.inspect(steps.AssignAdmin)
		if f.Status != steps.Blocked || !strings.Contains(finding.Read(f.Text), "job object") {
			t.Fatalf("%+v", f)
		}
		if err := step(steps.AssignAdmin).Answer(r.run, f.Actions[1].ID, graph.Secret{}); err != nil {
			t.Fatal(err)
		}
		r.pass(steps.AssignAdmin)
		r.run.Close()
		_ = last.Close()
	})
}
