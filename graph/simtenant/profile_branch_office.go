package simtenant

import (
	"net/netip"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
)

// buildBranchOffice is a company with Entra ID P1 whose policies are about what nobody can know before a sign-in: the
// place, the device and the platform. What-if, which is told of none of them, says of each that it does not apply. One
// more has a feature in preview, and is not listed by v1.0.
func buildBranchOffice(t *Tenant) {
	t.buildPremium()
	emergency := &group{id: t.newIDLocked(), displayName: "Emergency access", members: []string{t.userByUPNLocked("breakglass@contoso.onmicrosoft.com").id}}
	t.groups = []*group{emergency}
	t.locations = []conditionalaccess.Location{
		{ID: t.newIDLocked(), Name: "Head office", Created: t.created, Trusted: true, Ranges: []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")}},
		{ID: t.newIDLocked(), Name: "Allowed countries", Created: t.created, Countries: []string{"AT", "DE", "CH"}},
	}
	everyone := func() conditionalaccess.Users {
		return conditionalaccess.Users{IncludeUsers: []string{"All"}, ExcludeGroups: []string{emergency.id}}
	}
	outside := t.newPolicy("BO01 - MFA outside trusted locations", conditionalaccess.Enabled, everyone(), grant("mfa"))
	outside.Conditions.Locations = &conditionalaccess.Locations{IncludeLocations: []string{"All"}, ExcludeLocations: []string{"AllTrusted"}}
	abroad := t.newPolicy("BO02 - Block outside allowed countries", conditionalaccess.Enabled, everyone(), grant("block"))
	abroad.Conditions.Locations = &conditionalaccess.Locations{IncludeLocations: []string{"All"}, ExcludeLocations: []string{t.locations[1].ID}}
	devices := t.newPolicy("BO03 - MFA on devices that are not managed", conditionalaccess.Enabled, everyone(), grant("mfa"))
	devices.Conditions.Devices = &conditionalaccess.Devices{DeviceFilter: &conditionalaccess.Filter{Mode: "exclude", Rule: "device.isCompliant -eq True"}}
	mac := t.newPolicy("BO04 - MFA on macOS", conditionalaccess.Enabled, everyone(), grant("mfa"))
	mac.Conditions.Platforms = &conditionalaccess.Platforms{IncludePlatforms: []string{"macOS"}}
	unknown := t.newPolicy("BO05 - Block unknown platforms", conditionalaccess.Enabled, everyone(), grant("block"))
	unknown.Conditions.Platforms = &conditionalaccess.Platforms{IncludePlatforms: []string{"all"}, ExcludePlatforms: []string{"android", "iOS", "windows", "macOS", "linux"}}
	always := t.newPolicy("BO06 - MFA every time for administrators", conditionalaccess.Enabled, conditionalaccess.Users{IncludeRoles: []string{roleGlobalAdministrator}, ExcludeGroups: []string{emergency.id}}, grant("mfa"))
	always.SessionControls = map[string]any{"signInFrequency": map[string]any{
		"isEnabled": true, "frequencyInterval": "everyTime", "authenticationType": "primaryAndSecondaryAuthentication", "type": nil, "value": nil,
	}}
	t.policies.Settle([]*conditionalaccess.Policy{outside, abroad, devices, mac, unknown, always})
}

// buildLapsed is the company of business whose licence has run out: its policies stay in force, and nobody can change one.
func buildLapsed(t *Tenant) {
	buildBusiness(t)
	basic, premium := skuBusinessBasic, skuBusinessPremium
	premium.suspended = true
	t.skus = []*sku{&basic, &premium}
}
