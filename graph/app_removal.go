package graph

import (
	"context"
	"strings"

	abs "github.com/microsoft/kiota-abstractions-go"
)

// DeleteServicePrincipal takes an application out of this tenant, with what was granted to it: DELETE /servicePrincipals/{id},
// Application.ReadWrite.All. It can be restored for 30 days; whether its grants come back then, no page says.
// https://learn.microsoft.com/graph/api/serviceprincipal-delete
func (s Apps) DeleteServicePrincipal(ctx context.Context, id string) error {
	return s.client.write(ctx, "delete the service principal", abs.DELETE, s.client.v1("/servicePrincipals/"+segment(id)), nil)
}

// DeleteApplication deletes the registration of an application of this tenant: DELETE /applications/{id}, Application.ReadWrite.All.
// Its service principal may stay. It can be restored for 30 days. https://learn.microsoft.com/graph/api/application-delete
func (s Apps) DeleteApplication(ctx context.Context, id string) error {
	return s.client.write(ctx, "delete the application", abs.DELETE, s.client.v1("/applications/"+segment(id)), nil)
}

const permissionGrants = "/oauth2PermissionGrants/"

// SetGrant replaces all delegated permissions of a grant: PATCH /oauth2PermissionGrants/{id}, DelegatedPermissionGrant.ReadWrite.All.
// There is no protection against somebody else's change: pass what Grants returned a moment ago.
// https://learn.microsoft.com/graph/api/oauth2permissiongrant-update
func (s Apps) SetGrant(ctx context.Context, id string, scopes []string) error {
	return s.client.patchJSON(ctx, "change the delegated permissions", s.client.v1(permissionGrants+segment(id)), struct {
		Scope string `json:"scope"`
	}{strings.Join(scopes, " ")})
}

// DeleteGrant takes all delegated permissions of a grant away, for good: DELETE /oauth2PermissionGrants/{id},
// DelegatedPermissionGrant.ReadWrite.All. Tokens that exist keep them until they end.
// https://learn.microsoft.com/graph/api/oauth2permissiongrant-delete
func (s Apps) DeleteGrant(ctx context.Context, id string) error {
	return s.client.write(ctx, "take the delegated permissions back", abs.DELETE, s.client.v1(permissionGrants+segment(id)), nil)
}
