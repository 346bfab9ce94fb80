package graph

import (
	"context"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// RoleHolding is what Privileged Identity Management shows of a role that somebody has at this moment.
type RoleHolding struct {
	PrincipalID string
	Scope       string    // "/" is the whole tenant
	Kind        string    // RoleAssigned, RoleActivated, or one that this program does not know
	Start       time.Time // zero where Graph does not say
	End         time.Time // when Entra ends it by itself; zero is never
	Holder      RoleHolder
}

// RoleHolder is who has a role.
type RoleHolder struct {
	Kind    string // #microsoft.graph.user, or another type; empty where Graph does not say
	Enabled bool   // it is an account that can sign in; false of everything else
}

// Kinds of a RoleHolding: an administrator assigned it, or its holder, who is eligible, activated it.
const (
	RoleAssigned  = "Assigned"
	RoleActivated = "Activated"
)

const (
	roleRequests = "/roleManagement/directory/roleAssignmentScheduleRequests"
	roleHoldings = "/roleManagement/directory/roleAssignmentScheduleInstances"
)

// RoleHoldings reads everybody who has a role at this moment, with when that ends: GET
// /roleManagement/directory/roleAssignmentScheduleInstances, RoleManagement.Read.Directory. The plain list of assignments
// has the same ones and no end. ErrUnlicensed where the tenant has no Privileged Identity Management.
// https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignmentscheduleinstances
func (s Roles) RoleHoldings(ctx context.Context, roleID string) ([]RoleHolding, error) {
	all, err := listJSON[struct {
		PrincipalID objectid.ID `json:"principalId"`
		Scope       string      `json:"directoryScopeId"`
		Kind        string      `json:"assignmentType"`
		Start       *time.Time  `json:"startDateTime"`
		End         *time.Time  `json:"endDateTime"`
		Principal   struct {
			Kind    string `json:"@odata.type"`
			Enabled bool   `json:"accountEnabled"`
		} `json:"principal"`
	}](ctx, s.client, "read who has the role, and until when",
		s.client.v1(roleHoldings, "$filter", "roleDefinitionId eq "+quoted(roleID), "$expand", "principal"))
	var out []RoleHolding
	for _, h := range all {
		out = append(out, RoleHolding{
			PrincipalID: string(h.PrincipalID), Scope: h.Scope, Kind: h.Kind, Start: deref(h.Start), End: deref(h.End),
			Holder: RoleHolder{Kind: h.Principal.Kind, Enabled: h.Principal.Enabled},
		})
	}
	return out, err
}

// RoleRequest asks Privileged Identity Management for something about the role of one account.
type RoleRequest struct {
	PrincipalID, RoleID string
	Lasts               time.Duration // counted from when it is carried out; zero is for good
	Justification       string        // everybody who reads the audit log sees it
}

// AssignRoleFor assigns a role for the whole tenant that ends by itself: POST
// /roleManagement/directory/roleAssignmentScheduleRequests with adminAssign, RoleManagement.ReadWrite.Directory. Being taken
// is not being carried out: RoleHoldings shows it when it is. ErrConflict where somebody has assigned it already, or for
// later; ErrPending while an equal request is under way; ErrRoleRules where the tenant's rules refuse it; ErrNotFound while
// a new account has not reached every replica.
// https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignmentschedulerequests
func (s Roles) AssignRoleFor(ctx context.Context, r RoleRequest) error {
	return s.requestRole(ctx, "assign the role", "adminAssign", r)
}

// ChangeRoleEnd gives a role that was assigned another end, or none: the same with adminUpdate. The errors are the same.
func (s Roles) ChangeRoleEnd(ctx context.Context, r RoleRequest) error {
	return s.requestRole(ctx, "change when the role ends", "adminUpdate", r)
}

// EndRole takes a role away that was assigned: the same with adminRemove. ErrTooSoon in its first five minutes; ErrNotFound
// proves nothing while an assignment may be under way.
func (s Roles) EndRole(ctx context.Context, r RoleRequest) error {
	return s.requestRole(ctx, "remove the role", "adminRemove", r)
}

type roleRequestJSON struct {
	Action        string        `json:"action"`
	PrincipalID   objectid.ID   `json:"principalId"`
	RoleID        objectid.ID   `json:"roleDefinitionId"`
	Scope         string        `json:"directoryScopeId"`
	Justification string        `json:"justification"`
	Schedule      *scheduleJSON `json:"scheduleInfo,omitempty"`
}

type scheduleJSON struct {
	Start      time.Time `json:"startDateTime"`
	Expiration struct {
		Type     string `json:"type"`
		Duration string `json:"duration,omitempty"`
	} `json:"expiration"`
}

// declined are the statuses of a request that will not be carried out (https://learn.microsoft.com/graph/api/resources/request).
var declined = setOf("denied failed canceled")

func (s Roles) requestRole(ctx context.Context, op, action string, r RoleRequest) error {
	body := roleRequestJSON{Action: action, PrincipalID: objectid.ID(r.PrincipalID), RoleID: objectid.ID(r.RoleID), Scope: "/", Justification: r.Justification}
	if action != "adminRemove" {
		body.Schedule = &scheduleJSON{Start: time.Now().UTC().Truncate(time.Second)}
		if body.Schedule.Expiration.Type = "noExpiration"; r.Lasts > 0 {
			body.Schedule.Expiration.Type, body.Schedule.Expiration.Duration = "afterDuration", isoDuration(r.Lasts)
		}
	}
	var taken struct {
		Status string `json:"status"`
	}
	if err := s.client.postJSON(ctx, op, s.client.v1(roleRequests), body, &taken); err != nil {
		return err
	}
	if has(declined, taken.Status) {
		return &Error{Op: op, Code: taken.Status, Message: "Microsoft took the request and did not carry it out: its status is " + taken.Status, kind: ErrForbidden, declined: true}
	}
	return nil
}
