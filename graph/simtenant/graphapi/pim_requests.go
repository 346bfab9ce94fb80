package graphapi

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Rules of this file (https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignmentschedulerequests): a request
// that is taken is not carried out yet, which its status says; of the rules of a role those for an administrator bind who
// assigns it, and those for its holder who activates it, never the other way round. The codes of refusals are those that
// clients in public repositories have met.

// requestRefused is a refusal of Privileged Identity Management's.
func requestRefused(code, message string) *odata.Error {
	return odata.Refuse(http.StatusBadRequest, code, "%s", message)
}

// brokeRules names the rules of the role that a request breaks, as a list in JSON within the message.
func brokeRules(rules ...string) *odata.Error {
	list, err := json.Marshal(rules)
	if err != nil {
		panic(err)
	}
	return requestRefused("RoleAssignmentRequestPolicyValidationFailed", "The following policy rules failed: "+string(list))
}

var (
	tooShort    = requestRefused("ActiveDurationTooShort", "The Active duration is too short. Miniumum Required is 5 minutes.")
	roleMissing = requestRefused("RoleAssignmentDoesNotExist", "The Role assignment does not exist.")
	rolePending = requestRefused("PendingRoleAssignmentRequest", "There is already an existing pending Role assignment request.")
	roleExists  = requestRefused("RoleAssignmentExists", "The Role assignment already exists.")
)

// requestSchedule takes a request for a role.
func requestSchedule(c *Call) (*Answer, *odata.Error) {
	if !c.t.Organization.PrivilegedLocked() {
		return nil, odata.NoP2()
	}
	handle := map[string]func(*Call, *state.RoleRequest) *odata.Error{
		"selfActivate": activateRole, "adminAssign": assignRole, "adminRemove": removeRole, "adminUpdate": prolongRole, "adminExtend": prolongRole,
	}[c.text("action")]
	if c.text("action") != "selfActivate" && !state.HoldsAny(c.roles, []string{state.RolePrivilegedRoleAdministrator}) {
		return nil, odata.Denied()
	}
	if handle == nil {
		return nil, odata.BadRequest("The action '%s' is not simulated.", c.text("action")).At("action")
	}
	role, known := state.RoleByID(strings.ToLower(c.text("roleDefinitionId")))
	if !known || c.text("directoryScopeId") != "/" || c.t.Directory.UserByIDLocked(c.text("principalId")) == nil {
		return nil, requestRefused("InvalidRoleAssignmentRequest", "The role assignment request is invalid: roleDefinitionId, principalId and directoryScopeId are required.")
	}
	r := &state.RoleRequest{
		Action: c.text("action"), PrincipalID: strings.ToLower(c.text("principalId")), RoleID: role.ID, Justification: c.text("justification"), By: c.who.User,
	}
	r.Schedule, _ = c.body["scheduleInfo"].(map[string]any)
	if failure := handle(c, r); failure != nil {
		return nil, failure
	}
	body := requestObject(c, r)
	body["@odata.context"] = c.base + "/$metadata#roleManagement/directory/roleAssignmentScheduleRequests/$entity"
	return created(body)
}

// activateRole activates a role that the caller is eligible for.
func activateRole(c *Call, r *state.RoleRequest) *odata.Error {
	if r.PrincipalID != c.who.User.ID {
		return odata.Refuse(http.StatusNotFound, roleMissing.Code, "%s", roleMissing.Message)
	}
	lasts, failure := durationOf(r.Schedule)
	if failure != nil {
		return failure
	}
	ticket, _ := c.body["ticketInfo"].(map[string]any)
	err := c.t.Directory.Schedules.ActivateLocked(r, state.Activation{
		Lasts: lasts, Ticketed: ticket["ticketNumber"] != nil, MFA: c.who.MFA, Contexts: c.who.Contexts,
	})
	var broken state.BrokenRulesError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &broken):
		return brokeRules(broken...)
	case errors.Is(err, state.ErrContextUnmet):
		context := c.t.Directory.Schedules.RolePolicyLocked(r.RoleID).Activate.Context
		claims := base64.StdEncoding.EncodeToString([]byte(`{"access_token":{"acrs":{"essential":true, "value":"` + context + `"}}}`))
		return requestRefused("RoleAssignmentRequestAcrsValidationFailed", "&claims="+claims)
	case errors.Is(err, state.ErrNotEligible):
		return odata.Refuse(http.StatusNotFound, roleMissing.Code, "%s", roleMissing.Message)
	case errors.Is(err, state.ErrRolePending):
		return rolePending
	case errors.Is(err, state.ErrTooShort):
		return tooShort
	}
	return roleExists
}

// assignRole assigns a role to somebody, for a time or for good.
func assignRole(c *Call, r *state.RoleRequest) *odata.Error {
	d := c.t.Directory.Schedules
	u := c.t.Directory.UserByIDLocked(r.PrincipalID)
	if u.Created.Add(c.t.Lag).After(c.now) || c.t.Directory.SeenUserLocked(u) == nil { // the replica that is asked has not heard of it yet
		return odata.NotFound(r.PrincipalID)
	}
	if d.WaitsLocked(r) {
		return rolePending
	}
	if _, assigned := d.AssignedLocked(r.PrincipalID, r.RoleID); assigned {
		return roleExists
	}
	lasts, failure := allowedFor(c, r)
	if failure != nil {
		return failure
	}
	if d.RequestLocked(r) {
		d.AssignLocked(r, lasts)
	}
	return nil
}

