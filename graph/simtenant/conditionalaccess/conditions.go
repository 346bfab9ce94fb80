package conditionalaccess

import (
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Rules of this file: a policy applies when every condition it has holds, an exclusion wins over an inclusion, and a
// condition about something that is not known does not hold
// (https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-conditions).

// Facts are what a policy is held against. An empty one is not known.
type Facts struct {
	Apps           []string
	ClientApp      string
	Platform       string
	Country        string
	IP             string
	TransferMethod string
	SignInRisk     string
	UserRisk       string
	Device         bool // that the directory knows nothing of it
}

// Subject is who signs in, with all the groups and the roles of the account.
type Subject struct {
	ID, UPN, UserType string
	Groups, Roles     []string
}

// Verdict holds a policy, whatever its state, against an account and a sign-in. When it does not apply, the reason is a
// member of Graph's whatIfAnalysisReasons.
func (p *Policy) Verdict(u Subject, f Facts, places []Location) (bool, string) {
	c := p.Conditions
	switch {
	case !usersMatch(c.Users, u):
		return false, "users"
	case c.ClientApplications != nil:
		return false, "workloadIdentities"
	case len(c.Applications.IncludeUserActions) > 0:
		return false, "userActions"
	case len(c.Applications.IncludeContextReferences) > 0:
		return false, "authenticationContext"
	case !appsMatch(c.Applications, f.Apps):
		return false, "application"
	}
	for _, check := range []func(Conditions, Facts) (bool, string){clientMatches, platformMatches, locationMatches(places), deviceMatches, riskMatches, flowMatches} {
		if ok, reason := check(c, f); !ok {
			return false, reason
		}
	}
	return true, "notSet"
}

func usersMatch(c Users, u Subject) bool {
	groups, roles := u.Groups, u.Roles
	guest := u.UserType == "Guest"
	excluded := HoldsID(c.ExcludeUsers, u.ID) || guest && slices.Contains(c.ExcludeUsers, "GuestsOrExternalUsers") ||
		anyOf(c.ExcludeGroups, groups) || anyOf(c.ExcludeRoles, roles) || c.ExcludeGuests.match(u)
	if excluded {
		return false
	}
	return slices.Contains(c.IncludeUsers, "All") || HoldsID(c.IncludeUsers, u.ID) ||
		guest && slices.Contains(c.IncludeUsers, "GuestsOrExternalUsers") || c.IncludeGuests.match(u) ||
		anyOf(c.IncludeGroups, groups) || anyOf(c.IncludeRoles, roles)
}

// externalKind is what Graph calls an account that does not belong here; empty for one that does.
func (u Subject) externalKind() string {
	invited := strings.Contains(u.UPN, "#EXT#")
	switch {
	case u.UserType == "Guest" && invited:
		return "b2bCollaborationGuest"
	case u.UserType == "Guest":
		return "internalGuest"
	case invited:
		return "b2bCollaborationMember"
	}
	return ""
}

// GuestTenant is where the guests of every profile come from.
const GuestTenant = "1e5bd4b0-9c2a-4f0e-8f7d-5a0c3f2b9e11"

// match says whether u is one of these guests, from one of these tenants. No guests is nobody.
func (g *Guests) match(u Subject) bool {
	kind := u.externalKind()
	if g == nil || kind == "" || !slices.Contains(strings.Split(g.GuestOrExternalUserTypes, ","), kind) {
		return false
	}
	return g.ExternalTenants == nil || g.ExternalTenants.MembershipKind != "enumerated" || kind != "internalGuest" && slices.Contains(g.ExternalTenants.Members, GuestTenant)
}

// anyOf reports a list that names one of ids, or all there are
// (https://learn.microsoft.com/graph/api/resources/conditionalaccessusers?view=graph-rest-beta).
func anyOf(list, ids []string) bool {
	return len(ids) > 0 && slices.Contains(list, "All") || slices.ContainsFunc(ids, func(id string) bool { return HoldsID(list, id) })
}

// HoldsID looks for an id, whose letters have no case.
func HoldsID(list []string, id string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, id) })
}

