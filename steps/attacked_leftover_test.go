package steps_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// Both were killed while MFA was being put back: per-user MFA is on, the exclusions stay. Another computer, without a journal,
// finds them in every policy, asks, and takes them back; so does every start.
func TestExclusionsLeftAreFoundElsewhere(t *testing.T) {
	t.Parallel()
	leave := func(t *testing.T) *rehearsal {
		r := rehearse(t, setup{profile: "business"})
		r.passUntil(steps.RunSetup)
		r.asOperator("PATCH", "/beta/users/"+serviceAccount+"/authentication/requirements", `{"perUserMfaState":"enforced"}`)
		// And one that demands no MFA at all.
		for _, id := range r.tenant.PolicyIDs("CA05") {
			if err := r.tenant.ExcludeBehindBack(id, serviceAccount); err != nil {
				t.Fatal(err)
			}
		}
		r.run.Close()
		time.Sleep(time.Hour)
		return r
	}
	t.Run("restore", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := restoringOn(t, leave(t).tenant, "")
			f := r.says("excluded from policies")
			if !slices.ContainsFunc(f.Actions, func(a steps.Action) bool { return a.ID == "keep-exclusions" }) {
				t.Errorf("it does not ask: %+v", f.Actions)
			}
			r.puts(serviceAccount)
		})
	})
	t.Run("start", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := rehearseOn(t, leave(t).tenant, setup{})
			r.pass(steps.SignIn)
			if f := r.inspect(steps.Check); !strings.Contains(finding.Read(f.Text), "excluded from policies") {
				t.Errorf("%+v", f)
			}
			if err := r.apply(t.Context(), steps.Check); err != nil || r.excluded() != 0 {
				t.Errorf("%v, %d exclusions are left", err, r.excluded())
			}
		})
	})
	t.Run("kept", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := rehearseOn(t, leave(t).tenant, setup{})
			r.pass(steps.SignIn)
			r.inspect(steps.Check)
			before := r.excluded()
			r.answer(steps.Check, "keep-exclusions", "")
			if f := r.inspect(steps.Check); strings.Contains(finding.Read(f.Text), "excluded from policies") || r.excluded() != before {
				t.Errorf("%+v", f)
			}
		})
	})
}

// Security defaults are off for everybody after both were killed, and this is another computer: found from the tenant, asked,
// and put back.
func TestDefaultsLeftOffAreFoundElsewhere(t *testing.T) {
	t.Parallel()
	leave := func(t *testing.T) *rehearsal {
		r := rehearse(t, setup{})
		r.passUntil(steps.RunSetup)
		r.tenant.SetSecurityDefaults(true)
		r.asOperator("PATCH", "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy", `{"isEnabled":false}`)
		if r.tenant.Snapshot().SecurityDefaults {
			t.Fatal("the test did not turn them off")
		}
		r.run.Close()
		time.Sleep(time.Hour)
		return r
	}
	t.Run("restore", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := restoringOn(t, leave(t).tenant, "")
			r.says("Security defaults are off for everybody in contoso.com. The audit log says")
			r.puts(serviceAccount)
			if !r.tenant.Snapshot().SecurityDefaults {
				t.Error("they are still off")
			}
		})
	})
	t.Run("left off", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := restoringOn(t, leave(t).tenant, "")
			r.says("Security defaults are off for everybody")
			if err := r.step.Answer(r.run, "keep-defaults", graph.Secret{}); err != nil {
				t.Fatal(err)
			}
			r.says("MFA is off")
			r.puts(serviceAccount)
			if r.tenant.Snapshot().SecurityDefaults {
				t.Error("they were turned on")
			}
		})
	})
	t.Run("start", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := rehearseOn(t, leave(t).tenant, setup{})
			r.pass(steps.SignIn)
			r.inspect(steps.Check)
			if err := r.apply(t.Context(), steps.Check); err != nil || !r.tenant.Snapshot().SecurityDefaults {
				t.Errorf("%v, security defaults on: %v", err, r.tenant.Snapshot().SecurityDefaults)
			}
		})
	})
}

// Both were killed while closing: per-user MFA is on, security defaults are still off, the audit log can't be read, and this is
// another computer. The account of this program, which is Global Administrator, is sign enough to ask, and not to assume.
func TestDefaultsLeftOffWithoutTheAuditLog(t *testing.T) {
	t.Parallel()
	leave := func(t *testing.T) *rehearsal {
		tenant, err := simtest.New(simtenant.Options{Profile: "fresh", Without: []simtenant.Lack{{Name: "audit", Status: http.StatusForbidden}}})
		if err != nil {
			t.Fatal(err)
		}
		r := rehearseOn(t, tenant, setup{})
		r.passUntil(steps.RunSetup)
		r.asOperator("PATCH", "/beta/users/"+serviceAccount+"/authentication/requirements", `{"perUserMfaState":"enforced"}`)
		r.tenant.SetSecurityDefaults(false)
		r.run.Close()
		time.Sleep(time.Hour)
		return r
	}
	t.Run("restore", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := restoringOn(t, leave(t).tenant, "")
			f := r.says("The audit log can't be read")
			if !slices.ContainsFunc(f.Actions, func(a steps.Action) bool { return a.ID == "keep-defaults" }) {
				t.Errorf("it does not ask: %+v", f.Actions)
			}
			if r.tenant.Snapshot().SecurityDefaults {
				t.Error("they were turned on before the answer")
			}
			r.puts(serviceAccount)
			if !r.tenant.Snapshot().SecurityDefaults {
				t.Error("they are still off")
			}
		})
	})
	t.Run("start, left off", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := rehearseOn(t, leave(t).tenant, setup{})
			r.pass(steps.SignIn)
			if f := r.inspect(steps.Check); !strings.Contains(finding.Read(f.Text), "which carries this program's mark, was created on") {
				t.Errorf("%q", f.Text)
			}
			r.answer(steps.Check, "keep-defaults", "")
			if f := r.inspect(steps.Check); strings.Contains(said(f), "Security defaults are off for everybody") || r.tenant.Snapshot().SecurityDefaults {
				t.Errorf("%s", said(f))
			}
		})
	})
}

// The account was deleted while the window is open: the end comes at once, and its exclusions come out.
func TestDeletedAccountEndsAtOnce(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{profile: "business"}, folder)
		r.passUntil(steps.RunSetup)
		id := r.tenant.Snapshot().Users[serviceAccount].ID
		r.asOperator("DELETE", "/v1.0/users/"+id, "")
		begin := time.Now()
		if err := r.run.CloseExposure(t.Context(), r.report); err != nil || r.open() {
			t.Errorf("%v, open %v", err, r.open())
		}
		if took := time.Since(begin); took > 30*time.Second {
			t.Errorf("it took %s", took)
		} else {
			t.Logf("it took %s", took)
		}
		for name, p := range r.tenant.Snapshot().Policies {
			if slices.Contains(p.Users.ExcludeUsers, id) {
				t.Errorf("%s still excludes it", name)
			}
		}
		log := read(t, folder, r.tenant.Endpoints().TenantID)
		if last := log.Entries[len(log.Entries)-1]; !strings.Contains(last.Note, "Global Administrator again") {
			t.Errorf("%+v", last)
		}
		r.run.Close()
		w.end()
	})
}
