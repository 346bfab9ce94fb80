package steps_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// The sign-in is revoked in the window, and can't be renewed without the operator. They are told, can sign in again, and
// are asked to when MFA is put back.
func TestSignInLapsesInTheWindow(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"leave", "sign in again"} {
		t.Run(way, func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				var lapsed atomic.Bool
				r, w := watched(t, setup{wrap: func(next http.RoundTripper) http.RoundTripper { return withoutRenewal(next, &lapsed) }}, folder)
				r.passUntil(steps.RunSetup)
				lapsed.Store(true)
				if err := r.tenant.FaultAt(len(r.tenant.Requests())+1, simtest.FaultRevoked); err != nil {
					t.Fatal(err)
				}
				_, err := step(steps.ReenableMFA).Inspect(t.Context(), r.run, r.report)
				told(t, err, "ended your sign-in", "Go back to Sign in")
				if f := r.inspect(steps.SignIn); f.Status != steps.Ready || !strings.Contains(f.Text[0].String(), "Sign in again") {
					t.Errorf("the sign-in is said to be good: %+v", f)
				}
				o := &operator{rehearsal: r}
				if way == "leave" {
					if err := o.leave(w); err != nil {
						t.Error(err)
					}
					closed(t, r, folder)
					return
				}
				for _, s := range steps.All() {
					r.pass(s.Info().ID)
				}
				if err := o.leave(w); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// withoutRenewal refuses to renew a sign-in without a person, while lapsed is set.
func withoutRenewal(next http.RoundTripper, lapsed *atomic.Bool) http.RoundTripper {
	return roundTripper(func(q *http.Request) (*http.Response, error) {
		if !lapsed.Load() || !strings.HasSuffix(q.URL.Path, "/oauth2/v2.0/token") {
			return next.RoundTrip(q)
		}
		body, err := io.ReadAll(q.Body)
		if err != nil {
			return nil, err
		}
		q.Body = io.NopCloser(strings.NewReader(string(body)))
		if form, err := url.ParseQuery(string(body)); err != nil || form.Get("grant_type") != "refresh_token" {
			return next.RoundTrip(q)
		}
		text := `{"error":"invalid_grant","error_description":"AADSTS50173: The provided grant has expired.","error_codes":[50173]}`
		return &http.Response{
			StatusCode: http.StatusBadRequest, Header: http.Header{"Content-Type": {"application/json"}}, Request: q,
			Body: io.NopCloser(strings.NewReader(text)), ContentLength: int64(len(text)),
		}, nil
	})
}
