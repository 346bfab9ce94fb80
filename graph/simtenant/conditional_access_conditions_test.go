package simtenant

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
)

const guestUPN = "guest_fabrikam.com#EXT#@contoso.onmicrosoft.com"

// onePolicy is a licensed tenant without any policy, and what a policy of a test can name.
func onePolicy(t *testing.T) (w *wire, names *strings.Replacer) {
	t.Helper()
	w = newWire(t, Options{Profile: "business"})
	w.tenant.SetLag(0)
	w.tenant.policies.Settle(nil)
	w.tenant.conditionalAccess.most = 1 << 30
	id := w.tenant.AddUser(demandUPN, "Vendor", demandPassword)
	must := func(id string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	inner := must(w.tenant.AddGroup("Inner", demandUPN))
	outer := must(w.tenant.AddGroup("Outer", inner))
	office := must(w.tenant.AddLocation("Office", true, "203.0.113.0/24"))
	abroad := must(w.tenant.AddLocation("Abroad", false, "US", "FR"))
	w.tenant.userByUPNLocked(guestUPN).password = demandPassword
	return w, strings.NewReplacer("{me}", id, "{guest}", w.id(guestUPN), "{inner}", inner, "{outer}", outer, "{office}", office, "{abroad}", abroad,
		"{GA}", roleGlobalAdministrator, "{reader}", roleGlobalReader, "{graph}", appGraph, "{exchange}", appExchange, "{fabrikam}", conditionalaccess.GuestTenant)
}

// Each policy asks for MFA where its conditions hold; both the what-if and the sign-in say whether they do.
func TestConditions(t *testing.T) {
	const all = `"users":{"includeUsers":["All"]}`
	legacy := signInAttempt{ClientApp: clientOther}
	tests := []struct {
		name, conditions string
		attempt          signInAttempt
		reason           string // of the what-if; "notSet" is that it applies
	}{
		{"everybody", all, signInAttempt{}, "notSet"},
		{"nobody", `"users":{"includeUsers":["None"]}`, signInAttempt{}, "users"},
		{"the account", `"users":{"includeUsers":["{me}"]}`, signInAttempt{}, "notSet"},
		{"another account", `"users":{"includeUsers":["{guest}"]}`, signInAttempt{}, "users"},
		{"the account excluded", `"users":{"includeUsers":["All"],"excludeUsers":["{me}"]}`, signInAttempt{}, "users"},
		{"its group", `"users":{"includeGroups":["{inner}"]}`, signInAttempt{}, "notSet"},
		{"a group around its group", `"users":{"includeGroups":["{outer}"]}`, signInAttempt{}, "notSet"},
		{"a group around its group excluded", `"users":{"includeUsers":["All"],"excludeGroups":["{outer}"]}`, signInAttempt{}, "users"},
		{"its role", `"users":{"includeRoles":["{GA}"]}`, signInAttempt{}, "notSet"},
		{"another role", `"users":{"includeRoles":["{reader}"]}`, signInAttempt{}, "users"},
		{"its role excluded", `"users":{"includeUsers":["{me}"],"excludeRoles":["{GA}"]}`, signInAttempt{}, "users"},
		{"guests", `"users":{"includeUsers":["GuestsOrExternalUsers"]}`, signInAttempt{}, "users"},
		{"guests, by a guest", `"users":{"includeUsers":["GuestsOrExternalUsers"]}`, signInAttempt{UPN: guestUPN}, "notSet"},
		{"kinds of guests", `"users":{"includeGuestsOrExternalUsers":{"guestOrExternalUserTypes":"internalGuest,b2bCollaborationGuest","externalTenants":{"@odata.type":"#microsoft.graph.conditionalAccessExternalTenants","membershipKind":"all"}}}`, signInAttempt{UPN: guestUPN}, "notSet"},
		{"another kind of guests", `"users":{"includeGuestsOrExternalUsers":{"guestOrExternalUserTypes":"serviceProvider"}}`, signInAttempt{UPN: guestUPN}, "users"},
		{"guests excluded", `"users":{"includeUsers":["All"],"excludeGuestsOrExternalUsers":{"guestOrExternalUserTypes":"b2bCollaborationGuest"}}`, signInAttempt{UPN: guestUPN}, "users"},
		{"an application", all + `,"applications":{"includeApplications":["{graph}"]}`, signInAttempt{}, "notSet"},
		{"another application", all + `,"applications":{"includeApplications":["{exchange}"]}`, signInAttempt{}, "application"},
		{"the application excluded", all + `,"applications":{"includeApplications":["All"],"excludeApplications":["{graph}"]}`, signInAttempt{}, "application"},
		{"a suite with it", all + `,"applications":{"includeApplications":["Office365"]}`, signInAttempt{AppID: appExchange}, "notSet"},
		{"a suite without it", all + `,"applications":{"includeApplications":["Office365"]}`, signInAttempt{}, "application"},
		{"admin portals", all + `,"applications":{"includeApplications":["MicrosoftAdminPortals"]}`, signInAttempt{AppID: appAzurePortal}, "notSet"},
		{"a user action", all + `,"applications":{"includeUserActions":["urn:user:registersecurityinfo"]}`, signInAttempt{}, "userActions"},
		{"an authentication context", all + `,"applications":{"includeAuthenticationContextClassReferences":["c1"]}`, signInAttempt{}, "authenticationContext"},
		{"workload identities", `"users":{"includeUsers":["None"]},"clientApplications":{"includeServicePrincipals":["ServicePrincipalsInMyTenant"]}`, signInAttempt{}, "users"},
		{"a platform", all + `,"platforms":{"includePlatforms":["windows"]}`, signInAttempt{}, "notSet"},
		{"another platform", all + `,"platforms":{"includePlatforms":["android","iOS"]}`, signInAttempt{}, "devicePlatform"},
		{"the platform excluded", all + `,"platforms":{"includePlatforms":["all"],"excludePlatforms":["windows"]}`, signInAttempt{}, "devicePlatform"},
		{"any place but the office, in it", all + `,"locations":{"includeLocations":["All"],"excludeLocations":["{office}"]}`, signInAttempt{}, "location"},
		{"any place but trusted ones, outside", all + `,"locations":{"includeLocations":["All"],"excludeLocations":["AllTrusted"]}`, signInAttempt{IP: "198.51.100.7"}, "notSet"},
		{"any place but trusted ones, inside", all + `,"locations":{"includeLocations":["All"],"excludeLocations":["AllTrusted"]}`, signInAttempt{}, "location"},
		{"abroad, at home", all + `,"locations":{"includeLocations":["{abroad}"]}`, signInAttempt{}, "location"},
		{"abroad, abroad", all + `,"locations":{"includeLocations":["{abroad}"]}`, signInAttempt{Country: "US"}, "notSet"},
		{"browsers", all + `,"clientAppTypes":["browser"]`, signInAttempt{}, "notSet"},
		{"legacy only, by browser", all + `,"clientAppTypes":["exchangeActiveSync","other"]`, signInAttempt{}, "clientApps"},
		{"legacy only, by legacy", all + `,"clientAppTypes":["exchangeActiveSync","other"]`, legacy, "notSet"},
		{"ActiveSync only, by SMTP", all + `,"clientAppTypes":["exchangeActiveSync"]`, legacy, "clientApps"},
		{"browsers, by legacy", all + `,"clientAppTypes":["browser","mobileAppsAndDesktopClients"]`, legacy, "clientApps"},
		{"compliant devices left out", all + `,"devices":{"deviceFilter":{"mode":"exclude","rule":"device.isCompliant -eq True"}}`, signInAttempt{}, "notSet"},
		{"only company devices", all + `,"devices":{"deviceFilter":{"mode":"include","rule":"device.deviceOwnership -eq \"Company\""}}`, signInAttempt{}, "devices"},
		{"all but company devices", all + `,"devices":{"deviceFilter":{"mode":"include","rule":"device.deviceOwnership -ne \"Company\""}}`, signInAttempt{}, "notSet"},
		{"risky sign-ins", all + `,"signInRiskLevels":["high"]`, signInAttempt{}, "signInRisk"},
		{"risky accounts", all + `,"userRiskLevels":["medium","high"]`, signInAttempt{}, "userRisk"},
		{"device code", all + `,"authenticationFlows":{"transferMethods":"deviceCodeFlow"}`, signInAttempt{}, "authenticationFlow"},
		{"device code, by device code", all + `,"authenticationFlows":{"transferMethods":"deviceCodeFlow"}`, signInAttempt{TransferMethod: transferDeviceCode}, "notSet"},
	}
	for _, test := range tests {
		w, names := onePolicy(t)
		if err := w.tenant.SetRole(demandUPN, roleGlobalAdministrator, true); err != nil {
			t.Fatal(err)
		}
		policy := `{"displayName":"P","conditions":{` + names.Replace(test.conditions) + `},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`
		if _, err := w.tenant.AddPolicyBehindBack(policy); err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		a := test.attempt
		if a.UPN == "" {
			a.UPN = demandUPN
		}
		if a.AppID == "" {
			a.AppID = appGraph
		}
		a.Password = demandPassword
		f := signInFacts(a)
		body := strings.Replace(evaluateBody(w.id(a.UPN), fmt.Sprintf(
			`"clientAppType":%q,"devicePlatform":%q,"country":%q,"ipAddress":%q,"deviceInfo":{"isCompliant":false},"signInRiskLevel":"none","userRiskLevel":"none","authenticationFlow":{"transferMethod":%q}`,
			f.ClientApp, f.Platform, f.Country, f.IP, f.TransferMethod)), `"appliedPoliciesOnly":true`, `"appliedPoliciesOnly":false`, 1)
		got := w.must(200, "POST", "/v1.0/identity/conditionalAccess/evaluate", strings.Replace(body, appGraph, a.AppID, 1)).list()
		if len(got) != 1 || got[0]["analysisReasons"] != test.reason || got[0]["policyApplies"] != (test.reason == "notSet") {
			t.Errorf("%s: what-if says %v, %v", test.name, got[0]["policyApplies"], got[0]["analysisReasons"])
		}
		_, refusal := w.tenant.signIn(a)
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
		{"MFA", `"operator":"OR","builtInControls":["mfa"]`, aadMFARegistration, 0},
		{"MFA strength", `"operator":"OR",` + fmt.Sprintf(strength, 2), aadMFARegistration, aadMFARequired},
		{"phishing-resistant strength", `"operator":"OR",` + fmt.Sprintf(strength, 4), aadMFARegistration, aadMFARequired},
		{"block", `"operator":"OR","builtInControls":["block"]`, aadBlockedByPolicy, aadBlockedByPolicy},
		{"compliant device", `"operator":"OR","builtInControls":["compliantDevice"]`, aadDeviceNotCompliant, aadBlockedByPolicy},
		{"joined device", `"operator":"OR","builtInControls":["domainJoinedDevice"]`, aadDeviceNotJoined, aadBlockedByPolicy},
		{"approved app", `"operator":"OR","builtInControls":["approvedApplication"]`, aadAppNotApproved, aadBlockedByPolicy},
		{"protected app", `"operator":"OR","builtInControls":["compliantApplication"]`, aadAppNotProtected, aadBlockedByPolicy},
		{"terms of use", `"operator":"OR","builtInControls":[],"termsOfUse":["terms"]`, aadExternalChallenge, aadBlockedByPolicy},
		{"MFA or a compliant device", `"operator":"OR","builtInControls":["compliantDevice","mfa"]`, aadMFARegistration, 0},
		{"MFA and a compliant device", `"operator":"AND","builtInControls":["compliantDevice","mfa"]`, aadMFARegistration, aadBlockedByPolicy},
	}
	for _, test := range tests {
		w, _ := onePolicy(t)
		id := w.id(demandUPN)
		w.tenant.setAllowAppPasswords("", true)
		if err := w.tenant.setPerUserMFA("", id, mfaEnforced); err != nil {
			t.Fatal(err)
		}
		secret, err := w.tenant.createAppPassword(id, "Delegate365")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.tenant.AddPolicyBehindBack(`{"displayName":"The policy","conditions":{"users":{"includeUsers":["All"]}},"grantControls":{` + test.grant + `}}`); err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if refusal := w.tenant.checkAppPassword(demandUPN, secret); (refusal == nil) != (test.legal == 0) || refusal != nil && refusal.Code != test.legal {
			t.Errorf("%s: the app password is told %v, want %d", test.name, refusal, test.legal)
		}
		if err := w.tenant.setPerUserMFA("", id, mfaDisabled); err != nil {
			t.Fatal(err)
		}
		_, refusal := w.tenant.signIn(signInAttempt{UPN: demandUPN, Password: demandPassword, AppID: appPortalSetup.ID})
		if refusal == nil || refusal.Code != test.setup || !strings.Contains(refusal.Hint, "The policy") {
			t.Errorf("%s: the setup is told %v, want %d", test.name, refusal, test.setup)
		}
	}
}

func TestTermsAreAcceptedOnce(t *testing.T) {
	w, _ := onePolicy(t)
	if _, err := w.tenant.AddPolicyBehindBack(`{"displayName":"Terms","conditions":{"users":{"includeUsers":["All"]}},"grantControls":{"builtInControls":[],"termsOfUse":["one"]}}`); err != nil {
		t.Fatal(err)
	}
	if err := w.tenant.AcceptTerms(demandUPN, "one"); err != nil {
		t.Fatal(err)
	}
	if _, refusal := w.tenant.signIn(signInAttempt{UPN: demandUPN, Password: demandPassword}); refusal != nil {
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
		if id, err := w.tenant.AddPolicyBehindBack(policy); !errors.Is(err, errBadPolicy) {
			t.Errorf("%s: %q, %v", policy, id, err)
		}
	}
	if _, err := w.tenant.AddPolicyBehindBack(`{"displayName":"Session only","conditions":{"users":{"includeUsers":["All"]}},"sessionControls":{"signInFrequency":{"isEnabled":true,"value":4,"type":"hours","authenticationType":"primaryAndSecondaryAuthentication","frequencyInterval":"timeBased"}}}`); err != nil {
		t.Fatal(err)
	}
	got := w.must(200, "GET", "/v1.0/identity/conditionalAccess/policies", "").list()
	session, _ := json.Marshal(got[0]["sessionControls"])
	if len(got) != 1 || got[0]["grantControls"] != nil || !strings.Contains(string(session), `"value":4`) {
		t.Errorf("%v", got)
	}
	id := got[0]["id"].(string)
	w.must(204, "PATCH", "/v1.0/identity/conditionalAccess/policies/"+id, `{"conditions":{"users":{"includeUsers":["All"],"excludeUsers":["`+w.id(demandUPN)+`"]}}}`)
	w.tenant.SetPolicyState(id, conditionalaccess.ReportOnly)
	if p := w.tenant.Snapshot().Policies["Session only"]; p.State != conditionalaccess.ReportOnly || len(p.Users.ExcludeUsers) != 1 {
		t.Errorf("%+v", p)
	}
}
