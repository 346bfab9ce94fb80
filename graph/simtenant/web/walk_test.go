package web_test

import (
	"context"
	"net/url"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
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
	{"my roles", walkMyRoles},
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
