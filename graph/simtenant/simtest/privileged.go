package simtest

import (
	"fmt"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// TimeBoundBody assigns Global Administrator to an account for so long, as ISO 8601 writes it.
func TimeBoundBody(principalID, duration string) string {
	return `{"action":"adminAssign","principalId":"` + principalID + `","roleDefinitionId":"` + state.RoleGlobalAdministrator + `","directoryScopeId":"/",` +
		`"justification":"Onboarding","scheduleInfo":{"startDateTime":"2026-11-22T10:00:00Z","expiration":{"type":"afterDuration","duration":"` + duration + `"}}}`
}

// UnassignBody takes Global Administrator from an account.
func UnassignBody(principalID string) string {
	return `{"action":"adminRemove","principalId":"` + principalID + `","roleDefinitionId":"` + state.RoleGlobalAdministrator + `","directoryScopeId":"/","justification":"Done"}`
}

// SetRolePolicy changes what Privileged Identity Management asks for before somebody is Global Administrator.
func (t Settings) SetRolePolicy(change func(*state.RolePolicy)) {
	t.State.Lock()
	defer t.State.Unlock()
	p := t.State.Directory.Schedules.RolePolicyLocked(state.RoleGlobalAdministrator)
	change(&p)
	t.State.Directory.Schedules.Policies = map[string]state.RolePolicy{state.RoleGlobalAdministrator: p}
}

// SetProvisioning says how long a request of Privileged Identity Management takes to be carried out, and at which status
// further ones stay; empty carries them out.
func (t Settings) SetProvisioning(takes time.Duration, stuckAt string) {
	t.State.Lock()
	defer t.State.Unlock()
	t.State.Directory.Schedules.Provisioning, t.State.Directory.Schedules.Stuck = takes, stuckAt
}

// AssignFor makes an account Global Administrator until an instant, as a colleague does it in Privileged Identity
// Management; zero is for good.
func (t Settings) AssignFor(upn string, lasts time.Duration) error {
	t.State.Lock()
	defer t.State.Unlock()
	u := t.State.Directory.UserByUPNLocked(upn)
	if u == nil {
		return fmt.Errorf("%w: %s", state.ErrNoUser, upn)
	}
	r := &state.RoleRequest{Action: "adminAssign", PrincipalID: u.ID, RoleID: state.RoleGlobalAdministrator, By: t.State.Directory.UserByUPNLocked(state.OperatorUPN)}
	if t.State.Directory.Schedules.RequestLocked(r) {
		t.State.Directory.Schedules.AssignLocked(r, lasts)
	}
	return nil
}

// Hold gives an account a role for the whole tenant, in place of what it has of it: until an instant or for good, assigned or
// activated. It is seen at once.
func (t Settings) Hold(upn string, a state.RoleAssignment) error {
	t.State.Lock()
	defer t.State.Unlock()
	u := t.State.Directory.UserByUPNLocked(upn)
	if u == nil {
		return fmt.Errorf("%w: %s", state.ErrNoUser, upn)
	}
	t.holdLocked(u.ID, a)
	return nil
}

// HoldThroughGroup gives an account a role for good as the member of a new group that has it, in place of what it has of it.
func (t Settings) HoldThroughGroup(upn, roleID string) error {
	t.State.Lock()
	defer t.State.Unlock()
	u := t.State.Directory.UserByUPNLocked(upn)
	if u == nil {
		return fmt.Errorf("%w: %s", state.ErrNoUser, upn)
	}
	t.dropLocked(u.ID, roleID)
	g := &state.Group{ID: t.State.NewIDLocked(), DisplayName: "Administrators", RoleAssignable: true, Members: []string{u.ID}}
	t.State.Directory.Groups = append(t.State.Directory.Groups, g)
	t.holdLocked(g.ID, state.RoleAssignment{RoleID: roleID})
	return nil
}

func (t Settings) holdLocked(principalID string, a state.RoleAssignment) {
	t.dropLocked(principalID, a.RoleID)
	a.ID, a.PrincipalID, a.Scope, a.Created = t.State.NewKeyLocked(41)+"-1", principalID, "/", t.State.Instant()
	t.State.Directory.Assignments.Settle(append(slices.Clone(t.State.Directory.Assignments.Latest()), a))
}

func (t Settings) dropLocked(principalID, roleID string) {
	t.State.Directory.Assignments.Settle(slices.DeleteFunc(slices.Clone(t.State.Directory.Assignments.Latest()), func(a state.RoleAssignment) bool {
		return a.PrincipalID == principalID && a.RoleID == roleID
	}))
}

// RoleEnds is when an account ceases to be Global Administrator by itself: zero is never, and false is that it is none.
func (t Settings) RoleEnds(upn string) (time.Time, bool) {
	t.State.Lock()
	defer t.State.Unlock()
	u := t.State.Directory.UserByUPNLocked(upn)
	if u == nil {
		return time.Time{}, false
	}
	a, is := t.State.Directory.Schedules.AssignedLocked(u.ID, state.RoleGlobalAdministrator)
	return a.Until, is && t.State.Directory.Schedules.ActiveLocked(a)
}

// ForgetRequests has old requests vanish, as they do in Privileged Identity Management.
func (t Settings) ForgetRequests() {
	t.State.Lock()
	defer t.State.Unlock()
	t.State.Directory.Schedules.Requests = nil
}

// RoleWasAssigned reports an account that was made Global Administrator by Privileged Identity Management, whether or not it
// still is.
func (t Settings) RoleWasAssigned(upn string) bool {
	t.State.Lock()
	defer t.State.Unlock()
	u := t.State.Directory.UserByUPNLocked(upn)
	return u != nil && slices.ContainsFunc(t.State.Directory.Schedules.Requests, func(r *state.RoleRequest) bool {
		return r.PrincipalID == u.ID && r.Action == "adminAssign" && r.AssignmentID != ""
	})
}
