package entra_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/web"
)

const guestUPN = "guest_fabrikam.com#EXT#@contoso.onmicrosoft.com"

// onePolicy is a licensed tenant without any policy, and what a policy of a test can name.
func onePolicy(t *testing.T) (w *simtest.Wire, names *strings.Replacer) {
	t.Helper()
	w = simtest.NewWire(t, simtenant.Options{Profile: "business"})
	w.Tenant.SetLag(0)
	w.Tenant.State.Policies.ConditionalAccess.Settle(nil)
	w.Tenant.Graph.ConditionalAccess.Most = 1 << 30
	id := w.Tenant.AddUser(simtest.VendorUPN, "Vendor", simtest.VendorPassword)
	must := func(id string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	inner := must(w.Tenant.AddGroup("Inner", simtest.VendorUPN))
	outer := must(w.Tenant.AddGroup("Outer", inner))
	office := must(w.Tenant.AddLocation("Office", true, "203.0.113.0/24"))
	abroad := must(w.Tenant.AddLocation("Abroad", false, "US", "FR"))
	w.Tenant.State.Directory.UserByUPNLocked(guestUPN).Credentials.Password = simtest.VendorPassword
	return w, strings.NewReplacer("{me}", id, "{guest}", w.ID(guestUPN), "{inner}", inner, "{outer}", outer, "{office}", office, "{abroad}", abroad,
		"{GA}", state.RoleGlobalAdministrator, "{reader}", state.RoleGlobalReader, "{graph}", state.AppGraph, "{exchange}", state.AppExchange, "{fabrikam}", conditionalaccess.GuestTenant)
}

// Each policy asks for MFA where its conditions hold; both the what-if and the sign-in say whether they do.
func TestConditions(t *testing.T) {
	const all = `"users":{"includeUsers":["All"]}`
	legacy := state.SignInAttempt{ClientApp: state.ClientOther}
	tests := []struct {
		name, conditions string
		attempt          state.SignInAttempt
		reason           string // of the what-if; "notSet" is that it applies
	}{
		{"everybody", all, state.SignInAttempt{}, "notSet"},
		{"nobody", `"users":{"includeUsers":["None"]}`, state.SignInAttempt{}, "users"},
		{"the account", `"users":{"includeUsers":["{me}"]}`, state.SignInAttempt{}, "notSet"},
		{"another account", `"users":{"includeUsers":["{guest}"]}`, state.SignInAttempt{}, "users"},
		{"the account excluded", `"users":{"includeUsers":["All"],"excludeUsers":["{me}"]}`, state.SignInAttempt{}, "users"},
		{"its group", `"users":{"includeGroups":["{inner}"]}`, state.SignInAttempt{}, "notSet"},
		{"a group around its group", `"users":{"includeGroups":["{outer}"]}`, state.SignInAttempt{}, "notSet"},
		{"a group around its group excluded", `"users":{"includeUsers":["All"],"excludeGroups":["{outer}"]}`, state.SignInAttempt{}, "users"},
		{"its role", `"users":{"includeRoles":["{GA}"]}`, state.SignInAttempt{}, "notSet"},
		{"another role", `"users":{"includeRoles":["{reader}"]}`, state.SignInAttempt{}, "users"},
		{"its role excluded", `"users":{"includeUsers":["{me}"],"excludeRoles":["{GA}"]}`, state.SignInAttempt{}, "users"},
		{"guests", `"users":{"includeUsers":["GuestsOrExternalUsers"]}`, state.SignInAttempt{}, "users"},
		{"guests, by a guest", `"users":{"includeUsers":["GuestsOrExternalUsers"]}`, state.SignInAttempt{UPN: guestUPN}, "notSet"},
		{"kinds of guests", `"users":{"includeGuestsOrExternalUsers":{"guestOrExternalUserTypes":"internalGuest,b2bCollaborationGuest","externalTenants":{"@odata.type":"#microsoft.graph.conditionalAccessExternalTenants","membershipKind":"all"}}}`, state.SignInAttempt{UPN: guestUPN}, "notSet"},
		{"another kind of guests", `"users":{"includeGuestsOrExternalUsers":{"guestOrExternalUserTypes":"serviceProvider"}}`, state.SignInAttempt{UPN: guestUPN}, "users"},
		{"guests excluded", `"users":{"includeUsers":["All"],"excludeGuestsOrExternalUsers":{"guestOrExternalUserTypes":"b2bCollaborationGuest"}}`, state.SignInAttempt{UPN: guestUPN}, "users"},
		{"an application", all + `,"applications":{"includeApplications":["{graph}"]}`, state.SignInAttempt{}, "notSet"},
		{"another application", all + `,"applications":{"includeApplications":["{exchange}"]}`, state.SignInAttempt{}, "application"},
		{"the application excluded", all + `,"applications":{"includeApplications":["All"],"excludeApplications":["{graph}"]}`, state.SignInAttempt{}, "application"},
		{"a suite with it", all + `,"applications":{"includeApplications":["Office365"]}`, state.SignInAttempt{AppID: state.AppExchange}, "notSet"},
		{"a suite without it", all + `,"applications":{"includeApplications":["Office365"]}`, state.SignInAttempt{}, "application"},
		{"admin portals", all + `,"applications":{"includeApplications":["MicrosoftAdminPortals"]}`, state.SignInAttempt{AppID: state.AppAzurePortal}, "notSet"},
		{"a user action", all + `,"applications":{"includeUserActions":["urn:user:registersecurityinfo"]}`, state.SignInAttempt{}, "userActions"},
		{"an authentication context", all + `,"applications":{"includeAuthenticationContextClassReferences":["c1"]}`, state.SignInAttempt{}, "authenticationContext"},
		{"workload identities", `"users":{"includeUsers":["None"]},"clientApplications":{"includeServicePrincipals":["ServicePrincipalsInMyTenant"]}`, state.SignInAttempt{}, "users"},
		{"a platform", all + `,"platforms":{"includePlatforms":["windows"]}`, state.SignInAttempt{}, "notSet"},
		{"another platform", all + `,"platforms":{"includePlatforms":["android","iOS"]}`, state.SignInAttempt{}, "devicePlatform"},
		{"the platform excluded", all + `,"platforms":{"includePlatforms":["all"],"excludePlatforms":["windows"]}`, state.SignInAttempt{}, "devicePlatform"},
		{"any place but the office, in it", all + `,"locations":{"includeLocations":["All"],"excludeLocations":["{office}"]}`, state.SignInAttempt{}, "location"},
		{"any place but trusted ones, outside", all + `,"locations":{"includeLocations":["All"],"excludeLocations":["AllTrusted"]}`, state.SignInAttempt{IP: "198.51.100.7"}, "notSet"},
		{"any place but trusted ones, inside", all + `,"locations":{"includeLocations":["All"],"excludeLocations":["AllTrusted"]}`, state.SignInAttempt{}, "location"},
		{"abroad, at home", all + `,"locations":{"includeLocations":["{abroad}"]}`, state.SignInAttempt{}, "location"},
		{"abroad, abroad", all + `,"locations":{"includeLocations":["{abroad}"]}`, state.SignInAttempt{Country: "US"}, "notSet"},
		{"browsers", all + `,"clientAppTypes":["browser"]`, state.SignInAttempt{}, "notSet"},
		{"legacy only, by browser", all + `,"clientAppTypes":["exchangeActiveSync","other"]`, state.SignInAttempt{}, "clientApps"},
		{"legacy only, by legacy", all + `,"clientAppTypes":["exchangeActiveSync","other"]`, legacy, "notSet"},
		{"ActiveSync only, by SMTP", all + `,"clientAppTypes":["exchangeActiveSync"]`, legacy, "clientApps"},
		{"browsers, by legacy", all + `,"clientAppTypes":["browser","mobileAppsAndDesktopClients"]`, legacy, "clientApps"},
		{"compliant devices left out", all + `,"devices":{"deviceFilter":{"mode":"exclude","rule":"device.isCompliant -eq True"}}`, state.SignInAttempt{}, "notSet"},
		{"only company devices", all + `,"devices":{"deviceFilter":{"mode":"include","rule":"device.deviceOwnership -eq \"Company\""}}`, state.SignInAttempt{}, "devices"},
		{"all but company devices", all + `,"devices":{"deviceFilter":{"mode":"include","rule":"device.deviceOwnership -ne \"Company\""}}`, state.SignInAttempt{}, "notSet"},
		{"risky sign-ins", all + `,"signInRiskLevels":["high"]`, state.SignInAttempt{}, "signInRisk"},
		{"risky accounts", all + `,"userRiskLevels":["medium","high"]`, state.SignInAttempt{}, "userRisk"},
		{"device code", all + `,"authenticationFlows":{"transferMethods":"deviceCodeFlow"}`, state.SignInAttempt{}, "authenticationFlow"},
		{"device code, by device code", all + `,"authenticationFlows":{"transferMethods":"deviceCodeFlow"}`, state.SignInAttempt{TransferMethod: state.TransferDeviceCode}, "notSet"},
	}
	for _, test := range tests {
		w, names := onePolicy(t)
		if err := w.Tenant.SetRole(simtest.VendorUPN, state.RoleGlobalAdministrator, true); err != nil {
			t.Fatal(err)
		}
		policy := `{"displayName":"P","conditions":{` + names.Replace(test.conditions) + `},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`
		if _, err := w.Tenant.AddPolicyBehindBack(policy); err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		a := test.attempt
		if a.UPN == "" {
			a.UPN = simtest.VendorUPN
		}
		if a.AppID == "" {
			a.AppID = state.AppGraph
		}
		a.Password = simtest.VendorPassword
		f := entra.SignInFacts(a)
		body := strings.Replace(simtest.EvaluateBody(w.ID(a.UPN), fmt.Sprintf(
			`"clientAppType":%q,"devicePlatform":%q,"country":%q,"ipAddress":%q,"deviceInfo":{"isCompliant":false},"signInRiskLevel":"none","userRiskLevel":"none","authenticationFlow":{"transferMethod":%q}`,
			f.ClientApp, f.Platform, f.Country, f.IP, f.TransferMethod)), `"appliedPoliciesOnly":true`, `"appliedPoliciesOnly":false`, 1)
		got := w.Must(200, "POST", "/v1.0/identity/conditionalAccess/evaluate", strings.Replace(body, state.AppGraph, a.AppID, 1)).List()
		if len(got) != 1 || got[0]["analysisReasons"] != test.reason || got[0]["policyApplies"] != (test.reason == "notSet") {
			t.Errorf("%s: what-if says %v, %v", test.name, got[0]["policyApplies"], got[0]["analysisReasons"])
		}
		_, refusal := w.Tenant.Entra.SignIn.SignIn(a)
		if (refusal != nil) != (test.reason == "notSet") {
			t.Errorf("%s: the sign-in says %v", test.name, refusal)
		}
	}
}

// Every kind of control stops a setup with its own number, and an app password as far as it can stop one.
func TestControls(t *testing.T) {
	const strength = `"builtInControls":[],"authenticationStrength":{"id":"00000000-0000-0000-0000-00000000000%d"}`
	tests := []struct {
		name, grant  string
		setup, legal int // the setup's sign-in, and that by app password; 0 is let in
	}{
		{"MFA", `"operator":"OR","builtInControls":["mfa"]`, entra.AADMFARegistration, 0},
		{"MFA strength", `"operator":"OR",` + fmt.Sprintf(strength, 2), entra.AADMFARegistration, entra.AADMFARequired},
		{"phishing-resistant strength", `"operator":"OR",` + fmt.Sprintf(strength, 4), entra.AADMFARegistration, entra.AADMFARequired},
		{"block", `"operator":"OR","builtInControls":["block"]`, entra.AADBlockedByPolicy, entra.AADBlockedByPolicy},
		{"compliant device", `"operator":"OR","builtInControls":["compliantDevice"]`, entra.AADDeviceNotCompliant, entra.AADBlockedByPolicy},
		{"joined device", `"operator":"OR","builtInControls":["domainJoinedDevice"]`, entra.AADDeviceNotJoined, entra.AADBlockedByPolicy},
		{"approved app", `"operator":"OR","builtInControls":["approvedApplication"]`, entra.AADAppNotApproved, entra.AADBlockedByPolicy},
		{"protected app", `"operator":"OR","builtInControls":["compliantApplication"]`, entra.AADAppNotProtected, entra.AADBlockedByPolicy},
		{"terms of use", `"operator":"OR","builtInControls":[],"termsOfUse":["terms"]`, entra.AADExternalChallenge, entra.AADBlockedByPolicy},
		{"MFA or a compliant device", `"operator":"OR","builtInControls":["compliantDevice","mfa"]`, entra.AADMFARegistration, 0},
		{"MFA and a compliant device", `"operator":"AND","builtInControls":["compliantDevice","mfa"]`, entra.AADMFARegistration, entra.AADBlockedByPolicy},
	}
	for _, test := range tests {
		w, _ := onePolicy(t)
		id := w.ID(simtest.VendorUPN)
		w.Tenant.State.MFA.SetAllowAppPasswords("", true)
		if err := w.Tenant.State.MFA.SetPerUserMFA("", id, state.MFAEnforced); err != nil {
			t.Fatal(err)
		}
		secret, err := w.Tenant.State.MFA.CreateAppPassword(id, "Delegate365")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Tenant.AddPolicyBehindBack(`{"displayName":"The policy","conditions":{"users":{"includeUsers":["All"]}},"grantControls":{` + test.grant + `}}`); err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if refusal := w.Tenant.Entra.SignIn.CheckAppPassword(simtest.VendorUPN, secret); (refusal == nil) != (test.legal == 0) || refusal != nil && refusal.Code != test.legal {
			t.Errorf("%s: the app password is told %v, want %d", test.name, refusal, test.legal)
		}
		if err := w.Tenant.State.MFA.SetPerUserMFA("", id, state.MFADisabled); err != nil {
			t.Fatal(err)
		}
		_, refusal := w.Tenant.Entra.SignIn.SignIn(state.SignInAttempt{UPN: simtest.VendorUPN, Password: simtest.VendorPassword, AppID: web.AppPortalSetup.ID})
		if refusal == nil || refusal.Code != test.setup || !strings.Contains(refusal.Hint, "The policy") {
			t.Errorf("%s: the setup is told %v, want %d", test.name, refusal, test.setup)
		}
	}
}

func TestTermsAreAcceptedOnce(t *testing.T) {
	w, _ := onePolicy(t)
	if _, err := w.Tenant.AddPolicyBehindBack(`{"displayName":"Terms","conditions":{"users":{"includeUsers":["All"]}},"grantControls":{"builtInControls":[],"termsOfUse":["one"]}}`); err != nil {
		t.Fatal(err)
	}
	if err := w.Tenant.SignIns.AcceptTerms(simtest.VendorUPN, "one"); err != nil {
		t.Fatal(err)
	}
	if _, refusal := w.Tenant.Entra.SignIn.SignIn(state.SignInAttempt{UPN: simtest.VendorUPN, Password: simtest.VendorPassword}); refusal != nil {
		t.Error(refusal)
	}
}

// A policy that Graph would not take is not taken by the hook either.
func TestPoliciesOfTestsAreChecked(t *testing.T) {
	w, _ := onePolicy(t)
	for _, policy := range []string{
		`{`, `{"displayName":"x"}`, `{"displayName":"x","conditions":{"users":{"includeUsers":["nobody"]}},"grantControls":{}}`,
		`{"displayName":"x","wishes":1}`, `{"displayName":"x","conditions":{"users":{"includeUsers":["All"]}},"grantControls":{"builtInControls":["magic"]}}`,
	} {
		if id, err := w.Tenant.AddPolicyBehindBack(policy); !errors.Is(err, simtest.ErrBadPolicy) {
			t.Errorf("%s: %q, %v", policy, id, err)
		}
	}
	if _, err := w.Tenant.AddPolicyBehindBack(`{"displayName":"Session only","conditions":{"users":{"includeUsers":["All"]}},"sessionControls":{"signInFrequency":{"isEnabled":true,"value":4,"type":"hours","authenticationType":"primaryAndSecondaryAuthentication","frequencyInterval":"timeBased"}}}`); err != nil {
		t.Fatal(err)
	}
	got := w.Must(200, "GET", "/v1.0/identity/conditionalAccess/policies", "").List()
	session, _ := json.Marshal(got[0]["sessionControls"])
	if len(got) != 1 || got[0]["grantControls"] != nil || !strings.Contains(string(session), `"value":4`) {
		t.Errorf("%v", got)
	}
	id := got[0]["id"].(string)
	w.Must(204, "PATCH", "/v1.0/identity/conditionalAccess/policies/"+id, `{"conditions":{"users":{"includeUsers":["All"],"excludeUsers":["`+w.ID(simtest.VendorUPN)+`"]}}}`)
	w.Tenant.SetPolicyState(id, conditionalaccess.ReportOnly)
	if p := w.Tenant.Snapshot().Policies["Session only"]; p.State != conditionalaccess.ReportOnly || len(p.Users.ExcludeUsers) != 1 {
		t.Errorf("%+v", p)
	}
}
