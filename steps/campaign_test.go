package steps_test

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// insist turns the registration campaign on, for everybody and without a way to put it off, with somebody excluded already.
func (r *rehearsal) insist() {
	r.t.Helper()
	auditor := r.tenant.Snapshot().Users["auditor@contoso.com"].ID
	r.asOperator("PATCH", "/beta/policies/authenticationMethodsPolicy", `{"registrationEnforcement":{"authenticationMethodsRegistrationCampaign":{
		"state":"enabled","snoozeDurationInDays":0,
		"includeTargets":[{"id":"all_users","targetType":"group","targetedAuthenticationMethod":"microsoftAuthenticator"}],
		"excludeTargets":[{"id":"`+auditor+`","targetType":"user"}]}}}`)
}

// A campaign that can't be put off is suspended for the account along with what demands MFA, and put back; who was excluded
// before stays. The guard does the same.
func TestCampaignIsSuspended(t *testing.T) {
	t.Parallel()
	for _, by := range []string{"wizard", "guard"} {
		t.Run(by, func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				r, w := watched(t, setup{profile: "business"}, folder)
				r.insist()
				time.Sleep(time.Minute)
				before := r.tenant.Snapshot()
				r.pass(steps.SignIn)
				r.pass(steps.Check)
				r.keepPlan()
				for _, id := range []steps.ID{steps.CreateAccount, steps.AssignAdmin, steps.SuspendMFA} {
					r.pass(id)
				}
				during := r.tenant.Snapshot()
				if len(during.CampaignExcludes) != len(before.CampaignExcludes)+1 {
					t.Fatalf("the campaign excludes %v", during.CampaignExcludes)
				}
				if by == "wizard" {
					r.pass(steps.RunSetup)
					r.pass(steps.ReenableMFA)
					r.run.Close()
				} else if err := w.kill(r); err != nil {
					t.Fatal(err)
				}
				asBefore(t, before, r.tenant.Snapshot(), serviceAccount)
				for _, i := range read(t, folder, r.tenant.Endpoints().TenantID).Outstanding() {
					if i.Kind == journal.InverseCampaignExclusion {
						t.Error("the journal owes the campaign")
					}
				}
			})
		})
	}
}

// A read that lags does not show the exclusion yet, and the next ones are refused. What was read is what is written back: those
// whom somebody else excluded stay, though nobody can read them just then.
func TestCampaignNotReadIsNotEmptied(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var stale []byte
		reads := -1 // since the campaign is put back; negative before
		wrap := func(next http.RoundTripper) http.RoundTripper {
			return roundTripper(func(q *http.Request) (*http.Response, error) {
				a, err := next.RoundTrip(q)
				if err != nil || q.Method != http.MethodGet || !strings.HasSuffix(q.URL.Path, "/policies/authenticationMethodsPolicy") {
					return a, err
				}
				mu.Lock()
				defer mu.Unlock()
				if reads < 0 {
					if stale == nil {
						stale, err = io.ReadAll(a.Body)
						a.Body = io.NopCloser(bytes.NewReader(stale))
					}
					return a, err
				}
				if reads++; reads == 1 {
					a.Body, a.ContentLength = io.NopCloser(bytes.NewReader(stale)), int64(len(stale))
					return a, nil
				}
				refused := `{"error":{"code":"accessDenied","message":"not now"}}`
				a.StatusCode, a.Body, a.ContentLength = http.StatusForbidden, io.NopCloser(strings.NewReader(refused)), int64(len(refused))
				return a, nil
			})
		}
		r := rehearse(t, setup{profile: "business", wrap: wrap})
		r.insist()
		time.Sleep(time.Minute)
		before := r.tenant.Snapshot().CampaignExcludes
		r.pass(steps.SignIn)
		r.pass(steps.Check)
		r.keepPlan()
		for _, id := range []steps.ID{steps.CreateAccount, steps.AssignAdmin, steps.SuspendMFA} {
			r.pass(id)
		}
		mu.Lock()
		reads = 0
		mu.Unlock()
		_ = r.apply(t.Context(), steps.ReenableMFA)
		after := r.tenant.Snapshot().CampaignExcludes
		for _, id := range before {
			if !slices.Contains(after, id) {
				t.Errorf("%s was excluded by somebody else, and is not any more: %v", id, after)
			}
		}
		if reads < 2 || len(before) == 0 {
			t.Errorf("%d reads, %d excluded before", reads, len(before))
		}
	})
}
