package steps

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// What was read back is shown once, and a moment later no more.
func TestReadBack(t *testing.T) {
	t.Parallel()
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

// The account that was made is shown by one look, whatever that look keeps.
func TestMadeAccountIsShownOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		client := asking(t, tenantOf(func() *http.Response {
			asked++
			return &http.Response{StatusCode: http.StatusNotFound, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(`{"error":{"code":"Request_ResourceNotFound","message":"It is gone."}}`))}
		}))
		r, err := NewRun(Options{})
		if err != nil {
			t.Fatal(err)
		}
		r.update(func(m *memory) {
			m.account, m.user, m.found = serviceName, fit, &foundUser{name: serviceName, user: fit, made: justRead(fit)}
		})
		if found := lookAtAccount(t.Context(), r, client); found.user.ID != fit.ID || asked != 0 {
			t.Errorf("the first look asked %d times, and found %+v", asked, found)
		}
		if found := lookAtAccount(t.Context(), r, client); found.user.ID != "" || asked == 0 {
			t.Errorf("the second look asked %d times, and found %+v", asked, found)
		}
	})
}

// tenantOf answers every request with this.
type tenantOf func() *http.Response

func (f tenantOf) RoundTrip(q *http.Request) (*http.Response, error) {
	a := f()
	a.Request = q
	return a, nil
}

// A read after the assignment counts until this run writes again, and for a moment; where none was made, none counts.
func TestSawNoDemand(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := memory{}
		if m.sawNoDemand() {
			t.Error("a run that wrote and read nothing has seen it")
		}
		m.role.noDemand = noDemandSeen{2, window.Now()}
		for written, want := range map[int]bool{1: false, 2: true, 3: false} {
			m.record = make([]change.Entry, written)
			if m.sawNoDemand() != want {
				t.Errorf("%d writes: %t", written, !want)
			}
		}
		m.record = make([]change.Entry, 2)
		time.Sleep(window.Lagging)
		if m.sawNoDemand() {
			t.Errorf("it counts after %s", window.Lagging)
		}
	})
}

// A read shows that nothing demands MFA only where all of it was read.
func TestShowsNoDemand(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*mfa.Facts)
		want   bool
	}{
		"all read":               {func(*mfa.Facts) {}, true},
		"no licence for any":     {func(f *mfa.Facts) { f.Policies = analysis.Read[[]graph.Policy](nil, graph.ErrUnlicensed) }, true},
		"policies refused":       {func(f *mfa.Facts) { f.Policies = analysis.Read[[]graph.Policy](nil, graph.ErrForbidden) }, false},
		"policies throttled":     {func(f *mfa.Facts) { f.Policies = analysis.Read[[]graph.Policy](nil, graph.ErrThrottled) }, false},
		"groups refused":         {func(f *mfa.Facts) { f.Account.GroupsKnown = false }, false},
		"the role not shown yet": {func(f *mfa.Facts) { f.Administrator = false }, false},
		"a demand":               {func(f *mfa.Facts) { f.PerUser = analysis.Read(graph.MFAEnforced, nil) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := mfa.Facts{User: fit, Administrator: true}
			f.PerUser, f.SecurityDefaults = analysis.Read(graph.MFADisabled, nil), analysis.Read(false, nil)
			f.Policies = analysis.Read[[]graph.Policy](nil, nil)
			f.Account = analysis.Account{RolesKnown: true, GroupsKnown: true}
			c.change(&f)
			if (assignedRead{facts: f}).showsNoDemand() != c.want {
				t.Errorf("%t, with the demands %v", !c.want, f.Demands())
			}
			if (assignedRead{facts: f, err: graph.ErrThrottled}).showsNoDemand() {
				t.Error("a read that failed shows it")
			}
		})
	}
}
