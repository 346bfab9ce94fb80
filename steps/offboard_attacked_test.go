package steps_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// What was tried against an offboarding and its undoing.

// Two people take the same tenant apart from two computers: each looks, the other has done it meanwhile, and both come to their end.
func TestTwoOffboardAtOnce(t *testing.T) {
	t.Parallel()
	_, _, want := offboardWrites(t)
	synctest.Test(t, func(t *testing.T) {
		tenant := build(t, setup{profile: "onboarded"})
		one, two := rehearseOn(t, tenant, journaled(t.TempDir(), "")), rehearseOn(t, tenant, journaled(t.TempDir(), ""))
		list := steps.Offboard()
		one.take(list[2].Info().ID)
		two.take(list[2].Info().ID)
		for _, s := range list[2:] {
			for _, r := range []*rehearsal{one, two} { // both have seen it before either changes it
				if _, err := s.Inspect(t.Context(), r.run, r.report); err != nil {
					t.Fatal(err)
				}
			}
			if s.Info().ID == finding.TakeBackConsents {
				one.answerTo(s, "all-consents", "")
				two.answerTo(s, "all-consents", "")
			}
			for _, r := range []*rehearsal{one, two} {
				if err := r.applyOf(t.Context(), s); err != nil {
					t.Errorf("%s: %v", s.Info().ID, err)
				}
			}
		}
		time.Sleep(time.Minute)
		if differ := differing(want, objects(tenant)); len(differ) > 0 {
			t.Errorf("differ: %q", differ)
		}
	})
}

// One takes out while another puts back what an earlier run took out: whatever comes of it, nobody is Global Administrator without MFA,
// and the offboarding comes to its end.
func TestUndoneMeanwhile(t *testing.T) {
	t.Parallel()
	_, _, want := offboardWrites(t)
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		tenant := build(t, setup{profile: "onboarded"})
		r := rehearseOn(t, tenant, journaled(folder, ""))
		r.take(finding.ForbidAppPasswords)
		back := rehearseOn(t, tenant, journaled(folder, journal.ByRestore)) // beside it
		if !back.undo(0) || exposed(tenant) {
			t.Error("it does not come to its end, or opens the account")
		}
		back.run.Close()
		time.Sleep(time.Minute)
		list := steps.Offboard()
		for _, s := range list[len(list)-4 : len(list)-2] { // it goes on where it was, with what it knew
			if err := r.applyOf(t.Context(), s); err != nil {
				t.Errorf("%s: %v", s.Info().ID, err)
			}
		}
		r.run.Close()
		if _, there := tenant.Snapshot().Users[serviceAccount]; !there {
			t.Error("an administrator was deleted")
		}
		next := rehearseOn(t, tenant, journaled(folder, ""))
		if !next.tried(0) {
			t.Error("the next run does not come to its end")
		}
		time.Sleep(time.Minute)
		if differ := differing(want, objects(tenant)); len(differ) > 0 {
			t.Errorf("differ: %q", differ)
		}
	})
}

// The journal is removed in the middle: the run goes on or refuses, and the next one comes to its end.
func TestOffboardWithoutItsJournal(t *testing.T) {
	t.Parallel()
	_, _, want := offboardWrites(t)
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		tenant := build(t, setup{profile: "onboarded"})
		r := rehearseOn(t, tenant, journaled(folder, ""))
		r.take(finding.RemoveApps)
		files, err := filepath.Glob(filepath.Join(folder, "*"))
		if err != nil || len(files) == 0 {
			t.Fatal(err)
		}
		for _, f := range files {
			if err := os.Remove(f); err != nil {
				t.Fatal(err)
			}
		}
		r.refused = true
		r.tried(0)
		r.run.Close()
		next := rehearseOn(t, tenant, journaled(folder, ""))
		if !next.tried(0) {
			t.Error("the next run does not come to its end")
		}
		time.Sleep(time.Minute)
		if differ := differing(want, objects(tenant)); len(differ) > 0 || exposed(tenant) {
			t.Errorf("differ: %q", differ)
		}
	})
}

// A forged journal names somebody else's account, and an application that was deleted for a reason, with permissions that it never had:
// nobody is made an administrator, nothing is restored unasked, and Enter leaves it out.
func TestForgedTakenOut(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		tenant := build(t, setup{profile: "onboarded"})
		victim := tenant.Snapshot().Users["o'brien@contoso.com"].ID
		id := tenant.Endpoints().TenantID
		j, err := journal.Open(folder, id, journal.Author{By: journal.ByWizard})
		if err != nil {
			t.Fatal(err)
		}
		tenant.State.Lock()
		colleague := tenant.State.Directory.UserByUPNLocked("helpdesk@contoso.com")
		app, sp := tenant.State.Applications.RegisterLocked(colleague, "Delegate365 Mail")
		graph := tenant.State.Applications.ServicePrincipalByAppLocked("00000003-0000-0000-c000-000000000000").ID
		tenant.State.Applications.UnregisterLocked(colleague, app)
		tenant.State.Applications.DropPrincipalLocked(colleague, sp)
		tenant.State.Unlock()
		for _, i := range []journal.Inverse{
			{Kind: journal.InverseRemovedRole, TargetID: victim, Value: "62e90394-69f5-4237-9190-012177145e10"},
			{Kind: journal.InverseDeletedApp, TargetID: sp.ID, Value: sp.AppID, Before: `[{"ResourceID":"` + graph + `","Scope":"Directory.ReadWrite.All"}]`},
		} {
			if _, err := j.Append(journal.Entry{Kind: journal.KindIntent, Step: "remove-role", Change: journal.Change{Op: "-", Object: "x"}, Inverse: &i}); err != nil {
				t.Fatal(err)
			}
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		before := objects(tenant)
		r := rehearseOn(t, tenant, journaled(folder, journal.ByRestore))
		r.pass(steps.SignIn)
		s := steps.Restore()[1]
		f, err := s.Inspect(t.Context(), r.run, r.report)
		if err != nil || f.Actions[0].ID == steps.ActApply || len(f.Changes) != 1 || len(f.Sections) == 0 {
			t.Errorf("%v %+v", err, f)
		}
		if d, _ := steps.DecideRestore(f); d.Action.ID == steps.ActApply || !d.Left {
			t.Errorf("without a person: %+v", d)
		}
		r.answerTo(s, f.Actions[0].ID, "")
		if f, err = s.Inspect(t.Context(), r.run, r.report); err != nil || len(f.Changes) > 0 {
			t.Errorf("%v %+v", err, f)
		}
		if differ := differing(before, objects(tenant)); len(differ) > 0 {
			t.Errorf("differ: %q", differ)
		}
	})
}
