package person_test

import (
	"context"
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

// A tenant that lets no new application have a client secret stops the older setup, and not the newer one.
func TestNoClientSecrets(t *testing.T) {
	for _, newer := range []bool{false, true} {
		r := simtest.Rehearse(t, simtenant.Options{NewerDelegate365: newer})
		r.Tenant.Settings.RestrictClientSecrets(r.Tenant.State.Instant().Add(-time.Hour))
		if newer {
			r.Play("setup", nil)
			continue
		}
		r.Refused("setup", nil, "Credential type not allowed")
	}
	r := simtest.Rehearse(t, simtenant.Options{})
	r.Tenant.Settings.RestrictClientSecrets(r.Tenant.State.Instant().Add(time.Hour))
	r.Play("setup", nil)
}

func TestSetupFailsAsEntraSaysIt(t *testing.T) {
	for _, c := range []struct {
		name    string
		arrange func(*simtest.Rehearsal)
		with    map[string]string
		words   []string
	}{
		{"per-user MFA enabled", func(r *simtest.Rehearsal) { r.SetMFA(state.MFAEnabled) }, nil, []string{"AADSTS50079", "Correlation ID", "Timestamp"}},
		{"per-user MFA enforced and registered", func(r *simtest.Rehearsal) {
			r.SetMFA(state.MFAEnforced)
			if _, err := r.Tenant.State.MFA.RegisterMethod(r.Service, state.MethodTOTP, "app", []byte("12345678901234567890")); err != nil {
				r.Fatal(err)
			}
		}, nil, []string{"AADSTS50076", "multi-factor authentication"}},
		{"security defaults", func(r *simtest.Rehearsal) { r.Tenant.SetSecurityDefaults(true) }, nil, []string{"AADSTS50079"}},
		{"wrong password", nil, map[string]string{"password": "Wrong-2026-Password"}, []string{"AADSTS50126"}},
		{"unknown user", nil, map[string]string{"user-name": "nobody@contoso.com"}, []string{"AADSTS50034"}},
		{"wrong configuration password", nil, map[string]string{"configuration-password": "no"}, []string{"configuration password is not right"}},
		{"not a Global Administrator", func(r *simtest.Rehearsal) {
			if err := r.Tenant.SetRole(simtest.ServiceUPN, state.RoleGlobalAdministrator, false); err != nil {
				r.Fatal(err)
			}
		}, nil, []string{"Setup failed", "not a Global Administrator"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := simtest.Rehearse(t, simtenant.Options{})
			if c.arrange != nil {
				c.arrange(r)
			}
			r.Refused("setup", c.with, c.words...)
			for _, app := range r.Tenant.Snapshot().Applications {
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
		r := simtest.Rehearse(t, simtenant.Options{Pace: time.Second})
		count := func() (n int) {
			for _, app := range r.Tenant.Snapshot().Applications {
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
		r.Play("setup", nil)
		if took := time.Since(started); took < time.Minute || took > 2*time.Minute {
			t.Errorf("the setup took %v", took)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if !slices.IsSorted(seen) || !slices.Contains(seen, 0) || !slices.Contains(seen, 1) || !slices.Contains(seen, 2) {
			t.Errorf("applications seen over time: %v", seen)
		}
		r.Play("setup", nil)
		if count() != 2 {
			t.Errorf("a second setup leaves %d applications", count())
		}
	})
}

func TestOnlyTheSetupAccountOpensThePortal(t *testing.T) {
	r := simtest.Rehearse(t, simtenant.Options{})
	r.Play("setup", nil)
	r.Play("sign-out", nil)
	r.Tenant.AddUser("other@contoso.com", "Other", simtest.ServicePassword)
	r.Refused("login-delegate365", map[string]string{"user-name": "other@contoso.com"}, "not an administrator in this Delegate365")
}

// Setup leaves Delegate365 open, so that the person who looks at its menu afterwards need not sign in again, and can't: MFA
// is demanded by then.
func TestSetupLeavesTheDashboardOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := simtest.Rehearse(t, simtenant.Options{Pace: time.Second})
		r.Person.Hurried = true
		if _, err := r.Person.Play(t.Context(), "service-settings", nil); err != nil {
			t.Fatal(err)
		}
		r.Play("setup", nil)
		r.SetMFA(state.MFAEnforced)
		if said, err := r.Person.Play(t.Context(), "portal-version", nil); err != nil || said != person.SaysPage {
			t.Errorf("the person says %q of the portal: %v", said, err)
		}
	})
}

// A wizard that starts again while Delegate365's setup still runs: the person waits for its end, and runs it once more.
func TestSetupBegunBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := simtest.Rehearse(t, simtenant.Options{Pace: time.Second})
		gone, leave := context.WithCancel(t.Context())
		go func() { _, _ = r.Person.Play(gone, "setup", r.With(nil)) }()
		time.Sleep(10 * time.Second)
		leave()
		synctest.Wait()
		for _, hurried := range []bool{true, false} {
			r.Person.Hurried = hurried
			if said := r.Play("setup", nil); said != "Setup completed" {
				t.Errorf("hurried %v: setup said %q", hurried, said)
			}
			go func() { _, _ = r.Person.Play(t.Context(), "setup", r.With(nil)) }()
			time.Sleep(time.Second)
		}
		time.Sleep(3 * time.Minute)
	})
}
