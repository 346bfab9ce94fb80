package steps_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// That nothing demands MFA is believed from three reads. The two after the assignment are among them while they are young, and where they
// read all that may demand MFA.
func TestNoDemandTakesThreeReads(t *testing.T) {
	t.Parallel()
	refusing := func(path string, status int) func(*http.Request) *simtest.Fault {
		return func(q *http.Request) *simtest.Fault {
			if !strings.HasSuffix(q.URL.Path, path) {
				return nil
			}
			f := answer(status, "Refused")
			return &f
		}
	}
	once := func(fault func(*http.Request) *simtest.Fault) func(*http.Request) *simtest.Fault {
		var mu sync.Mutex
		done := false
		return func(q *http.Request) (f *simtest.Fault) {
			mu.Lock()
			defer mu.Unlock()
			if !done {
				f = fault(q)
			}
			done = done || f != nil
			return f
		}
	}
	for name, c := range map[string]struct {
		fault func(*http.Request) *simtest.Fault
		wait  time.Duration
		want  int
	}{
		"at once":            {want: 1},
		"later":              {wait: 31 * time.Second, want: 3},
		"an hour later":      {wait: time.Hour, want: 3},
		"policies refused":   {fault: refusing("/conditionalAccess/policies", http.StatusForbidden), want: 3},
		"policies throttled": {fault: refusing("/conditionalAccess/policies", http.StatusTooManyRequests), want: 3},
		"one of two refused": {fault: once(refusing("/microsoft.graph.group", http.StatusForbidden)), want: 3},
		"groups refused":     {fault: refusing("/microsoft.graph.group", http.StatusForbidden), want: 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: "business"})
				r.tenant.SetLag(0)
				for _, p := range r.tenant.Snapshot().Policies {
					r.tenant.DeletePolicyBehindBack(p.ID)
				}
				r.passUntil(steps.AssignAdmin)
				r.mailed()
				r.inspect(steps.AssignAdmin)
				r.tenant.SetFault(c.fault)
				if err := r.apply(t.Context(), steps.AssignAdmin); err != nil {
					t.Fatal(err)
				}
				r.tenant.SetFault(nil)
				time.Sleep(c.wait)
				before := len(r.tenant.Requests())
				if f := r.inspect(steps.SuspendMFA); f.Status != steps.Done {
					t.Fatalf("suspend: %+v", f)
				}
				if reads := r.statesRead(before); reads != c.want {
					t.Errorf("read %d times, want %d", reads, c.want)
				}
			})
		})
	}
}

// statesRead is how often per-user MFA was asked for since so many requests.
func (r *rehearsal) statesRead(since int) (reads int) {
	for _, q := range r.tenant.Requests()[since:] {
		if q.Method == http.MethodGet && strings.HasSuffix(q.Path, "/authentication/requirements") {
			reads++
		}
	}
	return reads
}

// What suspending reads at its end counts for the look that follows it at once: MFA is off meanwhile, and each second of it counts.
func TestSuspendingIsReadBackOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		profile string
		between func(r *rehearsal)
		want    int
	}{
		"at once":      {profile: "business", want: 1},
		"per-user MFA": {profile: "half-done", want: 1},
		"later":        {profile: "business", between: func(*rehearsal) { time.Sleep(31 * time.Second) }, want: 3},
		"another demanded": {profile: "business", between: func(r *rehearsal) {
			r.asOperator("PATCH", "/beta/users/"+serviceAccount+"/authentication/requirements", `{"perUserMfaState":"enforced"}`)
		}, want: 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: c.profile})
				r.tenant.SetLag(0)
				r.passUntil(steps.SuspendMFA)
				r.mailed()
				if f := r.inspect(steps.SuspendMFA); f.Status != steps.Ready {
					t.Fatalf("%+v", f)
				}
				r.must(steps.SuspendMFA)
				if c.between != nil {
					c.between(r)
				}
				before := len(r.tenant.Requests())
				f := r.inspect(steps.SuspendMFA)
				if (f.Status == steps.Done) != (name != "another demanded") {
					t.Errorf("suspend: %+v", f)
				}
				if reads := r.statesRead(before); reads != c.want {
					t.Errorf("read %d times, want %d", reads, c.want)
				}
			})
		})
	}
}
