package simtenant

// Roles that read what a Global Reader reads, and those that write policies. A Global Administrator may do both.
var (
	rolesReadDirectory = []string{
		roleGlobalReader, rolePrivilegedRoleAdministrator, roleDirectoryReaders, roleUserAdmin, roleSecurityReader, roleSecurityAdmin,
		roleConditionalAccessAdmin, roleAuthenticationPolicyAdmin, roleAuthenticationAdmin, rolePrivilegedAuthenticationAdmin,
	}
	rolesReadPolicies = []string{roleGlobalReader, roleSecurityReader, roleSecurityAdmin, roleConditionalAccessAdmin, roleAuthenticationPolicyAdmin, roleAuthenticationAdmin, rolePrivilegedAuthenticationAdmin}
	rolesReadMethods  = []string{roleGlobalReader, roleAuthenticationAdmin, rolePrivilegedAuthenticationAdmin}
	rolesReadReports  = []string{roleGlobalReader, roleReportsReader, roleSecurityReader, roleSecurityAdmin}
	rolesReadScore    = []string{roleGlobalReader, roleSecurityReader, roleSecurityAdmin, roleUserAdmin, roleExchangeAdmin, roleSharePointAdmin}
	rolesReadMFA      = []string{roleGlobalReader, roleAuthenticationPolicyAdmin, roleAuthenticationAdmin, rolePrivilegedAuthenticationAdmin}
)

// Query rules that several paths share.
var (
	memberQuery = queryRules{selectType: "directoryRole", count: true, advanced: true, top: 999, pageSize: 100}
	grantQuery  = queryRules{selectType: "oAuth2PermissionGrant", top: 999, pageSize: 100, filter: map[string]string{
		"clientId": "eq", "consentType": "eq", "principalId": "eq", "resourceId": "eq",
	}}
	appRoleQuery = queryRules{selectType: "appRoleAssignment", top: 999, pageSize: 100}
)

// graphRoutes is every path and method of this Graph, with the permissions Microsoft lists for it
// (https://learn.microsoft.com/graph/permissions-reference).
func graphRoutes() []*graphRoute {
	var all []*graphRoute
	for _, part := range [][]*graphRoute{organizationRoutes(), userRoutes(), roleRoutes(), methodRoutes(), policyRoutes(), applicationRoutes(), reportRoutes()} {
		all = append(all, part...)
	}
	return append(all, &graphRoute{method: "POST", path: "/$batch", versions: both, bodyType: anyBody, handle: runBatch})
}

