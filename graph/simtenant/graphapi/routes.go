package graphapi

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Roles that read what a Global Reader reads, and those that write policies. A Global Administrator may do both.
var (
	rolesReadDirectory = []string{
		state.RoleGlobalReader, state.RolePrivilegedRoleAdministrator, state.RoleDirectoryReaders, state.RoleUserAdmin, state.RoleSecurityReader, state.RoleSecurityAdmin,
		state.RoleConditionalAccessAdmin, state.RoleAuthenticationPolicyAdmin, state.RoleAuthenticationAdmin, state.RolePrivilegedAuthenticationAdmin,
	}
	rolesReadPolicies = []string{state.RoleGlobalReader, state.RoleSecurityReader, state.RoleSecurityAdmin, state.RoleConditionalAccessAdmin, state.RoleAuthenticationPolicyAdmin, state.RoleAuthenticationAdmin, state.RolePrivilegedAuthenticationAdmin}
	rolesReadMethods  = []string{state.RoleGlobalReader, state.RoleAuthenticationAdmin, state.RolePrivilegedAuthenticationAdmin}
	rolesReadReports  = []string{state.RoleGlobalReader, state.RoleReportsReader, state.RoleSecurityReader, state.RoleSecurityAdmin}
	rolesReadScore    = []string{state.RoleGlobalReader, state.RoleSecurityReader, state.RoleSecurityAdmin, state.RoleUserAdmin, state.RoleExchangeAdmin, state.RoleSharePointAdmin}
	rolesReadMFA      = []string{state.RoleGlobalReader, state.RoleAuthenticationPolicyAdmin, state.RoleAuthenticationAdmin, state.RolePrivilegedAuthenticationAdmin}
)

// Query rules that several paths share.
var (
	memberQuery = odata.Rules{SelectType: "directoryRole", Count: true, Advanced: true, Top: 999, PageSize: 100}
	grantQuery  = odata.Rules{SelectType: "oAuth2PermissionGrant", Top: 999, PageSize: 100, Filter: map[string]string{
		"clientId": "eq", "consentType": "eq", "principalId": "eq", "resourceId": "eq",
	}}
	appRoleQuery = odata.Rules{SelectType: "appRoleAssignment", Top: 999, PageSize: 100}
)

// Routes is every path and method of this Graph, with the permissions Microsoft lists for it
// (https://learn.microsoft.com/graph/permissions-reference).
func Routes() []*Route {
	var all []*Route
	for _, part := range [][]*Route{organizationRoutes(), userRoutes(), extensionRoutes(), roleRoutes(), methodRoutes(), policyRoutes(), applicationRoutes(), reportRoutes()} {
		all = append(all, part...)
	}
	return append(all, &Route{Method: "POST", Path: "/$batch", Versions: odata.Both, BodyType: odata.AnyBody, Handle: runBatch})
}

