package steps

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
)

// What was read back is shown once, and a moment later no more.
func TestReadBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var none readBack[int]
		if _, fresh := none.take(); fresh {
			t.Error("nothing was read, and it is shown")
		}
		b := justRead(7)
		if v, fresh := b.take(); v != 7 || !fresh {
			t.Errorf("%d, %t", v, fresh)
		}
		if _, fresh := b.take(); fresh {
			t.Error("it is shown twice")
		}
		b = justRead(7)
		time.Sleep(moment + 1)
		if _, fresh := b.take(); fresh {
			t.Error("it is shown later")
		}
	})
}

// A read after the assignment counts until this run writes again, and for a moment; where none was made, none counts.
func TestSawNoDemand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := memory{}
		if m.sawNoDemand() {
			t.Error("a run that wrote and read nothing has seen it")
		}
		m.role.noDemand = noDemandSeen{2, wallClock()}
		for written, want := range map[int]bool{1: false, 2: true, 3: false} {
			m.record = make([]change.Entry, written)
			if m.sawNoDemand() != want {
				t.Errorf("%d writes: %t", written, !want)
			}
		}
		m.record = make([]change.Entry, 2)
		time.Sleep(countsFor)
		if m.sawNoDemand() {
			t.Errorf("it counts after %s", countsFor)
		}
	})
}

// A read shows that nothing demands MFA only where all of it was read.
func TestShowsNoDemand(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*mfa.Facts)
		want   bool
	}{
		"all read":               {func(*mfa.Facts) {}, true},
		"no licence for any":     {func(f *mfa.Facts) { f.Policies = analysis.Read[[]graph.Policy](nil, graph.ErrUnlicensed) }, true},
		"policies refused":       {func(f *mfa.Facts) { f.Policies = analysis.Read[[]graph.Policy](nil, graph.ErrForbidden) }, false},
		"policies throttled":     {func(f *mfa.Facts) { f.Policies = analysis.Read[[]graph.Policy](nil, graph.ErrThrottled) }, false},
		"groups refused":         {func(f *mfa.Facts) { f.GroupsErr = graph.ErrForbidden }, false},
		"the role not shown yet": {func(f *mfa.Facts) { f.Administrator = false }, false},
		"a demand":               {func(f *mfa.Facts) { f.PerUser = analysis.Read(graph.MFAEnforced, nil) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := mfa.Facts{User: fit, Administrator: true}
			f.PerUser, f.SecurityDefaults = analysis.Read(graph.MFADisabled, nil), analysis.Read(false, nil)
			f.Policies = analysis.Read[[]graph.Policy](nil, nil)
			f.Account = analysis.Account{RolesKnown: true, GroupsKnown: true}
			c.change(&f)
			if showsNoDemand(f) != c.want {
				t.Errorf("%t, with the demands %v", !c.want, f.Demands())
			}
		})
	}
}
