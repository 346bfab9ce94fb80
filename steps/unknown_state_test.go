package steps_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// "MFA is still off" is said only where that is what was read. Where closing set it, or may have, and no read shows it, nobody knows.
func TestUnknownIsNotOff(t *testing.T) {
	t.Parallel()
	requirements := func(q *http.Request, method string) bool {
		return q.Method == method && strings.HasSuffix(q.URL.Path, "/authentication/requirements")
	}
	lost := simtest.Fault{Status: http.StatusServiceUnavailable}
	for name, c := range map[string]struct {
		fault   func(*http.Request) *simtest.Fault
		lag     time.Duration
		unknown bool
	}{
		"refused": {func(q *http.Request) *simtest.Fault {
			if requirements(q, http.MethodPatch) {
				return &forbidden
			}
			return nil
		}, 0, false},
		"set, and can't be read": {func(q *http.Request) *simtest.Fault {
			if requirements(q, http.MethodGet) {
				return &lost
			}
			return nil
		}, 0, true},
		"set, and not shown": {func(*http.Request) *simtest.Fault { return nil }, 5 * time.Minute, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{})
				r.passUntil(steps.RunSetup)
				time.Sleep(6 * time.Minute)
				r.tenant.SetLag(c.lag)
				r.tenant.SetFault(c.fault)
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				if err := r.run.CloseExposure(ctx, r.report); err == nil {
					t.Fatal("it was closed")
				}
				open, yes := r.run.Exposure()
				if !yes || open.Unknown() != c.unknown {
					t.Errorf("open %v, unknown %v", yes, open.Unknown())
				}
				if said := open.Standing(); strings.Contains(said, "still off") == c.unknown || !strings.Contains(said, serviceAccount) {
					t.Errorf("it says %q", said)
				}
			})
		})
	}
}

// Before anything was read about the new administrator, nobody says that its MFA is off.
func TestPresumedIsNotOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := make(chan steps.Exposure, 1)
		var r *rehearsal
		r = rehearse(t, setup{wrap: func(next http.RoundTripper) http.RoundTripper {
			return roundTripper(func(q *http.Request) (*http.Response, error) {
				if q.Method == http.MethodPost && strings.HasSuffix(q.URL.Path, "/roleAssignments") {
					open, _ := r.run.Exposure()
					seen <- open
				}
				return next.RoundTrip(q)
			})
		}})
		r.passUntil(steps.AssignAdmin)
		r.pass(steps.AssignAdmin)
		if open := <-seen; !open.Unknown() || strings.Contains(open.Standing(), "still off") {
			t.Errorf("it says %q", open.Standing())
		}
		if open, yes := r.run.Exposure(); !yes || open.Unknown() || !strings.Contains(open.Standing(), "still off") {
			t.Errorf("then it says %q", open.Standing())
		}
	})
}
