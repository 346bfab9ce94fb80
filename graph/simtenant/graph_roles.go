package simtenant

import (
	"net/http"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

func (c *graphCall) assignmentObject(a roleAssignment) map[string]any {
	object := map[string]any{
		"id": a.id, "roleDefinitionId": a.roleID, "principalId": a.principalID, "directoryScopeId": a.scope,
	}
	if c.options.Selected != nil {
		object["principalOrganizationId"] = c.t.id
	}
	c.expandInto(object, a.principalID, a.roleID)
	return object
}

// principalObjectLocked is who stands behind an id, whole for a selection to choose from.
func (t *Tenant) principalObjectLocked(id string, whole bool) map[string]any {
	if u := t.userByIDLocked(id); u != nil {
		full := u.object()
		if full["@odata.type"] = "#microsoft.graph.user"; whole {
			return full
		}
		object := map[string]any{"@odata.type": "#microsoft.graph.user"}
		for _, name := range append([]string{"accountEnabled", "userType"}, defaultUserProperties...) {
			object[name] = full[name]
		}
		return object
	}
	if g := t.groupLocked(id); g != nil {
		object := g.object()
		object["@odata.type"] = "#microsoft.graph.group"
		return object
	}
	return nil
}

// seenAssignments are the assignments a reader finds, without those that ended and those of deleted principals.
func (c *graphCall) seenAssignments() []roleAssignment {
	return slices.DeleteFunc(slices.Clone(c.t.assignments.Seen(c.now, c.t.opts.Lag)), func(a roleAssignment) bool {
		return a.ended(c.now) || c.t.userByIDLocked(a.principalID) == nil && c.t.groupLocked(a.principalID) == nil
	})
}

// listAssignments names what was expanded in the context, as the service does.
func (c *graphCall) listAssignments(list []roleAssignment) (*graphAnswer, *odata.Error) {
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

func listRoleAssignments(c *graphCall) (*graphAnswer, *odata.Error) {
	return c.listAssignments(c.seenAssignments())
}

// listTransitiveRoleAssignments also finds what a principal holds through groups. Without ConsistencyLevel the path does
// not exist (https://learn.microsoft.com/graph/api/rbacapplication-list-transitiveroleassignments).
func listTransitiveRoleAssignments(c *graphCall) (*graphAnswer, *odata.Error) {
	i := slices.IndexFunc(c.options.Filter, func(f odata.Condition) bool { return f.Path == "principalId" })
	if !strings.EqualFold(c.r.Header.Get("ConsistencyLevel"), "eventual") || !c.options.Count {
		return nil, odata.Refuse(http.StatusNotFound, "Request_ResourceNotFound", "Resource not found for the segment 'transitiveRoleAssignments'.")
	}
	if i < 0 {
		return nil, odata.BadRequest("The query specified in the URI is not valid: a filter on principalId is required.")
	}
	id, _ := c.options.Filter[i].Literal.(string)
	principals := []string{id}
	if u := c.t.userByIDLocked(id); u != nil {
		for _, g := range c.t.groupsOfLocked(u) {
			principals = append(principals, g.id)
		}
	}
	c.options.Filter = slices.Delete(slices.Clone(c.options.Filter), i, i+1)
	return c.listAssignments(slices.DeleteFunc(c.seenAssignments(), func(a roleAssignment) bool { return !slices.Contains(principals, a.principalID) }))
}

// assignment finds the path's assignment in a list.
func (c *graphCall) assignment(list []roleAssignment) (roleAssignment, *odata.Error) {
	i := slices.IndexFunc(list, func(a roleAssignment) bool { return a.id == c.params["id"] })
	if i < 0 {
		return roleAssignment{}, odata.NotFound(c.params["id"])
	}
	return list[i], nil
}

func getRoleAssignment(c *graphCall) (*graphAnswer, *odata.Error) {
	a, failure := c.assignment(c.seenAssignments())
	if failure != nil {
		return nil, failure
	}
	return c.entity("roleManagement/directory/roleAssignments", c.assignmentObject(a))
}

func createRoleAssignment(c *graphCall) (*graphAnswer, *odata.Error) {
	t := c.t
	for _, name := range []string{"roleDefinitionId", "principalId", "directoryScopeId"} {
		if c.text(name) == "" {
			return nil, odata.BadRequest("A value is required for property '%s' of resource 'unifiedRoleAssignment'.", name).At(name)
		}
	}
	if c.text("directoryScopeId") != "/" {
		return nil, odata.BadRequest("Invalid value specified for property 'directoryScopeId' of resource 'unifiedRoleAssignment'.").At("directoryScopeId")
	}
	role, known := roleByID(strings.ToLower(c.text("roleDefinitionId")))
	if !known {
		return nil, odata.NotFound(c.text("roleDefinitionId"))
	}
	u, g := t.userByIDLocked(c.text("principalId")), t.groupLocked(c.text("principalId"))
	switch {
	case u == nil && g == nil:
		return nil, odata.NotFound(c.text("principalId"))
	case u != nil && (u.created.Add(t.opts.Lag).After(c.now) || t.seenUserLocked(u) == nil):
		// The replica that checks the principal has not heard of it yet.
		return nil, odata.NotFound(c.text("principalId"))
	case g != nil && !g.roleAssignable:
		return nil, odata.BadRequest("The principal must be a role-assignable group.").At("principalId")
	}
	list := t.assignments.Latest()
	a := roleAssignment{principalID: strings.ToLower(c.text("principalId")), roleID: role.id, scope: "/", created: c.now}
	if slices.ContainsFunc(list, func(b roleAssignment) bool { return b.principalID == a.principalID && b.roleID == a.roleID }) {
		return nil, odata.BadRequest("A conflicting object with one or more of the specified property values is present in the directory.")
	}
	a.id = t.newSecretLocked(41) + "-1"
	replicate(t, &t.assignments, append(slices.Clone(list), a))
	t.auditRoleLocked(c.who.user, "Add member to role", "Assign", a, role)
	body := map[string]any{
		"@odata.context": c.base + "/$metadata#roleManagement/directory/roleAssignments/$entity",
		"id":             a.id, "roleDefinitionId": a.roleID, "principalId": a.principalID, "directoryScopeId": "/",
	}
	return created(body)
}

func (t *Tenant) auditRoleLocked(actor *user, activity, operation string, a roleAssignment, role roleDefinition) {
	target := auditTarget{id: a.principalID, kind: "User", changes: []change{{"Role.DisplayName", "", role.name}, {"Role.TemplateId", "", role.id}}}
	if u := t.userByIDLocked(a.principalID); u != nil {
		target.name, target.upn = u.displayName, u.upn
	}
	t.auditLocked(actor, activity, "Core Directory", "RoleManagement", operation, target, auditTarget{id: role.id, name: role.name, kind: "Role"})
}

func deleteRoleAssignment(c *graphCall) (*graphAnswer, *odata.Error) {
	a, failure := c.assignment(c.t.assignments.Latest())
	if failure != nil {
		return nil, failure
	}
	t := c.t
	if a.roleID == roleGlobalAdministrator && a.principalID == c.who.user.id {
		return nil, odata.BadRequest("Removing self from Global Administrator built-in role is not allowed.")
	}
	left := slices.DeleteFunc(slices.Clone(t.assignments.Latest()), func(b roleAssignment) bool { return b.id == a.id })
	replicate(t, &t.assignments, left)
	role, _ := roleByID(a.roleID)
	t.auditRoleLocked(c.who.user, "Remove member from role", "Unassign", a, role)
	return noContent()
}

func (r roleDefinition) object() map[string]any {
	return map[string]any{
		"id": r.id, "templateId": r.id, "displayName": r.name, "description": r.description, "isBuiltIn": true, "isEnabled": true,
		"resourceScopes": []any{"/"}, "version": "1", "rolePermissions": []any{},
	}
}

func listRoleDefinitions(c *graphCall) (*graphAnswer, *odata.Error) {
	var objects []map[string]any
	for _, r := range roleDefinitions {
		objects = append(objects, r.object())
	}
	return c.collection("roleManagement/directory/roleDefinitions", objects)
}

func getRoleDefinition(c *graphCall) (*graphAnswer, *odata.Error) {
	role, known := roleByID(strings.ToLower(c.params["id"]))
	if !known {
		return nil, odata.NotFound(c.params["id"])
	}
	return c.entity("roleManagement/directory/roleDefinitions", role.object())
}
