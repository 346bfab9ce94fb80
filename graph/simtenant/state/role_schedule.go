package state

import (
	"slices"
	"sort"
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

	directory *Directory

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
func (s *Schedules) StatusLocked(r *RoleRequest) string {
	if r.status != "" {
		return r.status
	}
	for _, a := range s.directory.Assignments.Latest() {
		if a.ID == r.AssignmentID && a.Created.After(s.directory.Instant()) {
			return StatusPendingProvisioning
		}
	}
	return StatusProvisioned
}

// PendingLocked says whether a request is neither carried out nor refused.
func (s *Schedules) PendingLocked(r *RoleRequest) bool {
	return slices.Contains([]string{StatusPendingProvisioning, StatusPendingApproval, "PendingAdminDecision", "PendingScheduleCreation", "Granted", "ScheduleCreated"}, s.StatusLocked(r))
}

// WaitsLocked says whether a request like r was made and is neither carried out nor refused.
func (s *Schedules) WaitsLocked(r *RoleRequest) bool {
	return slices.ContainsFunc(s.Requests, func(other *RoleRequest) bool {
		return other.PrincipalID == r.PrincipalID && other.RoleID == r.RoleID && other.Action == r.Action && s.PendingLocked(other)
	})
}

// RequestLocked keeps a request. It says whether it is to be carried out: not one that gets stuck.
func (s *Schedules) RequestLocked(r *RoleRequest) bool {
	r.ID, r.Created, r.status = s.directory.NewTraceIDLocked(), s.directory.Instant(), s.Stuck
	s.Requests = append(s.Requests, r)
	return r.status == ""
}

// AwaitApprovalLocked keeps a request that somebody has to approve.
func (s *Schedules) AwaitApprovalLocked(r *RoleRequest) {
	s.RequestLocked(r)
	r.status = StatusPendingApproval
}

// CancelLocked ends a request that was not carried out, and reports whether it was one.
func (s *Schedules) CancelLocked(r *RoleRequest) bool {
	if !s.PendingLocked(r) {
		return false
	}
	r.status = StatusCanceled
	s.dropLocked(r.AssignmentID)
	return true
}

// AssignLocked carries out a request for a role: until is zero for good.
func (s *Schedules) AssignLocked(r *RoleRequest, lasts time.Duration) RoleAssignment {
	begins := s.directory.Instant().Add(s.Provisioning)
	a := RoleAssignment{ID: s.directory.NewKeyLocked(41) + "-1", PrincipalID: r.PrincipalID, RoleID: r.RoleID, Scope: "/", Created: begins}
	if lasts > 0 {
		a.Until = begins.Add(lasts)
	}
	r.AssignmentID = a.ID
	Replicate(s.directory.Base, &s.directory.Assignments, append(s.livingLocked(), a))
	role, _ := RoleByID(a.RoleID)
	kind := "timebound"
	if lasts == 0 {
		kind = "permanent"
	}
	s.auditScheduleLocked(r.By, "Add member to role in PIM completed ("+kind+")", "Assign", a, role)
	s.auditCarriedOutLocked("Add member to role", "Assign", a, role)
	return a
}

// ProlongLocked gives an assignment another end, counted from now: zero is none.
func (s *Schedules) ProlongLocked(r *RoleRequest, id string, lasts time.Duration) {
	all := s.livingLocked()
	for i := range all {
		if all[i].ID != id {
			continue
		}
		if all[i].Until = (time.Time{}); lasts > 0 {
			all[i].Until = s.directory.Instant().Add(lasts)
		}
		r.AssignmentID = id
		role, _ := RoleByID(all[i].RoleID)
		s.auditScheduleLocked(r.By, "Update role assignment in PIM completed", "Assign", all[i], role)
	}
	Replicate(s.directory.Base, &s.directory.Assignments, all)
}

// RevokeLocked carries out a request that takes a role away.
func (s *Schedules) RevokeLocked(r *RoleRequest, id string) {
	r.status = StatusRevoked
	for _, a := range s.directory.Assignments.Latest() {
		if a.ID == id {
			role, _ := RoleByID(a.RoleID)
			s.auditScheduleLocked(r.By, "Remove member from role in PIM completed (timebound)", "Unassign", a, role)
			s.auditCarriedOutLocked("Remove member from role", "Unassign", a, role)
		}
	}
	s.dropLocked(id)
}

func (s *Schedules) dropLocked(id string) {
	all := s.livingLocked()
	Replicate(s.directory.Base, &s.directory.Assignments, slices.DeleteFunc(all, func(a RoleAssignment) bool { return a.ID == id }))
}

// AssignedLocked is somebody's assignment of a role by an administrator, the one that is still being provisioned included.
func (s *Schedules) AssignedLocked(principalID, roleID string) (RoleAssignment, bool) {
	for _, a := range s.livingLocked() {
		if a.PrincipalID == principalID && a.RoleID == roleID && !a.Activated {
			return a, true
		}
	}
	return RoleAssignment{}, false
}

// livingLocked are the assignments that have not ended.
func (s *Schedules) livingLocked() []RoleAssignment {
	return slices.DeleteFunc(slices.Clone(s.directory.Assignments.Latest()), func(a RoleAssignment) bool { return s.EndedLocked(a) })
}

// ActiveLocked says whether an assignment has begun and not ended.
func (s *Schedules) ActiveLocked(a RoleAssignment) bool {
	return !a.Created.After(s.directory.Instant()) && !s.EndedLocked(a)
}

// EndedLocked says whether an assignment is over.
func (s *Schedules) EndedLocked(a RoleAssignment) bool {
	return !a.Until.IsZero() && !a.Until.After(s.directory.Instant()) && !s.kept[a.ID]
}

// LastAdministratorLocked says whether no other assigned Global Administrator is there at an instant. An activation is no
// assignment here.
func (s *Schedules) LastAdministratorLocked(a RoleAssignment, at time.Time) bool {
	if a.RoleID != RoleGlobalAdministrator || a.Activated {
		return false
	}
	return !slices.ContainsFunc(s.directory.Assignments.Latest(), func(b RoleAssignment) bool {
		u := s.directory.UserByIDLocked(b.PrincipalID)
		lasts := b.Until.IsZero() || b.Until.After(at) || s.kept[b.ID]
		return b.ID != a.ID && b.RoleID == a.RoleID && !b.Activated && !b.Created.After(at) && lasts && u != nil && u.AccountEnabled
	})
}

// expireLocked ends what is due, in the order in which it is.
func (s *Schedules) expireLocked() {
	var due []RoleAssignment
	for _, a := range s.directory.Assignments.Latest() {
		if !a.Until.IsZero() && !a.Until.After(s.directory.Instant()) && !s.over[a.ID] {
			due = append(due, a)
		}
	}
	sort.Slice(due, func(i, j int) bool { return due[i].Until.Before(due[j].Until) })
	for _, a := range due {
		if s.over == nil {
			s.over, s.kept = map[string]bool{}, map[string]bool{}
		}
		s.over[a.ID] = true
		if s.LastAdministratorLocked(a, a.Until) {
			s.kept[a.ID] = true
			continue
		}
		role, _ := RoleByID(a.RoleID)
		activity := "Remove member from role in PIM completed (timebound)"
		if a.Activated {
			activity = "Remove member from role (PIM activation expired)"
		}
		s.auditScheduleLocked(pimUser, activity, "Unassign", a, role)
		s.auditCarriedOutLocked("Remove member from role", "Unassign", a, role)
		for _, e := range s.directory.log.Audits[len(s.directory.log.Audits)-2:] {
			e.At = a.Until
		}
	}
}

// Lock takes the tenant's lock. What Entra ends by itself has ended before anybody looks.
func (t *Tenant) Lock() {
	t.Base.Lock()
	t.Directory.Schedules.expireLocked()
}
