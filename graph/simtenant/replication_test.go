package simtenant_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/fault"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// watch reads once a second for as long as lag can last, and says at which of the reads the new value was seen.
func (w *wire) watch(read func() bool) []bool {
	var seen []bool
	for range int(fault.LongestLag/time.Second) + 2 {
		seen = append(seen, read())
		time.Sleep(time.Second)
	}
	return seen
}

// flapped says whether the old value came back after the new one.
func flapped(seen []bool) bool {
	first := slices.Index(seen, true)
	return first >= 0 && slices.Contains(seen[first:], false)
}

func TestFlappingReads(t *testing.T) {
	exclude := func(t *testing.T, seed int64) (policy, account []bool) {
		w := newWire(t, simtenant.Options{Profile: "business", Weather: weather(t, "lag", seed)})
		w.tenant.Graph.ConditionalAccess.Most = 1 << 30
		path := "/v1.0/identity/conditionalAccess/policies/" + w.tenant.PolicyIDs("CA01")[0]
		role := w.must(200, "GET", path, "").body["conditions"].(map[string]any)["users"].(map[string]any)["includeRoles"].([]any)[0].(string)
		w.must(204, "PATCH", path, `{"conditions":{"users":{"includeRoles":["`+role+`"],"excludeUsers":["`+w.id("auditor@contoso.com")+`"]}}}`)
		policy = w.watch(func() bool { return strings.Contains(w.must(200, "GET", path, "").text, w.id("auditor@contoso.com")) })
		id, _ := w.must(201, "POST", "/v1.0/users", newUserBody).body["id"].(string)
		account = w.watch(func() bool { return w.graph("GET", "/v1.0/users/"+id, "").status == 200 })
		return policy, account
	}
	synctest.Test(t, func(t *testing.T) {
		flaps := map[string]int{}
		var before []bool
		for seed := range int64(6) {
			policy, account := exclude(t, seed+1)
			again, _ := exclude(t, seed+1)
			if !slices.Equal(policy, again) {
				t.Errorf("seed %d: two runs differ", seed+1)
			}
			if slices.Equal(policy, before) {
				t.Errorf("seed %d is like the one before", seed+1)
			}
			before = policy
			for name, seen := range map[string][]bool{"policy": policy, "account": account} {
				settled := int(fault.LongestLag / time.Second)
				if slices.Contains(seen[settled+1:], false) {
					t.Errorf("seed %d: the %s is old after %v", seed+1, name, fault.LongestLag)
				}
				if !slices.Contains(seen[:int(fault.ShortestLag/time.Second)], false) {
					t.Errorf("seed %d: the %s was new at once", seed+1, name)
				}
				if flapped(seen) {
					flaps[name]++
				}
			}
		}
		if flaps["policy"] < 4 || flaps["account"] < 4 {
			t.Errorf("of six, %v came back old", flaps)
		}
	})
}

// In business every reader is two seconds behind, and never turns back.
func TestAccountsReplicate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(t, simtenant.Options{Profile: "business"})
		id, _ := w.must(201, "POST", "/v1.0/users", newUserBody).body["id"].(string)
		requirements := "/beta/users/" + id + "/authentication/requirements"
		listed := func() int {
			return len(w.must(200, "GET", "/v1.0/users?$filter=userPrincipalName eq '"+newUserUPN+"'", "").list())
		}
		w.must(404, "GET", "/v1.0/users/"+id, "")
		w.must(404, "GET", "/v1.0/users/"+newUserUPN, "")
		w.must(404, "GET", requirements, "")
		w.must(404, "PATCH", "/v1.0/users/"+id, `{"jobTitle":"x"}`)
		w.must(404, "POST", "/v1.0/roleManagement/directory/roleAssignments", assignBody(id))
		if r := w.must(400, "POST", "/v1.0/users", newUserBody); !strings.Contains(r.text, "ObjectConflict") || listed() != 0 {
			t.Errorf("%s; %d listed", r.text, listed())
		}
		time.Sleep(2 * time.Second)
		w.must(200, "GET", "/v1.0/users/"+id, "")
		if listed() != 1 {
			t.Error("the account is not listed")
		}
		mfaState := func() any { return w.must(200, "GET", requirements, "").body["perUserMfaState"] }
		w.must(204, "PATCH", requirements, `{"perUserMfaState":"enforced"}`)
		if got := mfaState(); got != state.MFADisabled {
			t.Errorf("at once: %v", got)
		}
		w.must(204, "PATCH", "/v1.0/users/"+id, `{"jobTitle":"x"}`)
		if got := w.must(200, "GET", "/v1.0/users/"+id+"?$select=jobTitle", "").body["jobTitle"]; got != nil {
			t.Errorf("at once: %v", got)
		}
		time.Sleep(2 * time.Second)
		if got := w.must(200, "GET", "/v1.0/users/"+id+"?$select=jobTitle", "").body["jobTitle"]; got != "x" || mfaState() != state.MFAEnforced {
			t.Errorf("later: %v, %v", got, mfaState())
		}
		assigned := w.must(201, "POST", "/v1.0/roleManagement/directory/roleAssignments", assignBody(id)).body["id"].(string)
		w.must(404, "GET", "/v1.0/roleManagement/directory/roleAssignments/"+assigned, "")
		time.Sleep(2 * time.Second)
		w.must(200, "GET", "/v1.0/roleManagement/directory/roleAssignments/"+assigned, "")
		w.must(204, "DELETE", "/v1.0/roleManagement/directory/roleAssignments/"+assigned, "")
		w.must(204, "DELETE", "/v1.0/users/"+id, "")
		w.must(404, "GET", "/v1.0/users/"+id, "")
	})
}
