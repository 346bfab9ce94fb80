package steps_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// Both were killed right after the role was assigned, and the tenant shows the role twenty seconds later. A start in that time
// must not believe that nothing is open: it puts MFA back, and the journal goes on to know of the window until then.
func TestRestoreBeforeTheRoleIsShown(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		sent := make(chan struct{}, 10)
		wrap := func(next http.RoundTripper) http.RoundTripper {
			return roundTripper(func(q *http.Request) (*http.Response, error) {
				a, err := next.RoundTrip(q)
				if q.Method == http.MethodPost && strings.HasSuffix(q.URL.Path, "/roleAssignments") {
					sent <- struct{}{}
				}
				return a, err
			})
		}
		first := rehearse(t, setup{wrap: wrap, options: func(o *steps.Options) { o.Journal = folder }})
		first.passUntil(steps.AssignAdmin)
		first.inspect(steps.AssignAdmin)
		first.tenant.SetLag(20 * time.Second)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- first.apply(ctx, steps.AssignAdmin) }()
		<-sent
		cancel()
		<-done
		first.run.Close()
		r := restoringOn(t, first.tenant, folder)
		r.says("was being made Global Administrator")
		if err := r.applyOf(t.Context(), r.step); err != nil {
			t.Fatal(err)
		}
		r.run.Finish()
		time.Sleep(3 * time.Minute)
		_, open := read(t, folder, r.tenant.Endpoints().TenantID).OpenWindow()
		if r.mfa() != "enforced" {
			t.Errorf("per-user MFA is %s, and the journal says open: %v", r.mfa(), open)
		}
	})
}

// The same on another computer, where no journal knows of the window: the account of this program is as new as that, so it is
// asked. The answer closes it; the other leaves the account alone.
func TestRoleShownLateElsewhere(t *testing.T) {
	t.Parallel()
	leave := func(t *testing.T) *rehearsal {
		r := rehearse(t, setup{})
		r.passUntil(steps.AssignAdmin)
		r.run.Close()
		time.Sleep(3 * time.Minute)
		r.tenant.SetLag(2 * time.Minute)
		r.asOperator("POST", "/v1.0/roleManagement/directory/roleAssignments",
			`{"principalId":"`+r.tenant.Snapshot().Users[serviceAccount].ID+`","roleDefinitionId":"`+graph.GlobalAdministrator+`","directoryScopeId":"/"}`)
		return r
	}
	ask := func(t *testing.T) (restoring, string) {
		r := restoringOn(t, leave(t).tenant, "")
		r.says(serviceAccount + " carries this program's mark, was created at")
		f := r.says("may be shown some minutes later")
		if f.Status != steps.Blocked || len(f.Actions) != 3 {
			t.Fatalf("%+v", f)
		}
		return r, strings.TrimPrefix(f.Actions[0].ID, "decline:")
	}
	t.Run("put back", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r, claim := ask(t)
			r.answerTo(r.step, "believe:"+claim, "")
			r.says("was being made Global Administrator")
			r.tenant.SetLag(0)
			r.puts(serviceAccount)
		})
	})
	t.Run("left", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r, claim := ask(t)
			r.answerTo(r.step, "decline:"+claim, "")
			if f := r.says("If another account was used"); r.mfa() != "disabled" {
				t.Errorf("%+v", f)
			}
		})
	})
	t.Run("start", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := rehearseOn(t, leave(t).tenant, setup{})
			r.pass(steps.SignIn)
			if row := rowsOf(r.inspect(steps.Check))["Service account"]; !strings.Contains(row.Note, "the tenant may show that later") {
				t.Errorf("%+v", row)
			}
		})
	})
}
