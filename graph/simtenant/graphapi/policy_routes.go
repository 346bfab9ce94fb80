package graphapi

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func methodRoutes() []*Route {
	read := []string{"UserAuthenticationMethod.Read.All", "UserAuthenticationMethod.ReadWrite.All"}
	tap := []string{"UserAuthMethod-TAP.ReadWrite.All", "UserAuthenticationMethod.ReadWrite.All"}
	return []*Route{
		{Method: "GET", Path: "/users/{id}/authentication/methods", Versions: odata.Both, Scopes: read, Roles: rolesReadMethods, Handle: listMethods},
		{
			Method: "GET", Path: "/me/authentication/methods", Versions: odata.Both,
			Scopes: append([]string{"UserAuthenticationMethod.Read", "UserAuthenticationMethod.ReadWrite"}, read...), Handle: listMethods,
		},
		{
			Method: "POST", Path: "/users/{id}/authentication/temporaryAccessPassMethods", Versions: odata.Both, Scopes: tap,
			Roles: []string{state.RoleAuthenticationAdmin, state.RolePrivilegedAuthenticationAdmin}, BodyType: "temporaryAccessPassAuthenticationMethod", Handle: createTAP,
		},
		{
			Method: "GET", Path: "/users/{id}/authentication/requirements", Versions: odata.Beta, Scopes: []string{"Policy.Read.All", "Policy.ReadWrite.AuthenticationMethod"},
			Roles: rolesReadMFA, Denial: odata.PolicyDenial, Handle: getRequirements,
		},
		{
			Method: "PATCH", Path: "/users/{id}/authentication/requirements", Versions: odata.Beta, Scopes: []string{"Policy.ReadWrite.AuthenticationMethod"},
			Roles: []string{state.RoleAuthenticationPolicyAdmin}, Denial: odata.PolicyDenial, BodyType: "strongAuthenticationRequirements", Handle: updateRequirements,
		},
	}
}

func policyRoutes() []*Route {
	readMethods := []string{"Policy.Read.AuthenticationMethod", "Policy.ReadWrite.AuthenticationMethod", "Policy.Read.All"}
	routes := append(conditionalAccessRoutes(), []*Route{
		{
			Method: "GET", Path: "/policies/identitySecurityDefaultsEnforcementPolicy", Versions: odata.Both,
			Scopes: []string{"Policy.Read.All", "Policy.ReadWrite.SecurityDefaults"}, Roles: rolesReadPolicies, Handle: getSecurityDefaults,
		},
		{
			Method: "PATCH", Path: "/policies/identitySecurityDefaultsEnforcementPolicy", Versions: odata.Both,
			Scopes: []string{"Policy.Read.All+Policy.ReadWrite.SecurityDefaults", "Policy.Read.All+Policy.ReadWrite.ConditionalAccess"},
			Roles:  []string{state.RoleConditionalAccessAdmin, state.RoleSecurityAdmin}, BodyType: "identitySecurityDefaultsEnforcementPolicy", Handle: updateSecurityDefaults,
		},
		{
			Method: "GET", Path: "/policies/authorizationPolicy", Versions: odata.V1Only, Scopes: []string{"Policy.Read.All", "Policy.ReadWrite.Authorization"},
			Roles: rolesReadPolicies, Query: odata.Rules{SelectType: "authorizationPolicy"}, Handle: getAuthorizationPolicy,
		},
		{
			Method: "GET", Path: "/policies/authenticationMethodsPolicy", Versions: odata.Both, Scopes: readMethods,
			Roles: rolesReadPolicies, Query: odata.Rules{SelectType: "authenticationMethodsPolicy"}, Handle: getMethodsPolicy,
		},
		{
			Method: "PATCH", Path: "/policies/authenticationMethodsPolicy", Versions: odata.Both, Scopes: []string{"Policy.ReadWrite.AuthenticationMethod"},
			Roles: []string{state.RoleAuthenticationPolicyAdmin}, BodyType: "authenticationMethodsPolicy", Handle: updateMethodsPolicy,
		},
		{
			Method: "GET", Path: "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/{id}", Versions: odata.Both, Scopes: readMethods,
			Roles: rolesReadPolicies, Handle: getMethodConfiguration,
		},
		{
			Method: "GET", Path: "/policies/authenticationStrengthPolicies", Versions: odata.Both,
			Scopes: append([]string{"Policy.ReadWrite.ConditionalAccess"}, readMethods...), Roles: rolesReadPolicies,
			Query: odata.Rules{SelectType: "authenticationStrengthPolicy", Filter: map[string]string{"policyType": "eq"}}, Handle: listStrengths,
		},
		{
			Method: "GET", Path: "/policies/authenticationStrengthPolicies/{id}", Versions: odata.Both,
			Scopes: append([]string{"Policy.ReadWrite.ConditionalAccess"}, readMethods...), Roles: rolesReadPolicies,
			Query: odata.Rules{SelectType: "authenticationStrengthPolicy"}, Handle: getStrength,
		},
		{
			Method: "GET", Path: "/policies/defaultAppManagementPolicy", Versions: odata.Both, Scopes: []string{"Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration"},
			Roles: rolesReadPolicies, Query: odata.Rules{SelectType: "tenantAppManagementPolicy"}, Handle: getAppManagementPolicy,
		},
		{
			Method: "GET", Path: "/policies/mfaServicePolicy", Versions: odata.Beta, Scopes: []string{"Policy.Read.All"},
			Roles: rolesReadPolicies, Handle: getMFAServicePolicy,
		},
		{
			Method: "PATCH", Path: "/policies/mfaServicePolicy", Versions: odata.Beta, Scopes: []string{"Policy.ReadWrite.AuthenticationMethod"},
			Roles: []string{state.RoleAuthenticationPolicyAdmin}, BodyType: odata.AnyBody, Handle: updateMFAServicePolicy,
		},
	}...)
	for _, route := range routes {
		route.Denial = odata.PolicyDenial
	}
	return routes
}

