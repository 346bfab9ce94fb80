package graph

import (
	"context"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// RoleInstance is one role that somebody holds at this moment, as Privileged Identity Management has it: of an assignment, only it
// knows when that ends. https://learn.microsoft.com/graph/api/resources/unifiedroleassignmentscheduleinstance
type RoleInstance struct {
	RoleID    string // template id of a built-in role
	Scope     string // "/" is the whole tenant
	Ends      time.Time
	Activated bool   // by who was eligible for it; else it is assigned
	Through   string // Direct, Group or Inherited, or one that this program does not know
}

// RoleInstances reads the roles that somebody holds at this moment, with when they end: GET
// /roleManagement/directory/roleAssignmentScheduleInstances, RoleManagement.Read.Directory. ErrUnlicensed where the tenant has no
// Microsoft Entra ID P2. https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignmentscheduleinstances
func (s Roles) RoleInstances(ctx context.Context, principalID string) ([]RoleInstance, error) {
	all, err := listJSON[struct {
		RoleID  objectid.ID `json:"roleDefinitionId"`
		Scope   string      `json:"directoryScopeId"`
		Ends    *time.Time  `json:"endDateTime"`
		Kind    string      `json:"assignmentType"`
		Through string      `json:"memberType"`
	}](ctx, s.client, "read when the roles end",
		s.client.v1("/roleManagement/directory/roleAssignmentScheduleInstances", "$filter", "principalId eq "+quoted(principalID)))
	var instances []RoleInstance
	for _, w := range all {
		instances = append(instances, RoleInstance{RoleID: string(w.RoleID), Scope: w.Scope, Ends: deref(w.Ends), Activated: w.Kind == "Activated", Through: w.Through})
	}
	return instances, err
}
