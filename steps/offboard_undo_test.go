package steps_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// A half-done offboarding is undone by restore.

// journaled are the options of a run with its journal in this folder, and of a restore with it.
func journaled(folder string, by journal.By) setup {
	return setup{options: func(o *steps.Options) { o.Journal, o.By = folder, by }}
}

// undo runs restore to its end, trying so many times again, and says whether it came there.
func (r *rehearsal) undo(patience int) bool {
	list := steps.Restore()
	for failures := 0; ; {
		f, err := list[0].Inspect(r.t.Context(), r.run, r.report)
		if err == nil && f.Actions[0].ID == steps.ActApply {
			if err = r.applyOf(r.t.Context(), list[0]); err == nil {
				continue
			}
		}
		if err == nil && f.Actions[0].ID == steps.ActNext {
			break
		}
		if failures++; failures > patience {
			r.t.Logf("the sign-in: %v %+v", err, f.Actions)
			return false
		}
		time.Sleep(10 * time.Second)
	}
	for failures := 0; ; {
		f, err := list[1].Inspect(r.t.Context(), r.run, r.report)
		has := func(action string) bool {
			return slices.ContainsFunc(f.Actions, func(a steps.Action) bool { return a.ID == action })
		}
		switch {
		case err == nil && has(steps.ActApply):
			if err = r.applyOf(r.t.Context(), list[1]); err == nil {
				continue
			}
		case err == nil && (f.Status == steps.Done || len(f.Fields) > 0): // put back, or nothing is left
			return true
		}
		if failures++; failures > patience {
			r.t.Logf("restore: %v %+v", err, f.Actions)
			return false
		}
		time.Sleep(10 * time.Second)
	}
}

// exposed reports an account that is Global Administrator and of which nothing demands MFA.
func exposed(tenant *simtest.Tenant) bool {
	u, there := tenant.Snapshot().Users[serviceAccount]
	return there && slices.Contains(u.Roles, "Global Administrator") && u.PerUserMFA == "disabled"
}

// offboardWrites are the writes of an offboarding, by the numbers of their requests, and the tenant before and after it.
func offboardWrites(t *testing.T) (writes []int, before, after map[string]any) {
	synctest.Test(t, func(t *testing.T) {
		tenant := build(t, setup{profile: "onboarded"})
		before = objects(tenant)
		rehearseOn(t, tenant, setup{}).take("")
		time.Sleep(time.Minute)
		after = objects(tenant)
		for _, q := range tenant.Requests() {
			if q.Method != http.MethodGet && !strings.Contains(q.Path, "/evaluate") {
				writes = append(writes, q.Number)
			}
		}
	})
	return writes, before, after
}

// Killed at any write, an offboarding is undone by restore: the tenant is what it was before. What restore needs was accepted for it.
func TestOffboardKilledIsUndone(t *testing.T) {
	t.Parallel()
	writes, before, _ := offboardWrites(t)
	killed, open := 0, 0
	for _, n := range fewer(11, writes) {
		for _, when := range []string{"before", "after"} {
			t.Run(fmt.Sprintf("%03d %s", n, when), func(t *testing.T) {
				folder := t.TempDir()
				synctest.Test(t, func(t *testing.T) {
					tenant := build(t, setup{profile: "onboarded"})
					k := &killer{at: n, after: when == "after", tenant: tenant}
					s := journaled(folder, "")
					s.wrap = k.wrap
					r := rehearseOn(t, tenant, s)
					r.refused = true
					r.tried(0)
					r.run.Close()
					killed++
					if exposed(tenant) {
						open++
						t.Error("it is open")
					}
					time.Sleep(time.Minute)
					back := rehearseOn(t, tenant, journaled(folder, journal.ByRestore))
					if !back.undo(0) {
						open++
						t.Error("restore does not come to its end")
					}
					back.run.Finish()
					time.Sleep(time.Minute)
					if differ := besideConsents(differing(before, objects(tenant))); len(differ) > 0 || exposed(tenant) || !accepted(before, objects(tenant)) {
						open++
						t.Errorf("differ: %q", differ)
					}
					l := read(t, folder, tenant.Endpoints().TenantID)
					if left := l.TakenOut(); len(left) > 0 {
						t.Errorf("the journal still has %d things, the first %s", len(left), left[0].Inverse.Kind)
					}
				})
			})
		}
	}
	t.Logf("killed %d, open %d", killed, open)
}

// accepted reports that all that was accepted for this program before is accepted now.
func accepted(before, after map[string]any) bool {
	for name, scopes := range before {
		if !strings.HasPrefix(name, "accepted ") {
			continue
		}
		now, _ := after[name].(string)
		for _, scope := range strings.Fields(scopes.(string)) {
			if !slices.Contains(strings.Fields(now), scope) {
				return false
			}
		}
	}
	return true
}

// besideConsents leaves out what was accepted for this program: restore asks for permissions as well.
func besideConsents(differ []string) []string {
	return slices.DeleteFunc(differ, func(name string) bool { return strings.HasPrefix(name, "accepted ") })
}

