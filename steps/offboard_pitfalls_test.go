package steps_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// What went wrong in other products that take somebody out.

// The account is renamed before the offboarding, or while it runs: it is found by its id, and nothing of it stays.
func TestOffboardOfARenamedAccount(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]steps.ID{"before": steps.SignIn, "after the plan": finding.EndExclusions, "before it is deleted": finding.DeleteAccount} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				before := objects(build(t, setup{profile: "business"}))
				tenant := build(t, setup{profile: "onboarded"})
				r := rehearseOn(t, tenant, setup{})
				r.take(at)
				r.asOperator("PATCH", "/v1.0/users/"+tenant.Snapshot().Users[serviceAccount].ID, `{"userPrincipalName":"renamed@contoso.com"}`)
				r.take("")
				time.Sleep(time.Minute)
				if differ := differing(before, objects(tenant)); len(differ) > 0 {
					t.Errorf("differ: %q", differ)
				}
			})
		})
	}
}

// Each thing that was deleted is a line, with its id where a name says nothing, and the day until which it can be restored.
func TestOffboardNamesWhatWasDeleted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "onboarded"})
		f := r.take("")[finding.Offboarded]
		until, deleted, ends := "until "+time.Now().Add(30*24*time.Hour).UTC().Format("2 Jan 2006"), 0, 0
		for _, row := range f.Sections[0].Facts {
			if strings.HasPrefix(row.Value, "deleted") {
				deleted++
			}
		}
		for _, row := range f.Sections[1].Facts {
			if strings.HasPrefix(row.Label, "Deleted") && strings.Contains(row.Note, until) {
				ends++
			}
		}
		if deleted != 3 || ends != 3 {
			t.Errorf("%d lines, %d of them until %s: %+v", deleted, ends, until, f.Sections)
		}
	})
}

// Somebody restores the account and an app by hand afterwards: neither has its power back, and a review says so of both.
func TestReviewOfWhatWasRestoredByHand(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tenant := build(t, setup{profile: "onboarded"})
		r := rehearseOn(t, tenant, setup{})
		account := tenant.Snapshot().Users[serviceAccount].ID
		var app string
		for name, id := range objects(tenant) {
			if name == "service principal Delegate365" {
				app = id.(string)
			}
		}
		r.take("")
		time.Sleep(time.Minute)
		tenant.State.Lock()
		var registered string
		for _, a := range tenant.State.Applications.DeletedApplicationsLocked() {
			if a.DisplayName == "Delegate365" {
				registered = a.ID
			}
		}
		tenant.State.Unlock()
		for _, id := range []string{registered, app, account} {
			r.asOperator("POST", "/v1.0/directory/deletedItems/"+id+"/restore", "")
		}
		time.Sleep(time.Minute)
		found := reviewed(t, tenant, setup{}, steps.ReviewOptions{})
		for id, value := range map[string]string{"account": serviceAccount, "role": "not assigned", "app": "0 permissions"} {
			if i := slices.Index(ids(found.Rows), id); i < 0 || !strings.Contains(found.Rows[i].Value, value) {
				t.Errorf("%s is not said to be %q: %s", id, value, rowsText(t, found))
			}
		}
	})
}
