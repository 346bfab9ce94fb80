package graphapi

import (
	"net/http"
	"slices"

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
	if !c.t.Organization.LicensedLocked(state.PlanP2) {
		return odata.NoP2()
	}
	on, own := c.params["on"]
	if own && on != "principal" {
		return odata.BadRequest("The value '%s' of parameter 'on' is not supported: 'principal' is.", on)
	}
	own = own || slices.ContainsFunc(c.options.Filter, func(f odata.Condition) bool {
		return f.Path == "principalId" && f.Operator == "eq" && f.Literal == c.who.User.ID
	})
	if !own && !state.HoldsAny(c.roles, pimRoles) {
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
		kind := "Assigned"
		if !a.Until.IsZero() {
			kind = "Activated"
		}
		objects = append(objects, map[string]any{
			"id": a.ID, "principalId": a.PrincipalID, "roleDefinitionId": a.RoleID, "directoryScopeId": a.Scope, "appScopeId": nil,
			"startDateTime": stamp(a.Created), "endDateTime": stamp(a.Until), "memberType": "Direct", "assignmentType": kind,
			"roleAssignmentOriginId": a.ID, "roleAssignmentScheduleId": a.ID,
		})
	}
	return c.scheduleList("roleAssignmentScheduleInstances", objects)
}

// requestSchedule activates a role that the caller is eligible for. Other requests of Privileged Identity Management are
// refused: nothing here assigns by them.
func requestSchedule(c *Call) (*Answer, *odata.Error) {
	if !c.t.Organization.LicensedLocked(state.PlanP2) {
		return nil, odata.NoP2()
	}
	if c.text("action") != "selfActivate" {
		if !state.HoldsAny(c.roles, []string{state.RolePrivilegedRoleAdministrator}) {
			return nil, odata.Denied()
		}
		return nil, odata.BadRequest("The action '%s' is not simulated: 'selfActivate' is.", c.text("action")).At("action")
	}
	u, roleID := c.who.User, c.text("roleDefinitionId")
	if c.text("principalId") != u.ID || c.text("directoryScopeId") != "/" ||
		!slices.ContainsFunc(c.t.Directory.Eligible, func(e state.RoleEligibility) bool { return e.PrincipalID == u.ID && e.RoleID == roleID }) {
		return nil, odata.Refuse(http.StatusNotFound, "RoleAssignmentDoesNotExist", "The Role assignment does not exist.")
	}
	if slices.Contains(c.roles, roleID) {
		return nil, odata.Refuse(http.StatusBadRequest, "RoleAssignmentExists", "The Role assignment already exists.")
	}
	if c.text("justification") == "" {
		return nil, odata.Refuse(http.StatusBadRequest, "RoleAssignmentRequestPolicyValidationFailed", `The following policy rules failed: ["JustificationRule"]`)
	}
	a := c.t.Directory.ActivateLocked(u, roleID)
	return created(map[string]any{
		"@odata.context": c.base + "/$metadata#roleManagement/directory/roleAssignmentScheduleRequests/$entity",
		"id":             c.t.NewTraceIDLocked(), "status": "Provisioned", "action": "selfActivate", "principalId": u.ID, "roleDefinitionId": roleID,
		"directoryScopeId": "/", "appScopeId": nil, "justification": c.text("justification"), "createdDateTime": stamp(c.now),
		"targetScheduleId": a.ID, "isValidationOnly": false,
		"scheduleInfo": map[string]any{
			"startDateTime": stamp(c.now), "recurrence": nil, "expiration": map[string]any{"type": "afterDuration", "endDateTime": nil, "duration": "PT8H"},
		},
	})
}

// rolesOfTokenLocked are the roles that count for a request: those that are active now, without what was activated after
// the token was made (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference, wids).
func (api *API) rolesOfTokenLocked(who *entra.Bearer) []string {
	activated := map[string]bool{}
	for _, a := range api.tenant.Directory.Assignments.Latest() {
		if a.PrincipalID == who.User.ID && !a.Until.IsZero() {
			activated[a.RoleID] = true
		}
	}
	return slices.DeleteFunc(api.tenant.Directory.ActiveRolesLocked(who.User), func(role string) bool {
		return activated[role] && !slices.Contains(who.Roles, role)
	})
}
