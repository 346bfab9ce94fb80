package simtenant_test

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/person"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/totp"
)

// auditWalks bring pages to all their states.
var auditWalks = []struct {
	name string
	run  func(*testing.T, *auditor, context.Context)
}{
	{"index", walkIndex},
	{"sign-in", walkSignIn},
	{"second factor", walkSecondFactor},
	{"application", walkApplication},
	{"device", walkDevice},
	{"administrators", walkAdministrators},
	{"registration", walkRegistration},
	{"security info", walkSecurityInfo},
	{"app passwords", walkAppPasswords},
	{"setup", walkSetup},
	{"portal", walkPortal},
}

func walkIndex(t *testing.T, a *auditor, chrome context.Context) {
	b := rehearse(t, simtenant.Options{}).browse(chrome)
	b.open("/")
	a.audit(b, "plain")
	b.open("/#" + perUserMFAFragment)
	if shown := inPage[string](b, `[...document.querySelectorAll(".here")].find(e => e.checkVisibility())?.previousElementSibling.pathname ?? ""`); shown != "/per-user-mfa" {
		t.Errorf("the view %s marks %q", perUserMFAFragment, shown)
	}
	a.audit(b, "by a view")
	b.open("/no-such-page")
	a.audit(b, "not found")
	b.open("/sign-out")
	a.audit(b, "nobody signed in")
	b.open("/sign-in?flow=gone")
	a.audit(b, "sign-in over")
}

func walkSignIn(t *testing.T, a *auditor, chrome context.Context) {
	r := rehearse(t, simtenant.Options{})
	b := r.browse(chrome)
	b.open("/security-info")
	a.audit(b, "at a page")
	b.fill("account", " ")
	b.press("Next")
	a.audit(b, "empty")
	b.signIn("nobody@contoso.com", servicePassword)
	a.audit(b, "unknown")
	b.fill("account", serviceUPN)
	b.press("Next")
	a.audit(b, "at a page")
	b.fill("password", "Wrong-2026-Password")
	b.press("Sign in")
	a.audit(b, "wrong")
	inPage[any](b, `document.querySelector("[name=csrf]").value = "stale"`)
	b.fill("password", servicePassword)
	b.press("Sign in")
	a.audit(b, "form out of date")
	b.open("/security-info")
	b.signIn(serviceUPN, servicePassword)
	a.audit(b, "plain")
	b.press("No")
	b.open("/sign-out")
	a.audit(b, "plain")
	b.press("Sign out")
	a.audit(b, "signed out")
	r.tenant.State.Lock()
	r.tenant.State.Directory.UserByIDLocked(r.service).AccountEnabled = false
	r.tenant.State.Unlock()
	b.open("/security-info")
	b.signIn(serviceUPN, servicePassword)
	a.audit(b, "at a page")
}

func walkSecondFactor(t *testing.T, a *auditor, chrome context.Context) {
	r := rehearse(t, simtenant.Options{})
	b := r.browse(chrome)
	b.open("/security-info")
	b.signIn(state.OperatorUPN, state.OperatorPassword)
	a.audit(b, "plain")
	b.press("Deny")
	a.audit(b, "denied")
	b.register(b.operatorID())
	b.open("/security-info")
	b.signIn(state.OperatorUPN, state.OperatorPassword)
	a.audit(b, "or a code")
	b.press("Use a code instead")
	a.audit(b, "plain")
	b.fill("code", "000000")
	b.press("Verify")
	a.audit(b, "wrong")
}

func (b *browser) operatorID() string {
	b.tenant.State.Lock()
	defer b.tenant.State.Unlock()
	return b.tenant.State.Directory.UserByUPNLocked(state.OperatorUPN).ID
}

