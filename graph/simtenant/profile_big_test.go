package simtenant_test

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestBigCostsLittle(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	tenant, err := simtest.New(simtenant.Options{Profile: "big"})
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	runtime.GC()
	runtime.ReadMemStats(&after)
	grown := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("%d accounts in %v and %d kB", tenant.State.Directory.CountUsersLocked(), took, grown>>10)
	if took > time.Second || grown > 16<<20 {
		t.Errorf("built in %v with %d kB", took, grown>>10)
	}
	runtime.KeepAlive(tenant)
}

func TestBigIsWhole(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads a hundred thousand accounts")
	}
	w := simtest.NewWire(t, simtenant.Options{Profile: "big"})
	w.Tenant.SetLag(0)
	seen := map[string]bool{}
	for _, u := range pagesOf(w, "/v1.0/users?$top=999&$select=id") {
		seen[u["id"].(string)] = true
	}
	if len(seen) != simtenant.BigUsers {
		t.Errorf("%d accounts in all pages", len(seen))
	}
	if r := w.Must(200, "GET", "/v1.0/users?$count=true&$top=1", "", "ConsistencyLevel", "eventual"); r.Body["@odata.count"] != float64(simtenant.BigUsers) {
		t.Errorf("%v accounts counted", r.Body["@odata.count"])
	}
	if got := w.Must(200, "GET", "/v1.0/users", ""); len(got.List()) != 100 || got.Body["@odata.nextLink"] == nil {
		t.Errorf("a page has %d", len(got.List()))
	}
	if got := len(pagesOf(w, "/v1.0/servicePrincipals?$top=999&$select=id")); got != simtenant.BigServicePrincipals {
		t.Errorf("%d service principals", got)
	}
	if got := w.Must(200, "GET", "/v1.0/subscribedSkus", "").List(); got[0]["consumedUnits"].(float64) < simtenant.BigUsers-10 {
		t.Errorf("%v", got)
	}
	if got := w.Must(200, "GET", "/v1.0/users?$filter=jobTitle eq '"+simtenant.OnboardedTitle+"'", "").List(); len(got) != 0 {
		t.Errorf("ours are %v", got)
	}
	found := w.Must(200, "GET", "/v1.0/users?$filter=startswith(userPrincipalName,'anna.gruber.4800')", "").List()
	if len(found) != 2 { // 4800 and 48000
		t.Errorf("%d are called so", len(found))
	}
}

// One of the crowd can be changed, found changed, deleted and missed, and the others stay as they are.
func TestBigMembersAreReal(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "big"})
	w.Tenant.SetLag(0)
	before := w.Tenant.Snapshot()
	const upn = "anna.gruber.48000@contoso.com"
	id := w.Must(200, "GET", "/v1.0/users/"+upn, "").Body["id"].(string)
	if !simtest.SameJSON(t, before, w.Tenant.Snapshot()) {
		t.Error("reading changes the snapshot")
	}
	w.Must(204, "PATCH", "/v1.0/users/"+id, `{"jobTitle":"Chief"}`)
	if got := w.Must(200, "GET", "/v1.0/users?$filter=jobTitle eq 'Chief'", "").List(); len(got) != 1 || got[0]["id"] != id {
		t.Errorf("%v", got)
	}
	w.Must(204, "PATCH", "/beta/users/"+id+"/authentication/requirements", `{"perUserMfaState":"enabled"}`)
	if got := w.Tenant.Snapshot().Users[upn]; got.PerUserMFA != state.MFAEnabled {
		t.Errorf("the snapshot has %+v", got)
	}
	w.Must(204, "DELETE", "/v1.0/users/"+id, "")
	w.Must(404, "GET", "/v1.0/users/"+id, "")
	w.Must(404, "GET", "/v1.0/users/"+upn, "")
	s := w.Tenant.Snapshot()
	if len(s.Deleted) != 2 || len(s.Users) != len(before.Users) || w.Tenant.State.Directory.CountUsersLocked() != simtenant.BigUsers-1 {
		t.Errorf("%d deleted, %d of %d left", len(s.Deleted), w.Tenant.State.Directory.CountUsersLocked(), simtenant.BigUsers)
	}
	for _, wrong := range []string{"anna.gruber.48001@contoso.com", "anna.gruber.9999999@contoso.com", "anna.gruber@contoso.com", w.Tenant.State.Directory.Crowd.ID(simtenant.BigUsers)} {
		w.Must(404, "GET", "/v1.0/users/"+wrong, "")
	}
	groups := w.Must(200, "GET", "/v1.0/users/"+w.Tenant.State.Directory.Crowd.ID(7)+"/transitiveMemberOf/microsoft.graph.group", "").Names()
	if !slices.Equal(groups, []string{"Department 002"}) {
		t.Errorf("groups %v", groups)
	}
}
