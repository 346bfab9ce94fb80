package steps_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// No read that a tenant may refuse carries an onboarding. A tenant without one of them, or without two, is onboarded, or
// refused before the first write; and the check says of each what could not be read.

// restsOn are the rows of the check that rest on a read, by the name that the tenant is without it. What has no row of its
// own is named in another row's note.
var restsOn = map[string][]string{
	"secure-score": {"secure-score"}, "audit": {"audit-log"}, "deleted-items": {"service-account"},
	"methods-policy": {"registration-campaign", "authentication-methods"}, "authorization-policy": {"self-service-password-reset"},
	"app-password-setting": {"app-password-setting"}, "licences": {"licences"}, "apps": {"delegate365-apps"}, "policies": {"conditional-access", "upcoming-policies"},
}

// statuses are the refusals, by turns, so that each read meets each of them in some pair.
var statuses = []int{http.StatusNotFound, http.StatusForbidden, http.StatusBadRequest}

func TestNoOptionalReadCarriesTheRun(t *testing.T) {
	for i, profile := range unstarted {
		t.Run(profile, func(t *testing.T) {
			all := subsets(simtenant.LackingNames())
			if testing.Short() {
				all = all[17*i:] // each profile has others
			}
			for _, lacks := range fewer(17*len(unstarted), all) { // a prime for each, so that each read and each refusal is among them
				var names []string
				for _, l := range lacks {
					names = append(names, fmt.Sprintf("%s=%d", l.Name, l.Status))
				}
				t.Run(strings.Join(names, ","), func(t *testing.T) {
					t.Parallel()
					folder := t.TempDir()
					synctest.Test(t, func(t *testing.T) { onboardWithout(t, profile, lacks, folder) })
				})
			}
		})
	}
}

// fewer is each n-th of a list in the fast set, and else all of it.
func fewer[T any](n int, list []T) (some []T) {
	if !testing.Short() {
		return list
	}
	for i := 0; i < len(list); i += n {
		some = append(some, list[i])
	}
	return some
}

// alternately is each of the ways in which a case is tried; in the fast set one of them, by the case's name.
func alternately(name string, ways ...string) []string {
	if !testing.Short() {
		return ways
	}
	return ways[len(name)%len(ways):][:1]
}

// subsets are all of one name and of two.
func subsets(names []string) (all [][]simtenant.Lack) {
	turn := 0
	lack := func(name string) simtenant.Lack {
		turn++
		return simtenant.Lack{Name: name, Status: statuses[turn%len(statuses)]}
	}
	for i, a := range names {
		for _, status := range statuses {
			all = append(all, []simtenant.Lack{{Name: a, Status: status}})
		}
		for _, b := range names[i+1:] {
			all = append(all, []simtenant.Lack{lack(a), lack(b)})
		}
	}
	return all
}

func onboardWithout(t *testing.T, profile string, lacks []simtenant.Lack, folder string) {
	tenant, err := simtest.New(simtenant.Options{Profile: profile, Without: lacks})
	if err != nil {
		t.Fatal(err)
	}
	before := tenant.Snapshot()
	r, w := watchedOn(t, tenant, setup{}, folder)
	o := &operator{rehearsal: r, believed: func(id steps.ID) { holds(t, tenant, id) }}
	end := o.walk()
	o.saysWhatIsUnread(lacks)
	switch {
	case end == nil:
		onboarded(t, before, tenant.Snapshot())
	case writes(tenant) > 0:
		t.Errorf("it stopped after a write: %s", end)
	}
	left(t, o, w, folder)
}

// saysWhatIsUnread holds the rows of the check against what the tenant refused.
func (o *operator) saysWhatIsUnread(lacks []simtenant.Lack) {
	o.t.Helper()
	report, err := steps.CheckTenant(o.t.Context(), o.run, func(steps.Event) {})
	if err != nil {
		o.t.Errorf("the check: %v", err)
		return
	}
	for _, lack := range lacks {
		for _, id := range restsOn[lack.Name] {
			for _, row := range report.Rows {
				if row.ID == id && (row.Mark == "ok" || row.Value == "none yet") {
					o.t.Errorf("without %s the row %s says %s: %s %s", lack.Name, id, row.Mark, row.Value, row.Note)
				}
			}
		}
	}
}

// writes counts the requests that change something.
func writes(tenant *simtest.Tenant) (n int) {
	for _, q := range tenant.Requests() {
		if q.Method != http.MethodGet && !strings.HasSuffix(q.Path, "/evaluate") {
			n++
		}
	}
	return n
}
