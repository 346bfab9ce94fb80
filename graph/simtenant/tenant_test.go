package simtenant_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/fault"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestProfiles(t *testing.T) {
	if _, err := simtest.New(simtenant.Options{Profile: "nonesuch"}); err == nil || !strings.Contains(err.Error(), strings.Join(simtenant.Profiles(), ", ")) {
		t.Errorf("an unknown profile: %v", err)
	}
	for _, profile := range simtenant.Profiles() {
		a, b, c := simtest.NewWire(t, simtenant.Options{Profile: profile}), simtest.NewWire(t, simtenant.Options{Profile: profile}), simtest.NewWire(t, simtenant.Options{Profile: profile, Seed: 9})
		if !simtest.SameJSON(t, a.Tenant.Snapshot(), b.Tenant.Snapshot()) {
			t.Errorf("%s differs between two runs", profile)
		}
		if simtest.SameJSON(t, a.Tenant.Snapshot(), c.Tenant.Snapshot()) {
			t.Errorf("%s is the same under another seed", profile)
		}
		s := a.Tenant.Snapshot()
		deleted, administrator := 1, true
		switch profile {
		case "taken":
			deleted = 2
		case "eligible-only":
			administrator = false
		}
		if len(s.Deleted) != deleted || slices.Contains(s.Users[state.OperatorUPN].Roles, "Global Administrator") != administrator || len(s.Users[state.OperatorUPN].Methods) != 1 {
			t.Errorf("%s: %+v", profile, s.Users[state.OperatorUPN])
		}
	}
	if got := len(simtest.NewWire(t, simtenant.Options{Profile: "business"}).Tenant.Snapshot().Policies); got != 9 {
		t.Errorf("business has %d policies", got)
	}
}

func TestSnapshotHoldsNoSecret(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	id := w.Tenant.AddUser(simtest.VendorUPN, "Vendor", simtest.VendorPassword)
	w.Tenant.State.MFA.SetAllowAppPasswords("", true)
	if err := w.Tenant.State.MFA.SetPerUserMFA("", id, state.MFAEnforced); err != nil {
		t.Fatal(err)
	}
	secret, err := w.Tenant.State.MFA.CreateAppPassword(id, "one")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/v1.0/users/" + id + "?$select=id,passwordProfile,displayName", "/v1.0/users/" + id + "/authentication/methods", "/v1.0/auditLogs/directoryAudits"} {
		if text := w.Must(200, "GET", path, "").Text; strings.Contains(text, secret) || strings.Contains(text, simtest.VendorPassword) {
			t.Errorf("%s tells a secret", path)
		}
	}
}

func TestVendorSetup(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	id := w.Tenant.AddUser(simtest.VendorUPN, "Vendor", simtest.VendorPassword)
	if err := w.Tenant.RunDelegate365Setup(id); err == nil || !strings.Contains(err.Error(), "not a Global Administrator") {
		t.Errorf("without the role: %v", err)
	}
	if err := w.Tenant.SetRole(simtest.VendorUPN, state.RoleGlobalAdministrator, true); err != nil {
		t.Fatal(err)
	}
	apps := func() []map[string]any {
		return w.Must(200, "GET", "/v1.0/servicePrincipals?$filter=startswith(displayName,'Delegate365')&$count=true", "", "ConsistencyLevel", "eventual").List()
	}
	if err := w.Tenant.RunDelegate365Setup(id); err != nil {
		t.Fatal(err)
	}
	first := apps()
	if err := w.Tenant.RunDelegate365Setup(id); err != nil {
		t.Fatal(err)
	}
	second := apps()
	if len(first) != 2 || len(second) != 2 || first[0]["id"] == second[0]["id"] {
		t.Errorf("first %v, then %v", first, second)
	}
	for _, app := range second {
		sp := app["id"].(string)
		roles := w.Must(200, "GET", "/v1.0/servicePrincipals/"+sp+"/appRoleAssignments", "").List()
		grants := w.Must(200, "GET", "/v1.0/servicePrincipals(appId='"+app["appId"].(string)+"')/oauth2PermissionGrants", "").List()
		if len(roles) < 3 || len(grants) != 1 || grants[0]["consentType"] != "AllPrincipals" {
			t.Errorf("%v has the roles %v and the grants %v", app["displayName"], roles, grants)
		}
	}
	audits := w.Must(200, "GET", "/v1.0/auditLogs/directoryAudits?$filter=initiatedBy/user/id eq '"+id+"' and activityDisplayName eq 'Consent to application'", "").List()
	if len(audits) != 4 {
		t.Errorf("%d consents in the audit log", len(audits))
	}
}

func TestSignInLog(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	w.Tenant.SetLag(0)
	_, refusal := w.Tenant.Entra.SignIn.SignIn(state.SignInAttempt{UPN: state.OperatorUPN, Password: state.OperatorPassword, AppID: state.AppCommandLine, AppName: "Tools"})
	if refusal == nil {
		t.Fatal("the operator needs no second factor")
	}
	list := w.Must(200, "GET", "/v1.0/auditLogs/signIns?$filter=userId eq '"+w.ID(state.OperatorUPN)+"' and createdDateTime ge 2020-01-01T00:00:00Z and status/errorCode eq 50076", "").List()
	if len(list) != 1 {
		t.Fatalf("%d sign-ins", len(list))
	}
	status := list[0]["status"].(map[string]any)
	if status["errorCode"] != float64(entra.AADMFARequired) || list[0]["conditionalAccessStatus"] != "failure" || list[0]["correlationId"] != refusal.CorrelationID {
		t.Errorf("logged %v", list[0])
	}
	failed := 0
	for _, p := range list[0]["appliedConditionalAccessPolicies"].([]any) {
		if p.(map[string]any)["result"] == "failure" {
			failed++
		}
	}
	if failed != 3 {
		t.Errorf("%d policies failed", failed)
	}
}