func intersects(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

func appsMatch(c Applications, apps []string) bool {
	if intersects(c.ExcludeApplications, apps) {
		return false
	}
	return slices.Contains(c.IncludeApplications, "All") || intersects(c.IncludeApplications, apps)
}

func clientMatches(c Conditions, f Facts) (bool, string) {
	if len(c.ClientAppTypes) == 0 || slices.Contains(c.ClientAppTypes, "all") {
		return true, ""
	}
	if f.ClientApp == "" {
		return false, "notEnoughInformation"
	}
	return slices.Contains(c.ClientAppTypes, f.ClientApp), "clientApps"
}

// platformMatches: a client that says nothing of its platform belongs to no platform, but to all of them together.
func platformMatches(c Conditions, f Facts) (bool, string) {
	if c.Platforms == nil {
		return true, ""
	}
	if f.Platform == "" {
		return false, "notEnoughInformation"
	}
	in := func(list []string) bool { return slices.Contains(list, "all") || slices.Contains(list, f.Platform) }
	return in(c.Platforms.IncludePlatforms) && !in(c.Platforms.ExcludePlatforms), "devicePlatform"
}

// Location is a list of countries, or of addresses, that a policy can name.
type Location struct {
	ID, Name  string
	Countries []string
	Unknown   bool // countries: addresses of no known country belong to it too
	Ranges    []netip.Prefix
	Trusted   bool
	Created   time.Time
}

func (l Location) holds(f Facts) bool {
	address, _ := netip.ParseAddr(f.IP)
	return slices.Contains(l.Countries, f.Country) || l.Unknown && f.Country == "" ||
		slices.ContainsFunc(l.Ranges, func(r netip.Prefix) bool { return r.Contains(address) })
}

// locationMatches is about the locations that the tenant has named.
func locationMatches(places []Location) func(Conditions, Facts) (bool, string) {
	return func(c Conditions, f Facts) (bool, string) {
		if c.Locations == nil {
			return true, ""
		}
		if f.Country == "" && f.IP == "" {
			return false, "location"
		}
		in := func(ids []string) bool {
			return slices.Contains(ids, "All") || slices.ContainsFunc(places, func(l Location) bool {
				return (slices.Contains(ids, l.ID) || l.Trusted && slices.Contains(ids, "AllTrusted")) && l.holds(f)
			})
		}
		return in(c.Locations.IncludeLocations) && !in(c.Locations.ExcludeLocations), "location"
	}
}

// deviceMatches knows only devices that are not registered: all their attributes are empty, so that a filter's rule is
// met where it is a negative one
// (https://learn.microsoft.com/entra/identity/conditional-access/concept-condition-filters-for-devices).
func deviceMatches(c Conditions, f Facts) (bool, string) {
	if c.Devices == nil || c.Devices.DeviceFilter == nil {
		return true, ""
	}
	if !f.Device {
		return false, "devices"
	}
	filter := c.Devices.DeviceFilter
	met := strings.Contains(filter.Rule, "-ne ") || strings.Contains(filter.Rule, "-not")
	return met == (filter.Mode == "include"), "devices"
}

func riskMatches(c Conditions, f Facts) (bool, string) {
	for _, level := range []struct {
		wanted []string
		is     string
		reason string
	}{{c.SignInRiskLevels, f.SignInRisk, "signInRisk"}, {c.UserRiskLevels, f.UserRisk, "userRisk"}} {
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

func flowMatches(c Conditions, f Facts) (bool, string) {
	if c.AuthenticationFlows == nil {
		return true, ""
	}
	if f.TransferMethod == "" {
		return false, "notEnoughInformation"
	}
	return slices.Contains(strings.Split(c.AuthenticationFlows.TransferMethods, ","), f.TransferMethod), "authenticationFlow"
}
