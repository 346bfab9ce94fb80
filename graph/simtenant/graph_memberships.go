package simtenant

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

func (g *group) object() map[string]any {
	types, rule, processing := []any{}, any(nil), any(nil)
	if g.rule != nil {
		types, rule, processing = []any{"DynamicMembership"}, g.ruleText, "On"
	}
	return map[string]any{
		"id": g.id, "deletedDateTime": nil, "displayName": g.displayName, "description": nil, "groupTypes": types, "securityEnabled": true,
		"mailEnabled": false, "isAssignableToRole": g.roleAssignable, "membershipRule": rule, "membershipRuleProcessingState": processing,
	}
}

func getGroup(c *graphCall) (*graphAnswer, *odata.Error) {
	g := c.t.groupLocked(c.params["id"])
	if g == nil {
		return nil, odata.NotFound(c.params["id"])
	}
	return c.entity("groups", g.object())
}

// Casts of what an account is a member of.
const (
	castNone  = ""
	castRole  = "directoryRole"
	castGroup = "group"
)

// listMemberships answers what an account is a member of: groups and directory roles, or with a cast one of them alone.
func listMemberships(transitive bool, cast string) func(*graphCall) (*graphAnswer, *odata.Error) {
	return func(c *graphCall) (*graphAnswer, *odata.Error) {
		u, failure := c.subject()
		if failure != nil {
			return nil, failure
		}
		if u.homeTenant != "" {
			return nil, odata.NotFound(u.id)
		}
		var objects []map[string]any
		if cast != castGroup {
			readable := c.hasScopes([]string{"Directory.Read.All", "Directory.ReadWrite.All", "RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory", "RoleManagement.Read.All"})
			for _, r := range c.t.rolesOfLocked(u, transitive) {
				objects = append(objects, membership(castRole, c.t.roleObject(r), readable, cast))
			}
		}
		if cast != castRole {
			readable := c.hasScopes([]string{"Directory.Read.All", "Directory.ReadWrite.All", "Group.Read.All", "GroupMember.Read.All"})
			groups := c.t.directGroupsLocked(u)
			if transitive {
				groups = c.t.groupsOfLocked(u)
			}
			for _, g := range groups {
				objects = append(objects, membership(castGroup, g.object(), readable, cast))
			}
		}
		set := map[string]string{castNone: "directoryObjects", castRole: "directoryRoles", castGroup: "groups"}[cast]
		return c.collection(set, objects)
	}
}

// rolesOfLocked are the directory roles that u is seen to hold, through groups too when transitive, in Graph's order.
func (t *Tenant) rolesOfLocked(u *user, transitive bool) []roleDefinition {
	seen := t.assignments.Seen(t.instant(), t.opts.Lag)
	held := t.rolesLocked(u, seen)
	return slices.DeleteFunc(slices.Clone(roleDefinitions), func(r roleDefinition) bool {
		if transitive {
			return !slices.Contains(held, r.id)
		}
		return !slices.ContainsFunc(seen, func(a roleAssignment) bool {
			return a.principalID == u.id && a.roleID == r.id && !a.ended(t.instant())
		})
	})
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
