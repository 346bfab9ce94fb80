package graph

import (
	"encoding/json"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

// conditionTypes are beta's types of a policy's conditions, by where they stand in it.
var conditionTypes = map[string]string{
	"conditionalAccessConditionSet":        "",
	"conditionalAccessApplications":        "applications",
	"conditionalAccessAuthenticationFlows": "authenticationFlows",
	"conditionalAccessClientApplications":  "clientApplications",
	"conditionalAccessDevices":             "devices",
	"conditionalAccessLocations":           "locations",
	"conditionalAccessPlatforms":           "platforms",
	"conditionalAccessUsers":               "users",
}

// Every member that Microsoft's beta has in a policy's conditions is known to this program, or makes the policy doubtful, or makes
// it one about no user: none is lost.
func TestNoMemberOfBetaIsLost(t *testing.T) {
	raw, err := os.ReadFile("testdata/microsoft/conditional-access-beta.json")
	if err != nil {
		t.Fatal(err)
	}
	var list struct{ Types map[string][]string }
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	known, doubted := 0, 0
	for kind, at := range conditionTypes {
		members := list.Types[kind]
		if len(members) == 0 {
			t.Errorf("%s has no members", kind)
		}
		for _, member := range members {
			if is := fieldAt(t, at, member); is {
				known++
				continue
			}
			doubted++
			conditions := map[string]any{member: []string{"x"}}
			if at != "" {
				conditions = map[string]any{at: map[string]any{member: []string{"x"}}}
			}
			text, err := json.Marshal(map[string]any{"id": "p", "displayName": "P", "state": "enabled", "conditions": conditions, "grantControls": map[string]any{"builtInControls": []string{"mfa"}}})
			if err != nil {
				t.Fatal(err)
			}
			var w policyJSON
			if err := json.Unmarshal(text, &w); err != nil {
				t.Fatal(err)
			}
			p := w.policy()
			path := strings.TrimPrefix(at+"."+member, ".")
			if !p.Elsewhere && !slices.Contains(p.Unknown, path) {
				t.Errorf("%s is lost: unknown %v", path, p.Unknown)
			}
		}
	}
	if known < 25 || doubted == 0 {
		t.Errorf("%d members are known, %d are doubted", known, doubted)
	}
}

// fieldAt reports a member that this program reads.
func fieldAt(t *testing.T, at, member string) bool {
	t.Helper()
	kind := reflect.TypeFor[conditionsJSON]()
	if at != "" {
		i := slices.IndexFunc(reflect.VisibleFields(kind), func(f reflect.StructField) bool { return f.Tag.Get("json") == at })
		if i < 0 {
			t.Fatalf("%s is not read", at)
		}
		kind = reflect.VisibleFields(kind)[i].Type
	}
	return slices.ContainsFunc(reflect.VisibleFields(kind), func(f reflect.StructField) bool { return f.Tag.Get("json") == member })
}

// Where version 1.0 does not know what-if, beta is asked once, and from then on at once.
func TestEvaluateOfBeta(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, code := range []int{http.StatusBadRequest, http.StatusNotFound} {
			a := &answers{t: t, list: []func(http.ResponseWriter){
				status(code, `{"error":{"code":"BadRequest","message":"Resource not found for the segment 'evaluate'."}}`), ok(`{"value":[]}`), ok(`{"value":[]}`),
			}}
			c := newTestClient(t, a)
			for range 2 {
				if _, err := c.ConditionalAccess.Evaluate(t.Context(), SignInContext{UserID: "u", AppID: "app", ClientApp: "browser"}); err != nil {
					t.Errorf("%d: %v", code, err)
				}
			}
			var got string
			for _, q := range a.got {
				got += q.URL.Path + " "
			}
			if strings.Count(got, "/v1.0/") != 1 || strings.Count(got, "/beta/") != 2 {
				t.Errorf("%d: asked %s", code, got)
			}
		}
	})
}
