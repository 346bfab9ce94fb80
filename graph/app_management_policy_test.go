package graph

import (
	"net/http"
	"testing"
	"time"
)

func TestAppManagementPolicy(t *testing.T) {
	old, late := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	on := func(more string) string {
		return `{"isEnabled":true,"applicationRestrictions":{"passwordCredentials":[{"restrictionType":"passwordAddition"` + more + `}]}}`
	}
	for body, want := range map[string]AppManagementPolicy{
		`{"isEnabled":false,"applicationRestrictions":{"passwordCredentials":[{"restrictionType":"passwordAddition","state":"enabled"}]}}`: {},
		`{"isEnabled":true,"applicationRestrictions":{"passwordCredentials":[{"restrictionType":"passwordLifetime","state":"enabled"}]}}`:  {},
		on(`,"state":"disabled"`): {},
		on(`,"state":"enabled","restrictForAppsCreatedAfterDateTime":"2024-01-01T00:00:00Z"`): {SecretsRestricted: true, Since: old},
		on(`,"state":"nextYear"`): {SecretsRestricted: true},
		on(`,"state":"enabled","excludeActors":{"customSecurityAttributes":[]}`): {SecretsRestricted: true, Exempt: true},
		`{"isEnabled":true,"servicePrincipalRestrictions":{"passwordCredentials":[{"restrictionType":"passwordAddition","state":"enabled","restrictForAppsCreatedAfterDateTime":"2026-01-01T00:00:00Z"}]}}`: {SecretsRestricted: true, Since: late},
	} {
		got, err := newTestClient(t, &answers{t: t, list: []func(http.ResponseWriter){ok(body)}}).Tenant.AppManagementPolicy(t.Context())
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
	if _, err := newTestClient(t, &answers{t: t, list: []func(http.ResponseWriter){ok(`{}`)}}).Tenant.AppManagementPolicy(t.Context()); err == nil {
		t.Error("an answer without isEnabled is taken for off")
	}
}
