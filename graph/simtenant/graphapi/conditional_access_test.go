package graphapi_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/graphapi"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestUnlicensedTenant(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	const policies = "/v1.0/identity/conditionalAccess/policies"
	if r := w.Must(200, "GET", policies, ""); len(r.List()) != 0 {
		t.Errorf("policies: %s", r.Text)
	}
	for method, path := range map[string]string{"PATCH": policies + "/" + simtest.VendorPassword, "POST": "/v1.0/identity/conditionalAccess/evaluate"} {
		body := `{"state":"disabled"}`
		if method == "POST" {
			body = simtest.EvaluateBody(w.ID(state.OperatorUPN), "")
		}
		w.Tenant.ForgetCalls()
		if r := w.Must(403, method, path, body); r.Code() != "AccessDenied" || !strings.Contains(r.Message(), "not licensed") {
			t.Errorf("%s: %s", path, r.Text)
		}
	}
	if r := w.Must(403, "GET", "/v1.0/auditLogs/signIns", ""); r.Code() != "Authentication_RequestFromNonPremiumTenantOrB2CTenant" {
		t.Errorf("sign-ins: %s", r.Text)
	}
}

// applied lists the beginnings of the names of the policies that what-if says apply.
func applied(w *simtest.Wire, id, conditions string) string {
	w.Helper()
	w.Tenant.ForgetCalls()
	r := w.Must(200, "POST", "/v1.0/identity/conditionalAccess/evaluate", simtest.EvaluateBody(id, conditions))
	var names []string
	for _, p := range r.List() {
		if p["policyApplies"] != true {
			w.Errorf("%v is listed and does not apply", p["displayName"])
		}
		names = append(names, strings.Fields(p["displayName"].(string))[0])
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func TestWhatIf(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	w.Tenant.SetLag(0)
	const windows = `"clientAppType":"browser","devicePlatform":"windows","signInRiskLevel":"none","userRiskLevel":"none","country":"AT","ipAddress":"203.0.113.5"`
	service := w.Tenant.AddUser("service.new@contoso.com", "Service", simtest.VendorPassword)
	other := w.Tenant.AddUser("other@contoso.com", "Other", simtest.VendorPassword)
	staff := w.ID("o'brien@contoso.com")
	finance := w.ID("yuki.tanaka@contoso.com")
	check := func(name, id, conditions, want string) {
		t.Helper()
		if got := applied(w, id, conditions); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	check("service account before", service, windows, "CA04")
	check("any account", other, windows, "CA04 CA05")
	check("Finance", finance, windows, "CA04 CA05 CA08")
	check("staff by legacy", staff, strings.Replace(windows, "browser", "other", 1), "CA04 CA05 CA07")
	check("others by legacy", service, strings.Replace(windows, "browser", "other", 1), "CA04")
	if err := w.Tenant.SetRole("service.new@contoso.com", state.RoleGlobalAdministrator, true); err != nil {
		t.Fatal(err)
	}
	check("service account as administrator", service, windows, "CA01 CA02 CA04")
	check("on a telephone", service, strings.Replace(windows, "windows", "iOS", 1), "CA01 CA04")
	check("platform unknown", service, strings.Replace(windows, `"devicePlatform":"windows",`, "", 1), "CA01 CA04")

	w.Tenant.ForgetCalls()
	whole := strings.Replace(simtest.EvaluateBody(service, windows), `"appliedPoliciesOnly":true`, `"appliedPoliciesOnly":false`, 1)
	reasons := map[string]any{}
	for _, p := range w.Must(200, "POST", "/v1.0/identity/conditionalAccess/evaluate", strings.Replace(whole, state.AppGraph, state.AppAzurePortal, 1)).List() {
		reasons[strings.TrimSuffix(strings.Split(p["displayName"].(string), " - ")[0], " for admins accessing Microsoft Admin Portals")] = p["analysisReasons"]
	}
	for name, want := range map[string]string{"CA01": "notSet", "CA05": "users", "CA06": "policyNotEnabled", conditionalaccess.ManagedPrefix + "Multifactor authentication": "notSet", conditionalaccess.ManagedPrefix + "Block device code flow": "notEnoughInformation"} {
		if reasons[name] != want {
			t.Errorf("%s: reason %v, want %s", name, reasons[name], want)
		}
	}
}

func TestPolicyShape(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	list := w.Must(200, "GET", "/v1.0/identity/conditionalAccess/policies", "").List()
	if len(list) != 9 {
		t.Fatalf("%d policies", len(list))
	}
	states := map[any]int{}
	for _, p := range list {
		states[p["state"]]++
		for name := range p {
			if _, known := odata.Types()["conditionalAccessPolicy"][name]; !known {
				t.Errorf("a policy has %s", name)
			}
		}
		users := p["conditions"].(map[string]any)["users"].(map[string]any)
		for name := range odata.Types()["conditionalAccessUsers"] {
			if value, ok := users[name]; !ok || value == nil && !strings.HasSuffix(name, "ExternalUsers") {
				t.Errorf("%v: users.%s is %v", p["displayName"], name, value)
			}
		}
	}
	if states[conditionalaccess.Enabled] != 6 || states[conditionalaccess.Disabled] != 1 || states[conditionalaccess.ReportOnly] != 2 {
		t.Errorf("states are %v", states)
	}
}

func TestExcludingAnAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
		service := w.Tenant.AddUser("service.new@contoso.com", "Service", simtest.VendorPassword)
		for _, name := range []string{"CA01", conditionalaccess.ManagedPrefix + "Multifactor"} {
			path := "/v1.0/identity/conditionalAccess/policies/" + w.Tenant.PolicyIDs(name)[0]
			time.Sleep(time.Second)
			users := w.Must(200, "GET", path, "").Body["conditions"].(map[string]any)["users"].(map[string]any)
			users["excludeUsers"] = append(users["excludeUsers"].([]any), service)
			body, err := json.Marshal(map[string]any{"conditions": map[string]any{"users": users}})
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
			w.Must(204, "PATCH", path, string(body))
			excluded := func() []any {
				r := w.Must(200, "GET", path, "")
				return r.Body["conditions"].(map[string]any)["users"].(map[string]any)["excludeUsers"].([]any)
			}
			time.Sleep(time.Second)
			if got := excluded(); len(got) != 0 {
				t.Errorf("%s: %v before the lag", name, got)
			}
			time.Sleep(time.Second)
			if got := excluded(); len(got) != 1 || got[0] != service {
				t.Errorf("%s: %v after the lag", name, got)
			}
			for policy, p := range w.Tenant.Snapshot().Policies {
				if strings.HasPrefix(policy, name) && (p.State != conditionalaccess.Enabled || len(p.Users.IncludeRoles) == 0 || len(p.Users.ExcludeGroups) == 0) {
					t.Errorf("%s lost something: %+v", policy, p)
				}
			}
		}
	})
}

