// Package conditionalaccess is what a Conditional Access policy is and whether it applies to a sign-in: judgement alone, of what
// it is given.
package conditionalaccess

import (
	"cmp"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// States of a Conditional Access policy.
const (
	Enabled    = "enabled"
	Disabled   = "disabled"
	ReportOnly = "enabledForReportingButNotEnforced"
)

// ManagedPrefix begins the names of the policies that Microsoft manages; of those an administrator changes the state
// and the exclusions, nothing else.
const ManagedPrefix = "Microsoft-managed: "

// AppAdminPortals stands for all of Microsoft's admin portals in a policy's applications.
const AppAdminPortals = "MicrosoftAdminPortals"

// Policy is a Conditional Access policy in Graph's own shape. A stored one is never altered in place.
type Policy struct {
	ID              string         `json:"id"`
	TemplateID      *string        `json:"templateId"`
	DisplayName     string         `json:"displayName"`
	CreatedDateTime time.Time      `json:"createdDateTime"`
	ModifiedTime    *time.Time     `json:"modifiedDateTime"`
	State           string         `json:"state"`
	DeletedDateTime *time.Time     `json:"deletedDateTime"`
	SessionControls any            `json:"sessionControls"`
	Conditions      Conditions     `json:"conditions"`
	GrantControls   *GrantControls `json:"grantControls"`
}

// Conditions are what a sign-in has to be for a policy to apply.
type Conditions struct {
	UserRiskLevels             []string     `json:"userRiskLevels"`
	SignInRiskLevels           []string     `json:"signInRiskLevels"`
	ClientAppTypes             []string     `json:"clientAppTypes"`
	ServicePrincipalRiskLevels []string     `json:"servicePrincipalRiskLevels"`
	InsiderRiskLevels          *string      `json:"insiderRiskLevels"`
	Platforms                  *Platforms   `json:"platforms"`
	Locations                  *Locations   `json:"locations"`
	Devices                    *Devices     `json:"devices"`
	ClientApplications         any          `json:"clientApplications"`
	Applications               Applications `json:"applications"`
	Users                      Users        `json:"users"`
	AuthenticationFlows        *Flows       `json:"authenticationFlows"`

	Beta map[string]any `json:"-"` // members that only beta has
}

// Platforms are the platforms of a device.
type Platforms struct {
	IncludePlatforms []string `json:"includePlatforms"`
	ExcludePlatforms []string `json:"excludePlatforms"`
}

// Locations are named locations by their ids.
type Locations struct {
	IncludeLocations []string `json:"includeLocations"`
	ExcludeLocations []string `json:"excludeLocations"`
}

// Devices tells devices apart by what the directory knows of them.
type Devices struct {
	DeviceFilter *Filter `json:"deviceFilter"`
}

// Filter is a rule about attributes.
type Filter struct {
	Mode string `json:"mode"` // "include" or "exclude"
	Rule string `json:"rule"`
}

// Flows are ways in which a sign-in is handed from one device to another.
type Flows struct {
	TransferMethods string `json:"transferMethods"`
}

// Applications are what is signed in to.
type Applications struct {
	IncludeApplications      []string `json:"includeApplications"`
	ExcludeApplications      []string `json:"excludeApplications"`
	IncludeUserActions       []string `json:"includeUserActions"`
	IncludeContextReferences []string `json:"includeAuthenticationContextClassReferences"`
	ApplicationFilter        *Filter  `json:"applicationFilter"`
}

// Users are who signs in.
type Users struct {
	IncludeUsers  []string `json:"includeUsers"`
	ExcludeUsers  []string `json:"excludeUsers"`
	IncludeGroups []string `json:"includeGroups"`
	ExcludeGroups []string `json:"excludeGroups"`
	IncludeRoles  []string `json:"includeRoles"`
	ExcludeRoles  []string `json:"excludeRoles"`
	IncludeGuests *Guests  `json:"includeGuestsOrExternalUsers"`
	ExcludeGuests *Guests  `json:"excludeGuestsOrExternalUsers"`
}

// Guests are kinds of guests.
type Guests struct {
	GuestOrExternalUserTypes string           `json:"guestOrExternalUserTypes"`
	ExternalTenants          *ExternalTenants `json:"externalTenants"`
}

// ExternalTenants are where guests come from.
type ExternalTenants struct {
	MembershipKind string   `json:"membershipKind"`
	Members        []string `json:"members,omitempty"`
}

// GrantControls are what a policy asks for.
type GrantControls struct {
	Operator                    string                  `json:"operator"`
	BuiltInControls             []string                `json:"builtInControls"`
	CustomAuthenticationFactors []string                `json:"customAuthenticationFactors"`
	TermsOfUse                  []string                `json:"termsOfUse"`
	AuthenticationStrength      *AuthenticationStrength `json:"authenticationStrength"`
}

// AuthenticationStrength names the combinations of methods that satisfy a policy.
type AuthenticationStrength struct {
	ID                    string    `json:"id"`
	CreatedDateTime       time.Time `json:"createdDateTime"`
	ModifiedDateTime      time.Time `json:"modifiedDateTime"`
	DisplayName           string    `json:"displayName"`
	Description           string    `json:"description"`
	PolicyType            string    `json:"policyType"`
	RequirementsSatisfied string    `json:"requirementsSatisfied"`
	AllowedCombinations   []string  `json:"allowedCombinations"`
}

// Object is the policy as Graph shows it, with what only beta has.
func (p *Policy) Object() (map[string]any, *odata.Error) {
	object := map[string]any{}
	failure := odata.DecodeInto(p, &object)
	if failure == nil {
		conditions, _ := object["conditions"].(map[string]any)
		maps.Copy(conditions, p.Conditions.Beta)
	}
	return object, failure
}

// Check refuses a policy that could not be saved in the portal either.
func (p *Policy) Check() *odata.Error {
	u := p.Conditions.Users
	if len(u.IncludeUsers)+len(u.IncludeGroups)+len(u.IncludeRoles) == 0 && u.IncludeGuests == nil {
		return odata.Refuse(http.StatusBadRequest, "BadRequest", "1007: Incoming ConditionalAccessPolicy object is null or does not match the schema of ConditionalAccessPolicy type: no users, groups or roles are included.")
	}
	if p.DisplayName == "" || p.GrantControls == nil && p.SessionControls == nil {
		return odata.Refuse(http.StatusBadRequest, "BadRequest", "1007: Incoming ConditionalAccessPolicy object is null or does not match the schema of ConditionalAccessPolicy type.")
	}
	return nil
}

// Managed says whether Microsoft manages the policy.
func (p *Policy) Managed() bool { return strings.HasPrefix(p.DisplayName, ManagedPrefix) }

// Preview reports a policy with such a feature: a sign-in frequency of every time, or a condition that only beta has.
func (p *Policy) Preview() bool {
	controls, _ := p.SessionControls.(map[string]any)
	frequency, _ := controls["signInFrequency"].(map[string]any)
	return frequency["frequencyInterval"] == "everyTime" || len(p.Conditions.Beta) > 0
}

// OnlyExclusionsDiffer compares two policies but for their state and whom they exclude.
func OnlyExclusionsDiffer(a, b *Policy) bool {
	blank := func(p *Policy) Policy {
		q := *p
		q.State, q.ModifiedTime = "", nil
		u := &q.Conditions.Users
		u.ExcludeUsers, u.ExcludeGroups, u.ExcludeRoles, u.ExcludeGuests = nil, nil, nil, nil
		return q
	}
	return reflect.DeepEqual(blank(a), blank(b))
}

// Excluding is a copy of the policy, changed at that instant, that excludes one more account.
func (p *Policy) Excluding(userID string, at time.Time) *Policy {
	edited := *p
	edited.Conditions.Users = p.Conditions.Users.Clone()
	edited.Conditions.Users.ExcludeUsers = append(edited.Conditions.Users.ExcludeUsers, userID)
	edited.ModifiedTime = &at
	return &edited
}

// Fill puts empty lists where Graph never shows null.
func (p *Policy) Fill() {
	c := &p.Conditions
	for _, list := range []*[]string{
		&c.UserRiskLevels, &c.SignInRiskLevels, &c.ClientAppTypes, &c.ServicePrincipalRiskLevels,
		&c.Applications.IncludeApplications, &c.Applications.ExcludeApplications, &c.Applications.IncludeUserActions, &c.Applications.IncludeContextReferences,
		&c.Users.IncludeUsers, &c.Users.ExcludeUsers, &c.Users.IncludeGroups, &c.Users.ExcludeGroups, &c.Users.IncludeRoles, &c.Users.ExcludeRoles,
	} {
		if *list == nil {
			*list = []string{}
		}
	}
}

// Fill puts empty lists where Graph never shows null.
func (g *GrantControls) Fill() {
	g.Operator = cmp.Or(g.Operator, "OR")
	for _, list := range []*[]string{&g.BuiltInControls, &g.CustomAuthenticationFactors, &g.TermsOfUse} {
		if *list == nil {
			*list = []string{}
		}
	}
}

// Clone shares no list with c.
func (c Users) Clone() Users {
	for _, list := range []*[]string{&c.IncludeUsers, &c.ExcludeUsers, &c.IncludeGroups, &c.ExcludeGroups, &c.IncludeRoles, &c.ExcludeRoles} {
		*list = slices.Clone(*list)
	}
	return c
}
