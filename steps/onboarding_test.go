package steps_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

const serviceAccount = "service.delegate365@contoso.com"

// A whole onboarding on each profile, in virtual time. Seen from outside, the tenant differs afterwards by what was
// planned and by nothing else.
func TestOnboarding(t *testing.T) {
	t.Parallel()
	for _, profile := range straight {
		t.Run(profile, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: profile})
				before := unbegun(r.tenant.Snapshot())
				for _, s := range steps.All() {
					r.pass(s.Info().ID)
				}
				onboarded(t, before, r.tenant.Snapshot())
				if _, open := r.run.Exposure(); open {
					t.Error("the exposure window is open at the end")
				}
			})
		})
	}
}

// unbegun is a tenant without what an interrupted onboarding left in it.
func unbegun(s simtest.Snapshot) simtest.Snapshot {
	account, left := s.Users[serviceAccount]
	if !left {
		return s
	}
	delete(s.Users, serviceAccount)
	for name, p := range s.Policies {
		p.Users.ExcludeUsers = slices.DeleteFunc(p.Users.ExcludeUsers, func(id string) bool { return id == account.ID })
		s.Policies[name] = p
	}
	s.Applications = slices.DeleteFunc(s.Applications, func(name string) bool { return name == "Microsoft Graph Command Line Tools" })
	return s
}

// straight are the profiles that an onboarding walks without a decision of the operator's.
var straight = []string{"fresh", "business", "half-done", "no-licence", "migrated"}

// unstarted are the profiles in which no onboarding has begun.
var unstarted = []string{"fresh", "business"}

// onboarded holds a tenant against what it was before the onboarding.
func onboarded(t *testing.T, before, after simtest.Snapshot) {
	t.Helper()
	account, ok := after.Users[serviceAccount]
	if !ok {
		t.Fatal("the service account does not exist")
	}
	want := simtest.UserSnapshot{
		ID: account.ID, DisplayName: "Delegate365 Service", Enabled: true, Roles: []string{"Global Administrator"},
		PerUserMFA: "enforced", Methods: account.Methods, AppPasswords: 1, PasswordRules: "DisablePasswordExpiration",
	}
	if diff := cmp.Diff(want, account); diff != "" || len(account.Methods) == 0 {
		t.Errorf("the service account is not as it should be: %s", diff)
	}
	delete(after.Users, serviceAccount)
	if !after.AppPasswords {
		t.Error("app passwords are not allowed")
	}
	after.AppPasswords = before.AppPasswords
	for _, added := range []string{"Delegate365", "Delegate365 Automation", "Microsoft Graph Command Line Tools"} {
		i := slices.Index(after.Applications, added)
		if i < 0 {
			t.Errorf("%s is not in the tenant", added)
			continue
		}
		after.Applications = slices.Delete(after.Applications, i, i+1)
	}
	unchanged(t, before, after)
}

// unchanged fails the test when the tenant is not as it was.
func unchanged(t *testing.T, before, after simtest.Snapshot) {
	t.Helper()
	was, _ := json.Marshal(before)
	is, _ := json.Marshal(after)
	if string(was) != string(is) {
		t.Errorf("the tenant is not as it was: %s", cmp.Diff(string(was), string(is)))
	}
}

// In business, Conditional Access asks the account for MFA once it is Global Administrator. While setup runs, exactly
// those policies exclude it, and nobody else is touched.
func TestSuspensionIsSurgical(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business"})
		before := r.tenant.Snapshot()
		r.passUntil(steps.RunSetup)
		if _, open := r.run.Exposure(); !open {
			t.Error("the exposure window is not open although the account is an administrator without MFA")
		}
		during := r.tenant.Snapshot()
		id := during.Users[serviceAccount].ID
		excluded := 0
		for name, p := range during.Policies {
			left := slices.DeleteFunc(slices.Clone(p.Users.ExcludeUsers), func(u string) bool { return u == id })
			excluded += len(p.Users.ExcludeUsers) - len(left)
			p.Users.ExcludeUsers = left
			if diff := cmp.Diff(before.Policies[name], p, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: more than our account changed: %s", name, diff)
			}
		}
		if excluded == 0 {
			t.Error("the account is excluded from nothing: the profile does not rehearse Conditional Access")
		}
		t.Logf("excluded from %d of %d policies", excluded, len(during.Policies))

		r.pass(steps.RunSetup)
		r.pass(steps.ReenableMFA)
		if _, open := r.run.Exposure(); open {
			t.Error("the exposure window is still open")
		}
		for name, p := range r.tenant.Snapshot().Policies {
			if slices.Contains(p.Users.ExcludeUsers, id) {
				t.Errorf("%s still excludes the account", name)
			}
		}
	})
}

// A second run over a finished onboarding finds it done, writes only the new password that it can't do without, and
// doubles nothing.
func TestSecondRunDoublesNothing(t *testing.T) {
	t.Parallel()
	for _, profile := range fewer(2, straight) {
		t.Run(profile, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				first := rehearse(t, setup{profile: profile})
				for _, s := range steps.All() {
					first.pass(s.Info().ID)
				}
				before := first.tenant.Snapshot()

				calls := &recorder{}
				second := rehearseOn(t, first.tenant, setup{wrap: calls.wrap})
				second.inspect(steps.SignIn)
				if err := step(steps.Check).Answer(second.run, "office", graph.NewText("page")); err != nil {
					t.Fatal(err)
				}
				second.passUntil(steps.CaptureAppPassword)
				f := second.inspect(steps.CaptureAppPassword)
				if f.Status != steps.Waiting || f.Task.Part != steps.PartAppPassword {
					t.Errorf("it does not know that only the app password is missing: %+v", f)
				}
				second.answer(steps.CaptureAppPassword, "has-app-password", "")
				unchanged(t, before, second.tenant.Snapshot())
				id := before.Users[serviceAccount].ID
				if got := calls.writes(); !slices.Equal(got, []string{"PATCH /v1.0/users/" + id}) {
					t.Errorf("it wrote %v", got)
				}
			})
		})
	}
}

// Stopped after any step and started again on another machine, the onboarding goes on and doubles nothing.
func TestResume(t *testing.T) {
	t.Parallel()
	for _, stop := range fewer(3, steps.All()[2:]) {
		t.Run(string(stop.Info().ID), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				first := rehearse(t, setup{profile: "business"})
				before := first.tenant.Snapshot()
				first.passUntil(stop.Info().ID)

				second := rehearseOn(t, first.tenant, setup{})
				second.person = first.person // the same person, with the same telephone
				for _, s := range steps.All() {
					second.pass(s.Info().ID)
				}
				after := second.tenant.Snapshot()
				account := after.Users[serviceAccount]
				account.AppPasswords = min(account.AppPasswords, 1)
				maps.Copy(after.Users, map[string]simtest.UserSnapshot{serviceAccount: account})
				onboarded(t, before, after)
			})
		})
	}
}