func conditionalAccessRoutes() []*Route {
	const conditionalAccess = "/identity/conditionalAccess"
	write := []string{"Policy.Read.All+Policy.ReadWrite.ConditionalAccess+Application.Read.All"}
	routes := []*Route{
		{
			Method: "PATCH", Path: conditionalAccess + "/policies/{id}", Versions: odata.Both, Scopes: write, Roles: []string{state.RoleConditionalAccessAdmin, state.RoleSecurityAdmin},
			Limit: odata.LimitConditionalAccess, BodyType: "conditionalAccessPolicy", Action: state.ActionPolicyUpdate, Handle: updateCAPolicy,
		},
		{
			Method: "GET", Path: conditionalAccess + "/namedLocations", Versions: odata.Both, Scopes: []string{"Policy.Read.All"},
			Roles: rolesReadPolicies, Limit: odata.LimitConditionalAccess, Query: odata.Rules{SelectType: "namedLocation", Top: 999, PageSize: 100, Filter: map[string]string{"displayName": "eq", "id": "eq"}}, Handle: listNamedLocations,
		},
		{
			Method: "GET", Path: conditionalAccess + "/namedLocations/{id}", Versions: odata.Both, Scopes: []string{"Policy.Read.All"},
			Roles: rolesReadPolicies, Limit: odata.LimitConditionalAccess, Query: odata.Rules{SelectType: "namedLocation"}, Handle: getNamedLocation,
		},
		{
			Method: "POST", Path: conditionalAccess + "/evaluate", Versions: odata.Both, Scopes: []string{"Policy.Read.ConditionalAccess", "Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"},
			Roles: rolesReadPolicies, Limit: odata.LimitConditionalAccess, BodyType: "action.evaluate", Handle: evaluate,
		},
	}
	// The policies stand at a second path too, from before there was an identity segment
	// (https://learn.microsoft.com/graph/api/resources/policyroot).
	for _, path := range []string{conditionalAccess + "/policies", "/policies/conditionalAccessPolicies"} {
		routes = append(
			routes,
			&Route{
				Method: "GET", Path: path, Versions: odata.Both, Scopes: []string{"Policy.Read.All"}, Roles: rolesReadPolicies, Limit: odata.LimitConditionalAccess,
				Query: odata.Rules{SelectType: "conditionalAccessPolicy", Top: 999, Count: true, PageSize: 100, Filter: map[string]string{"state": "eq", "displayName": "eq startswith", "id": "eq"}}, Handle: listCAPolicies,
			},
			&Route{
				Method: "GET", Path: path + "/{id}", Versions: odata.Both, Scopes: []string{"Policy.Read.All"}, Roles: rolesReadPolicies,
				Limit: odata.LimitConditionalAccess, Query: odata.Rules{SelectType: "conditionalAccessPolicy"}, Handle: getCAPolicy,
			},
		)
	}
	return routes
}
