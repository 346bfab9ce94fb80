package simtenant

import (
	"slices"
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
	SessionControls *struct{}        `json:"sessionControls"`
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
	Devices                    *struct{}      `json:"devices"`
	ClientApplications         *struct{}      `json:"clientApplications"`
	Applications               caApplications `json:"applications"`
	Users                      caUsers        `json:"users"`
	AuthenticationFlows        *caFlows       `json:"authenticationFlows"`
}

type caPlatforms struct {
	IncludePlatforms []string `json:"includePlatforms"`
	ExcludePlatforms []string `json:"excludePlatforms"`
}

type caLocations struct {
	IncludeLocations []string `json:"includeLocations"`
	ExcludeLocations []string `json:"excludeLocations"`
}

type caFlows struct {
	TransferMethods string `json:"transferMethods"`
}

type caApplications struct {
	IncludeApplications      []string  `json:"includeApplications"`
	ExcludeApplications      []string  `json:"excludeApplications"`
	IncludeUserActions       []string  `json:"includeUserActions"`
	IncludeContextReferences []string  `json:"includeAuthenticationContextClassReferences"`
	ApplicationFilter        *struct{} `json:"applicationFilter"`
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

// demand is what an enabled policy asks for where it applies. Of controls joined by OR the second factor is the one a
// person can pass, so it is the demand.
func (p *caPolicy) demand() demand {
	d := demand{source: sourceConditionalAccess, policyID: p.ID, name: p.DisplayName}
	g := p.GrantControls
	switch {
	case g == nil:
	case slices.Contains(g.BuiltInControls, "block"):
		d.kind = demandBlock
	case slices.Contains(g.BuiltInControls, "mfa") && g.Operator == "OR":
		d.kind = demandMFA
	case slices.Contains(g.BuiltInControls, "compliantDevice"), slices.Contains(g.BuiltInControls, "domainJoinedDevice"):
		d.kind = demandDevice
	case g.AuthenticationStrength != nil:
		d.kind, d.strengthID = demandStrength, g.AuthenticationStrength.ID
	case slices.Contains(g.BuiltInControls, "mfa"):
		d.kind = demandMFA
	}
	return d
}

// facts are what a policy is held against. An empty one is not known.
type facts struct {
	apps           []string
	clientApp      string
	platform       string
	country        string
	ip             string
	transferMethod string
	signInRisk     string
	userRisk       string
}

// signInFacts are those of a real sign-in: a Windows machine in Austria without any risk.
func signInFacts(a signInAttempt) facts {
	apps := []string{a.AppID}
	if slices.Contains([]string{appAzurePortal, appAdminBackend}, a.AppID) {
		apps = append(apps, appAdminPortals)
	}
	transfer := a.TransferMethod
	if transfer == "" {
		transfer = "none"
	}
	return facts{apps: apps, clientApp: a.client(), platform: "windows", country: "AT", ip: "203.0.113.5", transferMethod: transfer, signInRisk: "none", userRisk: "none"}
}

func (t *Tenant) policyAppliesLocked(p *caPolicy, u *user, f facts) bool {
	applies, _ := t.policyVerdictLocked(p, u, f)
	return applies
}

// policyVerdictLocked holds one policy, whatever its state, against an account and a sign-in. When it does not apply,
// the reason is a member of Graph's whatIfAnalysisReasons.
func (t *Tenant) policyVerdictLocked(p *caPolicy, u *user, f facts) (bool, string) {
	c := p.Conditions
	switch {
	case !t.usersMatchLocked(c.Users, u):
		return false, "users"
	case len(c.Applications.IncludeUserActions) > 0:
		return false, "userActions"
	case !appsMatch(c.Applications, f.apps):
		return false, "application"
	}
	for _, check := range []func(caConditions, facts) (bool, string){clientMatches, platformMatches, t.locationMatches, riskMatches, flowMatches} {
		if ok, reason := check(c, f); !ok {
			return false, reason
		}
	}
	return true, "notSet"
}

func (t *Tenant) usersMatchLocked(c caUsers, u *user) bool {
	var groups []string
	for _, g := range t.groupsOfLocked(u) {
		groups = append(groups, g.id)
	}
	roles := t.seenRolesLocked(u)
	guest := u.userType == "Guest"
	excluded := slices.Contains(c.ExcludeUsers, u.id) || guest && slices.Contains(c.ExcludeUsers, "GuestsOrExternalUsers") ||
		intersects(c.ExcludeGroups, groups) || intersects(c.ExcludeRoles, roles) || guest && c.ExcludeGuests != nil
	if excluded {
		return false
	}
	return slices.Contains(c.IncludeUsers, "All") || slices.Contains(c.IncludeUsers, u.id) ||
		guest && (slices.Contains(c.IncludeUsers, "GuestsOrExternalUsers") || c.IncludeGuests != nil) ||
		intersects(c.IncludeGroups, groups) || intersects(c.IncludeRoles, roles)
}

func intersects(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

func appsMatch(c caApplications, apps []string) bool {
	if intersects(c.ExcludeApplications, apps) {
		return false
	}
	return slices.Contains(c.IncludeApplications, "All") || intersects(c.IncludeApplications, apps)
}

func clientMatches(c caConditions, f facts) (bool, string) {
	if len(c.ClientAppTypes) == 0 || slices.Contains(c.ClientAppTypes, "all") {
		return true, ""
	}
	if f.clientApp == "" {
		return false, "notEnoughInformation"
	}
	return slices.Contains(c.ClientAppTypes, f.clientApp), "clientApps"
}

func platformMatches(c caConditions, f facts) (bool, string) {
	if c.Platforms == nil {
		return true, ""
	}
	if f.platform == "" {
		return false, "notEnoughInformation"
	}
	included := slices.Contains(c.Platforms.IncludePlatforms, "all") || slices.Contains(c.Platforms.IncludePlatforms, f.platform)
	return included && !slices.Contains(c.Platforms.ExcludePlatforms, f.platform), "devicePlatform"
}

// namedLocation is a list of countries that a policy can name.
type namedLocation struct {
	id        string
	countries []string
}

func (t *Tenant) locationMatches(c caConditions, f facts) (bool, string) {
	if c.Locations == nil {
		return true, ""
	}
	if f.country == "" && f.ip == "" {
		return false, "notEnoughInformation"
	}
	in := func(ids []string) bool {
		return slices.Contains(ids, "All") || slices.ContainsFunc(t.locations, func(l namedLocation) bool {
			return slices.Contains(ids, l.id) && slices.Contains(l.countries, f.country)
		})
	}
	return in(c.Locations.IncludeLocations) && !in(c.Locations.ExcludeLocations), "location"
}

func riskMatches(c caConditions, f facts) (bool, string) {
	for _, level := range []struct {
		wanted []string
		is     string
		reason string
	}{{c.SignInRiskLevels, f.signInRisk, "signInRisk"}, {c.UserRiskLevels, f.userRisk, "userRisk"}} {
		if len(level.wanted) == 0 {
			continue
		}
		if level.is == "" {
			return false, "notEnoughInformation"
		}
		if !slices.Contains(level.wanted, level.is) {
			return false, level.reason
		}
	}
	return true, ""
}

func flowMatches(c caConditions, f facts) (bool, string) {
	if c.AuthenticationFlows == nil {
		return true, ""
	}
	if f.transferMethod == "" {
		return false, "notEnoughInformation"
	}
	return slices.Contains(strings.Split(c.AuthenticationFlows.TransferMethods, ","), f.transferMethod), "authenticationFlow"
}
