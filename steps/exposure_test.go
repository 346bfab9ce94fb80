package steps_test

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// The exposure window is never said to be closed while it is open, whatever Graph answers.

func answer(status int, code string) simtest.Fault {
	return simtest.Fault{
		Status: status, Header: http.Header{"Content-Type": {"application/json"}},
		Body: `{"error":{"code":"` + code + `","message":"Refused for the test.","innerError":{"request-id":"r"}}}`,
	}
}

func (r *rehearsal) open() bool {
	_, open := r.run.Exposure()
	return open
}

// excluded counts the policies that exclude the service account itself.
func (r *rehearsal) excluded() int {
	s, n := r.tenant.Snapshot(), 0
	for _, p := range s.Policies {
		if slices.Contains(p.Users.ExcludeUsers, s.Users[serviceAccount].ID) {
			n++
		}
	}
	return n
}

// The role was assigned; only reading it back is refused. That is not "not assigned".
func TestAssignedButNotReadBack(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusForbidden, http.StatusUnauthorized, http.StatusTooManyRequests} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{})
				r.passUntil(steps.AssignAdmin)
				var reads atomic.Int64
				r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
					if q.Method != http.MethodGet || !strings.HasSuffix(q.URL.Path, "/roleAssignments") {
						return nil
					}
					if reads.Add(1) == 1 { // before the write
						return nil
					}
					f := answer(status, "Refused")
					return &f
				})
				if err := r.apply(t.Context(), steps.AssignAdmin); err == nil {
					t.Fatal("it says that the assignment was read back")
				}
				if roles := r.tenant.Snapshot().Users[serviceAccount].Roles; len(roles) != 1 {
					t.Fatalf("the test did not assign the role: %v", roles)
				}
				if !r.open() {
					t.Error("the account is Global Administrator without MFA, and the window is called closed")
				}
			})
		})
	}
}

// Refused for sure, nothing was opened.
func TestAssignmentRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.AssignAdmin)
		fault(r, "POST", "/roleAssignments", 0, answer(http.StatusForbidden, "Authorization_RequestDenied"))
		told(t, r.apply(t.Context(), steps.AssignAdmin), "may not do this")
		if r.open() {
			t.Error("the window is open although nothing was assigned")
		}
	})
}

// Closing fails half way: per-user MFA is on, the policies are not. A second try finishes it; until then it is not closed.
func TestCloseFailsHalfWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business"})
		r.passUntil(steps.RunSetup)
		if r.excluded() == 0 {
			t.Fatal("the account is excluded from nothing")
		}
		r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
			if q.Method == http.MethodPatch && strings.Contains(q.URL.Path, "/conditionalAccess/") {
				f := answer(http.StatusServiceUnavailable, "ServiceUnavailable")
				return &f
			}
			return nil
		})
		if err := r.run.CloseExposure(t.Context(), r.report); err == nil || !r.open() {
			t.Errorf("%v, open %v: it gives up with %d exclusions left", err, r.open(), r.excluded())
		}
		r.tenant.SetFault(nil)
		if err := r.run.CloseExposure(t.Context(), r.report); err != nil || r.open() || r.excluded() != 0 {
			t.Errorf("%v, open %v, %d exclusions left", err, r.open(), r.excluded())
		}
	})
}

// Suspending stops half way. What was suspended is owed, and leaving pays it back.
func TestSuspensionStopsHalfWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business"})
		r.passUntil(steps.SuspendMFA)
		r.inspect(steps.SuspendMFA)
		var patches atomic.Int64
		r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
			if q.Method != http.MethodPatch {
				return nil
			}
			if patches.Add(1) == 1 {
				return nil
			}
			f := answer(http.StatusForbidden, "AccessDenied")
			return &f
		})
		told(t, r.apply(t.Context(), steps.SuspendMFA), "may not do this")
		r.inspect(steps.SuspendMFA)
		if !r.open() || r.excluded() != 1 {
			t.Fatalf("open %v with %d exclusions", r.open(), r.excluded())
		}
		r.tenant.SetFault(nil)
		if err := r.run.CloseExposure(t.Context(), r.report); err != nil || r.excluded() != 0 {
			t.Errorf("%v, %d exclusions left", err, r.excluded())
		}
	})
}

// Of several exclusions, only the one that was not taken back is named as one to take out by hand.
func TestOnlyWhatIsStillExcludedIsNamed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business"})
		r.passUntil(steps.RunSetup)
		s := r.tenant.Snapshot()
		var named []string
		for name, p := range s.Policies {
			if slices.Contains(p.Users.ExcludeUsers, s.Users[serviceAccount].ID) {
				named = append(named, name)
			}
		}
		if len(named) < 2 {
			t.Fatalf("excluded from %v", named)
		}
		fault(r, "PATCH", "/policies/"+s.Policies[named[0]].ID, 0, answer(http.StatusForbidden, "AccessDenied"))
		err := r.run.CloseExposure(t.Context(), r.report)
		hint := steps.Explain(err).Next
		if err == nil || r.excluded() != 1 || !strings.Contains(hint, named[0]) || strings.Contains(hint, named[1]) {
			t.Errorf("%d excluded, first of %v: %v, %s", r.excluded(), named, err, hint)
		}
	})
}

