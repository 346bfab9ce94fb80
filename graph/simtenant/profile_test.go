package simtenant_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/web"
)

// What every profile shows a client that checks it, and what it does to a new Global Administrator whose sign-in nothing
// was suspended for.
func TestProfilesAnswer(t *testing.T) {
	const account = "service.new@contoso.onmicrosoft.com"
	premium := []string{state.PlanP1}
	tests := []struct {
		profile                       string
		policies, on                  int // -1 is not licensed
		plans                         []string
		defaults, federated, migrated bool
		scored                        bool
		setup                         int // 0 is let in
		from                          string
		offer                         error // of an app password
		legacy                        int   // by the app password, or where there is none by the password
	}{
		{"fresh", -1, 0, nil, false, false, false, true, 0, "", nil, 0},
		{"no-licence", -1, 0, nil, false, false, false, false, 0, "", nil, 0},
		{"federated", -1, 0, nil, false, true, false, true, 0, "", nil, 0},
		{"security-defaults", -1, 0, nil, true, false, false, true, entra.AADMFARegistration, "security defaults", state.ErrSecurityDefaults, entra.AADBlockedByPolicy},
		{"security-defaults-p1", 0, 0, premium, true, false, false, true, entra.AADMFARegistration, "security defaults", state.ErrSecurityDefaults, entra.AADBlockedByPolicy},
		{"business", 9, 6, premium, false, false, false, true, entra.AADMFARegistration, "CA01", nil, 0},
		{"protected-actions", 10, 7, premium, false, false, false, true, entra.AADMFARegistration, "CA01", nil, 0},
		{simtenant.Hostile, 9, 6, premium, false, false, false, true, entra.AADMFARegistration, "CA01", nil, 0},
		{"half-done", 9, 6, premium, false, false, false, true, entra.AADMFARegistration, "CA01", nil, 0},
		{"onboarded", 9, 6, premium, false, false, false, true, entra.AADMFARegistration, "CA01", nil, 0},
		{"drifted", 10, 7, premium, false, false, false, true, entra.AADBlockedByPolicy, "CA12", nil, entra.AADBlockedByPolicy},
		{"taken", 9, 6, premium, false, false, false, true, entra.AADMFARegistration, "CA01", nil, 0},
		{"eligible-only", 9, 6, []string{state.PlanP1, state.PlanP2}, false, false, false, true, entra.AADMFARegistration, "CA01", nil, 0},
		{"privileged", 9, 6, []string{state.PlanP1, state.PlanP2}, false, false, false, true, entra.AADMFARegistration, "CA01", nil, 0},
		{"privileged-alone", 9, 6, []string{state.PlanP1, state.PlanP2}, false, false, false, true, entra.AADMFARegistration, "CA01", nil, 0},
		{"phishing-resistant", 2, 2, premium, false, false, false, true, entra.AADMFARegistration, "PR01", nil, entra.AADMFARequired},
		{"migrated", 2, 1, premium, false, false, true, true, entra.AADMFARegistration, "MG01", nil, 0},
		{"branch-office", 6, 6, premium, false, false, false, true, entra.AADMFARegistration, "BO03", nil, 0},
		{"lapsed", 9, 6, nil, false, false, false, true, entra.AADMFARegistration, "CA01", nil, 0},
		{"big", 500, 251, premium, false, false, false, true, entra.AADMFARegistration, "CA01", nil, 0},
	}
	var tested []string
	for _, test := range tests {
		tested = append(tested, test.profile)
		t.Run(test.profile, func(t *testing.T) {
			w := simtest.NewWire(t, simtenant.Options{Profile: test.profile})
			w.Tenant.ClearFaults()
			w.Tenant.SetLag(0)
			w.Tenant.Graph.ConditionalAccess.Most = 1 << 30
			if err := w.Tenant.SetRole(state.OperatorUPN, state.RoleGlobalAdministrator, true); err != nil {
				t.Fatal(err)
			}
			answersAs(w, test.policies, test.on, test.plans)
			if r := w.Must(200, "GET", "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy", ""); r.Body["isEnabled"] != test.defaults {
				t.Errorf("security defaults: %s", r.Text)
			}
			if r := w.Must(200, "GET", "/v1.0/domains/"+state.DefaultDomain, ""); (r.Body["authenticationType"] == "Federated") != test.federated {
				t.Errorf("the default domain: %s", r.Text)
			}
			if r := w.Must(200, "GET", "/v1.0/policies/authenticationMethodsPolicy", ""); (r.Body["policyMigrationState"] == "migrationComplete") != test.migrated {
				t.Errorf("migration: %v", r.Body["policyMigrationState"])
			}
			if got := w.Must(200, "GET", "/v1.0/security/secureScores?$top=1", "").List(); (len(got) == 1) != test.scored {
				t.Errorf("Secure Score: %v", got)
			}

			id := w.Tenant.AddUser(account, "Service", simtest.VendorPassword)
			if err := w.Tenant.SetRole(account, state.RoleGlobalAdministrator, true); err != nil {
				t.Fatal(err)
			}
			code := 0
			_, refusal := w.Tenant.Entra.SignIn.SignIn(state.SignInAttempt{UPN: account, Password: simtest.VendorPassword, AppID: web.AppPortalSetup.ID})
			if refusal != nil {
				code = refusal.Code
			}
			if code != test.setup || refusal != nil && !strings.Contains(refusal.Hint, test.from) {
				t.Errorf("the setup is told %d (%v), want %d by %s", code, refusal, test.setup, test.from)
			}
			w.Tenant.State.MFA.SetAllowAppPasswords("", true)
			if err := w.Tenant.State.MFA.SetPerUserMFA("", id, state.MFAEnforced); err != nil {
				t.Fatal(err)
			}
			secret, err := w.Tenant.State.MFA.CreateAppPassword(id, "Delegate365")
			if !errors.Is(err, test.offer) {
				t.Errorf("an app password: %v, want %v", err, test.offer)
			}
			if err != nil {
				w.Tenant.State.Directory.UserByIDLocked(id).Factors.PerUserMFA, secret = state.MFADisabled, simtest.VendorPassword
			}
			code = 0
			if refusal := w.Tenant.Entra.SignIn.CheckAppPassword(account, secret); refusal != nil {
				code = refusal.Code
			}
			if code != test.legacy {
				t.Errorf("legacy: %d, want %d", code, test.legacy)
			}
		})
	}
	slices.Sort(tested)
	if !slices.Equal(tested, simtenant.Profiles()) {
		t.Errorf("tested are %v", tested)
	}
}

