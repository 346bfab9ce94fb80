package steps_test

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// Answers with the status of a success that are not what was asked for. None of them counts as an exclusion that is over, as MFA that is
// demanded, or as nothing that demands it.

// saying answers 200 with a body.
func saying(body string) *simtest.Fault {
	return &simtest.Fault{Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}, "Request-Id": {"1"}}, Body: body}
}

// What is answered for a policy while the window is closed is no policy, or another one.
func TestNoPolicyInTheAnswer(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"an error in a 200":      `{"error":{"code":"UnknownError","message":"Something went wrong."}}`,
		"an empty object":        `{}`,
		"without its conditions": `{"id":"x","displayName":"CA01","state":"enabled","grantControls":{"operator":"OR","builtInControls":["mfa"]}}`,
		"another policy":         `{"id":"x","displayName":"CA01","state":"enabled","conditions":{"users":{"includeUsers":["All"],"excludeUsers":[]}}}`,
		"a list":                 `{"value":[]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				r, _ := watched(t, setup{profile: "business"}, folder)
				r.passUntil(steps.RunSetup)
				before := r.excluded()
				r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
					if q.Method == http.MethodGet && strings.Contains(q.URL.Path, "/conditionalAccess/policies/") {
						return saying(body)
					}
					return nil
				})
				if err := r.run.CloseExposure(t.Context(), r.report); err == nil || !r.open() || r.mfa() != "enforced" || r.excluded() != before {
					t.Errorf("%v; open %v, MFA %s, %d exclusions of %d", err, r.open(), r.mfa(), r.excluded(), before)
				}
				r.tenant.SetFault(nil)
				r.closeAtLast(t)
				if r.excluded() > 0 {
					t.Errorf("%d exclusions are left", r.excluded())
				}
			})
		})
	}
}

// A list that breaks off with an error is no list of policies that demand nothing.
func TestErrorInTheList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var on atomic.Bool
		r := rehearse(t, setup{profile: "business", wrap: altered(nil, func(q *http.Request, body []byte) []byte {
			if on.Load() && strings.HasSuffix(q.URL.Path, "/conditionalAccess/policies") {
				return []byte(`{"@odata.context":"x","value":[],"error":{"code":"UnknownError","message":"The service broke off."}}`)
			}
			return body
		})})
		r.passUntil(steps.SuspendMFA)
		on.Store(true)
		if f, err := step(steps.SuspendMFA).Inspect(t.Context(), r.run, r.report); err == nil && f.Status == steps.Done {
			t.Errorf("it says %s", finding.Read(f.Text))
		}
		on.Store(false)
		r.closeAtLast(t)
	})
}

// Each read, by itself, is answered with an empty object: while the window is closed, and when restore looks for it on another computer.
func TestEmptyObjects(t *testing.T) {
	t.Parallel()
	anID := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)
	seen := map[string]bool{}
	var mu sync.Mutex
	emptied := func(kind string) func(*http.Request) *simtest.Fault {
		return func(q *http.Request) *simtest.Fault {
			if q.Method != http.MethodGet || strings.Contains(q.URL.Path, "oauth2") {
				return nil
			}
			k := anID.ReplaceAllString(q.URL.Path, "{id}")
			mu.Lock()
			seen[k] = true
			mu.Unlock()
			if k != kind {
				return nil
			}
			return saying(`{}`)
		}
	}
	begin := func(t *testing.T) *rehearsal {
		r := rehearse(t, setup{profile: "business"})
		r.passUntil(steps.RunSetup)
		return r
	}
	left := func(r *rehearsal) bool { return r.mfa() == "disabled" || r.excluded() > 0 }
	for how, run := range map[string]func(t *testing.T, kind string){
		"close": func(t *testing.T, kind string) {
			r := begin(t)
			r.tenant.SetFault(emptied(kind))
			if err := r.run.CloseExposure(t.Context(), r.report); err == nil && left(r) {
				t.Errorf("closed, MFA %s, %d excluded", r.mfa(), r.excluded())
			}
			r.tenant.SetFault(nil)
			r.closeAtLast(t)
		},
		"restore": func(t *testing.T, kind string) {
			r := begin(t)
			r.run.Close()
			time.Sleep(time.Hour)
			next := rehearseOn(t, r.tenant, setup{options: func(o *steps.Options) { o.By = journal.ByRestore }})
			next.pass(steps.SignIn)
			next.tenant.SetFault(emptied(kind))
			restore := steps.Restore()[1]
			f, err := restore.Inspect(t.Context(), next.run, next.report)
			if err == nil && f.Actions[0].ID == steps.ActApply {
				if err = next.applyOf(t.Context(), restore); err == nil {
					f, err = restore.Inspect(t.Context(), next.run, next.report)
				}
			}
			if err == nil && f.Status == steps.Done && left(next) {
				t.Errorf("it says %s; MFA %s, %d excluded", finding.Read(f.Text), next.mfa(), next.excluded())
			}
			next.tenant.SetFault(nil)
			next.run.Close()
		},
	} {
		synctest.Test(t, func(t *testing.T) { run(t, "") })
		kinds := slices.Sorted(maps.Keys(seen))
		if len(kinds) < 3 {
			t.Fatalf("%s reads %v", how, kinds)
		}
		for _, kind := range fewer(3, kinds) {
			t.Run(how+" "+kind, func(t *testing.T) { synctest.Test(t, func(t *testing.T) { run(t, kind) }) })
		}
	}
}
