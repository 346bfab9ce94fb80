package simtenant

import (
	"net/netip"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// buildBranchOffice is a company with Entra ID P1 whose policies are about what nobody can know before a sign-in: the
// place, the device and the platform. What-if, which is told of none of them, says of each that it does not apply. One
// more has a feature in preview, and is not listed by v1.0.
func buildBranchOffice(t *builder) {
	t.buildPremium()
	emergency := &state.Group{ID: t.NewIDLocked(), DisplayName: "Emergency access", Members: []string{t.Directory.UserByUPNLocked("breakglass@contoso.onmicrosoft.com").ID}}
	t.Directory.Groups = []*state.Group{emergency}
	t.Policies.Locations = []conditionalaccess.Location{
		{ID: t.NewIDLocked(), Name: "Head office", Created: t.Organization.Created, Trusted: true, Ranges: []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")}},
		{ID: t.NewIDLocked(), Name: "Allowed countries", Created: t.Organization.Created, Countries: []string{"AT", "DE", "CH"}},
	}
	everyone := func() conditionalaccess.Users {
		return conditionalaccess.Users{IncludeUsers: []string{"All"}, ExcludeGroups: []string{emergency.ID}}
	}
	outside := t.Policies.NewPolicy("BO01 - MFA outside trusted locations", conditionalaccess.Enabled, everyone(), state.Grant("mfa"))
	outside.Conditions.Locations = &conditionalaccess.Locations{IncludeLocations: []string{"All"}, ExcludeLocations: []string{"AllTrusted"}}
	abroad := t.Policies.NewPolicy("BO02 - Block outside allowed countries", conditionalaccess.Enabled, everyone(), state.Grant("block"))
	abroad.Conditions.Locations = &conditionalaccess.Locations{IncludeLocations: []string{"All"}, ExcludeLocations: []string{t.Policies.Locations[1].ID}}
	devices := t.Policies.NewPolicy("BO03 - MFA on devices that are not managed", conditionalaccess.Enabled, everyone(), state.Grant("mfa"))
	devices.Conditions.Devices = &conditionalaccess.Devices{DeviceFilter: &conditionalaccess.Filter{Mode: "exclude", Rule: "device.isCompliant -eq True"}}
	mac := t.Policies.NewPolicy("BO04 - MFA on macOS", conditionalaccess.Enabled, everyone(), state.Grant("mfa"))
	mac.Conditions.Platforms = &conditionalaccess.Platforms{IncludePlatforms: []string{"macOS"}}
	unknown := t.Policies.NewPolicy("BO05 - Block unknown platforms", conditionalaccess.Enabled, everyone(), state.Grant("block"))
	unknown.Conditions.Platforms = &conditionalaccess.Platforms{IncludePlatforms: []string{"all"}, ExcludePlatforms: []string{"android", "iOS", "windows", "macOS", "linux"}}
	always := t.Policies.NewPolicy("BO06 - MFA every time for administrators", conditionalaccess.Enabled, conditionalaccess.Users{IncludeRoles: []string{state.RoleGlobalAdministrator}, ExcludeGroups: []string{emergency.ID}}, state.Grant("mfa"))
	always.SessionControls = map[string]any{"signInFrequency": map[string]any{
		"isEnabled": true, "frequencyInterval": "everyTime", "authenticationType": "primaryAndSecondaryAuthentication", "type": nil, "value": nil,
	}}
	t.Policies.ConditionalAccess.Settle([]*conditionalaccess.Policy{outside, abroad, devices, mac, unknown, always})
}

// buildLapsed is the company of business whose licence has run out: its policies stay in force, and nobody can change one.
func buildLapsed(t *builder) {
	buildBusiness(t)
	basic, premium := state.SKUBusinessBasic, state.SKUBusinessPremium
	premium.Suspended = true
	t.Organization.SKUs = []*state.SKU{&basic, &premium}
}
