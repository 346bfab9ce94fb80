package graphapi

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Rules of this file (https://learn.microsoft.com/graph/api/resources/privilegedidentitymanagementv3-overview): nothing
// is answered without Microsoft Entra ID P2; being eligible for a role is not having it; and who holds no role that
// reads the directory may read what is its own, and nothing else.

// pimRoles are the roles that read other people's schedules.
var pimRoles = []string{state.RoleGlobalReader, state.RolePrivilegedRoleAdministrator, state.RoleSecurityReader, state.RoleSecurityAdmin}

// mayReadSchedules refuses who asks for other people's schedules without a role for it.
func (c *Call) mayReadSchedules() *odata.Error {
	if !c.t.Organization.PrivilegedLocked() {
		return odata.NoP2()
	}
	on, own := c.params["on"]
	if own && on != "principal" {
		return odata.BadRequest("The value '%s' of parameter 'on' is not supported: 'principal' is.", on)
	}
	own = own || slices.ContainsFunc(c.options.Filter, func(f odata.Condition) bool {
		return f.Path == "principalId" && f.Operator == "eq" && f.Literal == c.who.User.ID
	})
	if c.who.App == nil && !own && !state.HoldsAny(c.roles, pimRoles) {
		return odata.Denied()
	}
	return nil
}

// scheduleList answers with the schedules, expanded as asked; of the caller's alone when the path says so.
func (c *Call) scheduleList(kind string, objects []map[string]any) (*Answer, *odata.Error) {
	set := "roleManagement/directory/" + kind
	if c.params["on"] != "" {
		objects = slices.DeleteFunc(objects, func(o map[string]any) bool { return o["principalId"] != c.who.User.ID })
		set = "Collection(unifiedRole" + kind[len("role"):len(kind)-1] + ")"
	}
	for _, object := range objects {
		principalID, _ := object["principalId"].(string)
		roleID, _ := object["roleDefinitionId"].(string)
		c.expandInto(object, principalID, roleID)
	}
	return c.collection(set, objects)
}

func listEligibilities(c *Call) (*Answer, *odata.Error) {
	if failure := c.mayReadSchedules(); failure != nil {
		return nil, failure
	}
	var objects []map[string]any
	for _, e := range c.t.Directory.Eligible {
		objects = append(objects, map[string]any{
			"id": e.ID, "principalId": e.PrincipalID, "roleDefinitionId": e.RoleID, "directoryScopeId": "/", "appScopeId": nil,
			"startDateTime": stamp(e.Created), "endDateTime": nil, "memberType": "Direct", "roleEligibilityScheduleId": e.ID,
		})
	}
	return c.scheduleList("roleEligibilityScheduleInstances", objects)
}

func listAssignmentInstances(c *Call) (*Answer, *odata.Error) {
	if failure := c.mayReadSchedules(); failure != nil {
		return nil, failure
	}
	var objects []map[string]any
	for _, a := range c.seenAssignments() {
		object := scheduleObject(a)
		object["roleAssignmentOriginId"], object["roleAssignmentScheduleId"] = a.ID, a.ID
		object["startDateTime"], object["endDateTime"] = stamp(a.Created), stamp(a.Until)
		objects = append(objects, object)
	}
	return c.scheduleList("roleAssignmentScheduleInstances", objects)
}

// listAssignmentSchedules also has those that have not begun.
func listAssignmentSchedules(c *Call) (*Answer, *odata.Error) {
	if failure := c.mayReadSchedules(); failure != nil {
		return nil, failure
	}
	var objects []map[string]any
	for _, a := range c.t.Directory.Assignments.Seen(c.now, c.t.Lag) {
		if c.t.Directory.Schedules.EndedLocked(a) {
			continue
		}
		object := scheduleObject(a)
		object["status"], object["createdUsing"], object["createdDateTime"], object["modifiedDateTime"] = state.StatusProvisioned, a.ID, stamp(a.Created), nil
		object["scheduleInfo"] = scheduleInfo(a)
		objects = append(objects, object)
	}
	return c.scheduleList("roleAssignmentSchedules", objects)
}

// scheduleObject is what an instance and a schedule have in common.
func scheduleObject(a state.RoleAssignment) map[string]any {
	kind := "Assigned"
	if a.Activated {
		kind = "Activated"
	}
	return map[string]any{
		"id": a.ID, "principalId": a.PrincipalID, "roleDefinitionId": a.RoleID, "directoryScopeId": a.Scope, "appScopeId": nil,
		"memberType": "Direct", "assignmentType": kind,
	}
}

// scheduleInfo says from when until when.
func scheduleInfo(a state.RoleAssignment) map[string]any {
	expiration := map[string]any{"type": "noExpiration", "endDateTime": nil, "duration": nil}
	if !a.Until.IsZero() {
		expiration["type"], expiration["endDateTime"] = "afterDateTime", stamp(a.Until)
	}
	return map[string]any{"startDateTime": stamp(a.Created), "recurrence": nil, "expiration": expiration}
}

// rolesOfTokenLocked are the roles that count for a request: those that are active now, without what was activated after
// the token was made (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference, wids).
func (api *API) rolesOfTokenLocked(who *entra.Bearer) []string {
	activated := map[string]bool{}
	for _, a := range api.tenant.Directory.Assignments.Latest() {
		if a.PrincipalID == who.User.ID && a.Activated {
			activated[a.RoleID] = true
		}
	}
	return slices.DeleteFunc(api.tenant.Directory.ActiveRolesLocked(who.User), func(role string) bool {
		return activated[role] && !conditionalaccess.HoldsID(who.Roles, role)
	})
}
