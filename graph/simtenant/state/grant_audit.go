package state

import (
	"slices"
	"strconv"
	"strings"
)

// What is granted to an application is logged about the API that it is granted for. The application stands in a property beside it, by the
// id of its service principal. Values are JSON. Seen in live tenants' logs; Microsoft's reference has the names of the activities alone
// (https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities).

// AuditGrantLocked notes a grant of delegated permissions: what was in it, and what is.
func (a *Applications) AuditGrantLocked(actor *User, activity string, g *PermissionGrant, before, after []string) {
	api := a.ServicePrincipalLocked(g.ResourceID)
	if api == nil {
		return
	}
	kind := "AllPrincipals"
	if g.PrincipalID != "" {
		kind = "Principal"
	}
	scopes := Change{Name: "DelegatedPermissionGrant.Scope", Before: scopeValue(before), After: scopeValue(after)}
	rest := [][2]string{{"DelegatedPermissionGrant.ConsentType", kind}, {"ServicePrincipal.ObjectID", g.ClientID}, {"TargetId.ServicePrincipalNames", api.AppID}}
	operation := "Assign"
	if strings.HasPrefix(activity, "Remove") {
		operation = "Unassign"
	}
	a.AuditApplicationLocked(actor, activity, operation, api, append([]Change{scopes}, logged(operation, rest)...)...)
}

// auditAppRoleLocked notes an application permission that was given.
func (a *Applications) auditAppRoleLocked(actor *User, s, api *ServicePrincipal, role AppRoles) {
	const operation = "Assign"
	a.AuditApplicationLocked(actor, "Add app role assignment to service principal", operation, api, logged(operation, [][2]string{
		{"AppRole.Id", role.ID},
		{"AppRole.Value", role.Value},
		{"ServicePrincipal.ObjectID", s.ID},
		{"ServicePrincipal.DisplayName", s.DisplayName},
		{"ServicePrincipal.AppId", s.AppID},
		{"TargetId.ServicePrincipalNames", api.AppID},
	})...)
}

// auditUseLocked notes that whoever first consents to an application is assigned to it.
func (a *Applications) auditUseLocked(actor *User, s *ServicePrincipal) {
	const activity, operation = "Add app role assignment grant to user", "Assign"
	if slices.ContainsFunc(a.log.Audits, func(e *AuditEntry) bool {
		return e.Activity == activity && e.Actor == actor && e.Targets[0].ID == s.ID
	}) {
		return
	}
	a.log.auditLocked(actor, NewActivity(activity, "Core Directory", operation), "UserManagement",
		auditTarget{ID: s.ID, Name: s.DisplayName, Kind: "ServicePrincipal", Changes: logged(operation, [][2]string{
			{"AppRole.Id", "00000000-0000-0000-0000-000000000000"}, {"User.ObjectID", actor.ID}, {"User.UPN", actor.UPN}, {"TargetId.ServicePrincipalNames", s.AppID},
		})},
		auditTarget{ID: actor.ID, Name: actor.DisplayName, Kind: "User", UPN: actor.UPN})
}

// AuditConsentLocked notes that somebody consented to what an application asked for.
func (a *Applications) AuditConsentLocked(actor *User, s *ServicePrincipal, g *PermissionGrant) {
	const operation = "Assign"
	a.auditUseLocked(actor, s)
	everybody := "False"
	if g.PrincipalID == "" {
		everybody = "True"
	}
	a.AuditApplicationLocked(actor, "Consent to application", operation, s, logged(operation, [][2]string{
		{"ConsentContext.IsAdminConsent", everybody},
		{"ConsentContext.OnBehalfOfAll", everybody},
		{"ConsentAction.Permissions", "[] => [[ClientId: 00000000-0000-0000-0000-000000000000, PrincipalId: " + g.PrincipalID +
			", ResourceId: " + g.ResourceID + ", Scope:  " + strings.Join(g.Scopes, " ") + ", CreatedDateTime: , LastModifiedDateTime ]]; "},
		{"TargetId.ServicePrincipalNames", s.AppID},
	})...)
}

func scopeValue(scopes []string) string {
	if len(scopes) == 0 {
		return ""
	}
	return strconv.Quote(" " + strings.Join(scopes, " "))
}

// logged are properties in JSON: as the values before where something is taken away, and after where it is given.
func logged(operation string, properties [][2]string) (out []Change) {
	for _, p := range properties {
		c := Change{Name: p[0], After: strconv.Quote(p[1])}
		if operation == "Unassign" {
			c.Before, c.After = c.After, ""
		}
		out = append(out, c)
	}
	return out
}
