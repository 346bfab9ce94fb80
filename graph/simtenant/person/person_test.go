package person_test

import (
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/person"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestPersonPlaysTheWholeOnboarding(t *testing.T) {
	r := simtest.Rehearse(t, simtenant.Options{})
	if said := r.Play("setup", nil); said != "Setup completed" {
		t.Errorf("setup said %q", said)
	}
	if apps := r.Tenant.Snapshot().Applications; !strings.Contains(strings.Join(apps, ","), "Delegate365,Delegate365 Automation") {
		t.Errorf("the setup left the applications %v", apps)
	}
	r.Play("login-delegate365", nil)
	r.Play("service-settings", nil)
	if !r.Tenant.Snapshot().AppPasswords {
		t.Error("app passwords are not allowed")
	}
	r.SetMFA(state.MFAEnabled)
	password := r.Play("register-mfa", nil)
	if len(password) != 16 {
		t.Fatalf("the registration ended with an app password of %d characters", len(password))
	}
	if u := r.Tenant.Snapshot().Users[simtest.ServiceUPN]; u.PerUserMFA != state.MFAEnforced || u.AppPasswords != 1 || len(u.Methods) != 1 {
		t.Errorf("the account is %+v", u)
	}
	if said := r.Play("portal-version", nil); said != person.SaysPage {
		t.Errorf("the person says %q of the portal", said)
	}
	r.LetIn()
	if said := r.Play("test-credentials", map[string]string{"app-password": password}); said != person.SaysValid {
		t.Errorf("the test said %q", said)
	}
	if another := r.Play("app-password", nil); another == password || len(another) != 16 {
		t.Error("a second app password is not another one of 16 letters")
	}
	for upn, wrong := range map[string]string{simtest.ServiceUPN: simtest.ServicePassword, "nobody@contoso.com": password} {
		if said := r.Play("test-credentials", map[string]string{"app-password": wrong, "user-name": upn}); said != person.SaysInvalid {
			t.Errorf("the test of %s said %q", upn, said)
		}
	}
	r.Play("sign-out", nil)
}

// SMTP AUTH is off in a new organisation, and nothing without a mailbox submits mail: an app password alone is worth
// nothing there. In business somebody turned it on, and the group of the service accounts brings a mailbox.
func TestAppPasswordNeedsSMTPAuthAndAMailbox(t *testing.T) {
	for _, c := range []struct {
		profile string
		arrange func(*simtest.Rehearsal)
		says    string
	}{
		{"fresh", func(*simtest.Rehearsal) {}, person.SaysSMTPOff},
		{"fresh", func(r *simtest.Rehearsal) { r.Tenant.Settings.SetSMTPAuth(true) }, person.SaysInvalid},
		{"fresh", func(r *simtest.Rehearsal) { r.LetIn(); r.Tenant.Settings.SetSMTPAuth(false) }, person.SaysSMTPOff},
		{"fresh", (*simtest.Rehearsal).LetIn, person.SaysValid},
		{"no-licence", func(r *simtest.Rehearsal) { r.Tenant.Settings.SetSMTPAuth(true) }, person.SaysInvalid},
		{"business", func(*simtest.Rehearsal) {}, person.SaysValid},
	} {
		r := simtest.Rehearse(t, simtenant.Options{Profile: c.profile, Lag: time.Nanosecond})
		if c.profile == "business" {
			excludeEverywhere(r)
		}
		r.Play("setup", nil)
		r.Play("service-settings", nil)
		r.SetMFA(state.MFAEnabled)
		password := r.Play("register-mfa", nil)
		c.arrange(r)
		if said := r.Play("test-credentials", map[string]string{"app-password": password}); said != c.says {
			t.Errorf("%s: the test says %q", c.profile, said)
		}
	}
}

// excludeEverywhere takes the service account out of every policy.
func excludeEverywhere(r *simtest.Rehearsal) {
	r.Helper()
	for _, p := range r.Tenant.Snapshot().Policies {
		if err := r.Tenant.ExcludeBehindBack(p.ID, simtest.ServiceUPN); err != nil {
			r.Fatal(err)
		}
	}
}

func TestAppPasswordIsOfferedOnlyWhenEnforced(t *testing.T) {
	register := func(r *simtest.Rehearsal) {
		r.Helper()
		r.SetMFA(state.MFAEnabled)
		r.Play("register-mfa", nil)
	}
	for _, c := range []struct {
		name    string
		arrange func(*simtest.Rehearsal)
		offered bool
	}{
		{"enforced and allowed", func(r *simtest.Rehearsal) {
			register(r)
			r.Play("service-settings", nil)
		}, true},
		{"enforced, not allowed", register, false},
		{"enabled again", func(r *simtest.Rehearsal) {
			register(r)
			r.Play("service-settings", nil)
			r.SetMFA(state.MFAEnabled)
		}, false},
		{"never enabled", func(r *simtest.Rehearsal) { r.Play("service-settings", nil) }, false},
		{"security defaults", func(r *simtest.Rehearsal) {
			register(r)
			r.Play("service-settings", nil)
			r.Tenant.SetSecurityDefaults(true)
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := simtest.Rehearse(t, simtenant.Options{})
			c.arrange(r)
			if c.offered {
				r.Play("app-password", nil)
				return
			}
			r.Refused("app-password", nil, `does not offer "app-password"`)
			if n := r.Tenant.Snapshot().Users[simtest.ServiceUPN].AppPasswords; n != 0 {
				t.Errorf("there are %d app passwords", n)
			}
		})
	}
}

// Nothing demands a method of the account, and the person registers one all the same.
func TestRegisterWithoutBeingAsked(t *testing.T) {
	r := simtest.Rehearse(t, simtenant.Options{})
	if said := r.Play("register-mfa", nil); said != "" {
		t.Error("an app password came of a registration that nothing demanded")
	}
	if u := r.Tenant.Snapshot().Users[simtest.ServiceUPN]; len(u.Methods) != 1 || u.PerUserMFA != state.MFADisabled {
		t.Errorf("the account is %+v", u)
	}
}

// In a tenant with Conditional Access the operator gets in, and the setup fails while a policy demands MFA of Global
// Administrators.
func TestConditionalAccessStopsTheSetup(t *testing.T) {
	r := simtest.Rehearse(t, simtenant.Options{Profile: "business"})
	redirect, _ := simtest.Callback(t)
	r.Play("sign-in", map[string]string{"url": simtest.AuthorizeAddress(r.Tenant.Endpoints(), redirect, nil)})
	r.Refused("setup", nil, "AADSTS50079")
	r.Play("register-mfa", nil)
	r.Refused("setup", nil, "AADSTS50076")
}

func TestPartsThatNobodyKnows(t *testing.T) {
	r := simtest.Rehearse(t, simtenant.Options{})
	if _, err := r.Person.Play(t.Context(), "dance", nil); err == nil || !strings.Contains(err.Error(), "service-settings") {
		t.Errorf("the error does not list the parts: %v", err)
	}
}
