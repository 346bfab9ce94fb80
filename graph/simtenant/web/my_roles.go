package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Rules of this file, of a person's own roles in Privileged Identity Management
// (https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-how-to-activate-role): who is eligible
// for a role activates it for themselves, for as long as its rules allow at most; the page demands a second factor as every
// admin portal does, and for an authentication context another one; what somebody has to approve is no role yet.

const (
	myRolesPath      = "/my-roles"
	activateRolePath = "/my-roles/activate"
	myRolesTitle     = "My roles | Microsoft Entra roles"
)

// leastActivation is the shortest that the page offers, and its step.
const leastActivation = 30 * time.Minute

type myRolesView struct{ Eligible, Active []myRole }

// myRole is an assignment of the account signed in.
type myRole struct {
	ID, Name string
	State    string // Activated, Assigned, or of an eligible one what keeps it from being activated now; empty is nothing
	Ends     string
}

// activationView is what is asked of who activates a role. Times are hours.
type activationView struct {
	Role                  myRole
	Rules                 state.ActivationRules
	Longest               string
	Hours, Reason, Ticket string // as typed
}

// privileged is whoever is signed in, where the tenant has Privileged Identity Management.
func privileged(v *visit) (accountFacts, bool) {
	facts, ok := v.require(appAdminPortal, always)
	if !ok {
		return facts, false
	}
	v.s.t.Lock()
	has := v.s.t.Organization.PrivilegedLocked()
	v.s.t.Unlock()
	if !has {
		v.refuse(http.StatusForbidden, myRolesTitle, "Privileged Identity Management needs Microsoft Entra ID P2, and this tenant has none.", nil)
	}
	return facts, has
}

func (s *Site) showMyRoles(v *visit) {
	facts, ok := privileged(v)
	if !ok {
		return
	}
	view := s.myRoles(facts.ID)
	if slices.ContainsFunc(view.Eligible, func(r myRole) bool { return r.State == activating }) {
		v.w.Header().Set("Refresh", "1") // the portal's page renews itself until the activation is seen
		v.session.notice = v.notice
	}
	v.show("my-roles", myRolesTitle, view.page())
}

// myRoles are the eligible and the active assignments of an account.
func (s *Site) myRoles(userID string) (view myRolesView) {
	t := s.t
	t.Lock()
	defer t.Unlock()
	of := func(all []state.RoleAssignment) []state.RoleAssignment {
		return slices.DeleteFunc(slices.Clone(all), func(a state.RoleAssignment) bool {
			return a.PrincipalID != userID || !t.Directory.Schedules.ActiveLocked(a)
		})
	}
	states := map[string]string{}
	for _, a := range of(t.Directory.Assignments.Latest()) {
		states[a.RoleID] = activating
	}
	for _, a := range of(t.Directory.Assignments.Seen(t.Instant(), t.Lag)) {
		states[a.RoleID] = "Active"
		role := myRole{ID: a.RoleID, Name: roleName(a.RoleID), State: "Assigned", Ends: "Permanent"}
		if a.Activated {
			role.State = "Activated"
		}
		if !a.Until.IsZero() {
			role.Ends = inUTC(a.Until)
		}
		view.Active = append(view.Active, role)
	}
	for _, e := range t.Directory.EligibleLocked(userID) {
		role := myRole{ID: e.RoleID, Name: roleName(e.RoleID), Ends: "Permanent", State: states[e.RoleID]}
		waits := &state.RoleRequest{Action: selfActivate, PrincipalID: userID, RoleID: e.RoleID}
		if role.State == "" && t.Directory.Schedules.WaitsLocked(waits) {
			role.State = "Pending approval"
		}
		view.Eligible = append(view.Eligible, role)
	}
	return view
}

const (
	selfActivate = "selfActivate" // the action of a request to activate a role for oneself
	activating   = "Activating"   // a role that no reader sees yet
)

func roleName(id string) string {
	role, _ := state.RoleByID(id)
	return role.Name
}

func inUTC(at time.Time) string { return at.UTC().Format(time.DateTime) + " UTC" }

