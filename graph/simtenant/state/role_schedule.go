package state

import (
	"slices"
	"time"
)

// Rules of this file, of Privileged Identity Management in Microsoft Entra ID
// (https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-how-to-add-role-to-user): an
// assignment ends by itself, but for the last one of Global Administrator; one can be neither shorter than five minutes nor
// taken away in its first five; what an administrator assigns is Assigned, what somebody activates for themselves is
// Activated, and the latter keeps no Global Administrator from being the last.

// ShortestAssignment is the least that a role can be had for.
const ShortestAssignment = 5 * time.Minute

// Statuses of a request (https://learn.microsoft.com/graph/api/resources/request).
const (
	StatusProvisioned         = "Provisioned"
	StatusPendingProvisioning = "PendingProvisioning"
	StatusPendingApproval     = "PendingApproval"
	StatusRevoked             = "Revoked"
	StatusCanceled            = "Canceled"
)

// Schedules are what Privileged Identity Management knows besides the assignments.
type Schedules struct {
	Requests     []*RoleRequest
	Policies     map[string]RolePolicy // by role; of one that is not there, Microsoft's own
	Provisioning time.Duration         // from a request to the role
	Stuck        string                // the status at which further requests stay; empty carries them out

	kept map[string]bool // ids of assignments that are past their end, and stay
	over map[string]bool // ids of assignments whose end was noted
}

// RoleRequest is one request to Privileged Identity Management.
type RoleRequest struct {
	ID, Action, PrincipalID, RoleID string
	Justification                   string
	By                              *User
	Created                         time.Time
	Schedule                        map[string]any // scheduleInfo, as it was sent
	AssignmentID                    string         // empty where nothing came of it
	status                          string         // where it does not follow from the assignment
}

// StatusLocked is how far a request has come.
func (d *Directory) StatusLocked(r *RoleRequest) string {
	if r.status != "" {
		return r.status
	}
	for _, a := range d.Assignments.Latest() {
		if a.ID == r.AssignmentID && a.Created.After(d.Instant()) {
			return StatusPendingProvisioning
		}
	}
	return StatusProvisioned
}

// PendingLocked says whether a request is neither carried out nor refused.
func (d *Directory) PendingLocked(r *RoleRequest) bool {
	return slices.Contains([]string{StatusPendingProvisioning, StatusPendingApproval, "PendingAdminDecision", "PendingScheduleCreation", "Granted", "ScheduleCreated"}, d.StatusLocked(r))
}

// RequestLocked keeps a request. It says whether it is to be carried out: not one that gets stuck.
func (d *Directory) RequestLocked(r *RoleRequest) bool {
	r.ID, r.Created, r.status = d.NewTraceIDLocked(), d.Instant(), d.Schedules.Stuck
	d.Schedules.Requests = append(d.Schedules.Requests, r)
	return r.status == ""
}

// AwaitApprovalLocked keeps a request that somebody has to approve.
func (d *Directory) AwaitApprovalLocked(r *RoleRequest) {
	d.RequestLocked(r)
	r.status = StatusPendingApproval
}

// CancelLocked ends a request that was not carried out, and reports whether it was one.
func (d *Directory) CancelLocked(r *RoleRequest) bool {
	if !d.PendingLocked(r) {
		return false
	}
	r.status = StatusCanceled
	d.Schedules.dropLocked(d, r.AssignmentID)
	return true
}

// AssignLocked carries out a request for a role: until is zero for good.
func (d *Directory) AssignLocked(r *RoleRequest, lasts time.Duration) RoleAssignment {
	begins := d.Instant().Add(d.Schedules.Provisioning)
	a := RoleAssignment{ID: d.NewSecretLocked(41) + "-1", PrincipalID: r.PrincipalID, RoleID: r.RoleID, Scope: "/", Created: begins}
	if lasts > 0 {
		a.Until = begins.Add(lasts)
	}
	r.AssignmentID = a.ID
	Replicate(d.Base, &d.Assignments, append(d.livingLocked(), a))
	role, _ := RoleByID(a.RoleID)
	kind := "timebound"
	if lasts == 0 {
		kind = "permanent"
	}
	d.auditScheduleLocked(r.By, "Add member to role in PIM completed ("+kind+")", "Assign", a, role)
	d.AuditRoleLocked(nil, "Add member to role", "Assign", a, role)
	return a
}

