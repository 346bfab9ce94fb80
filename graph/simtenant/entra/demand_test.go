package entra_test

import (
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestDemands(t *testing.T) {
	legacy := state.SignInAttempt{ClientApp: state.ClientOther, AppID: state.AppExchange}
	device := state.SignInAttempt{ClientApp: state.ClientBrowser, TransferMethod: state.TransferDeviceCode}
	totp := func(w *simtest.Wire, id string) { w.Register(id) }
	admin := func(w *simtest.Wire, _ string) { role(w, state.RoleGlobalAdministrator) }
	perUser := func(s string) func(*simtest.Wire, string) {
		return func(w *simtest.Wire, id string) {
			if err := w.Tenant.State.MFA.SetPerUserMFA("", id, s); err != nil {
				w.Fatal(err)
			}
		}
	}
	defaults := func(w *simtest.Wire, _ string) { w.Tenant.SetSecurityDefaults(true) }
	group := func(name string) func(*simtest.Wire, string) {
		return func(w *simtest.Wire, id string) {
			for _, g := range w.Tenant.State.Directory.Groups {
				if g.DisplayName == name {
					g.Members = append(g.Members, id)
				}
			}
		}
	}
	exclude := func(w *simtest.Wire, id string) {
		for _, p := range w.Tenant.State.Policies.ConditionalAccess.Latest() {
			p.Conditions.Users.ExcludeUsers = append(p.Conditions.Users.ExcludeUsers, id)
		}
	}
	strong := func(w *simtest.Wire, id string) {
		u := w.Tenant.State.Directory.UserByIDLocked(id)
		u.Factors.Methods = append(u.Factors.Methods, &state.Method{Kind: state.MethodFIDO2})
	}
	tests := []struct {
		name    string
		profile string
		upn     string // empty is simtest.VendorUPN
		prepare []func(*simtest.Wire, string)
		attempt state.SignInAttempt
		code    int // 0 is let in
		from    string
	}{
		{"nothing on", "fresh", "", nil, state.SignInAttempt{}, 0, ""},
		{"administrator with nothing on", "fresh", "", []func(*simtest.Wire, string){admin}, state.SignInAttempt{}, 0, ""},
		{"enabled, nothing registered", "fresh", "", []func(*simtest.Wire, string){perUser(state.MFAEnabled)}, state.SignInAttempt{}, entra.AADMFARegistration, "per-user MFA"},
		{"enforced, nothing registered", "fresh", "", []func(*simtest.Wire, string){perUser(state.MFAEnforced)}, state.SignInAttempt{}, entra.AADMFARegistration, "per-user MFA"},
		{"enforced and registered", "fresh", "", []func(*simtest.Wire, string){totp, perUser(state.MFAEnforced)}, state.SignInAttempt{}, entra.AADMFARequired, "per-user MFA"},
		{"enforced, registered, passed", "fresh", "", []func(*simtest.Wire, string){totp, perUser(state.MFAEnforced)}, state.SignInAttempt{CompletedMFA: true}, 0, ""},
		{"disabled again", "fresh", "", []func(*simtest.Wire, string){totp, perUser(state.MFAEnforced), perUser(state.MFADisabled)}, state.SignInAttempt{}, 0, ""},
		{"legacy while enabled", "fresh", "", []func(*simtest.Wire, string){perUser(state.MFAEnabled)}, legacy, 0, ""},
		{"defaults, nothing registered", "fresh", "", []func(*simtest.Wire, string){defaults}, state.SignInAttempt{}, entra.AADMFARegistration, "security defaults"},
		{"defaults, user registered", "fresh", "", []func(*simtest.Wire, string){defaults, totp}, state.SignInAttempt{}, 0, ""},
		{"defaults, administrator registered", "fresh", "", []func(*simtest.Wire, string){defaults, totp, admin}, state.SignInAttempt{}, entra.AADMFARequired, "security defaults"},
		{"defaults, legacy", "fresh", "", []func(*simtest.Wire, string){defaults}, legacy, entra.AADBlockedByPolicy, "security defaults"},
		{"defaults, device code", "fresh", "", []func(*simtest.Wire, string){defaults, totp}, device, entra.AADBlockedByDefaults, "security defaults"},
		{"business, any account", "business", "", nil, state.SignInAttempt{}, entra.AADMFARegistration, "CA05"},
		{"business, service account by name", "business", "service.new@contoso.com", nil, state.SignInAttempt{}, 0, ""},
		{"business, service account and administrator", "business", "service.new@contoso.com", []func(*simtest.Wire, string){admin}, state.SignInAttempt{}, entra.AADMFARegistration, "CA01"},
		{"business, excluded everywhere", "business", "service.new@contoso.com", []func(*simtest.Wire, string){admin, exclude}, state.SignInAttempt{}, 0, ""},
		{"business, admin portal", "business", "service.new@contoso.com", []func(*simtest.Wire, string){totp, admin}, state.SignInAttempt{AppID: state.AppAzurePortal}, entra.AADMFARequired, "CA01"},
		{"business, second factor passed", "business", "service.new@contoso.com", []func(*simtest.Wire, string){totp, admin}, state.SignInAttempt{CompletedMFA: true}, 0, ""},
		{"business, legacy of staff", "business", "service.new@contoso.com", []func(*simtest.Wire, string){group("Office staff")}, legacy, entra.AADBlockedByPolicy, "CA07"},
		{"business, legacy of others", "business", "service.new@contoso.com", nil, legacy, 0, ""},
		{"business, strength not met", "business", "service.new@contoso.com", []func(*simtest.Wire, string){totp, group("Finance")}, state.SignInAttempt{CompletedMFA: true}, entra.AADMFARegistration, "CA08"},
		{"business, strength met", "business", "service.new@contoso.com", []func(*simtest.Wire, string){strong, group("Finance")}, state.SignInAttempt{CompletedMFA: true}, 0, ""},
		{"business, strength asked for", "business", "service.new@contoso.com", []func(*simtest.Wire, string){strong, group("Finance")}, state.SignInAttempt{}, entra.AADMFARequired, "CA08"},
	}
	for _, test := range tests {
		w := simtest.NewWire(t, simtenant.Options{Profile: test.profile})
		w.Tenant.SetLag(0)
		upn := simtest.VendorUPN
		if test.upn != "" {
			upn = test.upn
		}
		id := w.Tenant.AddUser(upn, "Vendor", simtest.VendorPassword)
		for _, prepare := range test.prepare {
			prepare(w, id)
		}
		test.attempt.UPN, test.attempt.Password = upn, simtest.VendorPassword
		u, refusal := w.Tenant.Entra.SignIn.SignIn(test.attempt)
		code, hint := 0, ""
		if refusal != nil {
			code, hint = refusal.Code, refusal.Hint
		}
		if code != test.code || !strings.Contains(hint, test.from) {
			t.Errorf("%s: %d (%s), want %d from %s", test.name, code, hint, test.code, test.from)
		}
		known := code == 0 || code == entra.AADMFARequired || code == entra.AADMFARegistration
		if (u != nil) != known {
			t.Errorf("%s: account %v beside %d", test.name, u != nil, code)
		}
	}
}

// role gives the role to the newest account.
func role(w *simtest.Wire, id string) {
	w.Helper()
	if err := w.Tenant.SetRole(w.Tenant.State.Directory.Users[len(w.Tenant.State.Directory.Users)-1].UPN, id, true); err != nil {
		w.Fatal(err)
	}
}

func TestPasswordsAndLockout(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	start := time.Now()
	w.Tenant.State.Now = func() time.Time { return start }
	id := w.Tenant.AddUser(simtest.VendorUPN, "Vendor", simtest.VendorPassword)
	u := w.Tenant.State.Directory.UserByIDLocked(id)
	try := func(password string) int {
		_, refusal := w.Tenant.Entra.SignIn.SignIn(state.SignInAttempt{UPN: simtest.VendorUPN, Password: password})
		if refusal == nil {
			return 0
		}
		if !strings.HasPrefix(refusal.Error(), "AADSTS") || refusal.CorrelationID == "" {
			t.Errorf("the text is %q", refusal.Error())
		}
		return refusal.Code
	}
	u.Credentials.MustChange = true
	if got := try(simtest.VendorPassword); got != entra.AADPasswordExpired {
		t.Errorf("must change: %d", got)
	}
	u.Credentials.MustChange, u.AccountEnabled = false, false
	if got := try(simtest.VendorPassword); got != entra.AADDisabled {
		t.Errorf("disabled: %d", got)
	}
	u.AccountEnabled = true
	for range simtest.FailuresUntilLocked {
		if got := try("wrong"); got != entra.AADBadCredentials {
			t.Fatalf("wrong password: %d", got)
		}
	}
	if got := try(simtest.VendorPassword); got != entra.AADLocked {
		t.Errorf("after %d failures: %d", simtest.FailuresUntilLocked, got)
	}
	start = start.Add(time.Minute)
	if got := try(simtest.VendorPassword); got != 0 {
		t.Errorf("after the lockout: %d", got)
	}
}

func TestSignInClosed(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	browser := state.SignInAttempt{UPN: state.OperatorUPN, Password: state.OperatorPassword, AppID: state.AppCommandLine, CompletedMFA: true}
	device := browser
	device.TransferMethod = state.TransferDeviceCode
	w.Tenant.SignIns.BlockDeviceCode(true)
	if _, refusal := w.Tenant.Entra.SignIn.SignIn(device); refusal == nil || refusal.Code != entra.AADBlockedByPolicy {
		t.Errorf("device code: %v", refusal)
	}
	if _, refusal := w.Tenant.Entra.SignIn.SignIn(browser); refusal != nil {
		t.Errorf("browser: %v", refusal)
	}
	w.Tenant.SignIns.BlockDeviceCode(false)
	w.Tenant.SignIns.BlockBrowser(true)
	if _, refusal := w.Tenant.Entra.SignIn.SignIn(browser); refusal == nil || refusal.Code != entra.AADBlockedByPolicy {
		t.Errorf("browser when blocked: %v", refusal)
	}
	if _, refusal := w.Tenant.Entra.SignIn.SignIn(device); refusal != nil {
		t.Errorf("device code when the browser is blocked: %v", refusal)
	}
	portal := browser
	portal.AppID = state.AppMySignIns
	if _, refusal := w.Tenant.Entra.SignIn.SignIn(portal); refusal != nil {
		t.Errorf("the person's own pages: %v", refusal)
	}
}
