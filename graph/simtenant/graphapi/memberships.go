package graphapi

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func groupObject(g *state.Group) map[string]any {
	types, rule, processing := []any{}, any(nil), any(nil)
	if g.Rule != nil {
		types, rule, processing = []any{"DynamicMembership"}, g.RuleText, "On"
	}
	return map[string]any{
		"id": g.ID, "deletedDateTime": nil, "displayName": g.DisplayName, "description": nil, "groupTypes": types, "securityEnabled": true,
		"mailEnabled": false, "isAssignableToRole": g.RoleAssignable, "membershipRule": rule, "membershipRuleProcessingState": processing,
	}
}

func getGroup(c *Call) (*Answer, *odata.Error) {
	g := c.t.Directory.GroupLocked(c.params["id"])
	if g == nil {
		return nil, odata.NotFound(c.params["id"])
	}
	return c.entity("groups", groupObject(g))
}

// Casts of what an account is a member of.
const (
	castNone  = ""
	castRole  = "directoryRole"
	castGroup = "group"
)

// listMemberships answers what an account is a member of: groups and directory roles, or with a cast one of them alone.
func listMemberships(transitive bool, cast string) func(*Call) (*Answer, *odata.Error) {
	return func(c *Call) (*Answer, *odata.Error) {
		u, failure := c.subject()
		if failure != nil {
			return nil, failure
		}
		if u.HomeTenant != "" {
			return nil, odata.NotFound(u.ID)
		}
		var objects []map[string]any
		if cast != castGroup {
			readable := c.hasScopes([]string{"Directory.Read.All", "Directory.ReadWrite.All", "RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory", "RoleManagement.Read.All"})
			for _, r := range c.t.Directory.RolesOfLocked(u, transitive) {
				objects = append(objects, membership(castRole, roleObject(c.t, r), readable, cast))
			}
		}
		if cast != castRole {
			readable := c.hasScopes([]string{"Directory.Read.All", "Directory.ReadWrite.All", "Group.Read.All", "GroupMember.Read.All"})
			groups := c.t.Directory.DirectGroupsLocked(u)
			if transitive {
				groups = c.t.Directory.GroupsOfLocked(u)
			}
			for _, g := range groups {
				objects = append(objects, membership(castGroup, groupObject(g), readable, cast))
			}
		}
		set := map[string]string{castNone: "directoryObjects", castRole: "directoryRoles", castGroup: "groups"}[cast]
		return c.collection(set, objects)
	}
}

// membership hides what the token may not read: only the id and the type remain.
func membership(kind string, object map[string]any, readable bool, cast string) map[string]any {
	if cast == castNone {
		object["@odata.type"] = "#microsoft.graph." + kind
	}
	if !readable {
		for name := range object {
			if name != "id" && name != "@odata.type" {
				object[name] = nil
			}
		}
	}
	return object
}