func walkApplication(t *testing.T, a *auditor, chrome context.Context) {
	r := rehearse(t, simtenant.Options{})
	b := r.browse(chrome)
	redirect, _ := callback(t)
	ep := b.server.PageEndpoints()
	b.open(authorizeAddress(ep, "http://attacker.example", nil))
	a.audit(b, "bad address")
	b.open(authorizeAddress(ep, redirect, nil))
	a.audit(b, "for an application")
	b.fill("account", state.OperatorUPN)
	b.press("Next")
	a.audit(b, "for an application")
	b.fill("password", state.OperatorPassword)
	b.press("Sign in")
	b.press("Approve")
	a.audit(b, "for an application")
	b.press("No")
	a.audit(b, "administrator")
	b.press("Accept")
	b.open(authorizeAddress(ep, redirect, nil))
	a.audit(b, "known")
	b.open(authorizeAddress(ep, redirect, url.Values{"response_mode": {"form_post"}, "prompt": {""}}))
	a.audit(b, "plain")
	r.tenant.SignIns.RefuseConsent("User.Read")
	b.open(authorizeAddress(ep, redirect, url.Values{"prompt": {"consent"}}))
	b.press("Accept")
	a.audit(b, "consent refused")
	r.tenant.SignIns.BlockBrowser(true)
	b.open(authorizeAddress(ep, redirect, url.Values{"prompt": {""}}))
	a.audit(b, "blocked")

	other := b.privately(chrome)
	r.tenant.SignIns.BlockBrowser(false)
	other.open(authorizeAddress(ep, redirect, url.Values{"scope": {"User.Read User.ReadWrite.All"}}))
	other.signIn("yuki.tanaka@contoso.com", "Tanaka-2026-Contoso")
	other.press("No")
	a.audit(other, "no administrator")
}

func walkDevice(t *testing.T, a *auditor, chrome context.Context) {
	r := rehearse(t, simtenant.Options{})
	b := r.browse(chrome)
	b.open("/devicelogin")
	a.audit(b, "plain")
	b.fill("code", "NOTACODE")
	b.press("Next")
	a.audit(b, "wrong")
	b.fill("code", r.deviceCode())
	b.press("Next")
	a.audit(b, "for a device")
	b.signIn(serviceUPN, servicePassword)
	b.press("No")
	a.audit(b, "plain")
	b.press("Continue")
	if b.page() == "consent" {
		b.press("Accept")
	}
	a.audit(b, "device signed in")
	b.open("/devicelogin")
	b.fill("code", r.deviceCode())
	b.press("Next")
	a.audit(b, "known, for a device")
	b.press("Cancel")
	a.audit(b, "device cancelled")
	code := r.deviceCode()
	b.open("/devicelogin")
	b.fill("code", code)
	b.press("Next")
	b.press("Continue as " + serviceUPN)
	if err := r.tenant.Entra.DeclineDevice(code, nil); err != nil {
		t.Fatal(err)
	}
	b.press("Continue")
	a.audit(b, "code over")
}

func walkAdministrators(t *testing.T, a *auditor, chrome context.Context) {
	r := rehearse(t, simtenant.Options{})
	b := r.browse(chrome)
	b.open("/per-user-mfa")
	b.signIn(state.OperatorUPN, state.OperatorPassword)
	b.press("Approve")
	b.press("No")
	a.audit(b, "plain")
	b.fill("search", "SERVICE.")
	b.press("Search")
	a.audit(b, "searched")
	b.press("Enable " + serviceUPN)
	a.audit(b, "changed")
	b.fill("search", "nobody at all")
	b.press("Search")
	a.audit(b, "nobody found")
	b.press("Show all")
	inPage[any](b, `document.querySelectorAll("[name=state]").forEach(e => e.value = "none")`)
	b.press("Disable " + state.OperatorUPN)
	a.audit(b, "nothing changed")
	b.open("/UserManagement/MfaSettings.aspx")
	a.audit(b, "plain")
	b.do(pressFirst("#allow"))
	b.press("Save")
	a.audit(b, "saved")
	inPage[any](b, `document.querySelectorAll("[type=radio]").forEach(e => e.checked = false)`)
	b.press("Save")
	a.audit(b, "nothing saved")

	other := b.privately(chrome)
	r.tenant.AddUser("somebody@contoso.com", "Somebody", servicePassword)
	if _, err := r.tenant.State.MFA.RegisterMethod(r.tenant.AddUser("clerk@contoso.com", "Clerk", servicePassword), state.MethodAuthenticator, "Telephone", nil); err != nil {
		t.Fatal(err)
	}
	other.open("/service-settings")
	other.signIn("clerk@contoso.com", servicePassword)
	other.press("Approve")
	other.press("No")
	a.audit(other, "no administrator")
}