func TestChangingControls(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	w.Tenant.SetLag(0)
	w.Tenant.Graph.ConditionalAccess.Most = 1 << 30
	path := "/v1.0/identity/conditionalAccess/policies/" + w.Tenant.PolicyIDs("CA04")[0]
	w.Must(204, "PATCH", path, `{"state":"enabled","grantControls":{"operator":"OR","builtInControls":[],"authenticationStrength":{"id":"00000000-0000-0000-0000-000000000002"}}}`)
	p := w.Must(200, "GET", path, "").Body
	strength := p["grantControls"].(map[string]any)["authenticationStrength"].(map[string]any)
	if p["state"] != conditionalaccess.Enabled || strength["displayName"] != "Multifactor authentication" || p["modifiedDateTime"] == nil {
		t.Errorf("changed to %v", p)
	}
}

func TestSecurityDefaultsAndPolicies(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	w.Tenant.SetLag(0)
	const path = "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy"
	if r := w.Must(200, "GET", path, ""); r.Body["isEnabled"] != false {
		t.Errorf("read %s", r.Text)
	}
	w.Must(400, "PATCH", path, `{"isEnabled":true}`)
	w.Tenant.SetSecurityDefaults(true)
	w.Must(400, "PATCH", "/v1.0/identity/conditionalAccess/policies/"+w.Tenant.PolicyIDs("CA06")[0], `{"state":"enabled"}`)
	before := len(w.Tenant.Snapshot().Policies)
	w.Must(204, "PATCH", path, `{"isEnabled":false}`)
	if got := len(w.Tenant.Snapshot().Policies) - before; got != 4 {
		t.Errorf("%d managed policies appeared", got)
	}
}

