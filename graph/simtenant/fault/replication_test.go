package fault_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/fault"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// watch reads once a second for as long as lag can last, and says at which of the reads the new value was seen.
func watch(w *simtest.Wire, read func() bool) []bool {
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
		w := simtest.NewWire(t, simtenant.Options{Profile: "business", Weather: weather(t, "lag", seed)})
		w.Tenant.Graph.ConditionalAccess.Most = 1 << 30
		path := "/v1.0/identity/conditionalAccess/policies/" + w.Tenant.PolicyIDs("CA01")[0]
		role := w.Must(200, "GET", path, "").Body["conditions"].(map[string]any)["users"].(map[string]any)["includeRoles"].([]any)[0].(string)
		w.Must(204, "PATCH", path, `{"conditions":{"users":{"includeRoles":["`+role+`"],"excludeUsers":["`+w.ID("auditor@contoso.com")+`"]}}}`)
		policy = watch(w, func() bool { return strings.Contains(w.Must(200, "GET", path, "").Text, w.ID("auditor@contoso.com")) })
		id, _ := w.Must(201, "POST", "/v1.0/users", simtest.NewUserBody).Body["id"].(string)
		account = watch(w, func() bool { return w.Graph("GET", "/v1.0/users/"+id, "").Status == 200 })
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
		w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
		id, _ := w.Must(201, "POST", "/v1.0/users", simtest.NewUserBody).Body["id"].(string)
		requirements := "/beta/users/" + id + "/authentication/requirements"
		listed := func() int {
			return len(w.Must(200, "GET", "/v1.0/users?$filter=userPrincipalName eq '"+simtest.NewUserUPN+"'", "").List())
		}
		w.Must(404, "GET", "/v1.0/users/"+id, "")
		w.Must(404, "GET", "/v1.0/users/"+simtest.NewUserUPN, "")
		w.Must(404, "GET", requirements, "")
		w.Must(404, "PATCH", "/v1.0/users/"+id, `{"jobTitle":"x"}`)
		w.Must(404, "POST", "/v1.0/roleManagement/directory/roleAssignments", simtest.AssignBody(id))
		if r := w.Must(400, "POST", "/v1.0/users", simtest.NewUserBody); !strings.Contains(r.Text, "ObjectConflict") || listed() != 0 {
			t.Errorf("%s; %d listed", r.Text, listed())
		}
		time.Sleep(2 * time.Second)
		w.Must(200, "GET", "/v1.0/users/"+id, "")
		if listed() != 1 {
			t.Error("the account is not listed")
		}
		mfaState := func() any { return w.Must(200, "GET", requirements, "").Body["perUserMfaState"] }
		w.Must(204, "PATCH", requirements, `{"perUserMfaState":"enforced"}`)
		if got := mfaState(); got != state.MFADisabled {
			t.Errorf("at once: %v", got)
		}
		w.Must(204, "PATCH", "/v1.0/users/"+id, `{"jobTitle":"x"}`)
		if got := w.Must(200, "GET", "/v1.0/users/"+id+"?$select=jobTitle", "").Body["jobTitle"]; got != nil {
			t.Errorf("at once: %v", got)
		}
		time.Sleep(2 * time.Second)
		if got := w.Must(200, "GET", "/v1.0/users/"+id+"?$select=jobTitle", "").Body["jobTitle"]; got != "x" || mfaState() != state.MFAEnforced {
			t.Errorf("later: %v, %v", got, mfaState())
		}
		assigned := w.Must(201, "POST", "/v1.0/roleManagement/directory/roleAssignments", simtest.AssignBody(id)).Body["id"].(string)
		w.Must(404, "GET", "/v1.0/roleManagement/directory/roleAssignments/"+assigned, "")
		time.Sleep(2 * time.Second)
		w.Must(200, "GET", "/v1.0/roleManagement/directory/roleAssignments/"+assigned, "")
		w.Must(204, "DELETE", "/v1.0/roleManagement/directory/roleAssignments/"+assigned, "")
		w.Must(204, "DELETE", "/v1.0/users/"+id, "")
		w.Must(404, "GET", "/v1.0/users/"+id, "")
	})
}
