package simtenant

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// Rules of this file: a policy applies when every condition it has holds, an exclusion wins over an inclusion, and a
// condition about something that is not known does not hold
// (https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-conditions).

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
	device         bool // that the directory knows nothing of it
}

// signInFacts are those of a real sign-in: where nothing else is said a Windows machine in Austria, without any risk.
func signInFacts(a signInAttempt) facts {
	return facts{
		apps: withSuites(a.AppID), clientApp: a.client(), platform: a.platform(), device: true, country: cmp.Or(a.Country, "AT"), ip: cmp.Or(a.IP, "203.0.113.5"),
		transferMethod: cmp.Or(a.TransferMethod, "none"), signInRisk: "none", userRisk: "none",
	}
}

// platformUnknown is a client that says nothing of its platform.
const platformUnknown = "unknown"

func (a signInAttempt) platform() string { return cmp.Or(a.Platform, "windows") }

// isSuite reports the name of several applications: as an input of what-if it matches nothing.
func isSuite(app string) bool { return appSuites[app] != nil }

// appSuites are the names under which policies take several applications together
// (https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-cloud-apps).
var appSuites = map[string][]string{
	appAdminPortals: {appAzurePortal, appAdminBackend},
	"Office365":     {appExchange, "00000003-0000-0ff1-ce00-000000000000", "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe"},
}

// withSuites adds the suites that the applications belong to.
func withSuites(apps ...string) []string {
	all := slices.Clone(apps)
	for _, suite := range odata.SortedKeys(appSuites) {
		if intersects(appSuites[suite], apps) && !slices.Contains(all, suite) {
			all = append(all, suite)
		}
	}
	return all
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
	case c.ClientApplications != nil:
		return false, "workloadIdentities"
	case len(c.Applications.IncludeUserActions) > 0:
		return false, "userActions"
	case len(c.Applications.IncludeContextReferences) > 0:
		return false, "authenticationContext"
	case !appsMatch(c.Applications, f.apps):
		return false, "application"
	}
	for _, check := range []func(caConditions, facts) (bool, string){clientMatches, platformMatches, t.locationMatches, deviceMatches, riskMatches, flowMatches} {
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
	excluded := holdsID(c.ExcludeUsers, u.id) || guest && slices.Contains(c.ExcludeUsers, "GuestsOrExternalUsers") ||
		anyOf(c.ExcludeGroups, groups) || anyOf(c.ExcludeRoles, roles) || c.ExcludeGuests.match(u)
	if excluded {
		return false
	}
	return slices.Contains(c.IncludeUsers, "All") || holdsID(c.IncludeUsers, u.id) ||
		guest && slices.Contains(c.IncludeUsers, "GuestsOrExternalUsers") || c.IncludeGuests.match(u) ||
		anyOf(c.IncludeGroups, groups) || anyOf(c.IncludeRoles, roles)
}

// externalKind is what Graph calls an account that does not belong here; empty for one that does.
func (u *user) externalKind() string {
	invited := strings.Contains(u.upn, "#EXT#")
	switch {
	case u.userType == "Guest" && invited:
		return "b2bCollaborationGuest"
	case u.userType == "Guest":
		return "internalGuest"
	case invited:
		return "b2bCollaborationMember"
	}
	return ""
}

// guestTenant is where the guests of every profile come from.
const guestTenant = "1e5bd4b0-9c2a-4f0e-8f7d-5a0c3f2b9e11"

// match says whether u is one of these guests, from one of these tenants. No guests is nobody.
func (g *caGuests) match(u *user) bool {
	kind := u.externalKind()
	if g == nil || kind == "" || !slices.Contains(strings.Split(g.GuestOrExternalUserTypes, ","), kind) {
		return false
	}
	return g.ExternalTenants == nil || g.ExternalTenants.MembershipKind != "enumerated" || kind != "internalGuest" && slices.Contains(g.ExternalTenants.Members, guestTenant)
}

// anyOf reports a list that names one of ids, or all there are
// (https://learn.microsoft.com/graph/api/resources/conditionalaccessusers?view=graph-rest-beta).
func anyOf(list, ids []string) bool {
	return len(ids) > 0 && slices.Contains(list, "All") || slices.ContainsFunc(ids, func(id string) bool { return holdsID(list, id) })
}

// holdsID looks for an id, which has no case.
func holdsID(list []string, id string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, id) })
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

// platformMatches: a client that says nothing of its platform belongs to no platform, but to all of them together.
func platformMatches(c caConditions, f facts) (bool, string) {
	if c.Platforms == nil {
		return true, ""
	}
	if f.platform == "" {
		return false, "notEnoughInformation"
	}
	in := func(list []string) bool { return slices.Contains(list, "all") || slices.Contains(list, f.platform) }
	return in(c.Platforms.IncludePlatforms) && !in(c.Platforms.ExcludePlatforms), "devicePlatform"
}

// namedLocation is a list of countries, or of addresses, that a policy can name.
type namedLocation struct {
	id, name  string
	countries []string
	unknown   bool // countries: addresses of no known country belong to it too
	ranges    []netip.Prefix
	trusted   bool
	created   time.Time
}

func (l namedLocation) holds(f facts) bool {
	address, _ := netip.ParseAddr(f.ip)
	return slices.Contains(l.countries, f.country) || l.unknown && f.country == "" ||
		slices.ContainsFunc(l.ranges, func(r netip.Prefix) bool { return r.Contains(address) })
}

func (t *Tenant) locationMatches(c caConditions, f facts) (bool, string) {
	if c.Locations == nil {
		return true, ""
	}
	if f.country == "" && f.ip == "" {
		return false, "location"
	}
	in := func(ids []string) bool {
		return slices.Contains(ids, "All") || slices.ContainsFunc(t.locations, func(l namedLocation) bool {
			return (slices.Contains(ids, l.id) || l.trusted && slices.Contains(ids, "AllTrusted")) && l.holds(f)
		})
	}
	return in(c.Locations.IncludeLocations) && !in(c.Locations.ExcludeLocations), "location"
}

// deviceMatches knows only devices that are not registered: all their attributes are empty, so that a filter's rule is
// met where it is a negative one
// (https://learn.microsoft.com/entra/identity/conditional-access/concept-condition-filters-for-devices).
func deviceMatches(c caConditions, f facts) (bool, string) {
	if c.Devices == nil || c.Devices.DeviceFilter == nil {
		return true, ""
	}
	if !f.device {
		return false, "devices"
	}
	filter := c.Devices.DeviceFilter
	met := strings.Contains(filter.Rule, "-ne ") || strings.Contains(filter.Rule, "-not")
	return met == (filter.Mode == "include"), "devices"
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
