package simtenant_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/person"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

const (
	serviceUPN      = "service.delegate365@contoso.com"
	servicePassword = "Service-2026-Account!"
)

// rehearsal is a tenant with a service account that is Global Administrator, and a person at its pages.
type rehearsal struct {
	*testing.T
	tenant  *simtest.Tenant
	person  *person.Person
	client  *http.Client
	ep      simtenant.Endpoints
	service string // object id
}

func rehearse(t *testing.T, o simtenant.Options) *rehearsal {
	t.Helper()
	tenant, err := simtest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	r := &rehearsal{T: t, tenant: tenant}
	r.service = tenant.AddUser(serviceUPN, "Delegate365 Service", servicePassword)
	if err := tenant.SetRole(serviceUPN, state.RoleGlobalAdministrator, true); err != nil {
		t.Fatal(err)
	}
	r.meet(tenant.Transport(), tenant.Endpoints())
	return r
}

// meet gives the rehearsal a new person, who reaches the pages of ep.
func (r *rehearsal) meet(transport http.RoundTripper, ep simtenant.Endpoints) {
	r.client, r.ep = &http.Client{Transport: transport}, ep
	r.person = r.tenant.NewPerson(r.client, ep)
}

// play plays a part as the service account and fails the test if it does not go well.
func (r *rehearsal) play(part string, with map[string]string) string {
	r.Helper()
	said, err := r.person.Play(r.Context(), part, r.with(with))
	if err != nil {
		r.Fatal(err)
	}
	return said
}

// refused plays a part that must fail and say each of words.
func (r *rehearsal) refused(part string, with map[string]string, words ...string) {
	r.Helper()
	said, err := r.person.Play(r.Context(), part, r.with(with))
	if err == nil {
		r.Fatalf("%s went well and said %q", part, said)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			r.Errorf("%s: the error lacks %q: %v", part, word, err)
		}
	}
}

func (r *rehearsal) with(more map[string]string) map[string]string {
	with := map[string]string{
		"user-name": serviceUPN, "password": servicePassword,
		"configuration-password": r.tenant.Settings.ConfigurationPassword(),
	}
	for name, value := range more {
		with[name] = value
	}
	return with
}

func (r *rehearsal) setMFA(state string) {
	r.Helper()
	if err := r.tenant.State.MFA.SetPerUserMFA(r.service, r.service, state); err != nil {
		r.Fatal(err)
	}
}

func TestPersonPlaysTheWholeOnboarding(t *testing.T) {
	r := rehearse(t, simtenant.Options{})
	if said := r.play("setup", nil); said != "Setup completed" {
		t.Errorf("setup said %q", said)
	}
	if apps := r.tenant.Snapshot().Applications; !strings.Contains(strings.Join(apps, ","), "Delegate365,Delegate365 Automation") {
		t.Errorf("the setup left the applications %v", apps)
	}
	r.play("login-delegate365", nil)
	r.play("service-settings", nil)
	if !r.tenant.Snapshot().AppPasswords {
		t.Error("app passwords are not allowed")
	}
	r.setMFA(state.MFAEnabled)
	password := r.play("register-mfa", nil)
	if len(password) != 16 {
		t.Fatalf("the registration ended with an app password of %d characters", len(password))
	}
	if u := r.tenant.Snapshot().Users[serviceUPN]; u.PerUserMFA != state.MFAEnforced || u.AppPasswords != 1 || len(u.Methods) != 1 {
		t.Errorf("the account is %+v", u)
	}
	if said := r.play("portal-version", nil); said != person.SaysPage {
		t.Errorf("the person says %q of the portal", said)
	}
	r.letIn()
	if said := r.play("test-credentials", map[string]string{"app-password": password}); said != person.SaysValid {
		t.Errorf("the test said %q", said)
	}
	if another := r.play("app-password", nil); another == password || len(another) != 16 {
		t.Error("a second app password is not another one of 16 letters")
	}
	for upn, wrong := range map[string]string{serviceUPN: servicePassword, "nobody@contoso.com": password} {
		if said := r.play("test-credentials", map[string]string{"app-password": wrong, "user-name": upn}); said != person.SaysInvalid {
			t.Errorf("the test of %s said %q", upn, said)
		}
	}
	r.play("sign-out", nil)
}

// letIn has Exchange Online take the service account's app password.
func (r *rehearsal) letIn() {
	r.Helper()
	r.tenant.Settings.SetSMTPAuth(true)
	if err := r.tenant.Settings.SetMailbox(serviceUPN); err != nil {
		r.Fatal(err)
	}
}

