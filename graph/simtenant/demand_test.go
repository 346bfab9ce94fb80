package simtenant_test

import (
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

const (
	demandUPN      = "vendor.account@contoso.com"
	demandPassword = "Correct-Horse-9"
)

func TestDemands(t *testing.T) {
	legacy := state.SignInAttempt{ClientApp: state.ClientOther, AppID: state.AppExchange}
	device := state.SignInAttempt{ClientApp: state.ClientBrowser, TransferMethod: state.TransferDeviceCode}
	totp := func(w *wire, id string) { w.register(id) }
	admin := func(w *wire, _ string) { w.role(state.RoleGlobalAdministrator) }
	perUser := func(s string) func(*wire, string) {
		return func(w *wire, id string) {
			if err := w.tenant.State.MFA.SetPerUserMFA("", id, s); err != nil {
				w.Fatal(err)
			}
		}
	}
	defaults := func(w *wire, _ string) { w.tenant.SetSecurityDefaults(true) }
	group := func(name string) func(*wire, string) {
		return func(w *wire, id string) {
			for _, g := range w.tenant.State.Directory.Groups {
				if g.DisplayName == name {
					g.Members = append(g.Members, id)
				}
			}
		}
	}
	exclude := func(w *wire, id string) {
		for _, p := range w.tenant.State.Policies.ConditionalAccess.Latest() {
			p.Conditions.Users.ExcludeUsers = append(p.Conditions.Users.ExcludeUsers, id)
		}
	}
	strong := func(w *wire, id string) {
		u := w.tenant.State.Directory.UserByIDLocked(id)
		u.Factors.Methods = append(u.Factors.Methods, &state.Method{Kind: state.MethodFIDO2})
	}
	tests := []struct {
		name    string
		profile string
		upn     string // empty is demandUPN
		prepare []func(*wire, string)
		attempt state.SignInAttempt
		code    int // 0 is let in
		from    string
	}{
		{"nothing on", "fresh", "", nil, state.SignInAttempt{}, 0, ""},
		{"administrator with nothing on", "fresh", "", []func(*wire, string){admin}, state.SignInAttempt{}, 0, ""},
		{"enabled, nothing registered", "fresh", "", []func(*wire, string){perUser(state.MFAEnabled)}, state.SignInAttempt{}, entra.AADMFARegistration, "per-user MFA"},
		{"enforced, nothing registered", "fresh", "", []func(*wire, string){perUser(state.MFAEnforced)}, state.SignInAttempt{}, entra.AADMFARegistration, "per-user MFA"},
		{"enforced and registered", "fresh", "", []func(*wire, string){totp, perUser(state.MFAEnforced)}, state.SignInAttempt{}, entra.AADMFARequired, "per-user MFA"},
		{"enforced, registered, passed", "fresh", "", []func(*wire, string){totp, perUser(state.MFAEnforced)}, state.SignInAttempt{CompletedMFA: true}, 0, ""},
		{"disabled again", "fresh", "", []func(*wire, string){totp, perUser(state.MFAEnforced), perUser(state.MFADisabled)}, state.SignInAttempt{}, 0, ""},
		{"legacy while enabled", "fresh", "", []func(*wire, string){perUser(state.MFAEnabled)}, legacy, 0, ""},
		{"defaults, nothing registered", "fresh", "", []func(*wire, string){defaults}, state.SignInAttempt{}, entra.AADMFARegistration, "security defaults"},
		{"defaults, user registered", "fresh", "", []func(*wire, string){defaults, totp}, state.SignInAttempt{}, 0, ""},
		{"defaults, administrator registered", "fresh", "", []func(*wire, string){defaults, totp, admin}, state.SignInAttempt{}, entra.AADMFARequired, "security defaults"},
		{"defaults, legacy", "fresh", "", []func(*wire, string){defaults}, legacy, entra.AADBlockedByPolicy, "security defaults"},
		{"defaults, device code", "fresh", "", []func(*wire, string){defaults, totp}, device, entra.AADBlockedByDefaults, "security defaults"},
		{"business, any account", "business", "", nil, state.SignInAttempt{}, entra.AADMFARegistration, "CA05"},
		{"business, service account by name", "business", "service.new@contoso.com", nil, state.SignInAttempt{}, 0, ""},
		{"business, service account and administrator", "business", "service.new@contoso.com", []func(*wire, string){admin}, state.SignInAttempt{}, entra.AADMFARegistration, "CA01"},
		{"business, excluded everywhere", "business", "service.new@contoso.com", []func(*wire, string){admin, exclude}, state.SignInAttempt{}, 0, ""},
		{"business, admin portal", "business", "service.new@contoso.com", []func(*wire, string){totp, admin}, state.SignInAttempt{AppID: state.AppAzurePortal}, entra.AADMFARequired, "CA01"},
		{"business, second factor passed", "business", "service.new@contoso.com", []func(*wire, string){totp, admin}, state.SignInAttempt{CompletedMFA: true}, 0, ""},
		{"business, legacy of staff", "business", "service.new@contoso.com", []func(*wire, string){group("Office staff")}, legacy, entra.AADBlockedByPolicy, "CA07"},
		{"business, legacy of others", "business", "service.new@contoso.com", nil, legacy, 0, ""},
		{"business, strength not met", "business", "service.new@contoso.com", []func(*wire, string){totp, group("Finance")}, state.SignInAttempt{CompletedMFA: true}, entra.AADMFARegistration, "CA08"},
		{"business, strength met", "business", "service.new@contoso.com", []func(*wire, string){strong, group("Finance")}, state.SignInAttempt{CompletedMFA: true}, 0, ""},
		{"business, strength asked for", "business", "service.new@contoso.com", []func(*wire, string){strong, group("Finance")}, state.SignInAttempt{}, entra.AADMFARequired, "CA08"},
	}
	for _, test := range tests {
		w := newWire(t, simtenant.Options{Profile: test.profile})
		w.tenant.SetLag(0)
		upn := demandUPN
		if test.upn != "" {
			upn = test.upn
		}
		id := w.tenant.AddUser(upn, "Vendor", demandPassword)
		for _, prepare := range test.prepare {
			prepare(w, id)
		}
		test.attempt.UPN, test.attempt.Password = upn, demandPassword
		u, refusal := w.tenant.Entra.SignIn.SignIn(test.attempt)
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

func (w *wire) register(id string) {
	w.Helper()
	m, err := w.tenant.State.MFA.RegisterMethod(id, state.MethodTOTP, "App", []byte("secret"))
	if err != nil {
		w.Fatal(err)
	}
	if m.ID == "" || m.Kind != state.MethodTOTP || m.Created.IsZero() {
		w.Errorf("registered %+v", m)
	}
}

// role gives the role to the newest account.
func (w *wire) role(id string) {
	w.Helper()
	if err := w.tenant.SetRole(w.tenant.State.Directory.Users[len(w.tenant.State.Directory.Users)-1].UPN, id, true); err != nil {
		w.Fatal(err)
	}
}

func TestPasswordsAndLockout(t *testing.T) {
	w := newWire(t, simtenant.Options{})
	start := time.Now()
	w.tenant.State.Now = func() time.Time { return start }
	id := w.tenant.AddUser(demandUPN, "Vendor", demandPassword)
	u := w.tenant.State.Directory.UserByIDLocked(id)
	try := func(password string) int {
		_, refusal := w.tenant.Entra.SignIn.SignIn(state.SignInAttempt{UPN: demandUPN, Password: password})
		if refusal == nil {
			return 0
		}
		if !strings.HasPrefix(refusal.Error(), "AADSTS") || refusal.CorrelationID == "" {
			t.Errorf("the text is %q", refusal.Error())
		}
		return refusal.Code
	}
	u.Credentials.MustChange = true
	if got := try(demandPassword); got != entra.AADPasswordExpired {
		t.Errorf("must change: %d", got)
	}
	u.Credentials.MustChange, u.AccountEnabled = false, false
	if got := try(demandPassword); got != entra.AADDisabled {
		t.Errorf("disabled: %d", got)
	}
	u.AccountEnabled = true
	for range failuresUntilLocked {
		if got := try("wrong"); got != entra.AADBadCredentials {
			t.Fatalf("wrong password: %d", got)
		}
	}
	if got := try(demandPassword); got != entra.AADLocked {
		t.Errorf("after %d failures: %d", failuresUntilLocked, got)
	}
	start = start.Add(time.Minute)
	if got := try(demandPassword); got != 0 {
		t.Errorf("after the lockout: %d", got)
	}
}

func TestSignInClosed(t *testing.T) {
	w := newWire(t, simtenant.Options{})
	browser := state.SignInAttempt{UPN: state.OperatorUPN, Password: state.OperatorPassword, AppID: state.AppCommandLine, CompletedMFA: true}
	device := browser
	device.TransferMethod = state.TransferDeviceCode
	w.tenant.SignIns.BlockDeviceCode(true)
	if _, refusal := w.tenant.Entra.SignIn.SignIn(device); refusal == nil || refusal.Code != entra.AADBlockedByPolicy {
		t.Errorf("device code: %v", refusal)
	}
	if _, refusal := w.tenant.Entra.SignIn.SignIn(browser); refusal != nil {
		t.Errorf("browser: %v", refusal)
	}
	w.tenant.SignIns.BlockDeviceCode(false)
	w.tenant.SignIns.BlockBrowser(true)
	if _, refusal := w.tenant.Entra.SignIn.SignIn(browser); refusal == nil || refusal.Code != entra.AADBlockedByPolicy {
		t.Errorf("browser when blocked: %v", refusal)
	}
	if _, refusal := w.tenant.Entra.SignIn.SignIn(device); refusal != nil {
		t.Errorf("device code when the browser is blocked: %v", refusal)
	}
	portal := browser
	portal.AppID = state.AppMySignIns
	if _, refusal := w.tenant.Entra.SignIn.SignIn(portal); refusal != nil {
		t.Errorf("the person's own pages: %v", refusal)
	}
}

const failuresUntilLocked = 10
