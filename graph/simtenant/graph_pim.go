package simtenant

import (
	"net/http"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// Rules of this file (https://learn.microsoft.com/graph/api/resources/privilegedidentitymanagementv3-overview): nothing
// is answered without Microsoft Entra ID P2; being eligible for a role is not having it; and who holds no role that
// reads the directory may read what is its own, and nothing else.

// pimRoles are the roles that read other people's schedules.
var pimRoles = []string{roleGlobalReader, rolePrivilegedRoleAdministrator, roleSecurityReader, roleSecurityAdmin}

// mayReadSchedules refuses who asks for other people's schedules without a role for it.
func (c *graphCall) mayReadSchedules() *odata.Error {
	if !c.t.licensedLocked(planP2) {
		return odata.NoP2()
	}
	on, own := c.params["on"]
	if own && on != "principal" {
		return odata.BadRequest("The value '%s' of parameter 'on' is not supported: 'principal' is.", on)
	}
	own = own || slices.ContainsFunc(c.options.Filter, func(f odata.Condition) bool {
		return f.Path == "principalId" && f.Operator == "eq" && f.Literal == c.who.user.id
	})
	if !own && !holdsAny(c.roles, pimRoles) {
		return odata.Denied()
	}
	return nil
}

// scheduleList answers with the schedules, expanded as asked; of the caller's alone when the path says so.
func (c *graphCall) scheduleList(kind string, objects []map[string]any) (*graphAnswer, *odata.Error) {
	set := "roleManagement/directory/" + kind
	if c.params["on"] != "" {
		objects = slices.DeleteFunc(objects, func(o map[string]any) bool { return o["principalId"] != c.who.user.id })
		set = "Collection(unifiedRole" + kind[len("role"):len(kind)-1] + ")"
	}
	for _, object := range objects {
		principalID, _ := object["principalId"].(string)
		roleID, _ := object["roleDefinitionId"].(string)
		c.expandInto(object, principalID, roleID)
	}
	return c.collection(set, objects)
}

func listEligibilities(c *graphCall) (*graphAnswer, *odata.Error) {
	if failure := c.mayReadSchedules(); failure != nil {
		return nil, failure
	}
	var objects []map[string]any
	for _, e := range c.t.eligible {
		objects = append(objects, map[string]any{
			"id": e.id, "principalId": e.principalID, "roleDefinitionId": e.roleID, "directoryScopeId": "/", "appScopeId": nil,
			"startDateTime": stamp(e.created), "endDateTime": nil, "memberType": "Direct", "roleEligibilityScheduleId": e.id,
		})
	}
	return c.scheduleList("roleEligibilityScheduleInstances", objects)
}

func listAssignmentInstances(c *graphCall) (*graphAnswer, *odata.Error) {
	if failure := c.mayReadSchedules(); failure != nil {
		return nil, failure
	}
	var objects []map[string]any
	for _, a := range c.seenAssignments() {
		kind := "Assigned"
		if !a.until.IsZero() {
			kind = "Activated"
		}
		objects = append(objects, map[string]any{
			"id": a.id, "principalId": a.principalID, "roleDefinitionId": a.roleID, "directoryScopeId": a.scope, "appScopeId": nil,
			"startDateTime": stamp(a.created), "endDateTime": stamp(a.until), "memberType": "Direct", "assignmentType": kind,
			"roleAssignmentOriginId": a.id, "roleAssignmentScheduleId": a.id,
		})
	}
	return c.scheduleList("roleAssignmentScheduleInstances", objects)
}

// requestSchedule activates a role that the caller is eligible for. Other requests of Privileged Identity Management are
// refused: nothing here assigns by them.
func requestSchedule(c *graphCall) (*graphAnswer, *odata.Error) {
	if !c.t.licensedLocked(planP2) {
		return nil, odata.NoP2()
	}
	if c.text("action") != "selfActivate" {
		if !holdsAny(c.roles, []string{rolePrivilegedRoleAdministrator}) {
			return nil, odata.Denied()
		}
		return nil, odata.BadRequest("The action '%s' is not simulated: 'selfActivate' is.", c.text("action")).At("action")
	}
	u, roleID := c.who.user, c.text("roleDefinitionId")
	if c.text("principalId") != u.id || c.text("directoryScopeId") != "/" ||
		!slices.ContainsFunc(c.t.eligible, func(e roleEligibility) bool { return e.principalID == u.id && e.roleID == roleID }) {
		return nil, odata.Refuse(http.StatusNotFound, "RoleAssignmentDoesNotExist", "The Role assignment does not exist.")
	}
	if slices.Contains(c.roles, roleID) {
		return nil, odata.Refuse(http.StatusBadRequest, "RoleAssignmentExists", "The Role assignment already exists.")
	}
	if c.text("justification") == "" {
		return nil, odata.Refuse(http.StatusBadRequest, "RoleAssignmentRequestPolicyValidationFailed", `The following policy rules failed: ["JustificationRule"]`)
	}
	a := c.t.activateLocked(u, roleID)
	return created(map[string]any{
		"@odata.context": c.base + "/$metadata#roleManagement/directory/roleAssignmentScheduleRequests/$entity",
		"id":             c.t.newTraceIDLocked(), "status": "Provisioned", "action": "selfActivate", "principalId": u.id, "roleDefinitionId": roleID,
		"directoryScopeId": "/", "appScopeId": nil, "justification": c.text("justification"), "createdDateTime": stamp(c.now),
		"targetScheduleId": a.id, "isValidationOnly": false,
		"scheduleInfo": map[string]any{
			"startDateTime": stamp(c.now), "recurrence": nil, "expiration": map[string]any{"type": "afterDuration", "endDateTime": nil, "duration": "PT8H"},
		},
	})
}

// rolesOfTokenLocked are the roles that count for a request: those that are active now, without what was activated after
// the token was made (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference, wids).
func (t *Tenant) rolesOfTokenLocked(who *bearer) []string {
	activated := map[string]bool{}
	for _, a := range t.assignments.Latest() {
		if a.principalID == who.user.id && !a.until.IsZero() {
			activated[a.roleID] = true
		}
	}
	return slices.DeleteFunc(t.activeRolesLocked(who.user), func(role string) bool {
		return activated[role] && !slices.Contains(who.roles, role)
	})
}

// activationTime is how long Privileged Identity Management activates a role unless told otherwise.
const activationTime = 8 * time.Hour

func (t *Tenant) activateLocked(u *user, roleID string) roleAssignment {
	now := t.instant()
	a := roleAssignment{id: t.newSecretLocked(41) + "-1", principalID: u.id, roleID: roleID, scope: "/", created: now, until: now.Add(activationTime)}
	replicate(t, &t.assignments, append(slices.Clone(t.assignments.Latest()), a))
	role, _ := roleByID(roleID)
	t.auditRoleLocked(u, "Add member to role completed (PIM activation)", "Assign", a, role)
	return a
}
