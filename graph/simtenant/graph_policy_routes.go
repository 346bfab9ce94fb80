package simtenant

func methodRoutes() []*graphRoute {
	read := []string{"UserAuthenticationMethod.Read.All", "UserAuthenticationMethod.ReadWrite.All"}
	tap := []string{"UserAuthMethod-TAP.ReadWrite.All", "UserAuthenticationMethod.ReadWrite.All"}
	return []*graphRoute{
		{method: "GET", path: "/users/{id}/authentication/methods", versions: both, scopes: read, roles: rolesReadMethods, handle: listMethods},
		{
			method: "GET", path: "/me/authentication/methods", versions: both,
			scopes: append([]string{"UserAuthenticationMethod.Read", "UserAuthenticationMethod.ReadWrite"}, read...), handle: listMethods,
		},
		{
			method: "POST", path: "/users/{id}/authentication/temporaryAccessPassMethods", versions: both, scopes: tap,
			roles: []string{roleAuthenticationAdmin, rolePrivilegedAuthenticationAdmin}, bodyType: "temporaryAccessPassAuthenticationMethod", handle: createTAP,
		},
		{
			method: "GET", path: "/users/{id}/authentication/requirements", versions: beta, scopes: []string{"Policy.Read.All", "Policy.ReadWrite.AuthenticationMethod"},
			roles: rolesReadMFA, denial: policyDenial, handle: getRequirements,
		},
		{
			method: "PATCH", path: "/users/{id}/authentication/requirements", versions: beta, scopes: []string{"Policy.ReadWrite.AuthenticationMethod"},
			roles: []string{roleAuthenticationPolicyAdmin}, denial: policyDenial, bodyType: "strongAuthenticationRequirements", handle: updateRequirements,
		},
	}
}

