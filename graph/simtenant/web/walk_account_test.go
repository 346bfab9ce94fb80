package web_test

import (
	"context"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/person"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/totp"
)

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
	a.audit(resistant, "no method is enough")
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
