package steps_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// A journal that somebody forged decides nothing.

// forge writes a sound journal that says that the window of an account is open, under another name, owing these.
func forge(t *testing.T, folder string, on *simtest.Tenant, id string, owing ...journal.Inverse) {
	t.Helper()
	forgeWith(t, folder, on, nil, id, owing...)
}

// forgeWith writes the same with a key.
func forgeWith(t *testing.T, folder string, on *simtest.Tenant, prove journal.Prover, id string, owing ...journal.Inverse) {
	t.Helper()
	j, err := journal.Attach(folder, on.Endpoints().TenantID, journal.Author{By: journal.ByWizard, Operator: "admin@contoso.com", Prove: prove})
	if err != nil {
		t.Fatal(err)
	}
	account := journal.Account{ID: id, UserPrincipalName: serviceAccount}
	lines := []journal.Entry{{Kind: journal.KindStarted}, {Kind: journal.KindWindowOpened, Account: account, CapSeconds: 1800}}
	for _, i := range owing {
		lines = append(lines, journal.Entry{Kind: journal.KindIntent, Account: account, Inverse: &i})
	}
	for _, e := range lines {
		if _, err := j.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}

// glass is the emergency account of a tenant, and the exclusions that it has.
func glass(t *testing.T, on *simtest.Tenant) (id, upn string, owing []journal.Inverse) {
	t.Helper()
	s := on.Snapshot()
	for name, u := range s.Users {
		if strings.Contains(strings.ToLower(name), "glass") {
			id, upn = u.ID, name
		}
	}
	if id == "" {
		t.Fatal("there is no emergency account")
	}
	for _, part := range []string{"CA01", "CA02", "CA05"} {
		for _, p := range on.PolicyIDs(part) {
			if err := on.ExcludeBehindBack(p, upn); err != nil {
				t.Fatal(err)
			}
			owing = append(owing, journal.Inverse{Kind: journal.InversePolicyExclusion, TargetID: p, Value: id})
		}
	}
	return id, upn, owing
}

// answerClaim gives the nth answer of what is asked.
func (r restoring) answerClaim(f steps.Finding, n int) {
	r.t.Helper()
	if err := r.step.Answer(r.run, f.Actions[n].ID, graph.Secret{}); err != nil {
		r.t.Fatal(err)
	}
}

func TestForgedJournal(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		on := rehearse(t, setup{profile: "business"}).tenant
		id, upn, owing := glass(t, on)
		forge(t, folder, on, id, owing...)
		before := on.Snapshot()
		r := restoringOn(t, on, folder)
		f := r.says(upn + " (" + id + ")")
		if f.Status != steps.Blocked || f.Actions[0].Label != "Leave it as it is" {
			t.Errorf("%+v", f)
		}
		if !strings.Contains(finding.Read(f.Text), "another name") {
			t.Errorf("the false name is not told: %q", f.Text)
		}
		if err := r.step.Apply(t.Context(), r.run, r.report); err != nil {
			t.Error(err)
		}
		r.answerClaim(f, 0)
		if f := r.says("was left as it is"); len(f.Changes) > 0 {
			t.Errorf("%+v", f)
		}
		after := on.Snapshot()
		after.Applications = before.Applications
		unchanged(t, before, after)
	})
}

// The operator says that the account is Delegate365's: each exclusion is asked for, and no other is touched.
func TestForeignAccountConfirmed(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		on := rehearse(t, setup{profile: "business"}).tenant
		id, upn, owing := glass(t, on)
		forge(t, folder, on, id, owing[:2]...)
		r := restoringOn(t, on, folder)
		r.answerClaim(r.says("does not carry this program's mark"), 1)
		r.answerClaim(r.says("excluded "+upn), 1) // the first
		r.answerClaim(r.says("excluded "+upn), 0) // the second stays
		f, err := r.step.Inspect(t.Context(), r.run, r.report)
		if err != nil || f.Status != steps.Ready {
			t.Fatalf("%+v, %v", f, err)
		}
		if err := r.applyOf(t.Context(), r.step); err != nil {
			t.Fatal(err)
		}
		for i, o := range owing {
			if in := excludedFrom(on, o.TargetID, id); in == (i == 0) {
				t.Errorf("exclusion %d from %s: %v", i, o.TargetID, in)
			}
		}
	})
}

func excludedFrom(on *simtest.Tenant, policy, user string) bool {
	for name, p := range on.Snapshot().Policies {
		if slices.Contains(on.PolicyIDs(name), policy) && slices.Contains(p.Users.ExcludeUsers, user) {
			return true
		}
	}
	return false
}

// Security defaults are turned on for nobody unasked.
func TestForgedSecurityDefaults(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]int{"declined": 0, "confirmed": 1} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				first := abandoned(t, "fresh", folder)
				on := first.tenant
				forge(t, folder, on, on.Snapshot().Users[serviceAccount].ID,
					journal.Inverse{Kind: journal.InverseSecurityDefaults, TargetID: on.Endpoints().TenantID, Value: "on"})
				r := restoringOn(t, on, folder)
				f := r.says("Only the journal says so")
				r.answerClaim(f, answer)
				if _, err := r.step.Inspect(t.Context(), r.run, r.report); err != nil {
					t.Fatal(err)
				}
				if err := r.applyOf(t.Context(), r.step); err != nil {
					t.Fatal(err)
				}
				if on.Snapshot().SecurityDefaults != (answer == 1) {
					t.Errorf("security defaults are %v", on.Snapshot().SecurityDefaults)
				}
			})
		})
	}
}