func organizationRoutes() []*graphRoute {
	organization := []string{"Organization.Read.All", "Organization.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All", "User.Read", "User.Read.All"}
	me := []string{"User.Read", "User.ReadWrite", "User.Read.All", "User.ReadBasic.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
	member := []string{"User.Read", "Directory.Read.All", "Directory.ReadWrite.All"}
	routes := []*graphRoute{
		{
			method: "GET", path: "/organization", versions: both, scopes: organization,
			query: queryRules{selectType: "organization"}, handle: listOrganization,
		},
		{
			method: "GET", path: "/domains", versions: both, scopes: []string{"Domain.Read.All", "Domain.ReadWrite.All", "Directory.Read.All"},
			query: queryRules{selectType: "domain", top: 999, pageSize: 100}, handle: listDomains,
		},
		{
			method: "GET", path: "/domains/{id}", versions: both, scopes: []string{"Domain.Read.All", "Domain.ReadWrite.All", "Directory.Read.All"},
			query: queryRules{selectType: "domain"}, handle: getDomain,
		},
		{
			method: "GET", path: "/subscribedSkus", versions: both,
			scopes: []string{"LicenseAssignment.Read.All", "Organization.Read.All", "Organization.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"},
			query:  queryRules{selectType: "subscribedSku"}, handle: listSKUs,
		},
		{method: "GET", path: "/me", versions: both, scopes: me, query: queryRules{selectType: "user"}, handle: getMe},
	}
	for _, path := range []string{"/me", "/users/{id}"} {
		for _, cast := range []string{castNone, castRole, castGroup} {
			query, suffix := memberQuery, ""
			if cast != castNone {
				query.selectType, suffix = cast, "/microsoft.graph."+cast
			}
			routes = append(routes,
				&graphRoute{method: "GET", path: path + "/memberOf" + suffix, versions: both, scopes: member, query: query, handle: listMemberships(false, cast)},
				&graphRoute{
					method: "GET", path: path + "/transitiveMemberOf" + suffix, versions: both, scopes: append([]string{"User.Read.All"}, member...),
					query: query, handle: listMemberships(true, cast),
				},
			)
		}
	}
	routes = append(routes, &graphRoute{
		method: "GET", path: "/groups/{id}", versions: both, scopes: []string{"GroupMember.Read.All", "Group.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"},
		query: queryRules{selectType: "group"}, handle: getGroup,
	})
	return routes
}

func userRoutes() []*graphRoute {
	read := []string{"User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
	userQuery := queryRules{
		selectType: "user", top: 999, count: true, advanced: true, pageSize: 100, orderBy: []string{"displayName", "userPrincipalName"},
		search: []string{"displayName", "givenName", "mail", "mailNickname", "surname", "userPrincipalName"},
		filter: map[string]string{
			"userPrincipalName": "eq ne startswith endswith", "displayName": "eq ne startswith", "mail": "eq ne startswith endswith",
			"mailNickname": "eq ne startswith", "id": "eq", "accountEnabled": "eq ne", "userType": "eq ne", "jobTitle": "eq ne",
		},
	}
	restore := []string{"User.DeleteRestore.All", "User.ReadWrite.All"}
	return []*graphRoute{
		{method: "GET", path: "/users", versions: both, scopes: read, query: userQuery, handle: listUsers},
		{
			method: "POST", path: "/users", versions: both, scopes: []string{"User.ReadWrite.All", "Directory.ReadWrite.All"}, roles: []string{roleUserAdmin},
			bodyType: "user", handle: createUser,
		},
		{method: "GET", path: "/users/{id}", versions: both, scopes: append([]string{"User.Read", "User.ReadWrite"}, read...), query: queryRules{selectType: "user"}, handle: getUser},
		{
			method: "PATCH", path: "/users/{id}", versions: both,
			scopes: []string{"User.ReadWrite.All", "Directory.ReadWrite.All", "User-PasswordProfile.ReadWrite.All", "User.EnableDisableAccount.All"},
			roles:  []string{roleUserAdmin, rolePrivilegedAuthenticationAdmin}, bodyType: "user", handle: updateUser,
		},
		{
			method: "DELETE", path: "/users/{id}", versions: both, scopes: restore,
			roles: []string{roleUserAdmin, rolePrivilegedAuthenticationAdmin}, handle: deleteUser,
		},
		{
			method: "GET", path: "/directory/deletedItems/microsoft.graph.user", versions: both, scopes: []string{"User.Read.All", "User.ReadWrite.All", "User.DeleteRestore.All", "Directory.Read.All"},
			query: userQuery, handle: listDeletedUsers,
		},
		{
			method: "GET", path: "/directory/deletedItems/{id}", versions: both, scopes: []string{"User.Read.All", "User.ReadWrite.All", "User.DeleteRestore.All", "Directory.Read.All"},
			query: queryRules{selectType: "user"}, handle: getDeletedUser,
		},
		{
			method: "POST", path: "/directory/deletedItems/{id}/restore", versions: both, scopes: restore,
			roles: []string{roleUserAdmin}, handle: restoreUser,
		},
		{
			method: "POST", path: "/users/{id}/revokeSignInSessions", versions: both, scopes: []string{"User.RevokeSessions.All", "User.ReadWrite.All", "Directory.ReadWrite.All"},
			roles: []string{roleUserAdmin, roleAuthenticationAdmin, rolePrivilegedAuthenticationAdmin}, handle: revokeSessions,
		},
	}
}

func roleRoutes() []*graphRoute {
	read := []string{"RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory", "RoleManagement.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"}
	assignmentQuery := queryRules{
		selectType: "unifiedRoleAssignment", top: 999, count: true, expand: []string{"principal", "roleDefinition"}, pageSize: 100,
		filter: map[string]string{"principalId": "eq", "roleDefinitionId": "eq", "directoryScopeId": "eq"},
	}
	const root = "/roleManagement/directory"
	routes := []*graphRoute{
		{method: "GET", path: root + "/roleAssignments", versions: both, scopes: read, roles: rolesReadDirectory, query: assignmentQuery, handle: listRoleAssignments},
		{
			method: "POST", path: root + "/roleAssignments", versions: both, scopes: []string{"RoleManagement.ReadWrite.Directory"},
			roles: []string{rolePrivilegedRoleAdministrator}, bodyType: "unifiedRoleAssignment", handle: createRoleAssignment,
		},
		{
			method: "GET", path: root + "/roleAssignments/{id}", versions: both, scopes: read, roles: rolesReadDirectory,
			query: queryRules{selectType: "unifiedRoleAssignment", expand: assignmentQuery.expand}, handle: getRoleAssignment,
		},
		{
			method: "DELETE", path: root + "/roleAssignments/{id}", versions: both, scopes: []string{"RoleManagement.ReadWrite.Directory"},
			roles: []string{rolePrivilegedRoleAdministrator}, handle: deleteRoleAssignment,
		},
		{
			method: "GET", path: root + "/transitiveRoleAssignments", versions: beta, scopes: read, roles: rolesReadDirectory,
			query: assignmentQuery, handle: listTransitiveRoleAssignments,
		},
		{
			method: "GET", path: root + "/roleDefinitions", versions: both, scopes: read, roles: rolesReadDirectory,
			query: queryRules{selectType: "unifiedRoleDefinition", filter: map[string]string{"displayName": "eq startswith", "templateId": "eq", "id": "eq"}}, handle: listRoleDefinitions,
		},
		{
			method: "GET", path: root + "/roleDefinitions/{id}", versions: both, scopes: read, roles: rolesReadDirectory,
			query: queryRules{selectType: "unifiedRoleDefinition"}, handle: getRoleDefinition,
		},
		{
			method: "GET", path: root + "/resourceNamespaces/{namespace}/resourceActions", versions: both, scopes: read[:4], roles: rolesReadDirectory,
			query: queryRules{selectType: "unifiedRbacResourceAction", top: 999, pageSize: 100, filter: map[string]string{
				"isAuthenticationContextSettable": "eq", "isPrivileged": "eq", "actionVerb": "eq",
			}}, handle: listResourceActions,
		},
		{
			method: "POST", path: root + "/roleAssignmentScheduleRequests", versions: both,
			scopes:   []string{"RoleAssignmentSchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"},
			bodyType: "unifiedRoleAssignmentScheduleRequest", handle: requestSchedule,
		},
	}
	for _, kind := range []struct {
		path, selectType, permission string
		handle                       func(*graphCall) (*graphAnswer, *graphError)
	}{
		{root + "/roleAssignmentScheduleInstances", "unifiedRoleAssignmentScheduleInstance", "RoleAssignmentSchedule", listAssignmentInstances},
		{root + "/roleEligibilityScheduleInstances", "unifiedRoleEligibilityScheduleInstance", "RoleEligibilitySchedule", listEligibilities},
	} {
		scopes := []string{kind.permission + ".Read.Directory", kind.permission + ".ReadWrite.Directory", "RoleManagement.Read.All", "RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory"}
		query := queryRules{
			selectType: kind.selectType, expand: assignmentQuery.expand, top: 999, pageSize: 100,
			filter: map[string]string{"principalId": "eq", "roleDefinitionId": "eq", "directoryScopeId": "eq", "startDateTime": "ge gt le lt eq"},
		}
		for _, path := range []string{kind.path, kind.path + "/filterByCurrentUser(on='{on}')"} {
			routes = append(routes, &graphRoute{method: "GET", path: path, versions: both, scopes: scopes, query: query, handle: kind.handle})
		}
	}
	return routes
}

func applicationRoutes() []*graphRoute {
	read := []string{"Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
	grants := []string{"Directory.Read.All", "Directory.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All"}
	routes := []*graphRoute{
		{
			method: "GET", path: "/servicePrincipals", versions: both, scopes: read, handle: listServicePrincipals,
			query: queryRules{
				selectType: "servicePrincipal", top: 999, count: true, advanced: true, pageSize: 100, orderBy: []string{"displayName"}, search: []string{"displayName"},
				filter: map[string]string{"displayName": "eq ne startswith", "appId": "eq", "id": "eq", "servicePrincipalType": "eq ne"},
			},
		},
		{method: "GET", path: "/oauth2PermissionGrants", versions: both, scopes: grants, query: grantQuery, handle: listGrants},
	}
	for _, path := range []string{"/servicePrincipals/{id}", "/servicePrincipals(appId='{appId}')"} {
		routes = append(routes,
			&graphRoute{method: "GET", path: path, versions: both, scopes: read, query: queryRules{selectType: "servicePrincipal"}, handle: getServicePrincipal},
			&graphRoute{method: "GET", path: path + "/oauth2PermissionGrants", versions: both, scopes: grants, query: grantQuery, handle: listGrants},
			&graphRoute{method: "GET", path: path + "/appRoleAssignments", versions: both, scopes: read, query: appRoleQuery, handle: listAppRoleAssignments},
			&graphRoute{method: "GET", path: path + "/appRoleAssignedTo", versions: both, scopes: read, query: appRoleQuery, handle: listAppRoleAssignedTo},
		)
	}
	return routes
}

func reportRoutes() []*graphRoute {
	score := []string{"SecurityEvents.Read.All", "SecurityEvents.ReadWrite.All"}
	routes := []*graphRoute{
		{
			method: "GET", path: "/auditLogs/directoryAudits", versions: both, scopes: []string{"AuditLog.Read.All", "Directory.Read.All"}, handle: listAudits,
			query: queryRules{
				selectType: "directoryAudit", top: 999, pageSize: 100, orderBy: []string{"activityDateTime"},
				filter: map[string]string{
					"activityDateTime": "ge gt le lt", "activityDisplayName": "eq startswith", "category": "eq", "loggedByService": "eq", "correlationId": "eq",
					"initiatedBy/user/id": "eq", "initiatedBy/user/userPrincipalName": "eq startswith", "initiatedBy/app/displayName": "eq", "result": "eq",
				},
			},
		},
		{
			method: "GET", path: "/auditLogs/signIns", versions: both, scopes: []string{"AuditLog.Read.All"}, handle: listSignIns,
			query: queryRules{
				selectType: "signIn", top: 999, pageSize: 100, orderBy: []string{"createdDateTime"},
				filter: map[string]string{
					"createdDateTime": "ge gt le lt", "userId": "eq", "userPrincipalName": "eq startswith", "appId": "eq", "appDisplayName": "eq startswith",
					"status/errorCode": "eq", "correlationId": "eq", "id": "eq",
				},
			},
		},
		{
			method: "GET", path: "/reports/authenticationMethods/userRegistrationDetails", versions: both, scopes: []string{"AuditLog.Read.All"},
			query: queryRules{selectType: "userRegistrationDetails", top: 999, pageSize: 100, filter: map[string]string{"isAdmin": "eq", "isMfaRegistered": "eq", "userPrincipalName": "eq startswith"}}, handle: listRegistrationDetails,
		},
		{
			method: "GET", path: "/reports/authenticationMethods/userRegistrationDetails/{id}", versions: both, scopes: []string{"AuditLog.Read.All"},
			query: queryRules{selectType: "userRegistrationDetails"}, handle: getRegistrationDetails,
		},
	}
	for _, route := range routes {
		route.denial, route.roles, route.limit = reportDenial, rolesReadReports, limitReports
	}
	return append(routes,
		&graphRoute{
			method: "GET", path: "/security/secureScores", versions: both, scopes: score, roles: rolesReadScore,
			query: queryRules{selectType: "secureScore", top: 999, skip: true, count: true, pageSize: 100, filter: map[string]string{"createdDateTime": "ge gt le lt", "id": "eq"}}, handle: listSecureScores,
		},
		&graphRoute{
			method: "GET", path: "/security/secureScoreControlProfiles", versions: both, scopes: score, roles: rolesReadScore,
			query: queryRules{selectType: "secureScoreControlProfile", top: 999, skip: true, count: true, pageSize: 100, filter: map[string]string{"service": "eq", "controlCategory": "eq", "id": "eq"}}, handle: listControlProfiles,
		},
	)
}