// answersAs checks the policies, all pages of them, and the licences.
func answersAs(w *simtest.Wire, policies, on int, plans []string) {
	w.Helper()
	const path = "/beta/identity/conditionalAccess/policies"
	if policies < 0 {
		w.Must(200, "GET", path, "")
		if r := w.Must(403, "POST", "/v1.0/identity/conditionalAccess/evaluate", simtest.EvaluateBody(w.ID(state.OperatorUPN), "")); r.Code() != "AccessDenied" || !strings.Contains(r.Message(), "not licensed") {
			w.Errorf("what-if: %s", r.Text)
		}
	} else {
		enabled := 0
		list := pagesOf(w, path)
		for _, p := range list {
			if p["state"] == conditionalaccess.Enabled {
				enabled++
			}
		}
		if len(list) != policies || enabled != on {
			w.Errorf("%d policies, %d on", len(list), enabled)
		}
	}
	var found []string
	for _, s := range w.Must(200, "GET", "/v1.0/subscribedSkus", "").List() {
		if s["capabilityStatus"] != "Enabled" {
			continue
		}
		for _, plan := range s["servicePlans"].([]any) {
			id := plan.(map[string]any)["servicePlanId"].(string)
			if (id == state.PlanP1 || id == state.PlanP2) && !slices.Contains(found, id) {
				found = append(found, id)
			}
		}
	}
	if !slices.Equal(found, plans) {
		w.Errorf("premium plans are %v", found)
	}
}