// activation is the form for the role that a request names. It is false where the account can't activate that now, or was
// sent to meet an authentication context first.
func activation(v *visit, facts accountFacts) (activationView, bool) {
	id := v.r.FormValue("role")
	eligible := slices.ContainsFunc(v.s.myRoles(facts.ID).Eligible, func(r myRole) bool { return r.ID == id && r.State == "" })
	if !eligible {
		v.refuse(http.StatusNotFound, "Activate a role", "You have no eligible assignment of this role that can be activated now.", &link{myRolesPath, "My roles"})
		return activationView{}, false
	}
	v.s.t.Lock()
	rules := v.s.t.Directory.Schedules.RolePolicyLocked(id).Activate
	v.s.t.Unlock()
	if c := rules.Context; c != "" && !slices.Contains(v.session.contexts, c) {
		v.begin(&flow{app: appAdminPortal, factor: always, next: activateRolePath + "?role=" + id, contexts: []string{c}})
		return activationView{}, false
	}
	longest := strconv.FormatFloat(state.MustDuration(rules.Longest).Hours(), 'f', -1, 64)
	return activationView{Role: myRole{ID: id, Name: roleName(id)}, Rules: rules, Longest: longest, Hours: longest}, true
}

func (s *Site) showActivateRole(v *visit) {
	facts, ok := privileged(v)
	if ok && v.r.FormValue("role") == "" { // a form's role does not come back from a sign-in
		v.redirect(myRolesPath)
		return
	}
	if !ok {
		return
	}
	if view, ok := activation(v, facts); ok {
		showActivation(v, view)
	}
}

func showActivation(v *visit, view activationView) {
	v.show("activate-role", "Activate a role", pageOf(v).activateRole(view))
}

func (s *Site) activateRole(v *visit) {
	facts, ok := privileged(v)
	if !ok {
		return
	}
	view, ok := activation(v, facts)
	if !ok {
		return
	}
	view.Hours, view.Reason, view.Ticket = v.form("hours"), strings.TrimSpace(v.form("reason")), strings.TrimSpace(v.form("ticket"))
	hours, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(view.Hours), ",", "."), 64)
	lasts := time.Duration(hours * float64(time.Hour))
	if err != nil || lasts < leastActivation {
		v.problem = &problem{Summary: "Type a duration from 0.5 to " + view.Longest + " hours"}
		showActivation(v, view)
		return
	}
	r := &state.RoleRequest{Action: selfActivate, PrincipalID: facts.ID, RoleID: view.Role.ID, Justification: view.Reason, Schedule: state.Lasting(lasts)}
	until, err := s.activate(r, state.Activation{Lasts: lasts, Ticketed: view.Ticket != "", MFA: !v.session.mfaAt.IsZero(), Contexts: v.session.contexts})
	if err != nil {
		v.problem = &problem{Summary: refusedActivation(err, view)}
		showActivation(v, view)
		return
	}
	v.session.notice = "Your request is pending approval."
	if until != "" {
		v.session.notice = "The role is active until " + until + "."
	}
	v.redirect(myRolesPath)
}

// activate hands a request to Privileged Identity Management, and says until when the role is active then; empty is not yet.
func (s *Site) activate(r *state.RoleRequest, a state.Activation) (until string, err error) {
	t := s.t
	t.Lock()
	defer t.Unlock()
	r.By = t.Directory.UserByIDLocked(r.PrincipalID)
	if err := t.Directory.Schedules.ActivateLocked(r, a); err != nil || r.AssignmentID == "" {
		return "", err
	}
	return inUTC(t.Instant().Add(a.Lasts)), nil
}

// refusedActivation says what the role's rules ask for that was not given.
func refusedActivation(err error, view activationView) string {
	broken, _ := errors.AsType[state.BrokenRulesError](err)
	switch {
	case slices.Contains(broken, "ExpirationRule"):
		return "Type a duration from 0.5 to " + view.Longest + " hours"
	case slices.Contains(broken, "JustificationRule"):
		return "Type a reason"
	case slices.Contains(broken, "TicketingRule"):
		return "Type the number of a ticket"
	}
	return "The role could not be activated: " + err.Error()
}
