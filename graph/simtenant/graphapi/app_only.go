package graphapi

import (
	"net/http"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Rules of this file: an application that signed in as itself may do what its application permissions say, and no directory role is
// asked of it. What is not in this table takes a person: here an application only reads
// (https://learn.microsoft.com/graph/permissions-reference, application permissions).

// applicationPermissions are those that Microsoft lists for a call without a person, by method and path.
var applicationPermissions = map[string][]string{
	"GET /organization":   {"Organization.Read.All", "Directory.Read.All"},
	"GET /domains":        {"Domain.Read.All", "Directory.Read.All"},
	"GET /subscribedSkus": {"LicenseAssignment.Read.All", "Organization.Read.All", "Directory.Read.All"},
	"GET /users":          {"User.Read.All", "Directory.Read.All"},
	"GET /users/{id}":     {"User.Read.All", "Directory.Read.All"},
	"GET /users/{id}/transitiveMemberOf/microsoft.graph.group":       {"User.Read.All", "Directory.Read.All"},
	"GET /users/{id}/authentication/methods":                         {"UserAuthenticationMethod.Read.All"},
	"GET /users/{id}/authentication/requirements":                    {"Policy.Read.All"},
	"GET /directory/deletedItems/microsoft.graph.user":               {"User.Read.All", "Directory.Read.All"}, // by its page; the list has no entry
	"GET /directory/deletedItems/{id}":                               {"User.Read.All", "Directory.Read.All"}, // the same
	"GET /identity/conditionalAccess/policies":                       {"Policy.Read.All"},
	"GET /identity/conditionalAccess/policies/{id}":                  {"Policy.Read.All"},
	"POST /identity/conditionalAccess/evaluate":                      {"Policy.Read.ConditionalAccess", "Policy.Read.All"},
	"GET /policies/identitySecurityDefaultsEnforcementPolicy":        {"Policy.Read.All"},
	"GET /policies/authenticationMethodsPolicy":                      {"Policy.Read.AuthenticationMethod", "Policy.Read.All"},
	"GET /policies/authenticationStrengthPolicies":                   {"Policy.Read.AuthenticationMethod", "Policy.Read.All"},
	"GET /policies/authorizationPolicy":                              {"Policy.Read.All"},
	"GET /policies/mfaServicePolicy":                                 {"Policy.Read.All"}, // CIPP reads it so; no list has it
	"GET /roleManagement/directory/roleAssignments":                  {"RoleManagement.Read.Directory", "Directory.Read.All"},
	"GET /roleManagement/directory/roleAssignmentScheduleInstances":  {"RoleAssignmentSchedule.Read.Directory", "RoleManagement.Read.Directory", "RoleManagement.Read.All"},
	"GET /roleManagement/directory/roleEligibilityScheduleInstances": {"RoleEligibilitySchedule.Read.Directory", "RoleManagement.Read.Directory", "RoleManagement.Read.All"},
	"GET /servicePrincipals":                                         {"Application.Read.All", "Directory.Read.All"},
	"GET /servicePrincipals/{id}":                                    {"Application.Read.All", "Directory.Read.All"},
	"GET /servicePrincipals/{id}/oauth2PermissionGrants":             {"Directory.Read.All"},
	"GET /servicePrincipals/{id}/appRoleAssignments":                 {"Application.Read.All", "Directory.Read.All"},
	"GET /servicePrincipals/{id}/appRoleAssignedTo":                  {"Application.Read.All", "Directory.Read.All"},
	"GET /applications":                                              {"Application.Read.All", "Directory.Read.All"},
	"GET /auditLogs/directoryAudits":                                 {"AuditLog.Read.All"},
	"GET /auditLogs/signIns":                                         {"AuditLog.Read.All"},
}

// ApplicationPermissions are the permissions of a call without a person; nil where it takes one.
func ApplicationPermissions(method, path string) []string {
	return applicationPermissions[method+" "+path]
}

// mayCall refuses who may not make the call: a person by the token's scopes and their roles, an application by its permissions.
func mayCall(c *Call) *odata.Error {
	if c.who.App == nil {
		switch {
		case c.route.Scopes != nil && !c.hasScopes(c.route.Scopes):
			return odata.Denial(c.route.Denial, c.route.Scopes)
		case c.route.Roles != nil && !state.HoldsAny(c.roles, c.route.Roles):
			return c.roleDenial()
		}
		return nil
	}
	if c.route.Path == "/me" || strings.HasPrefix(c.route.Path, "/me/") {
		return odata.Refuse(http.StatusBadRequest, "BadRequest", "/me request is only valid with delegated authentication flow.")
	}
	permissions := ApplicationPermissions(c.route.Method, c.route.Path)
	if !c.hasScopes(permissions) {
		return odata.Denial(c.route.Denial, permissions)
	}
	return nil
}