// pages is the whole of a collection, one page after the other.
func pagesOf(w *simtest.Wire, path string, headers ...string) []map[string]any {
	w.Helper()
	var all []map[string]any
	for path != "" {
		r := w.Must(200, "GET", path, "", headers...)
		all = append(all, r.List()...)
		next, _ := r.Body["@odata.nextLink"].(string)
		path = strings.TrimPrefix(next, w.Endpoints.Graph)
	}
	return all
}

// Microsoft's own policies take the place of security defaults where the tenant is licensed for them, and nowhere else.
func TestSecurityDefaultsGoOff(t *testing.T) {
	for profile, want := range map[string]struct{ appear, setup int }{"security-defaults": {0, 0}, "security-defaults-p1": {4, entra.AADMFARegistration}} {
		w := simtest.NewWire(t, simtenant.Options{Profile: profile})
		w.Tenant.SetLag(0)
		w.Tenant.Graph.ConditionalAccess.Most = 1 << 30
		w.Tenant.AddUser(simtest.VendorUPN, "Vendor", simtest.VendorPassword)
		w.Must(204, "PATCH", "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy", `{"isEnabled":false}`)
		if got := len(w.Tenant.PolicyIDs(conditionalaccess.ManagedPrefix)); got != want.appear {
			t.Errorf("%s: %d policies appear", profile, got)
		}
		code := 0
		if _, refusal := w.Tenant.Entra.SignIn.SignIn(state.SignInAttempt{UPN: simtest.VendorUPN, Password: simtest.VendorPassword, AppID: web.AppPortalSetup.ID}); refusal != nil {
			code = refusal.Code
			if !strings.Contains(refusal.Hint, conditionalaccess.ManagedPrefix) {
				t.Errorf("%s: refused by %s", profile, refusal.Hint)
			}
		}
		if code != want.setup {
			t.Errorf("%s: the setup is told %d", profile, code)
		}
		if r := w.Graph("PATCH", "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy", `{"isEnabled":true}`); (r.Status == 204) != (want.appear == 0) {
			t.Errorf("%s: on again: %s", profile, r.Text)
		}
	}
}

func TestFederatedDomain(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "federated"})
	r := w.Must(400, "POST", "/v1.0/users", strings.ReplaceAll(simtest.NewUserBody, state.InitialDomain, state.DefaultDomain))
	if !strings.Contains(r.Message(), "onPremisesImmutableId") {
		t.Errorf("%s", r.Text)
	}
	w.Must(201, "POST", "/v1.0/users", simtest.NewUserBody)
	if _, refusal := w.Tenant.Entra.SignIn.SignIn(state.SignInAttempt{UPN: "helpdesk@contoso.com", Password: "Helpdesk-2026-Contoso"}); refusal == nil || refusal.Code != entra.AADBadCredentials {
		t.Errorf("a federated account signs in here: %v", refusal)
	}
}

// An authenticator app does not help where phishing-resistant MFA is asked for, so that none is asked for; a key does.
func TestPhishingResistant(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "phishing-resistant"})
	id := w.Tenant.AddUser(simtest.VendorUPN, "Vendor", simtest.VendorPassword)
	attempt := state.SignInAttempt{UPN: simtest.VendorUPN, Password: simtest.VendorPassword, AppID: web.AppPortalSetup.ID}
	if _, refusal := w.Tenant.Entra.SignIn.SignIn(attempt); refusal == nil || refusal.Code != entra.AADMFARegistration || !refusal.Unregistrable {
		t.Errorf("with a password: %+v", refusal)
	}
	w.Register(id)
	attempt.CompletedMFA = true
	if _, refusal := w.Tenant.Entra.SignIn.SignIn(attempt); refusal == nil || refusal.Code != entra.AADMFARegistration {
		t.Errorf("with an authenticator app: %v", refusal)
	}
	u := w.Tenant.State.Directory.UserByIDLocked(id)
	u.Factors.Methods = append(u.Factors.Methods, &state.Method{Kind: state.MethodFIDO2})
	if _, refusal := w.Tenant.Entra.SignIn.SignIn(attempt); refusal != nil {
		t.Errorf("with a key: %v", refusal)
	}
	operator := state.SignInAttempt{UPN: state.OperatorUPN, Password: state.OperatorPassword, AppID: state.AppCommandLine, CompletedMFA: true}
	if _, refusal := w.Tenant.Entra.SignIn.SignIn(operator); refusal != nil {
		t.Errorf("the operator: %v", refusal)
	}
}

