package web_test

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"

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
	b := browse(simtest.Rehearse(t, simtenant.Options{}), chrome)
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
	r := simtest.Rehearse(t, simtenant.Options{})
	b := browse(r, chrome)
	b.open("/security-info")
	a.audit(b, "at a page")
	b.fill("account", " ")
	b.press("Next")
	a.audit(b, "empty")
	b.signIn("nobody@contoso.com", simtest.ServicePassword)
	a.audit(b, "unknown")
	b.fill("account", simtest.ServiceUPN)
	b.press("Next")
	a.audit(b, "at a page")
	b.fill("password", "Wrong-2026-Password")
	b.press("Sign in")
	a.audit(b, "wrong")
	inPage[any](b, `document.querySelector("[name=csrf]").value = "stale"`)
	b.fill("password", simtest.ServicePassword)
	b.press("Sign in")
	a.audit(b, "form out of date")
	b.open("/security-info")
	b.signIn(simtest.ServiceUPN, simtest.ServicePassword)
	a.audit(b, "plain")
	b.press("No")
	b.open("/sign-out")
	a.audit(b, "plain")
	b.press("Sign out")
	a.audit(b, "signed out")
	r.Tenant.State.Lock()
	r.Tenant.State.Directory.UserByIDLocked(r.Service).AccountEnabled = false
	r.Tenant.State.Unlock()
	b.open("/security-info")
	b.signIn(simtest.ServiceUPN, simtest.ServicePassword)
	a.audit(b, "at a page")
}

func walkSecondFactor(t *testing.T, a *auditor, chrome context.Context) {
	r := simtest.Rehearse(t, simtenant.Options{})
	b := browse(r, chrome)
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
	b.Tenant.State.Lock()
	defer b.Tenant.State.Unlock()
	return b.Tenant.State.Directory.UserByUPNLocked(state.OperatorUPN).ID
}

func walkApplication(t *testing.T, a *auditor, chrome context.Context) {
	r := simtest.Rehearse(t, simtenant.Options{})
	b := browse(r, chrome)
	redirect, _ := simtest.Callback(t)
	ep := b.server.PageEndpoints()
	b.open(simtest.AuthorizeAddress(ep, "http://attacker.example", nil))
	a.audit(b, "bad address")
	b.open(simtest.AuthorizeAddress(ep, redirect, nil))
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
	b.open(simtest.AuthorizeAddress(ep, redirect, nil))
	a.audit(b, "known")
	b.open(simtest.AuthorizeAddress(ep, redirect, url.Values{"response_mode": {"form_post"}, "prompt": {""}}))
	a.audit(b, "plain")
	r.Tenant.SignIns.RefuseConsent("User.Read")
	b.open(simtest.AuthorizeAddress(ep, redirect, url.Values{"prompt": {"consent"}}))
	b.press("Accept")
	a.audit(b, "consent refused")
	r.Tenant.SignIns.BlockBrowser(true)
	b.open(simtest.AuthorizeAddress(ep, redirect, url.Values{"prompt": {""}}))
	a.audit(b, "blocked")

	other := b.privately(chrome)
	r.Tenant.SignIns.BlockBrowser(false)
	other.open(simtest.AuthorizeAddress(ep, redirect, url.Values{"scope": {"User.Read User.ReadWrite.All"}}))
	other.signIn("yuki.tanaka@contoso.com", "Tanaka-2026-Contoso")
	other.press("No")
	a.audit(other, "no administrator")
}

