package graph

import (
	"context"

	abs "github.com/microsoft/kiota-abstractions-go"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// Template ids of the built-in roles that matter to the onboarding; they are the same in every tenant.
// https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
const (
	GlobalAdministrator                   = "62e90394-69f5-4237-9190-012177145e10"
	PrivilegedRoleAdministrator           = "e8611ab8-c189-46e8-94e1-60213ab1f814"
	PrivilegedAuthenticationAdministrator = "7be44c8a-adaf-4e2a-84d6-ab2649e08a13"
	AuthenticationPolicyAdministrator     = "0526716b-113d-4c15-b2c8-68e3c22b9f80"
	AuthenticationAdministrator           = "c4e39bd9-1100-46d3-8c65-fb160da0071f"
	ConditionalAccessAdministrator        = "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9"
	SecurityAdministrator                 = "194ae4cb-b126-40b2-bd5b-6091b380977d"
	UserAdministrator                     = "fe930be7-5e62-47db-91af-98c3a49a38b1"
	GlobalReader                          = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
)

// Role is a directory role that somebody holds.
type Role struct {
	TemplateID string // one of the constants above, or another template
	Name       string
}

// RoleAssignment is one active assignment of a directory role.
type RoleAssignment struct {
	ID          string
	RoleID      string // template id of a built-in role
	PrincipalID string
	Scope       string // "/" is the whole tenant
}

const roleAssignments = "/roleManagement/directory/roleAssignments"

// MyRoles reads the directory roles that the operator holds at this moment, those through groups included:
// GET /me/transitiveMemberOf/microsoft.graph.directoryRole, User.Read and RoleManagement.Read.Directory. A role that
// the operator is only eligible for is not among them. https://learn.microsoft.com/graph/api/user-list-transitivememberof
func (s Roles) MyRoles(ctx context.Context) ([]Role, error) {
	return s.heldRoles(ctx, "read the operator's roles", "/me")
}

// HeldRoles reads the directory roles that an account holds at this moment for the whole tenant, those through groups included: GET
// /users/{id}/transitiveMemberOf/microsoft.graph.directoryRole, User.Read.All and RoleManagement.Read.Directory.
// https://learn.microsoft.com/graph/api/user-list-transitivememberof
func (s Roles) HeldRoles(ctx context.Context, userID string) ([]Role, error) {
	return s.heldRoles(ctx, "read the account's roles", "/users/"+segment(userID))
}

func (s Roles) heldRoles(ctx context.Context, op, whose string) ([]Role, error) {
	// Not as an advanced query, though the page asks for one with a cast: its index lags, and a role that was activated
	// a moment ago has to be seen. Azure CLI asks in the same way (azure-cli, _directory_role_list).
	all, err := listJSON[struct {
		TemplateID objectid.ID `json:"roleTemplateId"`
		Name       string      `json:"displayName"`
	}](ctx, s.client, op,
		s.client.v1(whose+"/transitiveMemberOf/microsoft.graph.directoryRole", "$select", "roleTemplateId,displayName"))
	var roles []Role
	for _, r := range all {
		roles = append(roles, Role{TemplateID: string(r.TemplateID), Name: r.Name})
	}
	return roles, err
}

// RoleAssignments reads the roles that are assigned to somebody directly: GET
// /roleManagement/directory/roleAssignments, RoleManagement.Read.Directory. It may lag behind a change.
// https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments
func (s Roles) RoleAssignments(ctx context.Context, principalID string) ([]RoleAssignment, error) {
	const op = "read the role assignments"
	all, err := listJSON[roleAssignmentJSON](ctx, s.client, op, s.client.v1(roleAssignments, "$filter", "principalId eq "+quoted(principalID)))
	var assignments []RoleAssignment
	for _, w := range all {
		if !objectid.Same(string(w.PrincipalID), principalID) { // what is read here is taken away by its id
			return nil, another(op)
		}
		assignments = append(assignments, w.assignment())
	}
	return assignments, err
}

// RoleHolders reads who holds a role directly and actively, over the whole tenant or a part of it: GET
// /roleManagement/directory/roleAssignments, RoleManagement.Read.Directory.
// https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments
func (s Roles) RoleHolders(ctx context.Context, roleID string) ([]RoleAssignment, error) {
	all, err := listJSON[roleAssignmentJSON](ctx, s.client, "read who holds a role", s.client.v1(roleAssignments, "$filter", "roleDefinitionId eq "+quoted(roleID)))
	var assignments []RoleAssignment
	for _, w := range all {
		assignments = append(assignments, w.assignment())
	}
	return assignments, err
}

// AssignRole assigns a role for the whole tenant: POST /roleManagement/directory/roleAssignments,
// RoleManagement.ReadWrite.Directory. ErrConflict when it is assigned already, ErrNotFound while a new account has not
// reached every replica. https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignments
func (s Roles) AssignRole(ctx context.Context, principalID, roleID string) (RoleAssignment, error) {
	var made roleAssignmentJSON
	err := s.client.postJSON(ctx, "assign the role", s.client.v1(roleAssignments), roleAssignmentJSON{RoleID: objectid.ID(roleID), PrincipalID: objectid.ID(principalID), Scope: "/"}, &made)
	if err != nil {
		return RoleAssignment{}, err
	}
	return made.assignment(), nil
}

// RemoveRoleAssignment takes a role away: DELETE /roleManagement/directory/roleAssignments/{id},
// RoleManagement.ReadWrite.Directory. https://learn.microsoft.com/graph/api/unifiedroleassignment-delete
func (s Roles) RemoveRoleAssignment(ctx context.Context, id string) error {
	return s.client.write(ctx, "remove the role assignment", abs.DELETE, s.client.v1(roleAssignments+"/"+segment(id)), nil)
}

type roleAssignmentJSON struct {
	ID          objectid.ID `json:"id,omitempty"`
	RoleID      objectid.ID `json:"roleDefinitionId"`
	PrincipalID objectid.ID `json:"principalId"`
	Scope       string      `json:"directoryScopeId"`
}

func (w roleAssignmentJSON) assignment() RoleAssignment {
	return RoleAssignment{ID: string(w.ID), RoleID: string(w.RoleID), PrincipalID: string(w.PrincipalID), Scope: w.Scope}
}
