package graphapi

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// Rules of this file: the app management policy restricts what credentials applications may have, in the whole tenant. It
// is off unless somebody turned it on (https://learn.microsoft.com/graph/api/resources/tenantappmanagementpolicy).

func getAppManagementPolicy(c *Call) (*Answer, *odata.Error) {
	p := c.t.Policies.AppManagement
	passwords := []any{}
	if !p.Since.IsZero() {
		passwords = append(passwords, map[string]any{
			"restrictionType": "passwordAddition", "state": "enabled", "maxLifetime": nil, "restrictForAppsCreatedAfterDateTime": stamp(p.Since), "excludeActors": nil,
		})
	}
	return c.entity("policies/defaultAppManagementPolicy", map[string]any{
		"id": "00000000-0000-0000-0000-000000000000", "deletedDateTime": nil, "displayName": "Default app management tenant policy",
		"description": "Default tenant policy that enforces app management restrictions on applications and service principals.", "isEnabled": p.Enabled,
		"applicationRestrictions":      map[string]any{"passwordCredentials": passwords, "keyCredentials": []any{}, "identifierUris": nil},
		"servicePrincipalRestrictions": map[string]any{"passwordCredentials": passwords, "keyCredentials": []any{}},
	})
}
