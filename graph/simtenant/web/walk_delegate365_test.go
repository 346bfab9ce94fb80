package web_test

import (
	"context"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

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
