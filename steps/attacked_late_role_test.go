package steps_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// Both were killed right after the role was assigned, and the tenant shows the role twenty seconds later. A start in that time
// must not believe that nothing is open: it puts MFA back, and the journal goes on to know of the window until then.
func TestRestoreBeforeTheRoleIsShown(t *testing.T) {
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
		first.run.Close(false)
		r := restoringOn(t, first.tenant, folder)
		r.says("was being made Global Administrator")
		if err := r.applyOf(t.Context(), r.step); err != nil {
			t.Fatal(err)
		}
		r.run.Close(true)
		time.Sleep(3 * time.Minute)
		_, open := read(t, folder, r.tenant.Endpoints().TenantID).OpenWindow()
		if r.mfa() != "enforced" {
			t.Errorf("per-user MFA is %s, and the journal says open: %v", r.mfa(), open)
		}
	})
}
