package state

import (
	"slices"
	"time"
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

// auditScheduleLocked notes what Privileged Identity Management did about an assignment.
func (s *Schedules) auditScheduleLocked(actor *User, activity, operation string, a RoleAssignment, role RoleDefinition) {
	s.directory.auditRoleLocked(actor, NewActivity(activity, "PIM", operation), a, role)
	if all := s.directory.log.Audits; actor == nil {
		all[len(all)-1].App = pimApp
	}
}

func (d *Directory) auditRoleLocked(actor *User, what Activity, a RoleAssignment, role RoleDefinition) {
	target := auditTarget{ID: a.PrincipalID, Kind: "User", Changes: []Change{{"Role.DisplayName", "", role.Name}, {"Role.TemplateId", "", role.ID}}}
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
