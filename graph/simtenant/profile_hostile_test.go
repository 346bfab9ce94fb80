package simtenant_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/fault"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestHostileWeather(t *testing.T) {
	all := fault.Join(fault.Kinds())
	for _, test := range []struct {
		o    simtenant.Options
		want string
		seed int64
	}{
		{simtenant.Options{Profile: simtenant.Hostile}, all, 0},
		{simtenant.Options{Profile: simtenant.Hostile, Seed: 4}, all, 4},
		{simtenant.Options{Profile: simtenant.Hostile, Seed: 4, Weather: simtenant.Weather{Faults: []simtenant.FaultKind{simtest.FaultLag}, Seed: 9}}, "lag", 9},
		{simtenant.Options{Profile: "business", Seed: 4}, "", 4},
	} {
		if w := simtenant.WeatherOf(test.o); w.String() != test.want || w.Seed != test.seed {
			t.Errorf("%+v: %+v", test.o, w)
		}
	}
	w := simtest.NewWire(t, simtenant.Options{Profile: simtenant.Hostile})
	if !w.Tenant.State.Flapping || !w.Tenant.Entra.SignIn.BlockDeviceCode || w.Tenant.State.Log.AuditDelay < fault.ShortestAudit || w.Tenant.Entra.Consents.ConsentRefusals != 1 {
		t.Error("hostile is not hostile")
	}
	if got := len(w.Tenant.Snapshot().Policies); got != 9 {
		t.Errorf("it has %d policies", got)
	}
	w.Tenant.ClearFaults()
	for range 50 {
		w.Must(200, "GET", "/v1.0/me", "")
	}
	if w.Tenant.State.Flapping || w.Tenant.Entra.SignIn.BlockDeviceCode || w.Tenant.State.Log.AuditDelay != 0 || w.Tenant.Entra.Consents.ConsentRefusals != 0 {
		t.Error("the weather has not cleared")
	}
}

// stubborn makes the same call until it is answered properly, and says how often in a row it was not.
func stubborn(w *simtest.Wire, method, path, body string, good ...int) (r simtest.Reply, failed int) {
	w.Helper()
	for ; failed <= fault.Spared; failed++ {
		time.Sleep(13 * time.Second)
		r, err := w.Attempt(method, path, body)
		switch {
		case err == nil && r.Status == http.StatusUnauthorized:
			w.As(state.OperatorUPN)
		case err == nil && strings.Contains(r.Text, "ObjectConflict") && failed > 0:
			return r, failed
		case err == nil && (r.Body != nil || r.Status == http.StatusNoContent):
			for _, status := range good {
				if r.Status == status {
					return r, failed
				}
			}
		}
	}
	w.Fatalf("%s %s is never answered", method, path)
	return simtest.Reply{}, 0
}

// until reads once in a while until the tenant shows what it should.
func until(w *simtest.Wire, path string, shows func(simtest.Reply) bool) {
	w.Helper()
	for begin := time.Now(); time.Since(begin) < 5*time.Minute; {
		if r, _ := stubborn(w, "GET", path, "", 200, 404); shows(r) {
			return
		}
	}
	w.Fatalf("%s never shows it", path)
}

// What an onboarding changes can be changed on the worst day, whatever the seed, by a client that reads and tries again.
func TestHostileCanBeFinished(t *testing.T) {
	const seeds = 20
	hits := 0
	for seed := range int64(seeds) {
		synctest.Test(t, func(t *testing.T) {
			w := simtest.NewWire(t, simtenant.Options{Profile: simtenant.Hostile, Seed: seed + 1})
			has := func(text string) func(simtest.Reply) bool {
				return func(r simtest.Reply) bool { return strings.Contains(r.Text, text) }
			}
			stubborn(w, "POST", "/v1.0/users", simtest.NewUserBody, 201)
			until(w, "/v1.0/users/"+simtest.NewUserUPN, has(simtest.NewUserUPN))
			id := w.ID(simtest.NewUserUPN)
			until(w, "/v1.0/users/"+id, has(id))
			policy := w.Tenant.PolicyIDs("CA01")[0]
			users := w.Tenant.Snapshot().Policies["CA01 - Require MFA for administrators"].Users
			exclude := `{"conditions":{"users":{"includeRoles":["` + strings.Join(users.IncludeRoles, `","`) + `"],"excludeUsers":["` + id + `"]}}}`
			stubborn(w, "PATCH", "/v1.0/identity/conditionalAccess/policies/"+policy, exclude, 204)
			until(w, "/v1.0/identity/conditionalAccess/policies/"+policy, has(id))
			stubborn(w, "PATCH", "/beta/users/"+id+"/authentication/requirements", `{"perUserMfaState":"enforced"}`, 204)
			until(w, "/beta/users/"+id+"/authentication/requirements", has(state.MFAEnforced))
			until(w, "/v1.0/auditLogs/directoryAudits?$filter=activityDisplayName eq 'Add user'", has(id))
			for _, r := range w.Tenant.Requests() {
				if r.Fault != "" {
					hits++
				}
			}
		})
	}
	if hits < 2*seeds {
		t.Errorf("only %d faults in %d runs", hits, seeds)
	}
}