// The authentication methods policy alone decides what is offered once everything has moved to it.
func TestMigrated(t *testing.T) {
	for profile, want := range map[string]error{"migrated": state.ErrMethodOff, "business": nil} {
		w := simtest.NewWire(t, simtenant.Options{Profile: profile})
		id := w.Tenant.AddUser(simtest.VendorUPN, "Vendor", simtest.VendorPassword)
		w.Register(id)
		w.Tenant.Settings.SetMethod("SoftwareOath", false)
		if _, err := w.Tenant.State.MFA.RegisterMethod(id, state.MethodTOTP, "App", []byte("secret")); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", profile, err, want)
		}
		if _, err := w.Tenant.State.MFA.RegisterMethod(id, state.MethodAuthenticator, "Telephone", nil); err != nil {
			t.Errorf("%s: what the policy allows: %v", profile, err)
		}
	}
}

func TestEligibleOnly(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "eligible-only"})
	me := w.ID(state.OperatorUPN)
	if scopes := w.Tenant.Entra.Consents.ScopesNeedingConsent(me, state.AppCommandLine, entra.AllGraphScopes()); len(scopes) != 0 {
		t.Errorf("consent is missing for %v", scopes)
	}
	if got := w.Must(200, "GET", "/v1.0/me/transitiveMemberOf/microsoft.graph.directoryRole", "").List(); len(got) != 0 {
		t.Errorf("active roles %v", got)
	}
	eligible := "/v1.0/roleManagement/directory/roleEligibilityScheduleInstances?$filter=principalId eq '" + me + "'"
	if got := w.Must(200, "GET", eligible, "").List(); len(got) != 1 || got[0]["roleDefinitionId"] != state.RoleGlobalAdministrator {
		t.Errorf("eligible for %v", got)
	}
	w.Must(403, "POST", "/v1.0/users", simtest.NewUserBody)
	w.Must(403, "GET", "/v1.0/identity/conditionalAccess/policies", "")
	if err := w.Tenant.ActivateRole(state.OperatorUPN, state.RoleGlobalAdministrator); err != nil {
		t.Fatal(err)
	}
	if got := w.Must(200, "GET", "/v1.0/me/transitiveMemberOf/microsoft.graph.directoryRole", "").Names(); !slices.Equal(got, []string{"Global Administrator"}) {
		t.Errorf("active roles %v", got)
	}
	w.Must(403, "GET", "/v1.0/identity/conditionalAccess/policies", "") // the token is older than the activation
	w.As(state.OperatorUPN)
	w.Must(200, "GET", "/v1.0/identity/conditionalAccess/policies", "")
	w.Must(201, "POST", "/v1.0/users", simtest.NewUserBody)
}

func TestTaken(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "taken"})
	r := w.Must(200, "GET", "/v1.0/users/"+simtenant.OnboardedUPN, "")
	if r.Body["jobTitle"] == simtenant.OnboardedTitle || r.Body["displayName"] != "Help desk robot" {
		t.Errorf("%s", r.Text)
	}
	gone := w.Must(200, "GET", "/v1.0/directory/deletedItems/microsoft.graph.user?$filter=mailNickname eq 'service.delegate365'&$select=id,deletedDateTime,userPrincipalName", "").List()
	if len(gone) != 1 || gone[0]["id"] == r.Body["id"] || gone[0]["deletedDateTime"] == nil || !strings.HasSuffix(gone[0]["userPrincipalName"].(string), simtenant.OnboardedUPN) {
		t.Errorf("deleted: %v", gone)
	}
	if r := w.Must(400, "POST", "/v1.0/users", strings.ReplaceAll(simtest.NewUserBody, state.InitialDomain, state.DefaultDomain)); !strings.Contains(r.Text, "ObjectConflict") {
		t.Errorf("%s", r.Text)
	}
	w.Must(400, "POST", "/v1.0/directory/deletedItems/"+gone[0]["id"].(string)+"/restore", "")
}
