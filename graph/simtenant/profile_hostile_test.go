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
	w := newWire(t, simtenant.Options{Profile: simtenant.Hostile})
	if !w.tenant.State.Flapping || !w.tenant.Entra.SignIn.BlockDeviceCode || w.tenant.State.Log.AuditDelay < fault.ShortestAudit || w.tenant.Entra.Consents.ConsentRefusals != 1 {
		t.Error("hostile is not hostile")
	}
	if got := len(w.tenant.Snapshot().Policies); got != 9 {
		t.Errorf("it has %d policies", got)
	}
	w.tenant.ClearFaults()
	for range 50 {
		w.must(200, "GET", "/v1.0/me", "")
	}
	if w.tenant.State.Flapping || w.tenant.Entra.SignIn.BlockDeviceCode || w.tenant.State.Log.AuditDelay != 0 || w.tenant.Entra.Consents.ConsentRefusals != 0 {
		t.Error("the weather has not cleared")
	}
}

// stubborn makes the same call until it is answered properly, and says how often in a row it was not.
func (w *wire) stubborn(method, path, body string, good ...int) (r reply, failed int) {
	w.Helper()
	for ; failed <= fault.Spared; failed++ {
		time.Sleep(13 * time.Second)
		r, err := w.attempt(method, path, body)
		switch {
		case err == nil && r.status == http.StatusUnauthorized:
			w.as(state.OperatorUPN)
		case err == nil && strings.Contains(r.text, "ObjectConflict") && failed > 0:
			return r, failed
		case err == nil && (r.body != nil || r.status == http.StatusNoContent):
			for _, status := range good {
				if r.status == status {
					return r, failed
				}
			}
		}
	}
	w.Fatalf("%s %s is never answered", method, path)
	return reply{}, 0
}

// until reads once in a while until the tenant shows what it should.
func (w *wire) until(path string, shows func(reply) bool) {
	w.Helper()
	for begin := time.Now(); time.Since(begin) < 5*time.Minute; {
		if r, _ := w.stubborn("GET", path, "", 200, 404); shows(r) {
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
			w := newWire(t, simtenant.Options{Profile: simtenant.Hostile, Seed: seed + 1})
			has := func(text string) func(reply) bool {
				return func(r reply) bool { return strings.Contains(r.text, text) }
			}
			w.stubborn("POST", "/v1.0/users", newUserBody, 201)
			w.until("/v1.0/users/"+newUserUPN, has(newUserUPN))
			id := w.id(newUserUPN)
			w.until("/v1.0/users/"+id, has(id))
			policy := w.tenant.PolicyIDs("CA01")[0]
			users := w.tenant.Snapshot().Policies["CA01 - Require MFA for administrators"].Users
			exclude := `{"conditions":{"users":{"includeRoles":["` + strings.Join(users.IncludeRoles, `","`) + `"],"excludeUsers":["` + id + `"]}}}`
			w.stubborn("PATCH", "/v1.0/identity/conditionalAccess/policies/"+policy, exclude, 204)
			w.until("/v1.0/identity/conditionalAccess/policies/"+policy, has(id))
			w.stubborn("PATCH", "/beta/users/"+id+"/authentication/requirements", `{"perUserMfaState":"enforced"}`, 204)
			w.until("/beta/users/"+id+"/authentication/requirements", has(state.MFAEnforced))
			w.until("/v1.0/auditLogs/directoryAudits?$filter=activityDisplayName eq 'Add user'", has(id))
			for _, r := range w.tenant.Requests() {
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
