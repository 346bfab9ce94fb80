package simtenant

import (
	"strings"
	"testing"
	"time"
)

const (
	demandUPN      = "vendor.account@contoso.com"
	demandPassword = "Correct-Horse-9"
)

func TestDemands(t *testing.T) {
	legacy := signInAttempt{ClientApp: clientOther, AppID: appExchange}
	device := signInAttempt{ClientApp: clientBrowser, TransferMethod: transferDeviceCode}
	totp := func(w *wire, id string) { w.register(id) }
	admin := func(w *wire, _ string) { w.role(roleGlobalAdministrator) }
	state := func(s string) func(*wire, string) {
		return func(w *wire, id string) {
			if err := w.tenant.setPerUserMFA("", id, s); err != nil {
				w.Fatal(err)
			}
		}
	}
	defaults := func(w *wire, _ string) { w.tenant.SetSecurityDefaults(true) }
	group := func(name string) func(*wire, string) {
		return func(w *wire, id string) {
			for _, g := range w.tenant.groups {
				if g.displayName == name {
					g.members = append(g.members, id)
				}
			}
		}
	}
	exclude := func(w *wire, id string) {
		for _, p := range w.tenant.policies.Latest() {
			p.Conditions.Users.ExcludeUsers = append(p.Conditions.Users.ExcludeUsers, id)
		}
	}
	strong := func(w *wire, id string) {
		u := w.tenant.userByIDLocked(id)
		u.methods = append(u.methods, &method{kind: methodFIDO2})
	}
	tests := []struct {
		name    string
		profile string
		upn     string // empty is demandUPN
		prepare []func(*wire, string)
		attempt signInAttempt
		code    int // 0 is let in
		from    string
	}{
		{"nothing on", "fresh", "", nil, signInAttempt{}, 0, ""},
		{"administrator with nothing on", "fresh", "", []func(*wire, string){admin}, signInAttempt{}, 0, ""},
		{"enabled, nothing registered", "fresh", "", []func(*wire, string){state(mfaEnabled)}, signInAttempt{}, aadMFARegistration, "per-user MFA"},
		{"enforced, nothing registered", "fresh", "", []func(*wire, string){state(mfaEnforced)}, signInAttempt{}, aadMFARegistration, "per-user MFA"},
		{"enforced and registered", "fresh", "", []func(*wire, string){totp, state(mfaEnforced)}, signInAttempt{}, aadMFARequired, "per-user MFA"},
		{"enforced, registered, passed", "fresh", "", []func(*wire, string){totp, state(mfaEnforced)}, signInAttempt{CompletedMFA: true}, 0, ""},
		{"disabled again", "fresh", "", []func(*wire, string){totp, state(mfaEnforced), state(mfaDisabled)}, signInAttempt{}, 0, ""},
		{"legacy while enabled", "fresh", "", []func(*wire, string){state(mfaEnabled)}, legacy, 0, ""},
		{"defaults, nothing registered", "fresh", "", []func(*wire, string){defaults}, signInAttempt{}, aadMFARegistration, "security defaults"},
		{"defaults, user registered", "fresh", "", []func(*wire, string){defaults, totp}, signInAttempt{}, 0, ""},
		{"defaults, administrator registered", "fresh", "", []func(*wire, string){defaults, totp, admin}, signInAttempt{}, aadMFARequired, "security defaults"},
		{"defaults, legacy", "fresh", "", []func(*wire, string){defaults}, legacy, aadBlockedByPolicy, "security defaults"},
		{"defaults, device code", "fresh", "", []func(*wire, string){defaults, totp}, device, aadBlockedByDefaults, "security defaults"},
		{"business, any account", "business", "", nil, signInAttempt{}, aadMFARegistration, "CA05"},
		{"business, service account by name", "business", "service.new@contoso.com", nil, signInAttempt{}, 0, ""},
		{"business, service account and administrator", "business", "service.new@contoso.com", []func(*wire, string){admin}, signInAttempt{}, aadMFARegistration, "CA01"},
		{"business, excluded everywhere", "business", "service.new@contoso.com", []func(*wire, string){admin, exclude}, signInAttempt{}, 0, ""},
		{"business, admin portal", "business", "service.new@contoso.com", []func(*wire, string){totp, admin}, signInAttempt{AppID: appAzurePortal}, aadMFARequired, "CA01"},
		{"business, second factor passed", "business", "service.new@contoso.com", []func(*wire, string){totp, admin}, signInAttempt{CompletedMFA: true}, 0, ""},
		{"business, legacy of staff", "business", "service.new@contoso.com", []func(*wire, string){group("Office staff")}, legacy, aadBlockedByPolicy, "CA07"},
		{"business, legacy of others", "business", "service.new@contoso.com", nil, legacy, 0, ""},
		{"business, strength not met", "business", "service.new@contoso.com", []func(*wire, string){totp, group("Finance")}, signInAttempt{CompletedMFA: true}, aadMFARegistration, "CA08"},
		{"business, strength met", "business", "service.new@contoso.com", []func(*wire, string){strong, group("Finance")}, signInAttempt{CompletedMFA: true}, 0, ""},
		{"business, strength asked for", "business", "service.new@contoso.com", []func(*wire, string){strong, group("Finance")}, signInAttempt{}, aadMFARequired, "CA08"},
	}
	for _, test := range tests {
		w := newWire(t, Options{Profile: test.profile})
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
		u, refusal := w.tenant.signIn(test.attempt)
		code, hint := 0, ""
		if refusal != nil {
			code, hint = refusal.Code, refusal.Hint
		}
		if code != test.code || !strings.Contains(hint, test.from) {
			t.Errorf("%s: %d (%s), want %d from %s", test.name, code, hint, test.code, test.from)
		}
		known := code == 0 || code == aadMFARequired || code == aadMFARegistration
		if (u != nil) != known {
			t.Errorf("%s: account %v beside %d", test.name, u != nil, code)
		}
	}
}

