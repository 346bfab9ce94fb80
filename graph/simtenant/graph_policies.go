package simtenant

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

func getSecurityDefaults(c *graphCall) (*graphAnswer, *odata.Error) {
	return ok(map[string]any{
		"@odata.context": c.base + "/$metadata#policies/identitySecurityDefaultsEnforcementPolicy/$entity",
		"id":             "00000000-0000-0000-0000-000000000005", "displayName": "Security Defaults", "deletedDateTime": nil,
		"description": "Security defaults is a set of basic identity security mechanisms recommended by Microsoft.",
		"isEnabled":   c.t.securityDefaults.Seen(c.now, c.t.opts.Lag),
	})
}

// updateSecurityDefaults turns security defaults on or off. Off in a tenant with P1 makes Microsoft put managed policies
// in their place (https://learn.microsoft.com/entra/identity/conditional-access/managed-policies).
func updateSecurityDefaults(c *graphCall) (*graphAnswer, *odata.Error) {
	t := c.t
	on, given := c.body["isEnabled"].(bool)
	if !given {
		return nil, odata.BadRequest("A value is required for property 'isEnabled'.").At("isEnabled")
	}
	was := t.securityDefaults.Latest()
	enabled := slices.ContainsFunc(t.policies.Latest(), func(p *conditionalaccess.Policy) bool { return p.State == conditionalaccess.Enabled })
	if on && !was && enabled {
		return nil, odata.Refuse(http.StatusBadRequest, "BadRequest", "You must disable all Conditional Access policies before enabling Security Defaults.")
	}
	replicate(t, &t.securityDefaults, on)
	t.auditPolicyLocked(c.who.user, "Update security defaults", "Core Directory", "Security Defaults", "", change{"isEnabled", fmt.Sprint(was), fmt.Sprint(on)})
	if was && !on && t.premiumLocked() {
		t.deployManagedLocked()
	}
	return noContent()
}

// deployManagedLocked adds the policies that Microsoft puts in the place of security defaults, unless they are there.
func (t *Tenant) deployManagedLocked() {
	everyone := conditionalaccess.Users{IncludeUsers: []string{"All"}}
	admins := conditionalaccess.Users{IncludeRoles: []string{roleGlobalAdministrator, rolePrivilegedRoleAdministrator, roleSecurityAdmin, roleUserAdmin, roleExchangeAdmin}}
	legacy := t.newPolicy(conditionalaccess.ManagedPrefix+"Block legacy authentication", conditionalaccess.Enabled, everyone, grant("block"))
	legacy.Conditions.ClientAppTypes = []string{"exchangeActiveSync", "other"}
	azure := t.newPolicy(conditionalaccess.ManagedPrefix+"Require multifactor authentication for Azure management", conditionalaccess.Enabled, everyone, grant("mfa"))
	azure.Conditions.Applications.IncludeApplications = []string{"797f4846-ba00-4fd7-ba43-dac1f8f63013"}
	list := slices.Clone(t.policies.Latest())
	for _, p := range []*conditionalaccess.Policy{
		legacy, azure,
		t.newPolicy(conditionalaccess.ManagedPrefix+"Require multifactor authentication for admins", conditionalaccess.Enabled, admins, grant("mfa")),
		t.newPolicy(conditionalaccess.ManagedPrefix+"Require multifactor authentication for all users", conditionalaccess.Enabled, everyone, grant("mfa")),
	} {
		if !slices.ContainsFunc(list, func(old *conditionalaccess.Policy) bool { return old.DisplayName == p.DisplayName }) {
			p.CreatedDateTime = t.instant()
			list = append(list, p)
			t.auditPolicyLocked(nil, "Add conditional access policy", "Conditional Access", p.DisplayName, p.ID)
		}
	}
	replicate(t, &t.policies, list)
}

func getAuthorizationPolicy(c *graphCall) (*graphAnswer, *odata.Error) {
	p := c.t.authorization
	return c.entity("policies/authorizationPolicy", map[string]any{
		"id": "authorizationPolicy", "deletedDateTime": nil, "displayName": "Authorization Policy", "description": "Used to manage authorization related settings across the company.",
		"allowedToSignUpEmailBasedSubscriptions": true, "allowedToUseSSPR": p.allowSSPR, "allowEmailVerifiedUsersToJoinOrganization": false,
		"allowInvitesFrom": "everyone", "allowUserConsentForRiskyApps": nil, "blockMsolPowerShell": false, "guestUserRoleId": "10dae51f-b6af-4016-8d66-8c2a99b929b3",
		"defaultUserRolePermissions": map[string]any{
			"allowedToCreateApps": true, "allowedToCreateSecurityGroups": true, "allowedToCreateTenants": false, "allowedToReadBitlockerKeysForOwnedDevice": true,
			"allowedToReadOtherUsers": true, "permissionGrantPoliciesAssigned": []any{"ManagePermissionGrantsForSelf.microsoft-user-default-legacy"},
		},
	})
}

