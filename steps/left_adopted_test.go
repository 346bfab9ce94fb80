package steps_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// An onboarding of an account that was there before ends with the power, wizard and guard both, and another computer, on which no
// journal is, restores it by name. All that it is excluded from is named, and taken back, but for what the operator keeps:
// that never is what demands MFA of an administrator without it.
func TestRestoreOfAnAdoptedAccount(t *testing.T) {
	t.Parallel()
	const account, duo, device = "svc@contoso.com", "CA80 Duo", "CA81 Compliant device"
	for name, c := range map[string]struct {
		state  string // of per-user MFA, set by somebody meanwhile
		answer string
		stays  []string
	}{
		"all of it":                {"", "", nil},
		"keep what may be meant":   {"", "keep-exclusions", []string{device}},
		"closed meanwhile":         {"enforced", "", nil},
		"closed meanwhile, and so": {"enforced", "keep-exclusions", []string{"CA01 - Require MFA for administrators", "CA02 - MFA for Global Administrators on unmanaged platforms", "CA05 - Require MFA for all users except service accounts", duo, device}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: "business", options: func(o *steps.Options) { o.Account = account }})
				id := r.tenant.AddUser(account, "Service", "Made-By-Hand-2026")
				for policy, grant := range map[string]string{duo: `"customAuthenticationFactors":["RequireDuoMfa"]`, device: `"builtInControls":["compliantDevice"]`} {
					if _, err := r.tenant.AddPolicyBehindBack(`{"displayName":"` + policy + `","conditions":{"users":{"includeUsers":["` + id + `"]}},"grantControls":{"operator":"OR",` + grant + `}}`); err != nil {
						t.Fatal(err)
					}
				}
				r.pass(steps.SignIn)
				r.inspect(steps.Check)
				r.answer(steps.Check, "adopt", "")
				r.passUntil(steps.RunSetup)
				if c.state != "" {
					r.asOperator("PATCH", "/beta/users/"+account+"/authentication/requirements", `{"perUserMfaState":"`+c.state+`"}`)
				}
				r.run.Close()
				time.Sleep(time.Hour)
				next := rehearseOn(t, r.tenant, setup{options: func(o *steps.Options) { o.By, o.Account = journal.ByRestore, account }})
				next.pass(steps.SignIn)
				restore := steps.Restore()[1]
				look := func() steps.Finding {
					f, err := restore.Inspect(t.Context(), next.run, next.report)
					if err != nil {
						t.Fatal(err)
					}
					return f
				}
				f := look()
				for _, policy := range []string{duo, device} {
					if !slices.ContainsFunc(f.Changes, func(c steps.Change) bool { return strings.Contains(c.Object, policy) }) {
						t.Errorf("%s is not announced: %+v", policy, f.Changes)
					}
				}
				if said := finding.Read(f.Text); c.state == "" && (!strings.Contains(said, device) || strings.Contains(said, duo)) {
					t.Errorf("it says %q", said)
				}
				if c.answer != "" {
					next.answerTo(restore, c.answer, "")
					f = look()
				}
				if f.Actions[0].ID == steps.ActApply && f.Status == steps.Ready {
					if err := next.applyOf(t.Context(), restore); err != nil {
						t.Fatal(err)
					}
				}
				s := r.tenant.Snapshot()
				var stays []string
				for policy, p := range s.Policies {
					if slices.Contains(p.Users.ExcludeUsers, id) {
						stays = append(stays, policy)
					}
				}
				if slices.Sort(stays); !slices.Equal(stays, c.stays) || s.Users[account].PerUserMFA != "enforced" {
					t.Errorf("excluded from %q, want %q; MFA %s", stays, c.stays, s.Users[account].PerUserMFA)
				}
				next.run.Close()
			})
		})
	}
}