// SMTP AUTH is off in a new organisation, and nothing without a mailbox submits mail: an app password alone is worth
// nothing there. In business somebody turned it on, and the group of the service accounts brings a mailbox.
func TestAppPasswordNeedsSMTPAuthAndAMailbox(t *testing.T) {
	for _, c := range []struct {
		profile string
		arrange func(*rehearsal)
		says    string
	}{
		{"fresh", func(*rehearsal) {}, person.SaysInvalid},
		{"fresh", func(r *rehearsal) { r.tenant.Settings.SetSMTPAuth(true) }, person.SaysInvalid},
		{"fresh", func(r *rehearsal) { r.letIn(); r.tenant.Settings.SetSMTPAuth(false) }, person.SaysInvalid},
		{"fresh", (*rehearsal).letIn, person.SaysValid},
		{"no-licence", func(r *rehearsal) { r.tenant.Settings.SetSMTPAuth(true) }, person.SaysInvalid},
		{"business", func(*rehearsal) {}, person.SaysValid},
	} {
		r := rehearse(t, simtenant.Options{Profile: c.profile, Lag: time.Nanosecond})
		if c.profile == "business" {
			r.excludeEverywhere()
		}
		r.play("setup", nil)
		r.play("service-settings", nil)
		r.setMFA(state.MFAEnabled)
		password := r.play("register-mfa", nil)
		c.arrange(r)
		if said := r.play("test-credentials", map[string]string{"app-password": password}); said != c.says {
			t.Errorf("%s: the test says %q", c.profile, said)
		}
	}
}

// excludeEverywhere takes the service account out of every policy.
func (r *rehearsal) excludeEverywhere() {
	r.Helper()
	for _, p := range r.tenant.Snapshot().Policies {
		if err := r.tenant.ExcludeBehindBack(p.ID, serviceUPN); err != nil {
			r.Fatal(err)
		}
	}
}

// A tenant that lets no new application have a client secret stops the older setup, and not the newer one.
func TestNoClientSecrets(t *testing.T) {
	for _, newer := range []bool{false, true} {
		r := rehearse(t, simtenant.Options{NewerDelegate365: newer})
		r.tenant.Settings.RestrictClientSecrets(r.tenant.State.Instant().Add(-time.Hour))
		if newer {
			r.play("setup", nil)
			continue
		}
		r.refused("setup", nil, "Credential type not allowed")
	}
	r := rehearse(t, simtenant.Options{})
	r.tenant.Settings.RestrictClientSecrets(r.tenant.State.Instant().Add(time.Hour))
	r.play("setup", nil)
}

func TestSetupFailsAsEntraSaysIt(t *testing.T) {
	for _, c := range []struct {
		name    string
		arrange func(*rehearsal)
		with    map[string]string
		words   []string
	}{
		{"per-user MFA enabled", func(r *rehearsal) { r.setMFA(state.MFAEnabled) }, nil, []string{"AADSTS50079", "Correlation ID", "Timestamp"}},
		{"per-user MFA enforced and registered", func(r *rehearsal) {
			r.setMFA(state.MFAEnforced)
			if _, err := r.tenant.State.MFA.RegisterMethod(r.service, state.MethodTOTP, "app", []byte("12345678901234567890")); err != nil {
				r.Fatal(err)
			}
		}, nil, []string{"AADSTS50076", "multi-factor authentication"}},
		{"security defaults", func(r *rehearsal) { r.tenant.SetSecurityDefaults(true) }, nil, []string{"AADSTS50079"}},
		{"wrong password", nil, map[string]string{"password": "Wrong-2026-Password"}, []string{"AADSTS50126"}},
		{"unknown user", nil, map[string]string{"user-name": "nobody@contoso.com"}, []string{"AADSTS50034"}},
		{"wrong configuration password", nil, map[string]string{"configuration-password": "no"}, []string{"configuration password is not right"}},
		{"not a Global Administrator", func(r *rehearsal) {
			if err := r.tenant.SetRole(serviceUPN, state.RoleGlobalAdministrator, false); err != nil {
				r.Fatal(err)
			}
		}, nil, []string{"Setup failed", "not a Global Administrator"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rehearse(t, simtenant.Options{})
			if c.arrange != nil {
				c.arrange(r)
			}
			r.refused("setup", c.with, c.words...)
			for _, app := range r.tenant.Snapshot().Applications {
				if strings.HasPrefix(app, "Delegate365") {
					t.Errorf("the failed setup left %q", app)
				}
			}
		})
	}
}

// With a pace the two applications appear one after the other, within one to two minutes.
func TestSetupTakesOneToTwoMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, simtenant.Options{Pace: time.Second})
		count := func() (n int) {
			for _, app := range r.tenant.Snapshot().Applications {
				if strings.HasPrefix(app, "Delegate365") {
					n++
				}
			}
			return n
		}
		started := time.Now()
		var seen []int
		go func() {
			for range 8 {
				seen = append(seen, count())
				time.Sleep(12 * time.Second)
			}
		}()
		r.play("setup", nil)
		if took := time.Since(started); took < time.Minute || took > 2*time.Minute {
			t.Errorf("the setup took %v", took)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if !slices.IsSorted(seen) || !slices.Contains(seen, 0) || !slices.Contains(seen, 1) || !slices.Contains(seen, 2) {
			t.Errorf("applications seen over time: %v", seen)
		}
		r.play("setup", nil)
		if count() != 2 {
			t.Errorf("a second setup leaves %d applications", count())
		}
	})
}

