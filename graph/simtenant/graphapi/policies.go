package graphapi

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func getSecurityDefaults(c *Call) (*Answer, *odata.Error) {
	return ok(map[string]any{
		"@odata.context": c.base + "/$metadata#policies/identitySecurityDefaultsEnforcementPolicy/$entity",
		"id":             "00000000-0000-0000-0000-000000000005", "displayName": "Security Defaults", "deletedDateTime": nil,
		"description": "Security defaults is a set of basic identity security mechanisms recommended by Microsoft.",
		"isEnabled":   c.t.Policies.SecurityDefaults.Seen(c.now, c.t.Lag),
	})
}

// updateSecurityDefaults turns security defaults on or off. Off in a tenant with P1 makes Microsoft put managed policies
// in their place (https://learn.microsoft.com/entra/identity/conditional-access/managed-policies).
func updateSecurityDefaults(c *Call) (*Answer, *odata.Error) {
	t := c.t
	on, given := c.body["isEnabled"].(bool)
	if !given {
		return nil, odata.BadRequest("A value is required for property 'isEnabled'.").At("isEnabled")
	}
	was := t.Policies.SecurityDefaults.Latest()
	enabled := slices.ContainsFunc(t.Policies.ConditionalAccess.Latest(), func(p *conditionalaccess.Policy) bool { return p.State == conditionalaccess.Enabled })
	if on && !was && enabled {
		return nil, odata.Refuse(http.StatusBadRequest, "BadRequest", "You must disable all Conditional Access policies before enabling Security Defaults.")
	}
	state.Replicate(t.Base, &t.Policies.SecurityDefaults, on)
	t.Log.AuditPolicyLocked(c.who.User, state.NewActivity("Update security defaults", "Core Directory", "Update"), "Security Defaults", "", state.Change{Name: "isEnabled", Before: fmt.Sprint(was), After: fmt.Sprint(on)})
	if was && !on && t.Organization.PremiumLocked() {
		t.Policies.DeployManagedLocked()
	}
	return noContent()
}

func getAuthorizationPolicy(c *Call) (*Answer, *odata.Error) {
	p := c.t.MFA.Authorization
	return c.entity("policies/authorizationPolicy", map[string]any{
		"id": "authorizationPolicy", "deletedDateTime": nil, "displayName": "Authorization Policy", "description": "Used to manage authorization related settings across the company.",
		"allowedToSignUpEmailBasedSubscriptions": true, "allowedToUseSSPR": p.AllowSSPR, "allowEmailVerifiedUsersToJoinOrganization": false,
		"allowInvitesFrom": "everyone", "allowUserConsentForRiskyApps": nil, "blockMsolPowerShell": false, "guestUserRoleId": "10dae51f-b6af-4016-8d66-8c2a99b929b3",
		"defaultUserRolePermissions": map[string]any{
			"allowedToCreateApps": true, "allowedToCreateSecurityGroups": true, "allowedToCreateTenants": false, "allowedToReadBitlockerKeysForOwnedDevice": true,
			"allowedToReadOtherUsers": true, "permissionGrantPoliciesAssigned": []any{"ManagePermissionGrantsForSelf.microsoft-user-default-legacy"},
		},
	})
}

// methodConfigurations are the methods of the authentication methods policy that bear on a registration.
var methodConfigurations = []string{"Fido2", "MicrosoftAuthenticator", "SoftwareOath", "TemporaryAccessPass", "Sms", "Voice", "Email"}

func methodConfiguration(t *state.Tenant, id string) map[string]any {
	state := "disabled"
	if t.MFA.MethodStates[id] {
		state = "enabled"
	}
	kind := "#microsoft.graph." + lowerFirst(id) + "AuthenticationMethodConfiguration"
	return map[string]any{"@odata.type": kind, "id": id, "state": state, "excludeTargets": []any{}, "includeTargets": []any{
		map[string]any{"targetType": "group", "id": "all_users", "isRegistrationRequired": false},
	}}
}

