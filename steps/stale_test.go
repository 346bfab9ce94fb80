package steps_test

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// What a fault sweep found: single reads that were stale, or failed, and were taken for more than that.

const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10"

// The domains can't be read at first. After Check again the account is where it was going to be, and not where it would
// have been for want of knowledge.
func TestDomainIsNoGuess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.pass(steps.SignIn)
		fault(r, "GET", "/domains", 1, answer(http.StatusInternalServerError, "InternalServerError"))
		if f := r.inspect(steps.Check); f.Status != steps.Blocked {
			t.Fatalf("it goes on without knowing the domains: %+v", f)
		}
		r.answer(steps.Check, "reread", "")
		r.pass(steps.Check)
		r.pass(steps.CreateAccount)
		if _, made := r.tenant.Snapshot().Users[serviceAccount]; !made {
			t.Error("the account is somewhere else")
		}
	})
}

// A replica that does not know the role yet says that nothing demands MFA, and so does what-if there.
func TestSuspensionBelievesNoStaleRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business"})
		r.passUntil(steps.SuspendMFA)
		var roles, whatIf atomic.Int32
		r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
			switch {
			case strings.HasSuffix(q.URL.Path, "/roleAssignments") && roles.Add(1) <= 2,
				strings.HasSuffix(q.URL.Path, "/conditionalAccess/evaluate") && whatIf.Add(1) <= 2:
				return &none
			}
			return nil
		})
		if f := r.inspect(steps.SuspendMFA); f.Status != steps.Ready || len(f.Changes) == 0 {
			t.Errorf("it believes that nothing demands MFA: %+v", f)
		}
	})
}

// The role is there already, and for a while no read shows it. That is no reason to choose another name.
func TestRoleShownLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.AssignAdmin)
		if err := r.tenant.SetRole(serviceAccount, globalAdministrator, true); err != nil {
			t.Fatal(err)
		}
		fault(r, "GET", "/roleAssignments", 8, none)
		if err := r.apply(t.Context(), steps.AssignAdmin); err != nil {
			t.Error(err)
		}
		if roles := r.tenant.Snapshot().Users[serviceAccount].Roles; len(roles) != 1 {
			t.Errorf("it has the roles %v", roles)
		}
	})
}

// The setting holds for the whole tenant, and is read as often as a policy.
func TestSettingIsReadThrice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := &recorder{}
		r := rehearse(t, setup{wrap: calls.wrap})
		r.passUntil(steps.EnableAppPasswords)
		r.inspect(steps.EnableAppPasswords)
		if err := r.apply(t.Context(), steps.EnableAppPasswords); err != nil {
			t.Fatal(err)
		}
		written := slices.IndexFunc(calls.calls, func(c string) bool {
			return strings.HasPrefix(c, "PATCH ") && strings.HasSuffix(c, "/mfaServicePolicy")
		})
		reads := 0
		for _, c := range calls.calls[written+1:] {
			if strings.HasSuffix(c, "/mfaServicePolicy") {
				reads++
			}
		}
		if written < 0 || reads < 3 {
			t.Errorf("it was read %d times", reads)
		}
	})
}

// One read that does not show the exclusion from the campaign does not leave it there.
func TestCampaignShownLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business"})
		r.insist()
		time.Sleep(time.Minute)
		before := r.tenant.Snapshot().CampaignExcludes
		r.passUntil(steps.RunSetup)
		if during := r.tenant.Snapshot().CampaignExcludes; len(during) != len(before)+1 {
			t.Fatalf("the campaign excludes %v", during)
		}
		fault(r, "GET", "/authenticationMethodsPolicy", 1, simtest.Fault{
			Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
			Body: `{"id":"authenticationMethodsPolicy","registrationEnforcement":{"authenticationMethodsRegistrationCampaign":{"state":"enabled","excludeTargets":[]}}}`,
		})
		if err := r.run.CloseExposure(t.Context(), r.report); err != nil {
			t.Error(err)
		}
		if after := r.tenant.Snapshot().CampaignExcludes; !slices.Equal(before, after) {
			t.Errorf("the campaign excluded %v, and now %v", before, after)
		}
	})
}

// The wizard is killed long after its suspensions were read back, and the guard's first read of each policy comes from a server that
// lags: what it does not show is taken back all the same, and the journal owes nothing.
func TestGuardBelievesNoOlderRead(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		older, now := map[string][]byte{}, map[string][]byte{} // each policy as it was, and as it is
		r, w := watched(t, setup{profile: "business"}, folder)
		r.passUntil(steps.SuspendMFA)
		keep := func(into map[string][]byte) {
			for _, id := range r.tenant.PolicyIDs("") {
				time.Sleep(2 * time.Second)
				into[id] = r.asOperator(http.MethodGet, "/beta/identity/conditionalAccess/policies/"+id, "")
			}
		}
		keep(older)
		r.pass(steps.SuspendMFA)
		time.Sleep(3 * time.Minute)
		keep(now)
		for id := range older {
			if bytes.Equal(older[id], now[id]) {
				delete(older, id)
			}
		}
		if len(older) == 0 || len(older) != r.excluded() {
			t.Fatalf("%d policies changed, %d exclude the account", len(older), r.excluded())
		}
		r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
			mu.Lock()
			defer mu.Unlock()
			id := q.URL.Path[strings.LastIndex(q.URL.Path, "/")+1:]
			if q.Method != http.MethodGet || older[id] == nil {
				return nil
			}
			body := string(older[id])
			delete(older, id)
			return saying(body)
		})
		served := w.kill(r)
		owed, _ := read(t, folder, r.tenant.Endpoints().TenantID).Owed()
		if served != nil || r.mfa() != "enforced" || r.excluded() > 0 || len(owed.Inverses) > 0 || len(older) > 0 {
			t.Errorf("%v: MFA %s, %d excluded, owed %v, %d not read", served, r.mfa(), r.excluded(), owed.Inverses, len(older))
		}
	})
}

// A read that fails within a change is told as what it is.
func TestFailedReadsAreNamed(t *testing.T) {
	t.Parallel()
	for id, path := range map[steps.ID]string{steps.AssignAdmin: "/roleAssignments", steps.ReenableMFA: "/conditionalAccess/policies"} {
		t.Run(string(id), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: "business"})
				r.passUntil(id)
				r.inspect(id)
				fault(r, "GET", path, 1, answer(http.StatusInternalServerError, "InternalServerError"))
				err := r.apply(t.Context(), id)
				if e, named := errors.AsType[*steps.Error](err); !named || !strings.HasPrefix(string(e.Op), "read ") {
					t.Errorf("it says %+v", steps.Explain(err))
				}
			})
		})
	}
}

// A refusal of the policies that does not say that they are not licensed is no failure where what-if says it.
func TestLicenceIsMissingAllTheSame(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.SuspendMFA)
		fault(r, "GET", "/conditionalAccess/policies", 1, simtest.Fault{
			Status: http.StatusForbidden, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"error":{"code":"Acc`,
		})
		if f := r.inspect(steps.SuspendMFA); f.Status != steps.Done {
			t.Errorf("%+v", f)
		}
	})
}
