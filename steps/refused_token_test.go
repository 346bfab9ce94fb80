package steps_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// believedLonger has tokens last three hours longer by this computer than by Microsoft, while its clock is ahead.
func believedLonger(ahead *atomic.Bool) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(q *http.Request) (*http.Response, error) {
			a, err := next.RoundTrip(q)
			if err != nil || !ahead.Load() || !strings.HasSuffix(q.URL.Path, "/oauth2/v2.0/token") {
				return a, err
			}
			body, err := io.ReadAll(a.Body)
			var token map[string]any
			if err == nil && json.Unmarshal(body, &token) == nil && token["expires_in"] != nil {
				token["expires_in"] = 4 * 3600
				body, _ = json.Marshal(token)
			}
			a.Body, a.ContentLength = io.NopCloser(strings.NewReader(string(body))), int64(len(body))
			a.Header.Del("Content-Length")
			return a, err
		})
	}
}

// The token ends in the window, earlier than this computer believes, whose clock was ahead when it was given. Another is to
// be had for the asking: the window closes at once, and the guard has it too, though it ends before the one that it had.
func TestTokenEndsEarlierThanBelieved(t *testing.T) {
	t.Parallel()
	for _, closes := range []string{"wizard", "guard"} {
		t.Run(closes, func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				var ahead atomic.Bool
				ahead.Store(true)
				r, w := watched(t, setup{profile: "business", wrap: believedLonger(&ahead)}, folder)
				r.passUntil(steps.RunSetup)
				ahead.Store(false)
				r.tenant.SignIns.EndTokens()
				began := time.Now()
				if closes == "wizard" {
					if err := r.run.CloseExposure(t.Context(), r.report); err != nil {
						t.Error(err)
					}
					if took := time.Since(began); took > time.Minute {
						t.Errorf("it took %s", took)
					}
					r.run.Close()
					return
				}
				r.inspect(steps.ReenableMFA)
				time.Sleep(time.Minute)
				if err := w.kill(r); err != nil {
					t.Error(err)
				}
				closed(t, r, folder)
			})
		})
	}
}

// An operator whose account is disabled or deleted in the window is told that MFA is off, and Sign in signs in: it does not
// say that they are signed in.
func TestOperatorGoesInTheWindow(t *testing.T) {
	t.Parallel()
	for name, goes := range map[string]func(r *rehearsal, operator string){
		"disabled": func(r *rehearsal, operator string) {
			r.asOperator("PATCH", "/v1.0/users/"+operator, `{"accountEnabled":false}`)
		},
		"deleted": func(r *rehearsal, operator string) {
			if err := r.tenant.DeleteUserBehindBack(operator); err != nil {
				t.Error(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: "business"})
				r.passUntil(steps.RunSetup)
				goes(r, r.tenant.Endpoints().Operator.UserPrincipalName)
				time.Sleep(10 * time.Second)
				err := r.run.CloseExposure(t.Context(), r.report)
				told(t, err, "AADSTS500", "per-user MFA")
				if open, yes := r.run.Exposure(); !yes || !strings.Contains(open.Standing(), "MFA is still off") || r.mfa() != "disabled" {
					t.Errorf("open %v, MFA %s: %s", yes, r.mfa(), open.Standing())
				}
				if f := r.inspect(steps.SignIn); f.Status != steps.Ready || !strings.Contains(finding.Read(f.Text), "Sign in again") {
					t.Errorf("the sign-in is said to be good: %s", finding.Read(f.Text))
				}
				r.run.Close()
			})
		})
	}
}