// ProlongLocked gives an assignment another end, counted from now: zero is none.
func (d *Directory) ProlongLocked(r *RoleRequest, id string, lasts time.Duration) {
	all := d.livingLocked()
	for i := range all {
		if all[i].ID != id {
			continue
		}
		if all[i].Until = (time.Time{}); lasts > 0 {
			all[i].Until = d.Instant().Add(lasts)
		}
		r.AssignmentID = id
		role, _ := RoleByID(all[i].RoleID)
		d.auditScheduleLocked(r.By, "Update role assignment in PIM completed", "Assign", all[i], role)
	}
	Replicate(d.Base, &d.Assignments, all)
}

// RevokeLocked carries out a request that takes a role away.
func (d *Directory) RevokeLocked(r *RoleRequest, id string) {
	r.status = StatusRevoked
	for _, a := range d.Assignments.Latest() {
		if a.ID == id {
			role, _ := RoleByID(a.RoleID)
			d.auditScheduleLocked(r.By, "Remove member from role in PIM completed (timebound)", "Unassign", a, role)
			d.AuditRoleLocked(nil, "Remove member from role", "Unassign", a, role)
		}
	}
	d.Schedules.dropLocked(d, id)
}

func (*Schedules) dropLocked(d *Directory, id string) {
	all := d.livingLocked()
	Replicate(d.Base, &d.Assignments, slices.DeleteFunc(all, func(a RoleAssignment) bool { return a.ID == id }))
}

// AssignedLocked is somebody's assignment of a role by an administrator, the one that is still being provisioned included.
func (d *Directory) AssignedLocked(principalID, roleID string) (RoleAssignment, bool) {
	for _, a := range d.livingLocked() {
		if a.PrincipalID == principalID && a.RoleID == roleID && !a.Activated {
			return a, true
		}
	}
	return RoleAssignment{}, false
}

// livingLocked are the assignments that have not ended.
func (d *Directory) livingLocked() []RoleAssignment {
	return slices.DeleteFunc(slices.Clone(d.Assignments.Latest()), func(a RoleAssignment) bool { return d.EndedLocked(a) })
}

// ActiveLocked says whether an assignment has begun and not ended.
func (d *Directory) ActiveLocked(a RoleAssignment) bool {
	return !a.Created.After(d.Instant()) && !d.EndedLocked(a)
}

// EndedLocked says whether an assignment is over.
func (d *Directory) EndedLocked(a RoleAssignment) bool {
	return !a.Until.IsZero() && !a.Until.After(d.Instant()) && !d.Schedules.kept[a.ID]
}

// LastAdministratorLocked says whether no other assigned Global Administrator is there at an instant. An activation is no
// assignment here.
func (d *Directory) LastAdministratorLocked(a RoleAssignment, at time.Time) bool {
	if a.RoleID != RoleGlobalAdministrator || a.Activated {
		return false
	}
	return !slices.ContainsFunc(d.Assignments.Latest(), func(b RoleAssignment) bool {
		u := d.UserByIDLocked(b.PrincipalID)
		lasts := b.Until.IsZero() || b.Until.After(at) || d.Schedules.kept[b.ID]
		return b.ID != a.ID && b.RoleID == a.RoleID && !b.Activated && !b.Created.After(at) && lasts && u != nil && u.AccountEnabled
	})
}

// expireLocked ends what is due, in the order in which it is.
func (d *Directory) expireLocked() {
	var due []RoleAssignment
	for _, a := range d.Assignments.Latest() {
		if !a.Until.IsZero() && !a.Until.After(d.Instant()) && !d.Schedules.over[a.ID] {
			due = append(due, a)
		}
	}
	slices.SortFunc(due, func(a, b RoleAssignment) int { return a.Until.Compare(b.Until) })
	for _, a := range due {
		if d.Schedules.over == nil {
			d.Schedules.over, d.Schedules.kept = map[string]bool{}, map[string]bool{}
		}
		d.Schedules.over[a.ID] = true
		if d.LastAdministratorLocked(a, a.Until) {
			d.Schedules.kept[a.ID] = true
			continue
		}
		role, _ := RoleByID(a.RoleID)
		activity := "Remove member from role in PIM completed (timebound)"
		if a.Activated {
			activity = "Remove member from role (PIM activation expired)"
		}
		d.auditScheduleLocked(nil, activity, "Unassign", a, role)
		d.log.Audits[len(d.log.Audits)-1].At = a.Until
	}
}

// Lock takes the tenant's lock. What Entra ends by itself has ended before anybody looks.
func (t *Tenant) Lock() {
	t.Base.Lock()
	t.Directory.expireLocked()
}