func TestSwitches(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	const service = "/beta/policies/mfaServicePolicy"
	if r := w.Must(200, "GET", service, ""); r.Body["allowAppPasswords"] != false {
		t.Errorf("read %s", r.Text)
	}
	w.Must(204, "PATCH", service, `{"allowAppPasswords":true}`)
	r := w.Must(200, "GET", service, "")
	if remember := r.Body["rememberMfaOnTrustedDevice"].(map[string]any); r.Body["allowAppPasswords"] != true || remember["allowedNumberOfDays"] != 14.0 {
		t.Errorf("read back %s", r.Text)
	}
	target := w.ID("yuki.tanaka@contoso.com")
	const methods = "/v1.0/policies/authenticationMethodsPolicy"
	w.Must(204, "PATCH", methods, `{"registrationEnforcement":{"authenticationMethodsRegistrationCampaign":{"excludeTargets":[{"id":"`+target+`","targetType":"user"}]}}}`)
	read := w.Must(200, "GET", methods, "")
	campaign := read.Body["registrationEnforcement"].(map[string]any)["authenticationMethodsRegistrationCampaign"].(map[string]any)
	if len(campaign["excludeTargets"].([]any)) != 1 || len(campaign["includeTargets"].([]any)) != 1 || campaign["snoozeDurationInDays"] != 1.0 {
		t.Errorf("campaign is %v", campaign)
	}
	audits := w.Must(200, "GET", "/v1.0/auditLogs/directoryAudits?$filter=activityDisplayName eq 'MFA Service Policy Update'", "").List()
	if len(audits) != 1 || audits[0]["initiatedBy"].(map[string]any)["user"].(map[string]any)["userPrincipalName"] != state.OperatorUPN {
		t.Errorf("audit entries are %v", audits)
	}
}

// v1.0 neither lists nor changes a policy with a feature in preview.
func TestPreviewPolicies(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "branch-office"})
	w.Tenant.SetLag(0)
	w.Tenant.Graph.ConditionalAccess.Most = 1 << 30
	const path = "/identity/conditionalAccess/policies"
	hidden := "/" + w.Tenant.PolicyIDs("BO06")[0]
	exclude := `{"conditions":{"users":{"excludeUsers":["` + w.ID(state.OperatorUPN) + `"]}}}`
	for version, want := range map[string]struct{ listed, got, changed int }{"/v1.0": {5, 404, 400}, "/beta": {6, 200, 204}} {
		if got := len(w.Must(200, "GET", version+path, "").List()); got != want.listed {
			t.Errorf("%s lists %d", version, got)
		}
		w.Must(want.got, "GET", version+path+hidden, "")
		if r := w.Must(want.changed, "PATCH", version+path+hidden, exclude); want.changed == 400 && !strings.HasPrefix(r.Message(), "1038:") {
			t.Errorf("%s: %s", version, r.Text)
		}
	}
	id, err := w.Tenant.AddPolicyBehindBack(`{"displayName":"Beta","conditions":{"users":{"includeUsers":["All"]},"times":{"isEnabled":true}},"grantControls":{"builtInControls":["mfa"]}}`)
	if err != nil {
		t.Fatal(err)
	}
	w.Must(204, "PATCH", "/beta"+path+"/"+id, exclude)
	if r := w.Must(200, "GET", "/beta"+path+"/"+id, ""); graphapi.AsObject(r.Body["conditions"])["times"] == nil {
		t.Errorf("a condition of beta is lost: %s", r.Text)
	}
	w.Must(404, "GET", "/v1.0"+path+"/"+id, "")
}

// A change of the excluded users alone leaves the rest as it is; what else is sent is held against the directory.
func TestUsersAreMerged(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	w.Tenant.SetLag(0)
	w.Tenant.Graph.ConditionalAccess.Most = 1 << 30
	path := "/beta/identity/conditionalAccess/policies/" + w.Tenant.PolicyIDs("CA01")[0]
	w.Tenant.State.Policies.ConditionalAccess.Latest()[0].Conditions.Users.IncludeUsers = []string{"3d5a1f9e-0000-4000-8000-00000000dead"}
	me := w.ID(state.OperatorUPN)
	w.Must(204, "PATCH", path, `{"conditions":{"users":{"excludeUsers":["`+strings.ToUpper(me)+`"]}}}`)
	users := graphapi.AsObject(graphapi.AsObject(w.Must(200, "GET", path, "").Body["conditions"])["users"])
	if listed(users["includeRoles"]) != 6 || listed(users["excludeGroups"]) != 1 || listed(users["includeUsers"]) != 1 || listed(users["excludeUsers"]) != 1 {
		t.Errorf("%v", users)
	}
	for body, want := range map[string]string{
		`{"includeUsers":["3d5a1f9e-0000-4000-8000-00000000dead"],"excludeUsers":[]}`:                                            "1054: Invalid user value",
		`{"excludeGroups":["3d5a1f9e-0000-4000-8000-00000000dead"]}`:                                                             "1054: Invalid group value",
		`{"excludeUsers":["GuestsOrExternalUsers"],"excludeGuestsOrExternalUsers":{"guestOrExternalUserTypes":"internalGuest"}}`: "cannot be combined",
	} {
		if r := w.Must(400, "PATCH", path, `{"conditions":{"users":`+body+`}}`); !strings.Contains(r.Message(), want) {
			t.Errorf("%s: %s", body, r.Text)
		}
	}
}

// listed is how many entries a list in an answer has.
func listed(list any) int {
	entries, _ := list.([]any)
	return len(entries)
}
