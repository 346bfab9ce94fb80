package state

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
)

// activationTime is how long Privileged Identity Management activates a role unless told otherwise.
const activationTime = 8 * time.Hour

// ActivateLocked gives an account a role for activationTime.
func (d *Directory) ActivateLocked(u *User, roleID string) RoleAssignment {
	return d.ActivateForLocked(u, roleID, activationTime)
}

// ActivateForLocked gives an account a role for so long.
func (d *Directory) ActivateForLocked(u *User, roleID string, lasts time.Duration) RoleAssignment {
	now := d.Instant()
	a := RoleAssignment{ID: d.NewKeyLocked(41) + "-1", PrincipalID: u.ID, RoleID: roleID, Scope: "/", Created: now, Until: now.Add(lasts), Activated: true}
	Replicate(d.Base, &d.Assignments, append(d.Schedules.livingLocked(), a))
	role, _ := RoleByID(roleID)
	d.AuditRoleLocked(u, "Add member to role completed (PIM activation)", "Assign", a, role)
	return a
}

// Activation is what the holder of an eligible assignment brings to a request, beside what stands in it.
type Activation struct {
	Lasts    time.Duration
	Ticketed bool     // the request names a ticket
	MFA      bool     // a second factor was given in the session
	Contexts []string // authentication contexts that the session has met
}

// Why Privileged Identity Management takes no activation, but for BrokenRulesError.
var (
	ErrNotEligible  = errors.New("not eligible for this role")
	ErrRoleActive   = errors.New("the role is active")
	ErrRolePending  = errors.New("an equal request waits")
	ErrTooShort     = errors.New("an activation lasts five minutes or longer")
	ErrContextUnmet = errors.New("the authentication context was not met")
)

// BrokenRulesError are the rules of a role that an activation breaks, by the names that Graph answers with.
type BrokenRulesError []string

func (b BrokenRulesError) Error() string { return "broken: " + strings.Join(b, ", ") }

// EligibleLocked are the roles that an account may activate.
func (d *Directory) EligibleLocked(userID string) []RoleEligibility {
	return slices.DeleteFunc(slices.Clone(d.Eligible), func(e RoleEligibility) bool { return e.PrincipalID != userID })
}

// ActivateLocked carries out a request to activate a role, or has it wait where the role's rules ask for an approval. Errors
// are those above and BrokenRulesError.
func (s *Schedules) ActivateLocked(r *RoleRequest, a Activation) error {
	u, rules := s.directory.UserByIDLocked(r.PrincipalID), s.RolePolicyLocked(r.RoleID).Activate
	switch {
	case u == nil || !slices.ContainsFunc(s.directory.EligibleLocked(u.ID), func(e RoleEligibility) bool { return strings.EqualFold(e.RoleID, r.RoleID) }):
		return ErrNotEligible
	case conditionalaccess.HoldsID(s.directory.ActiveRolesLocked(u), r.RoleID):
		return ErrRoleActive
	case s.WaitsLocked(r):
		return ErrRolePending
	case a.Lasts < ShortestAssignment:
		return ErrTooShort
	case rules.Context != "" && !slices.Contains(a.Contexts, rules.Context):
		return ErrContextUnmet
	}
	if broken := rules.brokenBy(r, a); len(broken) > 0 {
		return broken
	}
	switch {
	case rules.Approval:
		s.AwaitApprovalLocked(r)
	case s.RequestLocked(r):
		r.AssignmentID = s.directory.ActivateForLocked(u, r.RoleID, a.Lasts).ID
	}
	return nil
}

func (rules ActivationRules) brokenBy(r *RoleRequest, a Activation) (broken BrokenRulesError) {
	for _, rule := range []struct {
		breaks bool
		name   string
	}{
		{rules.Justification && strings.TrimSpace(r.Justification) == "", "JustificationRule"},
		{rules.MFA && !a.MFA, "MfaRule"},
		{a.Lasts > MustDuration(rules.Longest), "ExpirationRule"},
		{rules.Ticket && !a.Ticketed, "TicketingRule"},
	} {
		if rule.breaks {
			broken = append(broken, rule.name)
		}
	}
	return broken
}

// pimApp is what Privileged Identity Management is called in the audit log.
const pimApp = "MS-PIM"

// auditCarriedOutLocked notes what it did in the directory, which the log has beside the entry of who asked for it.
func (s *Schedules) auditCarriedOutLocked(activity, operation string, a RoleAssignment, role RoleDefinition) {
	s.directory.AuditRoleLocked(nil, activity, operation, a, role)
	all := s.directory.log.Audits
	all[len(all)-1].App = pimApp
}

// AuditRoleLocked notes a change of an assignment.
func (d *Directory) AuditRoleLocked(actor *User, activity, operation string, a RoleAssignment, role RoleDefinition) {
	d.auditRoleLocked(actor, NewActivity(activity, "Core Directory", operation), a, role)
}

// pimUser is who its own entries name where it ends an assignment by itself: a user without a user principal name, as a live tenant's log
// has it, and not the application that its twin in the directory's log names.
var pimUser = &User{ID: "9dfd627f-5d0c-4b1c-af9d-0c85097fdeff", DisplayName: "Azure AD PIM"}

// auditScheduleLocked notes what Privileged Identity Management did about an assignment.
func (s *Schedules) auditScheduleLocked(actor *User, activity, operation string, a RoleAssignment, role RoleDefinition) {
	s.directory.auditRoleLocked(actor, NewActivity(activity, "PIM", operation), a, role)
}

func (d *Directory) auditRoleLocked(actor *User, what Activity, a RoleAssignment, role RoleDefinition) {
	target := auditTarget{ID: a.PrincipalID, Kind: "User", Changes: logged(what.operation, [][2]string{{"Role.DisplayName", role.Name}, {"Role.TemplateId", role.ID}})}
	if u := d.UserByIDLocked(a.PrincipalID); u != nil {
		target.Name, target.UPN = u.DisplayName, u.UPN
	}
	d.log.auditLocked(actor, what, "RoleManagement", target, auditTarget{ID: role.ID, Name: role.Name, Kind: "Role"})
}

// RolesOfLocked are the directory roles that u is seen to hold, through groups too when transitive, in Graph's order.
func (d *Directory) RolesOfLocked(u *User, transitive bool) []RoleDefinition {
	seen := d.Assignments.Seen(d.Instant(), d.Lag)
	held := d.rolesLocked(u, seen)
	return slices.DeleteFunc(slices.Clone(RoleDefinitions), func(r RoleDefinition) bool {
		if transitive {
			return !slices.Contains(held, r.ID)
		}
		return !slices.ContainsFunc(seen, func(a RoleAssignment) bool {
			return a.PrincipalID == u.ID && a.RoleID == r.ID && d.Schedules.ActiveLocked(a)
		})
	})
}