func organizationRoutes() []*Route {
	organization := []string{"Organization.Read.All", "Organization.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All", "User.Read", "User.Read.All"}
	me := []string{"User.Read", "User.ReadWrite", "User.Read.All", "User.ReadBasic.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
	member := []string{"User.Read", "Directory.Read.All", "Directory.ReadWrite.All"}
	routes := []*Route{
		{
			Method: "GET", Path: "/organization", Versions: odata.Both, Scopes: organization,
			Query: odata.Rules{SelectType: "organization"}, Handle: listOrganization,
		},
		{
			Method: "GET", Path: "/domains", Versions: odata.Both, Scopes: []string{"Domain.Read.All", "Domain.ReadWrite.All", "Directory.Read.All"},
			Query: odata.Rules{SelectType: "domain", Top: 999, PageSize: 100}, Handle: listDomains,
		},
		{
			Method: "GET", Path: "/domains/{id}", Versions: odata.Both, Scopes: []string{"Domain.Read.All", "Domain.ReadWrite.All", "Directory.Read.All"},
			Query: odata.Rules{SelectType: "domain"}, Handle: getDomain,
		},
		{
			Method: "GET", Path: "/subscribedSkus", Versions: odata.Both,
			Scopes: []string{"LicenseAssignment.Read.All", "Organization.Read.All", "Organization.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"},
			Query:  odata.Rules{SelectType: "subscribedSku"}, Handle: listSKUs,
		},
		{Method: "GET", Path: "/me", Versions: odata.Both, Scopes: me, Query: odata.Rules{SelectType: "user"}, Handle: getMe},
	}
	for _, path := range []string{"/me", "/users/{id}"} {
		for _, cast := range []string{castNone, castRole, castGroup} {
			query, suffix := memberQuery, ""
			if cast != castNone {
				query.SelectType, suffix = cast, "/microsoft.graph."+cast
			}
			routes = append(routes,
				&Route{Method: "GET", Path: path + "/memberOf" + suffix, Versions: odata.Both, Scopes: member, Query: query, Handle: listMemberships(false, cast)},
				&Route{
					Method: "GET", Path: path + "/transitiveMemberOf" + suffix, Versions: odata.Both, Scopes: append([]string{"User.Read.All"}, member...),
					Query: query, Handle: listMemberships(true, cast),
				},
			)
		}
	}
	routes = append(routes, &Route{
		Method: "GET", Path: "/groups/{id}", Versions: odata.Both, Scopes: []string{"GroupMember.Read.All", "Group.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"},
		Query: odata.Rules{SelectType: "group"}, Handle: getGroup,
	})
	return routes
}

func userRoutes() []*Route {
	read := []string{"User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
	userQuery := odata.Rules{
		SelectType: "user", Top: 999, Count: true, Advanced: true, PageSize: 100, OrderBy: []string{"displayName", "userPrincipalName"},
		Search: []string{"displayName", "givenName", "mail", "mailNickname", "surname", "userPrincipalName"},
		Filter: map[string]string{
			"userPrincipalName": "eq ne startswith endswith", "displayName": "eq ne startswith", "mail": "eq ne startswith endswith",
			"mailNickname": "eq ne startswith", "id": "eq", "accountEnabled": "eq ne", "userType": "eq ne", "jobTitle": "eq ne",
		},
	}
	restore := []string{"User.DeleteRestore.All", "User.ReadWrite.All"}
	return []*Route{
		{Method: "GET", Path: "/users", Versions: odata.Both, Scopes: read, Query: userQuery, Handle: listUsers},
		{
			Method: "POST", Path: "/users", Versions: odata.Both, Scopes: []string{"User.ReadWrite.All", "Directory.ReadWrite.All"}, Roles: []string{state.RoleUserAdmin},
			BodyType: "user", Handle: createUser,
		},
		{Method: "GET", Path: "/users/{id}", Versions: odata.Both, Scopes: append([]string{"User.Read", "User.ReadWrite"}, read...), Query: odata.Rules{SelectType: "user"}, Handle: getUser},
		{
			Method: "PATCH", Path: "/users/{id}", Versions: odata.Both,
			Scopes: []string{"User.ReadWrite.All", "Directory.ReadWrite.All", "User-PasswordProfile.ReadWrite.All", "User.EnableDisableAccount.All"},
			Roles:  []string{state.RoleUserAdmin, state.RolePrivilegedAuthenticationAdmin}, BodyType: "user", Handle: updateUser,
		},
		{
			Method: "DELETE", Path: "/users/{id}", Versions: odata.Both, Scopes: restore,
			Roles: []string{state.RoleUserAdmin, state.RolePrivilegedAuthenticationAdmin}, Handle: deleteUser,
		},
		{
			Method: "GET", Path: "/directory/deletedItems/microsoft.graph.user", Versions: odata.Both, Scopes: []string{"User.Read.All", "User.ReadWrite.All", "User.DeleteRestore.All", "Directory.Read.All"},
			Query: userQuery, Handle: listDeletedUsers,
		},
		{
			Method: "GET", Path: "/directory/deletedItems/{id}", Versions: odata.Both, Scopes: []string{"User.Read.All", "User.ReadWrite.All", "User.DeleteRestore.All", "Directory.Read.All"},
			Query: odata.Rules{SelectType: "user"}, Handle: getDeletedUser,
		},
		{
			Method: "POST", Path: "/directory/deletedItems/{id}/restore", Versions: odata.Both, Scopes: append([]string{"Application.ReadWrite.All"}, restore...),
			Roles: []string{state.RoleUserAdmin, state.RoleCloudApplicationAdmin, state.RoleApplicationAdmin}, Handle: restoreDeleted,
		},
		{
			Method: "POST", Path: "/users/{id}/revokeSignInSessions", Versions: odata.Both, Scopes: []string{"User.RevokeSessions.All", "User.ReadWrite.All", "Directory.ReadWrite.All"},
			Roles: []string{state.RoleUserAdmin, state.RoleAuthenticationAdmin, state.RolePrivilegedAuthenticationAdmin}, Handle: revokeSessions,
		},
	}
}

func roleRoutes() []*Route {
	read := []string{"RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory", "RoleManagement.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"}
	assignmentQuery := odata.Rules{
		SelectType: "unifiedRoleAssignment", Top: 999, Count: true, Expand: []string{"principal", "roleDefinition"}, PageSize: 100,
		Filter: map[string]string{"principalId": "eq", "roleDefinitionId": "eq", "directoryScopeId": "eq"},
	}
	const root = "/roleManagement/directory"
	writeSchedules := []string{"RoleAssignmentSchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"}
	routes := []*Route{
		{Method: "GET", Path: root + "/roleAssignments", Versions: odata.Both, Scopes: read, Roles: rolesReadDirectory, Query: assignmentQuery, Handle: listRoleAssignments},
		{
			Method: "POST", Path: root + "/roleAssignments", Versions: odata.Both, Scopes: []string{"RoleManagement.ReadWrite.Directory"},
			Roles: []string{state.RolePrivilegedRoleAdministrator}, BodyType: "unifiedRoleAssignment", Handle: createRoleAssignment,
		},
		{
			Method: "GET", Path: root + "/roleAssignments/{id}", Versions: odata.Both, Scopes: read, Roles: rolesReadDirectory,
			Query: odata.Rules{SelectType: "unifiedRoleAssignment", Expand: assignmentQuery.Expand}, Handle: getRoleAssignment,
		},
		{
			Method: "DELETE", Path: root + "/roleAssignments/{id}", Versions: odata.Both, Scopes: []string{"RoleManagement.ReadWrite.Directory"},
			Roles: []string{state.RolePrivilegedRoleAdministrator}, Handle: deleteRoleAssignment,
		},
		{
			Method: "GET", Path: root + "/transitiveRoleAssignments", Versions: odata.Beta, Scopes: slices.Concat(read[:2], read[3:]), Roles: rolesReadDirectory,
			Query: assignmentQuery, Handle: listTransitiveRoleAssignments,
		},
		{
			Method: "GET", Path: root + "/roleDefinitions", Versions: odata.Both, Scopes: read, Roles: rolesReadDirectory,
			Query: odata.Rules{SelectType: "unifiedRoleDefinition", Filter: map[string]string{"displayName": "eq startswith", "templateId": "eq", "id": "eq"}}, Handle: listRoleDefinitions,
		},
		{
			Method: "GET", Path: root + "/roleDefinitions/{id}", Versions: odata.Both, Scopes: read, Roles: rolesReadDirectory,
			Query: odata.Rules{SelectType: "unifiedRoleDefinition"}, Handle: getRoleDefinition,
		},
		{
			Method: "GET", Path: root + "/resourceNamespaces/{namespace}/resourceActions", Versions: odata.Both, Scopes: read[:3], Roles: rolesReadDirectory,
			Query: odata.Rules{SelectType: "unifiedRbacResourceAction", Top: 999, PageSize: 100, Filter: map[string]string{
				"isAuthenticationContextSettable": "eq", "isPrivileged": "eq", "actionVerb": "eq",
			}}, Handle: listResourceActions,
		},
		{
			Method: "POST", Path: root + "/roleAssignmentScheduleRequests", Versions: odata.Both,
			Scopes: writeSchedules, BodyType: "unifiedRoleAssignmentScheduleRequest", Handle: requestSchedule,
		},
		{
			Method: "GET", Path: root + "/roleAssignmentScheduleRequests/{id}", Versions: odata.Both, Scopes: writeSchedules, Roles: pimRoles,
			Query: odata.Rules{SelectType: "unifiedRoleAssignmentScheduleRequest"}, Handle: getRequest,
		},
		{
			Method: "POST", Path: root + "/roleAssignmentScheduleRequests/{id}/cancel", Versions: odata.Both, Scopes: writeSchedules,
			Roles: []string{state.RolePrivilegedRoleAdministrator}, Handle: cancelRequest,
		},
	}
	routes = append(routes, rolePolicyRoutes()...)
	return append(routes, scheduleRoutes(root, assignmentQuery.Expand)...)
}

// scheduleRoutes are those of Privileged Identity Management that read.
func scheduleRoutes(root string, expand []string) []*Route {
	var routes []*Route
	for _, kind := range []struct {
		path, selectType, permission string
		handle                       func(*Call) (*Answer, *odata.Error)
	}{
		{root + "/roleAssignmentScheduleInstances", "unifiedRoleAssignmentScheduleInstance", "RoleAssignmentSchedule", listAssignmentInstances},
		{root + "/roleAssignmentSchedules", "unifiedRoleAssignmentSchedule", "RoleAssignmentSchedule", listAssignmentSchedules},
		{root + "/roleAssignmentScheduleRequests", "unifiedRoleAssignmentScheduleRequest", "", listRequests},
		{root + "/roleEligibilityScheduleInstances", "unifiedRoleEligibilityScheduleInstance", "RoleEligibilitySchedule", listEligibilities},
	} {
		scopes := []string{kind.permission + ".Read.Directory", kind.permission + ".ReadWrite.Directory", "RoleManagement.Read.All", "RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory"}
		if kind.permission == "" { // nothing that only reads
			scopes = []string{"RoleAssignmentSchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"}
		}
		query := odata.Rules{
			SelectType: kind.selectType, Expand: expand, Top: 999, PageSize: 100,
			Filter: map[string]string{"principalId": "eq", "roleDefinitionId": "eq", "directoryScopeId": "eq", "startDateTime": "ge gt le lt eq"},
		}
		for _, path := range []string{kind.path, kind.path + "/filterByCurrentUser(on='{on}')"} {
			routes = append(routes, &Route{Method: "GET", Path: path, Versions: odata.Both, Scopes: scopes, Query: query, Handle: kind.handle})
		}
	}
	return routes
}

func applicationRoutes() []*Route {
	read := []string{"Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
	grants := []string{"Directory.Read.All", "Directory.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All"}
	routes := []*Route{
		{
			Method: "GET", Path: "/servicePrincipals", Versions: odata.Both, Scopes: read, Handle: listServicePrincipals,
			Query: odata.Rules{
				SelectType: "servicePrincipal", Top: 999, Count: true, Advanced: true, PageSize: 100, OrderBy: []string{"displayName"}, Search: []string{"displayName"},
				Filter: map[string]string{"displayName": "eq ne startswith", "appId": "eq", "id": "eq", "servicePrincipalType": "eq ne"},
			},
		},
		{
			Method: "GET", Path: "/applications", Versions: odata.Both, Scopes: read, Handle: listApplications,
			Query: odata.Rules{SelectType: "application", Top: 999, Count: true, PageSize: 100, Filter: map[string]string{"appId": "eq", "id": "eq", "displayName": "eq startswith"}},
		},
		{Method: "GET", Path: "/oauth2PermissionGrants", Versions: odata.Both, Scopes: grants, Query: grantQuery, Handle: listGrants},
	}
	routes = append(routes, applicationWrites()...)
	for _, path := range []string{"/servicePrincipals/{id}", "/servicePrincipals(appId='{appId}')"} {
		routes = append(routes,
			&Route{Method: "GET", Path: path, Versions: odata.Both, Scopes: read, Query: odata.Rules{SelectType: "servicePrincipal"}, Handle: getServicePrincipal},
			&Route{Method: "GET", Path: path + "/oauth2PermissionGrants", Versions: odata.Both, Scopes: grants, Query: grantQuery, Handle: listGrants},
			&Route{Method: "GET", Path: path + "/appRoleAssignments", Versions: odata.Both, Scopes: read, Query: appRoleQuery, Handle: listAppRoleAssignments},
			&Route{Method: "GET", Path: path + "/appRoleAssignedTo", Versions: odata.Both, Scopes: read, Query: appRoleQuery, Handle: listAppRoleAssignedTo},
		)
	}
	return routes
}

func reportRoutes() []*Route {
	score := []string{"SecurityEvents.Read.All", "SecurityEvents.ReadWrite.All"}
	routes := []*Route{
		{
			Method: "GET", Path: "/auditLogs/directoryAudits", Versions: odata.Both, Scopes: []string{"AuditLog.Read.All", "Directory.Read.All"}, Handle: listAudits,
			Query: odata.Rules{
				SelectType: "directoryAudit", Top: 999, PageSize: 100, OrderBy: []string{"activityDateTime"},
				Filter: map[string]string{
					"activityDateTime": "ge gt le lt", "activityDisplayName": "eq startswith", "category": "eq", "loggedByService": "eq", "correlationId": "eq",
					"initiatedBy/user/id": "eq", "initiatedBy/user/userPrincipalName": "eq startswith", "initiatedBy/app/displayName": "eq", "result": "eq",
				},
			},
		},
		{
			Method: "GET", Path: "/auditLogs/signIns", Versions: odata.Both, Scopes: []string{"AuditLog.Read.All"}, Handle: listSignIns,
			Query: odata.Rules{
				SelectType: "signIn", Top: 999, PageSize: 100, OrderBy: []string{"createdDateTime"},
				Filter: map[string]string{
					"createdDateTime": "ge gt le lt", "userId": "eq", "userPrincipalName": "eq startswith", "appId": "eq", "appDisplayName": "eq startswith",
					"status/errorCode": "eq", "correlationId": "eq", "id": "eq",
				},
			},
		},
		{
			Method: "GET", Path: "/reports/authenticationMethods/userRegistrationDetails", Versions: odata.Both, Scopes: []string{"AuditLog.Read.All"},
			Query: odata.Rules{SelectType: "userRegistrationDetails", Top: 999, PageSize: 100, Filter: map[string]string{"isAdmin": "eq", "isMfaRegistered": "eq", "userPrincipalName": "eq startswith"}}, Handle: listRegistrationDetails,
		},
		{
			Method: "GET", Path: "/reports/authenticationMethods/userRegistrationDetails/{id}", Versions: odata.Both, Scopes: []string{"AuditLog.Read.All"},
			Query: odata.Rules{SelectType: "userRegistrationDetails"}, Handle: getRegistrationDetails,
		},
	}
	for _, route := range routes {
		route.Denial, route.Roles, route.Limit = odata.ReportDenial, rolesReadReports, odata.LimitReports
	}
	return append(routes,
		&Route{
			Method: "GET", Path: "/security/secureScores", Versions: odata.Both, Scopes: score, Roles: rolesReadScore,
			Query: odata.Rules{SelectType: "secureScore", Top: 999, Skip: true, Count: true, PageSize: 100, Filter: map[string]string{"createdDateTime": "ge gt le lt", "id": "eq"}}, Handle: listSecureScores,
		},
		&Route{
			Method: "GET", Path: "/security/secureScoreControlProfiles", Versions: odata.Both, Scopes: score, Roles: rolesReadScore,
			Query: odata.Rules{SelectType: "secureScoreControlProfile", Top: 999, Skip: true, Count: true, PageSize: 100, Filter: map[string]string{"service": "eq", "controlCategory": "eq", "id": "eq"}}, Handle: listControlProfiles,
		},
	)
}