func walkDevice(t *testing.T, a *auditor, chrome context.Context) {
	r := simtest.Rehearse(t, simtenant.Options{})
	b := browse(r, chrome)
	b.open("/devicelogin")
	a.audit(b, "plain")
	b.fill("code", "NOTACODE")
	b.press("Next")
	a.audit(b, "wrong")
	b.fill("code", deviceCode(r))
	b.press("Next")
	a.audit(b, "for a device")
	b.signIn(simtest.ServiceUPN, simtest.ServicePassword)
	b.press("No")
	a.audit(b, "plain")
	b.press("Continue")
	if b.page() == "consent" {
		b.press("Accept")
	}
	a.audit(b, "device signed in")
	b.open("/devicelogin")
	b.fill("code", deviceCode(r))
	b.press("Next")
	a.audit(b, "known, for a device")
	b.press("Cancel")
	a.audit(b, "device cancelled")
	code := deviceCode(r)
	b.open("/devicelogin")
	b.fill("code", code)
	b.press("Next")
	b.press("Continue as " + simtest.ServiceUPN)
	if err := r.Tenant.Entra.DeclineDevice(code, nil); err != nil {
		t.Fatal(err)
	}
	b.press("Continue")
	a.audit(b, "code over")
}

func walkAdministrators(t *testing.T, a *auditor, chrome context.Context) {
	r := simtest.Rehearse(t, simtenant.Options{})
	b := browse(r, chrome)
	b.open("/per-user-mfa")
	b.signIn(state.OperatorUPN, state.OperatorPassword)
	b.press("Approve")
	b.press("No")
	a.audit(b, "plain")
	b.fill("search", "SERVICE.")
	b.press("Search")
	a.audit(b, "searched")
	b.press("Enable " + simtest.ServiceUPN)
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
	r.Tenant.AddUser("somebody@contoso.com", "Somebody", simtest.ServicePassword)
	if _, err := r.Tenant.State.MFA.RegisterMethod(r.Tenant.AddUser("clerk@contoso.com", "Clerk", simtest.ServicePassword), state.MethodAuthenticator, "Telephone", nil); err != nil {
		t.Fatal(err)
	}
	other.open("/service-settings")
	other.signIn("clerk@contoso.com", simtest.ServicePassword)
	other.press("Approve")
	other.press("No")
	a.audit(other, "no administrator")
}

func walkRegistration(t *testing.T, a *auditor, chrome context.Context) {
	r := simtest.Rehearse(t, simtenant.Options{})
	r.SetMFA(state.MFAEnabled)
	r.Tenant.State.MFA.SetAllowAppPasswords("", true)
	b := browse(r, chrome)
	b.open("/security-info")
	b.signIn(simtest.ServiceUPN, simtest.ServicePassword)
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

	full := browse(simtest.Rehearse(t, simtenant.Options{Profile: "migrated"}), chrome)
	full.Tenant.State.Lock()
	full.Tenant.State.MFA.MigrationState, full.Tenant.State.MFA.MethodStates = "migrationComplete", map[string]bool{}
	full.Tenant.State.Unlock()
	full.SetMFA(state.MFAEnabled)
	full.open("/security-info")
	full.signIn(simtest.ServiceUPN, simtest.ServicePassword)
	full.fill("code", full.appCode())
	full.press("Verify")
	a.audit(full, "method not allowed")

	resistant := browse(simtest.Rehearse(t, simtenant.Options{Profile: "phishing-resistant"}), chrome)
	resistant.open("/security-info")
	resistant.signIn(simtest.ServiceUPN, simtest.ServicePassword)
	resistant.fill("code", resistant.appCode())
	resistant.press("Verify")
	a.audit(resistant, "method not enough")
}