func TestFaults(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	once := func(f *fault.Fault) func(*http.Request) *fault.Fault {
		used := false
		return func(r *http.Request) *fault.Fault {
			if used || r.Method != http.MethodPost {
				return nil
			}
			used = true
			return f
		}
	}
	exists := func() bool { _, ok := w.Tenant.Snapshot().Users[simtest.NewUserUPN]; return ok }
	post := func() (status int, header http.Header, err error) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.Endpoints.Graph+"/v1.0/users", strings.NewReader(simtest.NewUserBody))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+w.Token)
		req.Header.Set("Content-Type", "application/json")
		res, err := w.Client.Do(req)
		if err != nil {
			return 0, nil, err
		}
		return res.StatusCode, res.Header, res.Body.Close()
	}
	w.Tenant.SetFault(once(&fault.Fault{DropBefore: true}))
	if status, _, err := post(); !errors.Is(err, io.ErrUnexpectedEOF) || exists() {
		t.Errorf("dropped before: %d %v", status, err)
	}
	w.Tenant.SetFault(once(&fault.Fault{Status: 503, Header: http.Header{"Retry-After": {"7"}}, Body: "<html>"}))
	if status, header, err := post(); err != nil || status != http.StatusServiceUnavailable || header.Get("Retry-After") != "7" || exists() {
		t.Fatalf("503: %d %v %v", status, header, err)
	}
	w.Tenant.SetFault(once(&fault.Fault{DropAfter: true}))
	if status, _, err := post(); !errors.Is(err, io.ErrUnexpectedEOF) || !exists() {
		t.Errorf("dropped after: %d %v", status, err)
	}
}

func TestTransportEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := simtest.NewWire(t, simtenant.Options{})
		w.Tenant.SetFault(func(r *http.Request) *fault.Fault { <-r.Context().Done(); return nil })
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.Endpoints.Graph+"/v1.0/me", nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := w.Client.Do(req)
		if err == nil {
			_ = res.Body.Close()
		}
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Minute {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
	})
}

func TestHooks(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	id := w.Tenant.AddUser(simtest.VendorUPN, "Vendor", simtest.VendorPassword)
	if err := w.Tenant.SetRole(simtest.VendorUPN, state.RoleGlobalReader, true); err != nil {
		t.Fatal(err)
	}
	if got := w.Tenant.Snapshot().Users[simtest.VendorUPN]; got.ID != id || !slices.Equal(got.Roles, []string{"Global Reader"}) {
		t.Errorf("%+v", got)
	}
	if err := w.Tenant.SetRole(simtest.VendorUPN, state.RoleGlobalReader, false); err != nil {
		t.Fatal(err)
	}
	if got := w.Tenant.Snapshot().Users[simtest.VendorUPN].Roles; len(got) != 0 {
		t.Errorf("roles left: %v", got)
	}
	if err := w.Tenant.DeleteUserBehindBack(simtest.VendorUPN); err != nil {
		t.Fatal(err)
	}
	w.Must(404, "GET", "/v1.0/users/"+id, "")
	for name, err := range map[string]error{
		"role": w.Tenant.SetRole(simtest.VendorUPN, state.RoleGlobalReader, true), "delete": w.Tenant.DeleteUserBehindBack(simtest.VendorUPN),
	} {
		if !errors.Is(err, state.ErrNoUser) {
			t.Errorf("%s of nobody: %v", name, err)
		}
	}
	if _, err := w.Tenant.AccessToken(simtest.VendorUPN); !errors.Is(err, state.ErrNoUser) {
		t.Errorf("token of nobody: %v", err)
	}
}

func TestHooksOfTheCheck(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	w.Tenant.Settings.SetSelfServiceReset(false)
	if r := w.Must(200, "GET", "/v1.0/policies/authorizationPolicy", ""); r.Body["allowedToUseSSPR"] != false {
		t.Errorf("%s", r.Text)
	}
	w.Tenant.Settings.SetMethod("Fido2", true)
	if r := w.Must(200, "GET", "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/fido2", ""); r.Body["state"] != "enabled" {
		t.Errorf("%s", r.Text)
	}
	if err := w.Tenant.SignIns.AcceptTerms("nobody@contoso.com", "terms"); !errors.Is(err, state.ErrNoUser) {
		t.Errorf("terms of nobody: %v", err)
	}
	// Microsoft's announcement has its date, from which the 45 days count.
	announced := w.Must(200, "GET", "/v1.0/identity/conditionalAccess/policies?$filter=startswith(displayName,'Microsoft-managed: Block')", "").List()
	if len(announced) != 1 {
		t.Errorf("%d announced", len(announced))
	}
	for _, p := range announced {
		made, err := time.Parse(time.RFC3339, p["createdDateTime"].(string))
		if age := time.Since(made); err != nil || p["state"] != conditionalaccess.ReportOnly || age < simtenant.ManagedNotice-time.Hour || age > simtenant.ManagedNotice+time.Hour {
			t.Errorf("%v was made %v ago, and is %v", p["displayName"], age, p["state"])
		}
	}
}