func getMethodsPolicy(c *Call) (*Answer, *odata.Error) {
	p := c.t.MFA.Campaign.Seen(c.now, c.t.Lag)
	configurations := []any{}
	for _, id := range methodConfigurations {
		configurations = append(configurations, methodConfiguration(c.t, id))
	}
	return c.entity("authenticationMethodsPolicy", map[string]any{
		"id": "authenticationMethodsPolicy", "displayName": "Authentication Methods Policy", "policyVersion": "1.5",
		"description":          "The tenant-wide policy that controls which authentication methods are allowed in the tenant, authentication method registration requirements, and self-service password reset settings",
		"lastModifiedDateTime": stamp(c.t.Organization.Created), "reconfirmationInDays": nil, "policyMigrationState": c.t.MFA.MigrationState,
		"registrationEnforcement": map[string]any{"authenticationMethodsRegistrationCampaign": map[string]any{
			"snoozeDurationInDays": p.SnoozeDays, "state": p.State, "excludeTargets": orEmpty(p.ExcludeTargets), "includeTargets": orEmpty(p.IncludeTargets),
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

func getMethodConfiguration(c *Call) (*Answer, *odata.Error) {
	for _, id := range methodConfigurations {
		if lowerFirst(id) == lowerFirst(c.params["id"]) {
			return c.entity("authenticationMethodConfigurations", methodConfiguration(c.t, id))
		}
	}
	return nil, odata.NotFound(c.params["id"])
}

func updateMethodsPolicy(c *Call) (*Answer, *odata.Error) {
	t := c.t
	if state := c.text("policyMigrationState"); state != "" {
		t.MFA.MigrationState = state
	}
	enforcement, _ := c.body["registrationEnforcement"].(map[string]any)
	if part, ok := enforcement["authenticationMethodsRegistrationCampaign"].(map[string]any); ok {
		p := t.MFA.Campaign.Latest()
		if failure := mergeCampaign(&p, part); failure != nil {
			return nil, failure
		}
		state.Replicate(t.Base, &t.MFA.Campaign, p)
	}
	t.Log.AuditPolicyLocked(c.who.User, state.NewActivity("Authentication Methods Policy Update", "Authentication Methods", "Update"), "Authentication Methods Policy", "")
	return noContent()
}

// mergeCampaign takes the members that are given; a list given replaces the old one whole.
func mergeCampaign(p *state.Campaign, part map[string]any) *odata.Error {
	if days := part["snoozeDurationInDays"]; days != nil {
		p.SnoozeDays = number(days)
		if p.SnoozeDays < 0 || p.SnoozeDays > 14 {
			return odata.BadRequest("The value of 'snoozeDurationInDays' is out of range: 0 to 14.").At("snoozeDurationInDays")
		}
	}
	if state, ok := part["state"].(string); ok {
		p.State = state
	}
	for name, list := range map[string]*[]state.CampaignTarget{"excludeTargets": &p.ExcludeTargets, "includeTargets": &p.IncludeTargets} {
		given, ok := part[name]
		if !ok {
			continue
		}
		targets := []state.CampaignTarget{}
		if failure := odata.DecodeInto(given, &targets); failure != nil {
			return failure
		}
		*list = targets
	}
	if len(p.IncludeTargets) == 0 {
		return odata.BadRequest("The registration campaign needs at least one include target.").At("includeTargets")
	}
	return nil
}

func listStrengths(c *Call) (*Answer, *odata.Error) {
	objects, failure := objectsOf(c.t.Policies.Strengths)
	if failure != nil {
		return nil, failure
	}
	return c.collection("policies/authenticationStrengthPolicies", objects)
}

func getStrength(c *Call) (*Answer, *odata.Error) {
	i := slices.IndexFunc(c.t.Policies.Strengths, func(s *conditionalaccess.AuthenticationStrength) bool { return s.ID == c.params["id"] })
	if i < 0 {
		return nil, odata.NotFound(c.params["id"])
	}
	objects, failure := objectsOf(c.t.Policies.Strengths[i : i+1])
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