func walkSecurityInfo(t *testing.T, a *auditor, chrome context.Context) {
	r := simtest.Rehearse(t, simtenant.Options{})
	b := browse(r, chrome)
	b.open("/security-info")
	b.signIn(simtest.ServiceUPN, simtest.ServicePassword)
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

	r.SetMFA(state.MFAEnforced)
	r.Tenant.State.MFA.SetAllowAppPasswords("", true)
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
	r.Tenant.State.MFA.SetAllowAppPasswords("", false)
	b.press("Delete app password " + person.AppPasswordName)
	a.audit(b, "not managed")
	b.press("Back")
	a.audit(b, "app password that is not managed")
	r.Tenant.State.MFA.SetAllowAppPasswords("", true)
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
	r := simtest.Rehearse(t, simtenant.Options{})
	r.SetMFA(state.MFAEnforced)
	r.Tenant.State.MFA.SetAllowAppPasswords("", true)
	b := browse(r, chrome)
	b.register(r.Service)
	b.open("/AppPasswords.aspx")
	b.signIn(simtest.ServiceUPN, simtest.ServicePassword)
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
		if _, err := r.Tenant.State.MFA.CreateAppPassword(r.Service, "A name that is as long as a person's patience with names"); err != nil {
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
	r := simtest.Rehearse(t, simtenant.Options{})
	b := browse(r, chrome)
	setup := func(b *browser, configuration, user string) {
		b.Helper()
		b.open(b.server.PageEndpoints().Delegate365 + "/setup")
		b.fill("configuration-password", configuration, "user-name", user, "password", simtest.ServicePassword)
		b.press("Start setup")
	}
	b.open(b.server.PageEndpoints().Delegate365 + "/setup")
	a.audit(b, "first")
	right := r.With(nil)["configuration-password"]
	setup(b, "wrong", simtest.ServiceUPN)
	a.audit(b, "wrong configuration password")
	r.SetMFA(state.MFAEnabled)
	setup(b, right, simtest.ServiceUPN)
	a.audit(b, "MFA demanded")
	r.SetMFA(state.MFADisabled)
	setup(b, right, "yuki.tanaka@contoso.com")
	a.audit(b, "wrong password")
	if err := r.Tenant.SetRole(simtest.ServiceUPN, state.RoleGlobalAdministrator, false); err != nil {
		t.Fatal(err)
	}
	setup(b, right, simtest.ServiceUPN)
	a.audit(b, "failed")
	if err := r.Tenant.SetRole(simtest.ServiceUPN, state.RoleGlobalAdministrator, true); err != nil {
		t.Fatal(err)
	}
	setup(b, right, simtest.ServiceUPN)
	a.audit(b, "completed")
	b.open(b.server.PageEndpoints().Delegate365 + "/setup")
	a.audit(b, "again")

	slow := browse(simtest.Rehearse(t, simtenant.Options{Pace: time.Hour}), chrome)
	setup(slow, slow.With(nil)["configuration-password"], simtest.ServiceUPN)
	a.audit(slow, "running")
}

func walkPortal(t *testing.T, a *auditor, chrome context.Context) {
	r := simtest.Rehearse(t, simtenant.Options{})
	r.Play("setup", nil)
	b := browse(r, chrome)
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
	b.signIn(simtest.ServiceUPN, simtest.ServicePassword)
	b.press("No")
	a.audit(b, "older")
	b.open(portal + exchangePage)
	a.audit(b, "empty")
	b.press("Test credentials")
	a.audit(b, "nothing to test")
	b.fill("user-name", " ", "password", "x")
	b.press("Save")
	a.audit(b, "nothing saved")
	b.fill("user-name", simtest.ServiceUPN, "password", "not an app password")
	b.press("Save")
	a.audit(b, "saved")
	b.press("Test credentials")
	a.audit(b, "not valid")
	b.fill("password", enforced(r))
	b.press("Save")
	b.press("Test credentials")
	a.audit(b, "valid")
	b.press("Sign out")
	a.audit(b, "plain")
	b.press("Sign out")
	a.audit(b, "signed out of Delegate365")

	newer := simtest.Rehearse(t, simtenant.Options{NewerDelegate365: true})
	newer.Play("setup", nil)
	b = browse(newer, chrome)
	portal = b.server.PageEndpoints().Delegate365
	b.open(portal)
	b.press("Sign in")
	b.signIn(simtest.ServiceUPN, simtest.ServicePassword)
	b.press("No")
	a.audit(b, "newer")
	b.open(portal + exchangePage)
	a.audit(b, "not found in Delegate365")
}