func (w *wire) register(id string) {
	w.Helper()
	m, err := w.tenant.registerMethod(id, methodTOTP, "App", []byte("secret"))
	if err != nil {
		w.Fatal(err)
	}
	if m.id == "" || m.kind != methodTOTP || m.created.IsZero() {
		w.Errorf("registered %+v", m)
	}
}

// role gives the role to the newest account.
func (w *wire) role(id string) {
	w.Helper()
	if err := w.tenant.SetRole(w.tenant.users[len(w.tenant.users)-1].upn, id, true); err != nil {
		w.Fatal(err)
	}
}

func TestPasswordsAndLockout(t *testing.T) {
	w := newWire(t, Options{})
	start := time.Now()
	w.tenant.now = func() time.Time { return start }
	id := w.tenant.AddUser(demandUPN, "Vendor", demandPassword)
	u := w.tenant.userByIDLocked(id)
	try := func(password string) int {
		_, refusal := w.tenant.signIn(signInAttempt{UPN: demandUPN, Password: password})
		if refusal == nil {
			return 0
		}
		if !strings.HasPrefix(refusal.Error(), "AADSTS") || refusal.CorrelationID == "" {
			t.Errorf("the text is %q", refusal.Error())
		}
		return refusal.Code
	}
	u.mustChangePassword = true
	if got := try(demandPassword); got != aadPasswordExpired {
		t.Errorf("must change: %d", got)
	}
	u.mustChangePassword, u.accountEnabled = false, false
	if got := try(demandPassword); got != aadDisabled {
		t.Errorf("disabled: %d", got)
	}
	u.accountEnabled = true
	for range lockoutThreshold {
		if got := try("wrong"); got != aadBadCredentials {
			t.Fatalf("wrong password: %d", got)
		}
	}
	if got := try(demandPassword); got != aadLocked {
		t.Errorf("after %d failures: %d", lockoutThreshold, got)
	}
	start = start.Add(lockoutDuration)
	if got := try(demandPassword); got != 0 {
		t.Errorf("after the lockout: %d", got)
	}
}

func TestSignInClosed(t *testing.T) {
	w := newWire(t, Options{})
	browser := signInAttempt{UPN: operatorUPN, Password: operatorPassword, AppID: appCommandLine, CompletedMFA: true}
	device := browser
	device.TransferMethod = transferDeviceCode
	w.tenant.BlockDeviceCode(true)
	if _, refusal := w.tenant.signIn(device); refusal == nil || refusal.Code != aadBlockedByPolicy {
		t.Errorf("device code: %v", refusal)
	}
	if _, refusal := w.tenant.signIn(browser); refusal != nil {
		t.Errorf("browser: %v", refusal)
	}
	w.tenant.BlockDeviceCode(false)
	w.tenant.BlockBrowser(true)
	if _, refusal := w.tenant.signIn(browser); refusal == nil || refusal.Code != aadBlockedByPolicy {
		t.Errorf("browser when blocked: %v", refusal)
	}
	if _, refusal := w.tenant.signIn(device); refusal != nil {
		t.Errorf("device code when the browser is blocked: %v", refusal)
	}
	portal := browser
	portal.AppID = appMySignIns
	if _, refusal := w.tenant.signIn(portal); refusal != nil {
		t.Errorf("the person's own pages: %v", refusal)
	}
}
