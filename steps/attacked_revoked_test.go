package steps_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// Only the guard is left, and the operator's sign-ins are revoked for good: it tries for as long as its token lasts, writes down
// what it could not put back, and the next start begins there, as SECURITY.md says.
func TestRevokedWithOnlyTheGuardLeft(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("TestGuardGivesUp waits as long")
	}
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{profile: "business"}, folder)
		r.passUntil(steps.RunSetup)
		operator := r.tenant.Endpoints().Operator.UserPrincipalName
		time.Sleep(2 * time.Second)
		r.asOperator("POST", "/v1.0/users/"+operator+"/revokeSignInSessions", "")
		begin, ends := time.Now(), w.last().order.Token.Expires
		if err := w.kill(r); err == nil {
			t.Error("it ends as if the window were closed")
		}
		if took := time.Since(begin); time.Now().Before(ends) || took > 100*time.Minute {
			t.Errorf("it gave up after %s, and its token ends at %s", took, ends)
		}
		tries := 0
		for _, call := range w.calls.writes() {
			if strings.HasSuffix(call, "/authentication/requirements") {
				tries++
			}
		}
		if minutes := int(time.Since(begin).Minutes()); tries < 10*minutes {
			t.Errorf("it tried %d times in %d minutes", tries, minutes)
		}
		log := read(t, folder, r.tenant.Endpoints().TenantID)
		last := log.Entries[len(log.Entries)-1]
		if last.Kind != journal.KindWindowStuck || !strings.Contains(last.Note, "per-user MFA of "+serviceAccount) || !strings.Contains(last.Note, "2 policies") {
			t.Errorf("the journal ends with %+v", last)
		}
		next := restoringOn(t, r.tenant, folder)
		next.says("MFA has been off for " + serviceAccount)
		next.puts(serviceAccount)
	})
}

// Its token is refused for a while, as from an address that a policy does not trust, and taken again later: it closes the
// window then.
func TestRefusedForAWhile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{profile: "business"}, folder)
		r.passUntil(steps.RunSetup)
		refused := time.Now().Add(10 * time.Minute)
		r.tenant.SetFault(func(*http.Request) *simtest.Fault {
			if time.Now().Before(refused) {
				return &simtest.Fault{
					Status: http.StatusUnauthorized, Header: http.Header{"Content-Type": {"application/json"}},
					Body: `{"error":{"code":"InvalidAuthenticationToken","message":"Continuous access evaluation resulted in a challenge."}}`,
				}
			}
			return nil
		})
		if err := w.kill(r); err != nil {
			t.Error(err)
		}
		if late := time.Since(refused); late > 30*time.Second {
			t.Errorf("it ends %s after its token is taken again", late)
		}
		closed(t, r, folder)
	})
}

// The wizard is gone, and by the clock on the wall, which was set forward by hours, the guard's token has ended. Microsoft takes it: the window
// is closed with it.
func TestTokenOverByTheClock(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{profile: "business"}, folder)
		r.passUntil(steps.RunSetup)
		token := w.last().order.Token
		token.Expires = time.Now().Add(-time.Hour)
		worker := hired(t, w.last().order, token, &recorder{}, r)
		if err := worker.Close(t.Context()); err != nil || r.mfa() == "disabled" || r.excluded() > 0 {
			t.Errorf("per-user MFA is %s, %d exclusions: %v", r.mfa(), r.excluded(), err)
		}
		worker.Done()
		r.run.Close()
		w.end()
	})
}