func walkRegistration(t *testing.T, a *auditor, chrome context.Context) {
	r := rehearse(t, simtenant.Options{})
	r.setMFA(state.MFAEnabled)
	r.tenant.State.MFA.SetAllowAppPasswords("", true)
	b := r.browse(chrome)
	b.open("/security-info")
	b.signIn(serviceUPN, servicePassword)
	a.audit(b, "demanded")
	b.fill("code", "000000")
	b.press("Verify")
	a.audit(b, "wrong code")
	if address := b.photograph("[data-qr]"); address != b.marked("data-otpauth") {
		t.Errorf("a telephone reads %q", address)
	}
	b.fill("code", b.appCode())
	b.press("Verify")
	a.audit(b, "at registration")
	b.fill("name", "short")
	b.press("Create")
	a.audit(b, "at registration, too short")
	b.fill("name", person.AppPasswordName)
	b.press("Create")
	a.audit(b, "at registration")
	b.press("Done")
	b.at("Stay signed in?")

	full := rehearse(t, simtenant.Options{Profile: "migrated"}).browse(chrome)
	full.tenant.State.Lock()
	full.tenant.State.MFA.MigrationState, full.tenant.State.MFA.MethodStates = "migrationComplete", map[string]bool{}
	full.tenant.State.Unlock()
	full.setMFA(state.MFAEnabled)
	full.open("/security-info")
	full.signIn(serviceUPN, servicePassword)
	full.fill("code", full.appCode())
	full.press("Verify")
	a.audit(full, "method not allowed")

	resistant := rehearse(t, simtenant.Options{Profile: "phishing-resistant"}).browse(chrome)
	resistant.open("/security-info")
	resistant.signIn(serviceUPN, servicePassword)
	resistant.fill("code", resistant.appCode())
	resistant.press("Verify")
	a.audit(resistant, "method not enough")
}

func walkSecurityInfo(t *testing.T, a *auditor, chrome context.Context) {
	r := rehearse(t, simtenant.Options{})
	b := r.browse(chrome)
	b.open("/security-info")
	b.signIn(serviceUPN, servicePassword)
	b.press("No")
	a.audit(b, "password only")
	b.press("Add sign-in method")
	a.audit(b, "no app password")
	b.press("Authenticator app")
	a.audit(b, "wished")
	b.fill("code", b.appCode())
	b.press("Verify")
	a.audit(b, "one method")
	b.open("/security-info/app-password")
	a.audit(b, "app password not available")
	b.open("/AppPasswords.aspx")
	a.audit(b, "not available")

	r.setMFA(state.MFAEnforced)
	r.tenant.State.MFA.SetAllowAppPasswords("", true)
	b.open("/security-info/add")
	a.audit(b, "app password offered")
	b.press("App password")
	a.audit(b, "plain")
	b.fill("name", "short")
	b.press("Create")
	a.audit(b, "too short")
	b.fill("name", person.AppPasswordName)
	b.press("Create")
	a.audit(b, "plain")
	b.press("Done")
	a.audit(b, "app password")
	r.tenant.State.MFA.SetAllowAppPasswords("", false)
	b.press("Delete app password " + person.AppPasswordName)
	a.audit(b, "not managed")
	b.press("Back")
	a.audit(b, "app password that is not managed")
	r.tenant.State.MFA.SetAllowAppPasswords("", true)
	b.open("/security-info")
	b.press("Delete app password " + person.AppPasswordName)
	a.audit(b, "app password deleted")
	inPage[any](b, `document.querySelector("[name=id]").value = "gone"`)
	b.press("Delete Authenticator app (code) Authenticator app")
	a.audit(b, "method gone")
	b.press("Back")
	b.press("Delete Authenticator app (code) Authenticator app")
	a.audit(b, "method deleted")
}

func walkAppPasswords(t *testing.T, a *auditor, chrome context.Context) {
	r := rehearse(t, simtenant.Options{})
	r.setMFA(state.MFAEnforced)
	r.tenant.State.MFA.SetAllowAppPasswords("", true)
	b := r.browse(chrome)
	b.register(r.service)
	b.open("/AppPasswords.aspx")
	b.signIn(serviceUPN, servicePassword)
	b.fill("code", totp.Code(telephone, time.Now()))
	b.press("Verify")
	b.press("No")
	a.audit(b, "none")
	b.press("Create")
	a.audit(b, "classic")
	b.fill("name", person.AppPasswordName)
	b.press("Create")
	a.audit(b, "classic")
	b.press("Done")
	a.audit(b, "one")
	for range 40 - 1 {
		if _, err := r.tenant.State.MFA.CreateAppPassword(r.service, "A name that is as long as a person's patience with names"); err != nil {
			t.Fatal(err)
		}
	}
	b.open("/AppPasswords.aspx")
	a.audit(b, "forty")
	b.press("Create")
	b.fill("name", "One too many")
	b.press("Create")
	a.audit(b, "too many")
	b.open("/AppPasswords.aspx")
	inPage[any](b, `document.querySelector("[name=id]").value = "gone"`)
	b.press("Delete app password " + person.AppPasswordName)
	a.audit(b, "app password gone")
	b.press("Back")
	b.press("Delete app password " + person.AppPasswordName)
	a.audit(b, "deleted")
}