// prolongRole gives an assignment another end.
func prolongRole(c *Call, r *state.RoleRequest) *odata.Error {
	a, assigned := c.t.Directory.Schedules.AssignedLocked(r.PrincipalID, r.RoleID)
	if !assigned || a.Created.After(c.now) {
		return roleMissing
	}
	lasts, failure := allowedFor(c, r)
	if failure != nil {
		return failure
	}
	if c.t.Directory.Schedules.RequestLocked(r) {
		c.t.Directory.Schedules.ProlongLocked(r, a.ID, lasts)
	}
	return nil
}

// removeRole takes an assigned role away. Nobody can take the last Global Administrator's.
func removeRole(c *Call, r *state.RoleRequest) *odata.Error {
	d := c.t.Directory.Schedules
	a, assigned := d.AssignedLocked(r.PrincipalID, r.RoleID)
	switch {
	case !assigned || a.Created.After(c.now):
		return roleMissing
	case c.now.Before(a.Created.Add(state.ShortestAssignment)):
		return tooShort
	case d.LastAdministratorLocked(a, c.now):
		return requestRefused("InvalidRoleAssignmentRequest", "The last active assignment of Global Administrator can't be removed.")
	}
	if d.RequestLocked(r) {
		d.RevokeLocked(r, a.ID)
	}
	return nil
}

// allowedFor is for how long the rules for an administrator let a role be assigned as asked; zero is for good.
func allowedFor(c *Call, r *state.RoleRequest) (time.Duration, *odata.Error) {
	rules := c.t.Directory.Schedules.RolePolicyLocked(r.RoleID).Assign
	lasts, failure := durationOf(r.Schedule)
	if failure != nil {
		return 0, failure
	}
	if lasts > 0 && lasts < state.ShortestAssignment {
		return 0, tooShort
	}
	var broken []string
	if lasts == 0 && rules.EndRequired || lasts > state.MustDuration(rules.Longest) {
		broken = append(broken, "ExpirationRule")
	}
	if rules.Justification && strings.TrimSpace(r.Justification) == "" {
		broken = append(broken, "JustificationRule")
	}
	if rules.MFA && !c.who.MFA {
		broken = append(broken, "MfaRule")
	}
	if len(broken) > 0 {
		return 0, brokeRules(broken...)
	}
	return lasts, nil
}

// requestObject is a request as it stands.
func requestObject(c *Call, r *state.RoleRequest) map[string]any {
	object := map[string]any{
		"id": r.ID, "status": c.t.Directory.Schedules.StatusLocked(r), "action": r.Action, "principalId": r.PrincipalID, "roleDefinitionId": r.RoleID,
		"directoryScopeId": "/", "appScopeId": nil, "justification": nil, "createdDateTime": stamp(r.Created), "completedDateTime": nil,
		"targetScheduleId": nil, "isValidationOnly": false, "approvalId": nil, "customData": nil,
		"createdBy":    map[string]any{"application": nil, "device": nil, "user": map[string]any{"displayName": nil, "id": r.By.ID}},
		"scheduleInfo": nil, "ticketInfo": map[string]any{"ticketNumber": nil, "ticketSystem": nil},
	}
	if r.Justification != "" {
		object["justification"] = r.Justification
	}
	if r.AssignmentID != "" {
		object["targetScheduleId"] = r.AssignmentID
	}
	if r.Schedule != nil {
		expiration, _ := r.Schedule["expiration"].(map[string]any)
		object["scheduleInfo"] = map[string]any{"startDateTime": stamp(r.Created), "recurrence": nil, "expiration": map[string]any{
			"type": expiration["type"], "endDateTime": expiration["endDateTime"], "duration": expiration["duration"],
		}}
	}
	return object
}

func listRequests(c *Call) (*Answer, *odata.Error) {
	if failure := c.mayReadSchedules(); failure != nil {
		return nil, failure
	}
	var objects []map[string]any
	for _, r := range c.t.Directory.Schedules.Requests {
		objects = append(objects, requestObject(c, r))
	}
	return c.scheduleList("roleAssignmentScheduleRequests", objects)
}

// request is the one that the path names.
func requestOf(c *Call) (*state.RoleRequest, *odata.Error) {
	all := c.t.Directory.Schedules.Requests
	i := slices.IndexFunc(all, func(r *state.RoleRequest) bool { return r.ID == c.params["id"] })
	if i < 0 {
		return nil, odata.NotFound(c.params["id"])
	}
	return all[i], nil
}

func getRequest(c *Call) (*Answer, *odata.Error) {
	r, failure := requestOf(c)
	if failure != nil {
		return nil, failure
	}
	return c.entity("roleManagement/directory/roleAssignmentScheduleRequests", requestObject(c, r))
}

// cancelRequest ends a request that was not carried out
// (https://learn.microsoft.com/graph/api/unifiedroleassignmentschedulerequest-cancel).
func cancelRequest(c *Call) (*Answer, *odata.Error) {
	r, failure := requestOf(c)
	if failure != nil {
		return nil, failure
	}
	if !c.t.Directory.Schedules.CancelLocked(r) {
		return nil, requestRefused("InvalidRoleAssignmentRequest", "A request that was carried out can't be canceled.")
	}
	return noContent()
}
