package simtenant

import (
	"strings"
	"time"
)

// States of a Conditional Access policy.
const (
	policyEnabled    = "enabled"
	policyDisabled   = "disabled"
	policyReportOnly = "enabledForReportingButNotEnforced"
)

// managedPrefix begins the names of the policies that Microsoft manages; of those an administrator changes the state
// and the exclusions, nothing else.
const managedPrefix = "Microsoft-managed: "

// appAdminPortals stands for all of Microsoft's admin portals in a policy's applications.
const appAdminPortals = "MicrosoftAdminPortals"

// caPolicy is a Conditional Access policy in Graph's own shape. A stored one is never altered in place.
type caPolicy struct {
	ID              string           `json:"id"`
	TemplateID      *string          `json:"templateId"`
	DisplayName     string           `json:"displayName"`
	CreatedDateTime time.Time        `json:"createdDateTime"`
	ModifiedTime    *time.Time       `json:"modifiedDateTime"`
	State           string           `json:"state"`
	DeletedDateTime *time.Time       `json:"deletedDateTime"`
	SessionControls any              `json:"sessionControls"`
	Conditions      caConditions     `json:"conditions"`
	GrantControls   *caGrantControls `json:"grantControls"`
}

type caConditions struct {
	UserRiskLevels             []string       `json:"userRiskLevels"`
	SignInRiskLevels           []string       `json:"signInRiskLevels"`
	ClientAppTypes             []string       `json:"clientAppTypes"`
	ServicePrincipalRiskLevels []string       `json:"servicePrincipalRiskLevels"`
	InsiderRiskLevels          *string        `json:"insiderRiskLevels"`
	Platforms                  *caPlatforms   `json:"platforms"`
	Locations                  *caLocations   `json:"locations"`
	Devices                    *caDevices     `json:"devices"`
	ClientApplications         any            `json:"clientApplications"`
	Applications               caApplications `json:"applications"`
	Users                      caUsers        `json:"users"`
	AuthenticationFlows        *caFlows       `json:"authenticationFlows"`

	beta map[string]any // members that only beta has
}

type caPlatforms struct {
	IncludePlatforms []string `json:"includePlatforms"`
	ExcludePlatforms []string `json:"excludePlatforms"`
}

type caLocations struct {
	IncludeLocations []string `json:"includeLocations"`
	ExcludeLocations []string `json:"excludeLocations"`
}

// caDevices tells devices apart by what the directory knows of them.
type caDevices struct {
	DeviceFilter *caFilter `json:"deviceFilter"`
}

type caFilter struct {
	Mode string `json:"mode"` // "include" or "exclude"
	Rule string `json:"rule"`
}

type caFlows struct {
	TransferMethods string `json:"transferMethods"`
}

type caApplications struct {
	IncludeApplications      []string  `json:"includeApplications"`
	ExcludeApplications      []string  `json:"excludeApplications"`
	IncludeUserActions       []string  `json:"includeUserActions"`
	IncludeContextReferences []string  `json:"includeAuthenticationContextClassReferences"`
	ApplicationFilter        *caFilter `json:"applicationFilter"`
}

type caUsers struct {
	IncludeUsers  []string  `json:"includeUsers"`
	ExcludeUsers  []string  `json:"excludeUsers"`
	IncludeGroups []string  `json:"includeGroups"`
	ExcludeGroups []string  `json:"excludeGroups"`
	IncludeRoles  []string  `json:"includeRoles"`
	ExcludeRoles  []string  `json:"excludeRoles"`
	IncludeGuests *caGuests `json:"includeGuestsOrExternalUsers"`
	ExcludeGuests *caGuests `json:"excludeGuestsOrExternalUsers"`
}

type caGuests struct {
	GuestOrExternalUserTypes string             `json:"guestOrExternalUserTypes"`
	ExternalTenants          *caExternalTenants `json:"externalTenants"`
}

type caExternalTenants struct {
	MembershipKind string   `json:"membershipKind"`
	Members        []string `json:"members,omitempty"`
}

type caGrantControls struct {
	Operator                    string                  `json:"operator"`
	BuiltInControls             []string                `json:"builtInControls"`
	CustomAuthenticationFactors []string                `json:"customAuthenticationFactors"`
	TermsOfUse                  []string                `json:"termsOfUse"`
	AuthenticationStrength      *authenticationStrength `json:"authenticationStrength"`
}

// authenticationStrength names the combinations of methods that satisfy a policy.
type authenticationStrength struct {
	ID                    string    `json:"id"`
	CreatedDateTime       time.Time `json:"createdDateTime"`
	ModifiedDateTime      time.Time `json:"modifiedDateTime"`
	DisplayName           string    `json:"displayName"`
	Description           string    `json:"description"`
	PolicyType            string    `json:"policyType"`
	RequirementsSatisfied string    `json:"requirementsSatisfied"`
	AllowedCombinations   []string  `json:"allowedCombinations"`
}

// managed says whether Microsoft manages the policy.
func (p *caPolicy) managed() bool { return strings.HasPrefix(p.DisplayName, managedPrefix) }
