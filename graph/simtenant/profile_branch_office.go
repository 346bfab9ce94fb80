package simtenant

import "net/netip"

// buildBranchOffice is a company with Entra ID P1 whose policies are about what nobody can know before a sign-in: the
// place, the device and the platform. What-if, which is told of none of them, says of each that it does not apply. One
// more has a feature in preview, and is not listed by v1.0.
func buildBranchOffice(t *Tenant) {
	t.buildPremium()
	emergency := &group{id: t.newIDLocked(), displayName: "Emergency access", members: []string{t.userByUPNLocked("breakglass@contoso.onmicrosoft.com").id}}
	t.groups = []*group{emergency}
	t.locations = []namedLocation{
		{id: t.newIDLocked(), name: "Head office", created: t.created, trusted: true, ranges: []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")}},
		{id: t.newIDLocked(), name: "Allowed countries", created: t.created, countries: []string{"AT", "DE", "CH"}},
	}
	everyone := func() caUsers { return caUsers{IncludeUsers: []string{"All"}, ExcludeGroups: []string{emergency.id}} }
	outside := t.newPolicy("BO01 - MFA outside trusted locations", policyEnabled, everyone(), grant("mfa"))
	outside.Conditions.Locations = &caLocations{IncludeLocations: []string{"All"}, ExcludeLocations: []string{"AllTrusted"}}
	abroad := t.newPolicy("BO02 - Block outside allowed countries", policyEnabled, everyone(), grant("block"))
	abroad.Conditions.Locations = &caLocations{IncludeLocations: []string{"All"}, ExcludeLocations: []string{t.locations[1].id}}
	devices := t.newPolicy("BO03 - MFA on devices that are not managed", policyEnabled, everyone(), grant("mfa"))
	devices.Conditions.Devices = &caDevices{DeviceFilter: &caFilter{Mode: "exclude", Rule: "device.isCompliant -eq True"}}
	mac := t.newPolicy("BO04 - MFA on macOS", policyEnabled, everyone(), grant("mfa"))
	mac.Conditions.Platforms = &caPlatforms{IncludePlatforms: []string{"macOS"}}
	unknown := t.newPolicy("BO05 - Block unknown platforms", policyEnabled, everyone(), grant("block"))
	unknown.Conditions.Platforms = &caPlatforms{IncludePlatforms: []string{"all"}, ExcludePlatforms: []string{"android", "iOS", "windows", "macOS", "linux"}}
	always := t.newPolicy("BO06 - MFA every time for administrators", policyEnabled, caUsers{IncludeRoles: []string{roleGlobalAdministrator}, ExcludeGroups: []string{emergency.id}}, grant("mfa"))
	always.SessionControls = map[string]any{"signInFrequency": map[string]any{
		"isEnabled": true, "frequencyInterval": "everyTime", "authenticationType": "primaryAndSecondaryAuthentication", "type": nil, "value": nil,
	}}
	t.policies.settle([]*caPolicy{outside, abroad, devices, mac, unknown, always})
}

// buildLapsed is the company of business whose licence has run out: its policies stay in force, and nobody can change one.
func buildLapsed(t *Tenant) {
	buildBusiness(t)
	basic, premium := skuBusinessBasic, skuBusinessPremium
	premium.suspended = true
	t.skus = []*sku{&basic, &premium}
}