// Killed at any write itself, restore is finished by the next one, or the offboarding by itself.
func TestUndoKilled(t *testing.T) {
	t.Parallel()
	stop := finding.Offboarded
	var writes []int
	var before map[string]any
	half := func(t *testing.T, folder string) *simtest.Tenant {
		tenant := build(t, setup{profile: "onboarded"})
		before = objects(tenant)
		r := rehearseOn(t, tenant, journaled(folder, ""))
		r.take(stop)
		r.run.Close()
		time.Sleep(time.Minute)
		return tenant
	}
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		tenant := half(t, folder)
		from := len(tenant.Requests())
		r := rehearseOn(t, tenant, journaled(folder, journal.ByRestore))
		if !r.undo(0) {
			t.Fatal("restore does not come to its end")
		}
		for _, q := range tenant.Requests()[from:] {
			if q.Method != http.MethodGet && !strings.Contains(q.Path, "/evaluate") {
				writes = append(writes, q.Number)
			}
		}
	})
	killed, open := 0, 0
	for _, n := range fewer(11, writes) {
		for _, when := range []string{"before", "after"} {
			t.Run(fmt.Sprintf("%03d %s", n, when), func(t *testing.T) {
				folder := t.TempDir()
				synctest.Test(t, func(t *testing.T) {
					tenant := half(t, folder)
					k := &killer{at: n, after: when == "after", tenant: tenant}
					s := journaled(folder, journal.ByRestore)
					s.wrap = k.wrap
					r := rehearseOn(t, tenant, s)
					r.refused = true
					r.undo(0)
					r.run.Close()
					killed++
					if !k.dead.Load() || exposed(tenant) {
						open++
						t.Errorf("killed %t, exposed %t", k.dead.Load(), exposed(tenant))
					}
					time.Sleep(time.Minute)
					next := rehearseOn(t, tenant, journaled(folder, journal.ByRestore))
					if !next.undo(0) {
						open++
						t.Error("the next restore does not come to its end")
					}
					time.Sleep(time.Minute)
					if differ := besideConsents(differing(before, objects(tenant))); len(differ) > 0 || exposed(tenant) || !accepted(before, objects(tenant)) {
						open++
						t.Errorf("differ: %q", differ)
					}
				})
			})
		}
	}
	t.Logf("killed %d, open %d", killed, open)
}

// What undoing sends is what Microsoft lists.
func TestUndoConforms(t *testing.T) {
	t.Parallel()
	tp, folder := &tape{}, t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		tenant := build(t, setup{profile: "onboarded"})
		r := rehearseOn(t, tenant, journaled(folder, ""))
		r.take(finding.Offboarded)
		r.run.Close()
		time.Sleep(time.Minute)
		s := journaled(folder, journal.ByRestore)
		s.wrap = tp.wrap
		if !rehearseOn(t, tenant, s).undo(0) {
			t.Error("restore does not come to its end")
		}
	})
	j := newJudge(t)
	for _, x := range tp.exchanges {
		j.judge(x)
	}
	for _, call := range []string{"POST /directory/deletedItems/{}/restore", "POST /oauth2PermissionGrants", "POST /servicePrincipals/{}/appRoleAssignments"} {
		if !j.seen[call] {
			t.Errorf("no %s was sent", call)
		}
	}
}

// An offboarding that came to its end is not undone, nor is anything that another computer's offboarding took out.
func TestOnlyAHalfDoneOffboardingIsUndone(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(r *rehearsal, folder string) string{
		"finished": func(r *rehearsal, folder string) string { r.take(""); r.run.Finish(); return folder },
		"no journal": func(r *rehearsal, folder string) string {
			r.take(finding.Offboarded)
			r.run.Close()
			return t.TempDir()
		},
		"was left in": func(r *rehearsal, folder string) string { r.take(finding.RemoveRole); r.run.Close(); return folder },
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				tenant := build(t, setup{profile: "onboarded"})
				folder := prepare(rehearseOn(t, tenant, journaled(folder, "")), folder)
				time.Sleep(time.Minute)
				want := objects(tenant)
				back := rehearseOn(t, tenant, journaled(folder, journal.ByRestore))
				back.undo(0)
				time.Sleep(time.Minute)
				if differ := besideConsents(differing(want, objects(tenant))); len(differ) > 0 {
					t.Errorf("differ: %q", differ)
				}
			})
		})
	}
}

// Nobody becomes Global Administrator again of whom nothing demands MFA, and nobody whom this program did not make one.
func TestUndoOpensNothing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		tenant := build(t, setup{profile: "onboarded"})
		r := rehearseOn(t, tenant, journaled(folder, ""))
		r.take(finding.RemoveApps)
		r.asOperator("PATCH", "/beta/users/"+serviceAccount+"/authentication/requirements", `{"perUserMfaState":"disabled"}`)
		for _, p := range tenant.Snapshot().Policies {
			tenant.SetPolicyState(p.ID, "disabled")
		}
		r.run.Close()
		time.Sleep(time.Minute)
		back := rehearseOn(t, tenant, journaled(folder, journal.ByRestore))
		if back.undo(0) || exposed(tenant) {
			t.Error("it was made Global Administrator without MFA")
		}
	})
}