func TestAppPasswordIsOfferedOnlyWhenEnforced(t *testing.T) {
	register := func(r *rehearsal) {
		r.Helper()
		r.setMFA(state.MFAEnabled)
		r.play("register-mfa", nil)
	}
	for _, c := range []struct {
		name    string
		arrange func(*rehearsal)
		offered bool
	}{
		{"enforced and allowed", func(r *rehearsal) {
			register(r)
			r.play("service-settings", nil)
		}, true},
		{"enforced, not allowed", register, false},
		{"enabled again", func(r *rehearsal) {
			register(r)
			r.play("service-settings", nil)
			r.setMFA(state.MFAEnabled)
		}, false},
		{"never enabled", func(r *rehearsal) { r.play("service-settings", nil) }, false},
		{"security defaults", func(r *rehearsal) {
			register(r)
			r.play("service-settings", nil)
			r.tenant.SetSecurityDefaults(true)
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rehearse(t, simtenant.Options{})
			c.arrange(r)
			if c.offered {
				r.play("app-password", nil)
				return
			}
			r.refused("app-password", nil, `does not offer "app-password"`)
			if n := r.tenant.Snapshot().Users[serviceUPN].AppPasswords; n != 0 {
				t.Errorf("there are %d app passwords", n)
			}
		})
	}
}

// Nothing demands a method of the account, and the person registers one all the same.
func TestRegisterWithoutBeingAsked(t *testing.T) {
	r := rehearse(t, simtenant.Options{})
	if said := r.play("register-mfa", nil); said != "" {
		t.Error("an app password came of a registration that nothing demanded")
	}
	if u := r.tenant.Snapshot().Users[serviceUPN]; len(u.Methods) != 1 || u.PerUserMFA != state.MFADisabled {
		t.Errorf("the account is %+v", u)
	}
}

// In a tenant with Conditional Access the operator gets in, and the setup fails while a policy demands MFA of Global
// Administrators.
func TestConditionalAccessStopsTheSetup(t *testing.T) {
	r := rehearse(t, simtenant.Options{Profile: "business"})
	redirect, _ := callback(t)
	r.play("sign-in", map[string]string{"url": authorizeAddress(r.tenant.Endpoints(), redirect, nil)})
	r.refused("setup", nil, "AADSTS50079")
	r.play("register-mfa", nil)
	r.refused("setup", nil, "AADSTS50076")
}

func TestOnlyTheSetupAccountOpensThePortal(t *testing.T) {
	r := rehearse(t, simtenant.Options{})
	r.play("setup", nil)
	r.play("sign-out", nil)
	r.tenant.AddUser("other@contoso.com", "Other", servicePassword)
	r.refused("login-delegate365", map[string]string{"user-name": "other@contoso.com"}, "not an administrator in this Delegate365")
}

func TestPartsThatNobodyKnows(t *testing.T) {
	r := rehearse(t, simtenant.Options{})
	if _, err := r.person.Play(t.Context(), "dance", nil); err == nil || !strings.Contains(err.Error(), "service-settings") {
		t.Errorf("the error does not list the parts: %v", err)
	}
}

// Setup leaves Delegate365 open, so that the person who looks at its menu afterwards need not sign in again, and can't: MFA
// is demanded by then.
func TestSetupLeavesTheDashboardOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, simtenant.Options{Pace: time.Second})
		r.person.Hurried = true
		if _, err := r.person.Play(t.Context(), "service-settings", nil); err != nil {
			t.Fatal(err)
		}
		r.play("setup", nil)
		r.setMFA(state.MFAEnforced)
		if said, err := r.person.Play(t.Context(), "portal-version", nil); err != nil || said != person.SaysPage {
			t.Errorf("the person says %q of the portal: %v", said, err)
		}
	})
}

// A wizard that starts again while Delegate365's setup still runs: the person waits for its end, and runs it once more.
func TestSetupBegunBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, simtenant.Options{Pace: time.Second})
		gone, leave := context.WithCancel(t.Context())
		go func() { _, _ = r.person.Play(gone, "setup", r.with(nil)) }()
		time.Sleep(10 * time.Second)
		leave()
		synctest.Wait()
		for _, hurried := range []bool{true, false} {
			r.person.Hurried = hurried
			if said := r.play("setup", nil); said != "Setup completed" {
				t.Errorf("hurried %v: setup said %q", hurried, said)
			}
			go func() { _, _ = r.person.Play(t.Context(), "setup", r.with(nil)) }()
			time.Sleep(time.Second)
		}
		time.Sleep(3 * time.Minute)
	})
}