func walkSetup(t *testing.T, a *auditor, chrome context.Context) {
	r := rehearse(t, simtenant.Options{})
	b := r.browse(chrome)
	setup := func(b *browser, configuration, user string) {
		b.Helper()
		b.open(b.server.PageEndpoints().Delegate365 + "/setup")
		b.fill("configuration-password", configuration, "user-name", user, "password", servicePassword)
		b.press("Start setup")
	}
	b.open(b.server.PageEndpoints().Delegate365 + "/setup")
	a.audit(b, "first")
	right := r.with(nil)["configuration-password"]
	setup(b, "wrong", serviceUPN)
	a.audit(b, "wrong configuration password")
	r.setMFA(state.MFAEnabled)
	setup(b, right, serviceUPN)
	a.audit(b, "MFA demanded")
	r.setMFA(state.MFADisabled)
	setup(b, right, "yuki.tanaka@contoso.com")
	a.audit(b, "wrong password")
	if err := r.tenant.SetRole(serviceUPN, state.RoleGlobalAdministrator, false); err != nil {
		t.Fatal(err)
	}
	setup(b, right, serviceUPN)
	a.audit(b, "failed")
	if err := r.tenant.SetRole(serviceUPN, state.RoleGlobalAdministrator, true); err != nil {
		t.Fatal(err)
	}
	setup(b, right, serviceUPN)
	a.audit(b, "completed")
	b.open(b.server.PageEndpoints().Delegate365 + "/setup")
	a.audit(b, "again")

	slow := rehearse(t, simtenant.Options{Pace: time.Hour}).browse(chrome)
	setup(slow, slow.with(nil)["configuration-password"], serviceUPN)
	a.audit(slow, "running")
}

func walkPortal(t *testing.T, a *auditor, chrome context.Context) {
	r := rehearse(t, simtenant.Options{})
	r.play("setup", nil)
	b := r.browse(chrome)
	portal := b.server.PageEndpoints().Delegate365
	b.open(portal)
	a.audit(b, "plain")
	b.press("Sign in")
	b.signIn("yuki.tanaka@contoso.com", "Tanaka-2026-Contoso")
	b.press("No")
	a.audit(b, "no administrator in Delegate365")
	b.press("Sign out")
	b.press("Sign out")
	b.at("You are signed out")
	b.open(portal)
	b.press("Sign in")
	b.signIn(serviceUPN, servicePassword)
	b.press("No")
	a.audit(b, "older")
	b.open(portal + exchangePage)
	a.audit(b, "empty")
	b.press("Test credentials")
	a.audit(b, "nothing to test")
	b.fill("user-name", " ", "password", "x")
	b.press("Save")
	a.audit(b, "nothing saved")
	b.fill("user-name", serviceUPN, "password", "not an app password")
	b.press("Save")
	a.audit(b, "saved")
	b.press("Test credentials")
	a.audit(b, "not valid")
	b.fill("password", r.enforced())
	b.press("Save")
	b.press("Test credentials")
	a.audit(b, "valid")
	b.press("Sign out")
	a.audit(b, "plain")
	b.press("Sign out")
	a.audit(b, "signed out of Delegate365")

	newer := rehearse(t, simtenant.Options{NewerDelegate365: true})
	newer.play("setup", nil)
	b = newer.browse(chrome)
	portal = b.server.PageEndpoints().Delegate365
	b.open(portal)
	b.press("Sign in")
	b.signIn(serviceUPN, servicePassword)
	b.press("No")
	a.audit(b, "newer")
	b.open(portal + exchangePage)
	a.audit(b, "not found in Delegate365")
}
