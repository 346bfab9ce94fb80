package graphapi

import (
	"net/http"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func (c *Call) assignmentObject(a state.RoleAssignment) map[string]any {
	object := map[string]any{
		"id": a.ID, "roleDefinitionId": a.RoleID, "principalId": a.PrincipalID, "directoryScopeId": a.Scope,
	}
	if c.options.Selected != nil {
		object["principalOrganizationId"] = c.t.Organization.ID
	}
	c.expandInto(object, a.PrincipalID, a.RoleID)
	return object
}

// principalObject is who stands behind an id, whole for a selection to choose from.
func principalObject(t *state.Tenant, id string, whole bool) map[string]any {
	if u := t.Directory.UserByIDLocked(id); u != nil {
		full := userObject(u)
		if full["@odata.type"] = "#microsoft.graph.user"; whole {
			return full
		}
		object := map[string]any{"@odata.type": "#microsoft.graph.user"}
		for _, name := range append([]string{"accountEnabled", "userType"}, defaultUserProperties...) {
			object[name] = full[name]
		}
		return object
	}
	if g := t.Directory.GroupLocked(id); g != nil {
		object := groupObject(g)
		object["@odata.type"] = "#microsoft.graph.group"
		return object
	}
	return nil
}

// seenAssignments are the assignments a reader finds, without those that ended and those of deleted principals.
func (c *Call) seenAssignments() []state.RoleAssignment {
	return slices.DeleteFunc(slices.Clone(c.t.Directory.Assignments.Seen(c.now, c.t.Lag)), func(a state.RoleAssignment) bool {
		return !c.t.Directory.Schedules.ActiveLocked(a) || c.t.Directory.UserByIDLocked(a.PrincipalID) == nil && c.t.Directory.GroupLocked(a.PrincipalID) == nil
	})
}

// listAssignments names what was expanded in the context, as the service does.
func (c *Call) listAssignments(list []state.RoleAssignment) (*Answer, *odata.Error) {
	var objects []map[string]any
	for _, a := range list {
		objects = append(objects, c.assignmentObject(a))
	}
	set := "roleManagement/directory/roleAssignments"
	if len(c.options.Expand) > 0 && c.options.Selected == nil {
		set += c.options.ExpandedContext()
	}
	return c.collection(set, objects)
}

func listRoleAssignments(c *Call) (*Answer, *odata.Error) {
	return c.listAssignments(c.seenAssignments())
}

// listTransitiveRoleAssignments also finds what a principal holds through groups. Without ConsistencyLevel the path does
// not exist (https://learn.microsoft.com/graph/api/rbacapplication-list-transitiveroleassignments).
func listTransitiveRoleAssignments(c *Call) (*Answer, *odata.Error) {
	i := slices.IndexFunc(c.options.Filter, func(f odata.Condition) bool { return f.Path == "principalId" })
	if !strings.EqualFold(c.r.Header.Get("ConsistencyLevel"), "eventual") || !c.options.Count {
		return nil, odata.Refuse(http.StatusNotFound, "Request_ResourceNotFound", "Resource not found for the segment 'transitiveRoleAssignments'.")
	}
	if i < 0 {
		return nil, odata.BadRequest("The query specified in the URI is not valid: a filter on principalId is required.")
	}
	id, _ := c.options.Filter[i].Literal.(string)
	principals := []string{id}
	if u := c.t.Directory.UserByIDLocked(id); u != nil {
		for _, g := range c.t.Directory.GroupsOfLocked(u) {
			principals = append(principals, g.ID)
		}
	}
	c.options.Filter = slices.Delete(slices.Clone(c.options.Filter), i, i+1)
	return c.listAssignments(slices.DeleteFunc(c.seenAssignments(), func(a state.RoleAssignment) bool { return !slices.Contains(principals, a.PrincipalID) }))
}

// assignment finds the path's assignment in a list.
func (c *Call) assignment(list []state.RoleAssignment) (state.RoleAssignment, *odata.Error) {
	i := slices.IndexFunc(list, func(a state.RoleAssignment) bool { return a.ID == c.params["id"] })
	if i < 0 {
		return state.RoleAssignment{}, odata.NotFound(c.params["id"])
	}
	return list[i], nil
}

func getRoleAssignment(c *Call) (*Answer, *odata.Error) {
	a, failure := c.assignment(c.seenAssignments())
	if failure != nil {
		return nil, failure
	}
	return c.entity("roleManagement/directory/roleAssignments", c.assignmentObject(a))
}

func createRoleAssignment(c *Call) (*Answer, *odata.Error) {
	t := c.t
	for _, name := range []string{"roleDefinitionId", "principalId", "directoryScopeId"} {
		if c.text(name) == "" {
			return nil, odata.BadRequest("A value is required for property '%s' of resource 'unifiedRoleAssignment'.", name).At(name)
		}
	}
	if c.text("directoryScopeId") != "/" {
		return nil, odata.BadRequest("Invalid value specified for property 'directoryScopeId' of resource 'unifiedRoleAssignment'.").At("directoryScopeId")
	}
	role, known := state.RoleByID(strings.ToLower(c.text("roleDefinitionId")))
	if !known {
		return nil, odata.NotFound(c.text("roleDefinitionId"))
	}
	u, g := t.Directory.UserByIDLocked(c.text("principalId")), t.Directory.GroupLocked(c.text("principalId"))
	switch {
	case u == nil && g == nil:
		return nil, odata.NotFound(c.text("principalId"))
	case u != nil && (u.Created.Add(t.Lag).After(c.now) || t.Directory.SeenUserLocked(u) == nil):
		// The replica that checks the principal has not heard of it yet.
		return nil, odata.NotFound(c.text("principalId"))
	case g != nil && !g.RoleAssignable:
		return nil, odata.BadRequest("The principal must be a role-assignable group.").At("principalId")
	}
	list := t.Directory.Assignments.Latest()
	a := state.RoleAssignment{PrincipalID: strings.ToLower(c.text("principalId")), RoleID: role.ID, Scope: "/", Created: c.now}
	if slices.ContainsFunc(list, func(b state.RoleAssignment) bool {
		return b.PrincipalID == a.PrincipalID && b.RoleID == a.RoleID && !t.Directory.Schedules.EndedLocked(b)
	}) {
		return nil, odata.BadRequest("A conflicting object with one or more of the specified property values is present in the directory.")
	}
	a.ID = t.NewKeyLocked(41) + "-1"
	state.Replicate(t.Base, &t.Directory.Assignments, append(slices.Clone(list), a))
	t.Directory.AuditRoleLocked(c.who.User, "Add member to role", "Assign", a, role)
	body := map[string]any{
		"@odata.context": c.base + "/$metadata#roleManagement/directory/roleAssignments/$entity",
		"id":             a.ID, "roleDefinitionId": a.RoleID, "principalId": a.PrincipalID, "directoryScopeId": "/",
	}
	return created(body)
}

func deleteRoleAssignment(c *Call) (*Answer, *odata.Error) {
	a, failure := c.assignment(c.t.Directory.Assignments.Latest())
	if failure != nil {
		return nil, failure
	}
	t := c.t
	if a.RoleID == state.RoleGlobalAdministrator && a.PrincipalID == c.who.User.ID {
		return nil, odata.BadRequest("Removing self from Global Administrator built-in role is not allowed.")
	}
	left := slices.DeleteFunc(slices.Clone(t.Directory.Assignments.Latest()), func(b state.RoleAssignment) bool { return b.ID == a.ID })
	state.Replicate(t.Base, &t.Directory.Assignments, left)
	role, _ := state.RoleByID(a.RoleID)
	t.Directory.AuditRoleLocked(c.who.User, "Remove member from role", "Unassign", a, role)
	return noContent()
}

func roleDefinitionObject(r state.RoleDefinition) map[string]any {
	return map[string]any{
		"id": r.ID, "templateId": r.ID, "displayName": r.Name, "description": r.Description, "isBuiltIn": true, "isEnabled": true,
		"resourceScopes": []any{"/"}, "version": "1", "rolePermissions": []any{},
	}
}

func listRoleDefinitions(c *Call) (*Answer, *odata.Error) {
	var objects []map[string]any
	for _, r := range state.RoleDefinitions {
		objects = append(objects, roleDefinitionObject(r))
	}
	return c.collection("roleManagement/directory/roleDefinitions", objects)
}

func getRoleDefinition(c *Call) (*Answer, *odata.Error) {
	role, known := state.RoleByID(strings.ToLower(c.params["id"]))
	if !known {
		return nil, odata.NotFound(c.params["id"])
	}
	return c.entity("roleManagement/directory/roleDefinitions", roleDefinitionObject(role))
}
