package steps_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// Leaving in the window can disable the account: MFA is back first, the permission is asked for then, how to take it back is
// in the journal, and the next start enables the account again.
func TestCloseAndDisable(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business", options: func(o *steps.Options) { o.Journal = folder }})
		r.passUntil(steps.RunSetup)
		o := &operator{rehearsal: r}
		report, wait := o.accompany()
		err := r.run.CloseAndDisable(t.Context(), report)
		_ = wait(err)
		account := r.tenant.Snapshot().Users[serviceAccount]
		if err != nil || account.Enabled || account.PerUserMFA != "enforced" || r.open() || r.excluded() > 0 {
			t.Fatalf("%v, %+v, open %v, %d exclusions", err, account, r.open(), r.excluded())
		}
		if said := steps.Parting(t.Context(), r.run); !strings.Contains(said, "is disabled") {
			t.Errorf("it says %q", said)
		}
		r.run.Close()
		owed := func() bool {
			return slices.ContainsFunc(read(t, folder, r.tenant.Endpoints().TenantID).Outstanding(), func(i journal.Inverse) bool { return i.Kind == journal.InverseSignIn })
		}
		if !owed() {
			t.Error("the journal does not say how to take it back")
		}
		second := rehearseOn(t, r.tenant, setup{options: func(o *steps.Options) { o.Journal = folder }})
		second.person = r.person
		second.passUntil(steps.RunSetup)
		if account := r.tenant.Snapshot().Users[serviceAccount]; !account.Enabled || owed() {
			t.Errorf("%+v, owed %v", account, owed())
		}
		second.run.Close()
	})
}

// Where policies ask the account, nothing has to be put back when MFA was not suspended yet: whoever leaves is told that it has
// no second factor all the same, and can disable it.
func TestDisableWithoutAWindow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business"})
		r.passUntil(steps.AssignAdmin)
		if a := r.run.Aftermath(); a.Bare != "" {
			t.Errorf("before it is an administrator: %+v", a)
		}
		r.pass(steps.AssignAdmin)
		r.inspect(steps.SuspendMFA)
		if a := r.run.Aftermath(); r.open() || a.Bare != serviceAccount || a.Ends {
			t.Fatalf("open %v, %+v", r.open(), a)
		}
		report, wait := (&operator{rehearsal: r}).accompany()
		err := r.run.CloseAndDisable(t.Context(), report)
		_ = wait(err)
		if account := r.tenant.Snapshot().Users[serviceAccount]; err != nil || account.Enabled {
			t.Errorf("%v, %+v", err, account)
		}
		if said := steps.Parting(t.Context(), r.run); !strings.Contains(said, "is disabled") {
			t.Errorf("it says %q", said)
		}
	})
}

// Leaving says whether a second factor is registered, as the tenant says it.
func TestPartingSaysTheFactor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.RunSetup)
		if said := steps.Parting(t.Context(), r.run); said != "" {
			t.Errorf("before anything was closed it says %q", said)
		}
		r.closeAtLast(t)
		if said := steps.Parting(t.Context(), r.run); !strings.Contains(said, "no second factor registered yet") {
			t.Errorf("it says %q", said)
		}
		r.tenant.SetFault(nil)
		fault(r, "GET", "/authentication/methods", 0, forbidden)
		if said := steps.Parting(t.Context(), r.run); !strings.Contains(said, "could not be read") {
			t.Errorf("it says %q", said)
		}
	})
}

// What ends with the program is no page to open, and no next start finds its account.
func TestPartingWhereTheTenantEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{options: func(o *steps.Options) { o.Reports.Ends = true }})
		r.passUntil(steps.RunSetup)
		r.closeAtLast(t)
		if said := steps.Parting(t.Context(), r.run); strings.Contains(said, "http") || !strings.Contains(said, "which ended with the rehearsal") {
			t.Errorf("it says %q", said)
		}
		r.asOperator("PATCH", "/v1.0/users/"+serviceAccount, `{"accountEnabled":false}`)
		time.Sleep(time.Hour)
		if said := steps.Parting(t.Context(), r.run); !strings.HasSuffix(said, "is disabled.") {
			t.Errorf("it says %q", said)
		}
	})
}

// Somebody renamed or deleted the account in the window: what is said last is about the account as it is now.
func TestPartingSaysWhatBecameOfTheAccount(t *testing.T) {
	t.Parallel()
	t.Run("renamed", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := rehearse(t, setup{})
			r.passUntil(steps.RunSetup)
			r.asOperator("PATCH", "/v1.0/users/"+serviceAccount, `{"userPrincipalName":"renamed@contoso.com"}`)
			r.closeAtLast(t)
			if said := steps.Parting(t.Context(), r.run); !strings.HasPrefix(said, "renamed@contoso.com") {
				t.Errorf("%q", said)
			}
		})
	})
	t.Run("deleted", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := rehearse(t, setup{})
			r.passUntil(steps.RunSetup)
			time.Sleep(10 * time.Minute) // nobody expects it to be unknown somewhere any more
			if err := r.tenant.DeleteUserBehindBack(serviceAccount); err != nil {
				t.Fatal(err)
			}
			r.closeAtLast(t)
			if said := steps.Parting(t.Context(), r.run); !strings.Contains(said, "was deleted") || !strings.Contains(said, "makes it Global Administrator again") {
				t.Errorf("%q", said)
			}
		})
	})
}
