package simtenant

import (
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// Rules of this file: the app management policy restricts what credentials applications may have, in the whole tenant. It
// is off unless somebody turned it on (https://learn.microsoft.com/graph/api/resources/tenantappmanagementpolicy).

type appManagementPolicy struct {
	enabled bool
	since   time.Time // passwordAddition is restricted for applications created after this; zero is no such restriction
}

// secretsRestricted says whether an application that is created now may not be given a client secret.
func (p appManagementPolicy) secretsRestricted(now time.Time) bool {
	return p.enabled && !p.since.IsZero() && !now.Before(p.since)
}

// RestrictClientSecrets lets no application that is created after a time have a client secret.
func (t *Tenant) RestrictClientSecrets(after time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.appManagement = appManagementPolicy{enabled: true, since: after}
}

func getAppManagementPolicy(c *graphCall) (*graphAnswer, *odata.Error) {
	p := c.t.appManagement
	passwords := []any{}
	if !p.since.IsZero() {
		passwords = append(passwords, map[string]any{
			"restrictionType": "passwordAddition", "state": "enabled", "maxLifetime": nil, "restrictForAppsCreatedAfterDateTime": stamp(p.since), "excludeActors": nil,
		})
	}
	return c.entity("policies/defaultAppManagementPolicy", map[string]any{
		"id": "00000000-0000-0000-0000-000000000000", "deletedDateTime": nil, "displayName": "Default app management tenant policy",
		"description": "Default tenant policy that enforces app management restrictions on applications and service principals.", "isEnabled": p.enabled,
		"applicationRestrictions":      map[string]any{"passwordCredentials": passwords, "keyCredentials": []any{}, "identifierUris": nil},
		"servicePrincipalRestrictions": map[string]any{"passwordCredentials": passwords, "keyCredentials": []any{}},
	})
}