// The policies can't be read for a moment: that is no proof that nothing is excluded.
func TestUnreadPoliciesAreNoProof(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business"})
		r.passUntil(steps.ReenableMFA)
		fault(r, "GET", "/conditionalAccess/policies", 0, answer(http.StatusForbidden, "AccessDenied"))
		f, err := step(steps.ReenableMFA).Inspect(t.Context(), r.run, r.report)
		if err == nil && f.Status == steps.Done {
			t.Errorf("it is done with %d exclusions left: %+v", r.excluded(), f)
		}
	})
}

// One look-up that lags neither forgets the account nor keeps the window from being closed.
func TestLaggingLookUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.RunSetup)
		r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
			if q.Method == http.MethodGet && strings.Contains(q.URL.Path, "/users/") && !strings.Contains(q.URL.Path, "/authentication/") {
				f := answer(http.StatusNotFound, "Request_ResourceNotFound")
				return &f
			}
			return nil
		})
		if f, err := step(steps.CreateAccount).Inspect(t.Context(), r.run, r.report); err == nil && f.Status != steps.Done {
			t.Errorf("it would create the account again: %+v", f)
		}
		if err := r.run.CloseExposure(t.Context(), r.report); err != nil || r.open() {
			t.Errorf("%v, open %v", err, r.open())
		}
	})
}

// One read without the role assignment does not stop the clock, and the clock does not start again.
func TestFlappingRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.RunSetup)
		before, _ := r.run.Exposure()
		time.Sleep(20 * time.Minute)
		fault(r, "GET", "/roleAssignments", 1, simtest.Fault{
			Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"value":[]}`,
		})
		r.inspect(steps.SuspendMFA)
		if !r.open() {
			t.Error("one read without the role closed the window")
		}
		r.inspect(steps.SuspendMFA)
		if now, _ := r.run.Exposure(); !now.Opened.Equal(before.Opened) {
			t.Errorf("the clock began again: %s, before %s", now.Opened, before.Opened)
		}
	})
}

// An onboarding interrupted in the window is seen by the check of the next start, on any machine.
func TestHalfDoneIsNoticedByTheCheck(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first := rehearse(t, setup{profile: "business"})
		first.passUntil(steps.RunSetup)
		second := rehearseOn(t, first.tenant, setup{})
		second.pass(steps.SignIn)
		second.inspect(steps.Check)
		if !second.open() {
			t.Fatal("the window is not noticed")
		}
		if err := second.run.CloseExposure(t.Context(), second.report); err != nil || second.excluded() != 0 || second.open() {
			t.Errorf("%v, %d exclusions left, open %v", err, second.excluded(), second.open())
		}
	})
}

// Signed in as somebody else, nothing that was read or accepted before holds.
func TestSecondSignInBeginsAnew(t *testing.T) {
	t.Parallel()
	still(t, setup{}, func(t *testing.T, r *rehearsal) {
		r.pass(steps.SignIn)
		r.pass(steps.Check)
		r.answer(steps.SignIn, "other-account", "")
		r.operator("somebody@contoso.com")
		r.pass(steps.SignIn)
		blocked(t, r.inspect(steps.Check), "You")
		if err := r.tenant.DeleteUserBehindBack("somebody@contoso.com"); err != nil {
			t.Fatal(err)
		}
	})
}

// A name given on the command line is held to the same rules as one that is typed.
func TestAccountFlagIsChecked(t *testing.T) {
	t.Parallel()
	for account, words := range map[string]string{"svc@corp.contoso.com": "federated", "svc@contoso.example": "not verified", "svc@fabrikam.com": "does not have it"} {
		t.Run(account, func(t *testing.T) {
			calls := &recorder{}
			still(t, setup{wrap: calls.wrap, options: func(o *steps.Options) { o.Account = account }}, func(t *testing.T, r *rehearsal) {
				r.pass(steps.SignIn)
				blocked(t, r.inspect(steps.Check), words)
			})
			if sent := calls.writes(); len(sent) != 0 {
				t.Errorf("it wrote %v", sent)
			}
		})
	}
}

// What was refused is not called read back on the last screen.
func TestSummaryTellsTheTruth(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.EnableAppPasswords)
		fault(r, "PATCH", "/mfaServicePolicy", 0, forbidden)
		told(t, r.apply(t.Context(), steps.EnableAppPasswords), "portal")
		r.tenant.SetFault(nil)
		r.pass(steps.EnableAppPasswords)
		r.pass(steps.CaptureAppPassword)
		f := r.pass(steps.HandOver)
		for _, fact := range f.Sections[0].Facts {
			if fact.Label == "Enable app passwords" && fact.Value != "no change by this run" {
				t.Errorf("%+v", fact)
			}
		}
	})
}

// The failed test of the credentials leads back to a new app password.
func TestNewAppPassword(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.HandOver)
		r.answer(steps.HandOver, "new-app-password", "")
		f := r.inspect(steps.HandOver)
		if f.Actions[0].ID != steps.ActGo+string(steps.CaptureAppPassword) {
			t.Errorf("%+v", f)
		}
		if f := r.inspect(steps.CaptureAppPassword); f.Status != steps.Waiting {
			t.Errorf("%+v", f)
		}
		if err := step(steps.CaptureAppPassword).Answer(r.run, "app-password", graph.NewSecret("abcd efgh ijkl mnop")); err != nil {
			t.Error(err)
		}
	})
}
