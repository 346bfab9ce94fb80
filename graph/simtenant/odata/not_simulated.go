package odata

import (
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Rules of this file: what Microsoft Graph has and this tenant has not is said to be exactly that, so that nobody looks for
// a typing error. Graph itself never answers so.

// unsimulated are segments of Microsoft Graph's paths (https://learn.microsoft.com/graph/api/overview).
var unsimulated = sync.OnceValue(func() []string {
	return strings.Fields(`
	$metadata $ref $value delta
	admin agreementAcceptances agreements appCatalogs applicationTemplates applications authenticationMethodConfigurations chats communications
	compliance connections contacts contracts copilot dataPolicyOperations deviceAppManagement deviceManagement devices directoryObjects
	directoryRoleTemplates directoryRoles domainDnsRecords drive drives education employeeExperience external filterOperators functions
	groupLifecyclePolicies groupSettingTemplates groupSettings groups identityGovernance identityProtection identityProviders informationProtection
	invitations permissionGrants places planner print privacy schemaExtensions scopedRoleMemberships search shares sites solutions storage
	subscriptions teams teamsTemplates teamwork tenantRelationships

	members transitiveMembers owners manager directReports ownedObjects ownedDevices registeredDevices createdObjects licenseDetails
	getMemberGroups getMemberObjects checkMemberGroups checkMemberObjects assignLicense reprocessLicenseAssignment changePassword sendMail messages
	mailFolders mailboxSettings calendar calendars events photo photos presence joinedTeams onenote todo settings extensions insights
	phoneMethods emailMethods fido2Methods microsoftAuthenticatorMethods passwordMethods softwareOathMethods windowsHelloForBusinessMethods
	platformCredentialMethods temporaryAccessPassMethods operations signInPreferences

	activityBasedTimeoutPolicies adminConsentRequestPolicy appManagementPolicies authenticationFlowsPolicy claimsMappingPolicies
	crossTenantAccessPolicy defaultAppManagementPolicy deviceRegistrationPolicy externalIdentitiesPolicy featureRolloutPolicies
	federatedTokenValidationPolicy homeRealmDiscoveryPolicies permissionGrantPolicies roleManagementPolicies
	tokenIssuancePolicies tokenLifetimePolicies

	apiConnectors b2xUserFlows userFlowAttributes authenticationEventListeners customAuthenticationExtensions
	authenticationContextClassReferences authenticationStrength templates deletedItems
	entitlementManagement exchange cloudPC roleEligibilitySchedules roleEligibilityScheduleRequests
	provisioning alerts alerts_v2 incidents cases attackSimulation threatIntelligence runHuntingQuery
	administrativeUnits attributeSets customSecurityAttributeDefinitions deviceLocalCredentials federationConfigurations
	federationConfiguration onPremisesSynchronization recommendations verify verificationDnsRecords serviceConfigurationRecords
	addPassword removePassword addKey removeKey credentialUserRegistrationDetails usersRegisteredByFeature usersRegisteredByMethod`)
})

// unsimulatedMethods are methods that Graph has on paths that are here.
var unsimulatedMethods = []string{
	"PATCH /me", "POST /domains", "PATCH /domains/{id}", "DELETE /domains/{id}", "PATCH /groups/{id}", "DELETE /groups/{id}",
	"POST /servicePrincipals", "PATCH /servicePrincipals/{id}", "GET /applications/{id}", "PATCH /applications/{id}", "GET /oauth2PermissionGrants/{id}",
	"POST /roleManagement/directory/roleDefinitions", "PATCH /roleManagement/directory/roleDefinitions/{id}",
	"DELETE /roleManagement/directory/roleDefinitions/{id}",
	"POST /identity/conditionalAccess/policies", "DELETE /identity/conditionalAccess/policies/{id}",
	"POST /identity/conditionalAccess/namedLocations", "PATCH /identity/conditionalAccess/namedLocations/{id}",
	"DELETE /identity/conditionalAccess/namedLocations/{id}", "DELETE /directory/deletedItems/{id}", "PATCH /policies/authorizationPolicy",
	"PATCH /policies/authenticationMethodsPolicy/authenticationMethodConfigurations/{id}", "POST /policies/authenticationStrengthPolicies",
	"PATCH /policies/authenticationStrengthPolicies/{id}", "DELETE /policies/authenticationStrengthPolicies/{id}",
	"GET /users/{id}/authentication/temporaryAccessPassMethods",
}

// isUnsimulated says whether a path goes on where Graph goes on and this tenant does not: best segments are here.
func isUnsimulated(segments []string, best int) bool {
	i := min(best, len(segments)-1)
	if i < 0 {
		return false
	}
	return IsGUID(segments[i]) || slices.ContainsFunc(unsimulated(), func(known string) bool { return strings.EqualFold(known, segments[i]) })
}

func isUnsimulatedMethod(method, path string) bool {
	return slices.ContainsFunc(unsimulatedMethods, func(known string) bool { return strings.EqualFold(known, method+" "+path) })
}

func notSimulated(what string) *Error {
	return Refuse(http.StatusNotImplemented, "NotImplemented", "The simulated tenant does not have '%s'. Microsoft Graph has it.", what)
}