// methodConfigurations are the methods of the authentication methods policy that bear on a registration.
var methodConfigurations = []string{"Fido2", "MicrosoftAuthenticator", "SoftwareOath", "TemporaryAccessPass", "Sms", "Voice", "Email"}

func (t *Tenant) methodConfiguration(id string) map[string]any {
	state := "disabled"
	if t.methodStates[id] {
		state = "enabled"
	}
	kind := "#microsoft.graph." + lowerFirst(id) + "AuthenticationMethodConfiguration"
	return map[string]any{"@odata.type": kind, "id": id, "state": state, "excludeTargets": []any{}, "includeTargets": []any{
		map[string]any{"targetType": "group", "id": "all_users", "isRegistrationRequired": false},
	}}
}

func getMethodsPolicy(c *graphCall) (*graphAnswer, *odata.Error) {
	p := c.t.campaign.Seen(c.now, c.t.opts.Lag)
	configurations := []any{}
	for _, id := range methodConfigurations {
		configurations = append(configurations, c.t.methodConfiguration(id))
	}
	return c.entity("authenticationMethodsPolicy", map[string]any{
		"id": "authenticationMethodsPolicy", "displayName": "Authentication Methods Policy", "policyVersion": "1.5",
		"description":          "The tenant-wide policy that controls which authentication methods are allowed in the tenant, authentication method registration requirements, and self-service password reset settings",
		"lastModifiedDateTime": stamp(c.t.created), "reconfirmationInDays": nil, "policyMigrationState": c.t.migrationState,
		"registrationEnforcement": map[string]any{"authenticationMethodsRegistrationCampaign": map[string]any{
			"snoozeDurationInDays": p.snoozeDays, "state": p.state, "excludeTargets": orEmpty(p.excludeTargets), "includeTargets": orEmpty(p.includeTargets),
		}},
		"authenticationMethodConfigurations": configurations,
	})
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func getMethodConfiguration(c *graphCall) (*graphAnswer, *odata.Error) {
	for _, id := range methodConfigurations {
		if lowerFirst(id) == lowerFirst(c.params["id"]) {
			return c.entity("authenticationMethodConfigurations", c.t.methodConfiguration(id))
		}
	}
	return nil, odata.NotFound(c.params["id"])
}

func updateMethodsPolicy(c *graphCall) (*graphAnswer, *odata.Error) {
	t := c.t
	if state := c.text("policyMigrationState"); state != "" {
		t.migrationState = state
	}
	enforcement, _ := c.body["registrationEnforcement"].(map[string]any)
	if part, ok := enforcement["authenticationMethodsRegistrationCampaign"].(map[string]any); ok {
		p := t.campaign.Latest()
		if failure := p.merge(part); failure != nil {
			return nil, failure
		}
		replicate(t, &t.campaign, p)
	}
	t.auditPolicyLocked(c.who.user, "Authentication Methods Policy Update", "Authentication Methods", "Authentication Methods Policy", "")
	return noContent()
}

// merge takes the members that are given; a list given replaces the old one whole.
func (p *campaign) merge(part map[string]any) *odata.Error {
	if days := part["snoozeDurationInDays"]; days != nil {
		p.snoozeDays = number(days)
		if p.snoozeDays < 0 || p.snoozeDays > 14 {
			return odata.BadRequest("The value of 'snoozeDurationInDays' is out of range: 0 to 14.").At("snoozeDurationInDays")
		}
	}
	if state, ok := part["state"].(string); ok {
		p.state = state
	}
	for name, list := range map[string]*[]campaignTarget{"excludeTargets": &p.excludeTargets, "includeTargets": &p.includeTargets} {
		given, ok := part[name]
		if !ok {
			continue
		}
		targets := []campaignTarget{}
		if failure := odata.DecodeInto(given, &targets); failure != nil {
			return failure
		}
		*list = targets
	}
	if len(p.includeTargets) == 0 {
		return odata.BadRequest("The registration campaign needs at least one include target.").At("includeTargets")
	}
	return nil
}

func listStrengths(c *graphCall) (*graphAnswer, *odata.Error) {
	objects, failure := objectsOf(c.t.strengths)
	if failure != nil {
		return nil, failure
	}
	return c.collection("policies/authenticationStrengthPolicies", objects)
}

func getStrength(c *graphCall) (*graphAnswer, *odata.Error) {
	i := slices.IndexFunc(c.t.strengths, func(s *conditionalaccess.AuthenticationStrength) bool { return s.ID == c.params["id"] })
	if i < 0 {
		return nil, odata.NotFound(c.params["id"])
	}
	objects, failure := objectsOf(c.t.strengths[i : i+1])
	if failure != nil {
		return nil, failure
	}
	return c.entity("policies/authenticationStrengthPolicies", objects[0])
}

// objectsOf turns structs in Graph's own shape into JSON objects.
func objectsOf[T any](list []T) ([]map[string]any, *odata.Error) {
	var objects []map[string]any
	failure := odata.DecodeInto(orEmpty(list), &objects)
	return objects, failure
}
