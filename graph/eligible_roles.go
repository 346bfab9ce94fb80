package graph

import (
	"context"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// EligibleRoles reads the directory roles that somebody can activate for the whole tenant in Privileged Identity
// Management, those active at the moment included: GET /roleManagement/directory/roleEligibilityScheduleInstances,
// RoleEligibilitySchedule.Read.Directory and a role that reads them. The operator's own are asked for by
// filterByCurrentUser, which needs no role: who has yet to activate one may have none. ErrUnlicensed where the tenant
// has no Microsoft Entra ID P2.
// https://learn.microsoft.com/graph/api/rbacapplication-list-roleeligibilityscheduleinstances
// https://learn.microsoft.com/graph/api/unifiedroleeligibilityscheduleinstance-filterbycurrentuser
func (s Roles) EligibleRoles(ctx context.Context, principalID string) ([]Role, error) {
	const path = "/roleManagement/directory/roleEligibilityScheduleInstances"
	address := s.client.v1(path, "$filter", "principalId eq "+quoted(principalID), "$expand", "roleDefinition")
	if objectid.Same(principalID, s.client.Identity().ObjectID) {
		address = s.client.v1(path+"/filterByCurrentUser(on='principal')", "$expand", "roleDefinition")
	}
	all, err := listJSON[struct {
		RoleID     objectid.ID `json:"roleDefinitionId"`
		Scope      string      `json:"directoryScopeId"`
		Definition struct {
			Name string `json:"displayName"`
		} `json:"roleDefinition"`
	}](ctx, s.client, "read the roles that can be activated", address)
	var roles []Role
	for _, e := range all {
		if e.Scope == "/" {
			roles = append(roles, Role{TemplateID: string(e.RoleID), Name: e.Definition.Name})
		}
	}
	return roles, err
}
