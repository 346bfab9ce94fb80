package entra

import (
	"slices"
	"strings"
)

// graphScopes are the delegated permissions that this Graph offers. Those marked need an administrator's consent
// (https://learn.microsoft.com/graph/permissions-reference).
var graphScopes = map[string]bool{
	"Application.Read.All":                        true,
	"Application.ReadWrite.All":                   true,
	"AuditLog.Read.All":                           true,
	"AppRoleAssignment.ReadWrite.All":             true,
	"DelegatedPermissionGrant.ReadWrite.All":      true,
	"Directory.AccessAsUser.All":                  true,
	"Directory.Read.All":                          true,
	"Directory.ReadWrite.All":                     true,
	"Domain.Read.All":                             true,
	"Domain.ReadWrite.All":                        true,
	"Group.Read.All":                              true,
	"GroupMember.Read.All":                        true,
	"LicenseAssignment.Read.All":                  true,
	"Organization.Read.All":                       true,
	"Organization.ReadWrite.All":                  true,
	"Policy.Read.All":                             true,
	"Policy.ReadWrite.ApplicationConfiguration":   true,
	"Policy.Read.AuthenticationMethod":            true,
	"Policy.Read.ConditionalAccess":               true,
	"Policy.ReadWrite.AuthenticationMethod":       true,
	"Policy.ReadWrite.Authorization":              true,
	"Policy.ReadWrite.ConditionalAccess":          true,
	"Policy.ReadWrite.SecurityDefaults":           true,
	"Reports.Read.All":                            true,
	"RoleAssignmentSchedule.Read.Directory":       true,
	"RoleAssignmentSchedule.ReadWrite.Directory":  true,
	"RoleEligibilitySchedule.Read.Directory":      true,
	"RoleEligibilitySchedule.ReadWrite.Directory": true,
	"RoleManagement.Read.All":                     true,
	"RoleManagement.Read.Directory":               true,
	"RoleManagement.ReadWrite.Directory":          true,
	"SecurityEvents.Read.All":                     true,
	"SecurityEvents.ReadWrite.All":                true,
	"User-PasswordProfile.ReadWrite.All":          true,
	"User.DeleteRestore.All":                      true,
	"User.EnableDisableAccount.All":               true,
	"User.Read":                                   false,
	"User.Read.All":                               true,
	"User.ReadBasic.All":                          false,
	"User.ReadWrite":                              false,
	"User.ReadWrite.All":                          true,
	"User.RevokeSessions.All":                     true,
	"UserAuthMethod-TAP.Read.All":                 true,
	"UserAuthMethod-TAP.ReadWrite.All":            true,
	"UserAuthenticationMethod.Read":               true,
	"UserAuthenticationMethod.Read.All":           true,
	"UserAuthenticationMethod.ReadWrite":          true,
	"UserAuthenticationMethod.ReadWrite.All":      true,
}

// graphScope is the scope's name as Graph spells it, whatever the case it was asked in.
func graphScope(name string) (string, bool) {
	for scope := range graphScopes {
		if strings.EqualFold(scope, name) {
			return scope, true
		}
	}
	return "", false
}

func needsAdminConsent(scope string) bool { return graphScopes[scope] }

// AllGraphScopes lists every delegated permission, sorted.
func AllGraphScopes() []string {
	var names []string
	for name := range graphScopes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