func policyRoutes() []*graphRoute {
	const conditionalAccess = "/identity/conditionalAccess"
	readMethods := []string{"Policy.Read.AuthenticationMethod", "Policy.ReadWrite.AuthenticationMethod", "Policy.Read.All"}
	writeCA := []string{"Policy.Read.All+Policy.ReadWrite.ConditionalAccess+Application.Read.All"}
	routes := []*graphRoute{
		{
			method: "GET", path: "/policies/identitySecurityDefaultsEnforcementPolicy", versions: both,
			scopes: []string{"Policy.Read.All", "Policy.ReadWrite.SecurityDefaults"}, roles: rolesReadPolicies, handle: getSecurityDefaults,
		},
		{
			method: "PATCH", path: "/policies/identitySecurityDefaultsEnforcementPolicy", versions: both,
			scopes: []string{"Policy.Read.All+Policy.ReadWrite.SecurityDefaults", "Policy.Read.All+Policy.ReadWrite.ConditionalAccess"},
			roles:  []string{roleConditionalAccessAdmin, roleSecurityAdmin}, bodyType: "identitySecurityDefaultsEnforcementPolicy", handle: updateSecurityDefaults,
		},
		{
			method: "GET", path: "/policies/authorizationPolicy", versions: v1Only, scopes: []string{"Policy.Read.All", "Policy.ReadWrite.Authorization"},
			roles: rolesReadPolicies, query: queryRules{selectType: "authorizationPolicy"}, handle: getAuthorizationPolicy,
		},
		{
			method: "GET", path: "/policies/authenticationMethodsPolicy", versions: both, scopes: readMethods,
			roles: rolesReadPolicies, query: queryRules{selectType: "authenticationMethodsPolicy"}, handle: getMethodsPolicy,
		},
		{
			method: "PATCH", path: "/policies/authenticationMethodsPolicy", versions: both, scopes: []string{"Policy.ReadWrite.AuthenticationMethod"},
			roles: []string{roleAuthenticationPolicyAdmin}, bodyType: "authenticationMethodsPolicy", handle: updateMethodsPolicy,
		},
		{
			method: "GET", path: "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/{id}", versions: both, scopes: readMethods,
			roles: rolesReadPolicies, handle: getMethodConfiguration,
		},
		{
			method: "GET", path: "/policies/authenticationStrengthPolicies", versions: both,
			scopes: append([]string{"Policy.ReadWrite.ConditionalAccess"}, readMethods...), roles: rolesReadPolicies,
			query: queryRules{selectType: "authenticationStrengthPolicy", filter: map[string]string{"policyType": "eq"}}, handle: listStrengths,
		},
		{
			method: "GET", path: "/policies/authenticationStrengthPolicies/{id}", versions: both,
			scopes: append([]string{"Policy.ReadWrite.ConditionalAccess"}, readMethods...), roles: rolesReadPolicies,
			query: queryRules{selectType: "authenticationStrengthPolicy"}, handle: getStrength,
		},
		{
			method: "GET", path: "/policies/defaultAppManagementPolicy", versions: both, scopes: []string{"Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration"},
			roles: rolesReadPolicies, query: queryRules{selectType: "tenantAppManagementPolicy"}, handle: getAppManagementPolicy,
		},
		{
			method: "GET", path: "/policies/mfaServicePolicy", versions: beta, scopes: []string{"Policy.Read.All"},
			roles: rolesReadPolicies, handle: getMFAServicePolicy,
		},
		{
			method: "PATCH", path: "/policies/mfaServicePolicy", versions: beta, scopes: []string{"Policy.ReadWrite.AuthenticationMethod"},
			roles: []string{roleAuthenticationPolicyAdmin}, bodyType: anyBody, handle: updateMFAServicePolicy,
		},
		{
			method: "PATCH", path: conditionalAccess + "/policies/{id}", versions: both, scopes: writeCA, roles: []string{roleConditionalAccessAdmin, roleSecurityAdmin},
			limit: limitConditionalAccess, bodyType: "conditionalAccessPolicy", action: actionPolicyUpdate, handle: updateCAPolicy,
		},
		{
			method: "GET", path: conditionalAccess + "/namedLocations", versions: both, scopes: []string{"Policy.Read.ConditionalAccess", "Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"},
			roles: rolesReadPolicies, limit: limitConditionalAccess, query: queryRules{selectType: "namedLocation", top: 999, pageSize: 100, filter: map[string]string{"displayName": "eq", "id": "eq"}}, handle: listNamedLocations,
		},
		{
			method: "GET", path: conditionalAccess + "/namedLocations/{id}", versions: both, scopes: []string{"Policy.Read.ConditionalAccess", "Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"},
			roles: rolesReadPolicies, limit: limitConditionalAccess, query: queryRules{selectType: "namedLocation"}, handle: getNamedLocation,
		},
		{
			method: "POST", path: conditionalAccess + "/evaluate", versions: both, scopes: []string{"Policy.Read.ConditionalAccess", "Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"},
			roles: rolesReadPolicies, limit: limitConditionalAccess, bodyType: "action.evaluate", handle: evaluate,
		},
	}
	// The policies stand at a second path too, from before there was an identity segment
	// (https://learn.microsoft.com/graph/api/resources/policyroot).
	for _, path := range []string{conditionalAccess + "/policies", "/policies/conditionalAccessPolicies"} {
		routes = append(
			routes,
			&graphRoute{
				method: "GET", path: path, versions: both, scopes: []string{"Policy.Read.All"}, roles: rolesReadPolicies, limit: limitConditionalAccess,
				query: queryRules{selectType: "conditionalAccessPolicy", top: 999, count: true, pageSize: 100, filter: map[string]string{"state": "eq", "displayName": "eq startswith", "id": "eq"}}, handle: listCAPolicies,
			},
			&graphRoute{
				method: "GET", path: path + "/{id}", versions: both, scopes: []string{"Policy.Read.All"}, roles: rolesReadPolicies,
				limit: limitConditionalAccess, query: queryRules{selectType: "conditionalAccessPolicy"}, handle: getCAPolicy,
			},
		)
	}
	for _, route := range routes {
		route.denial = policyDenial
	}
	return routes
}
