package window

import (
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

const account = "aaaaaaaa-0000-4000-8000-000000000001"

// closed is a window of a run that keeps no journal and has no guard.
func closed(t *testing.T) *Window {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	recorder := change.NewRecorder(change.RecorderOptions{Account: func() journal.Account { return journal.Account{} }, Log: log})
	tenant := func() mfa.Tenant { return mfa.Tenant{Domain: "contoso.com"} }
	w, err := New(Options{Tenant: tenant, Recorder: recorder, Requests: &change.Requests{}, Cap: DefaultCap, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// What was read sets the clock: it starts for an administrator of whom nothing demands MFA everywhere, and stops by a demand that
// does, unless this run still owes an exclusion or security defaults.
func TestJudge(t *testing.T) {
	everywhere := []analysis.Demand{{Source: "per-user MFA", Everywhere: true}}
	somewhere := []analysis.Demand{{Source: "CA01"}}
	for name, c := range map[string]struct {
		open          bool
		owed          mfa.Owed
		administrator bool
		demands       []analysis.Demand
		want          bool
	}{
		"nothing demands":              {false, mfa.Owed{}, true, nil, true},
		"only somewhere":               {false, mfa.Owed{}, true, somewhere, true},
		"everywhere":                   {false, mfa.Owed{}, true, everywhere, false},
		"no administrator":             {false, mfa.Owed{}, false, nil, false},
		"open, and demanded":           {true, mfa.Owed{}, true, everywhere, false},
		"open, an exclusion is owed":   {true, mfa.Owed{Exclusions: []mfa.Exclusion{{PolicyID: "p"}}}, true, everywhere, true},
		"open, defaults are owed":      {true, mfa.Owed{Defaults: true}, true, everywhere, true},
		"open, the campaign alone":     {true, mfa.Owed{Campaign: true}, true, everywhere, false},
		"open, the role not shown yet": {true, mfa.Owed{}, false, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := closed(t)
			user := graph.User{ID: account, UserPrincipalName: "service@contoso.com"}
			if c.open {
				w.update(func(s *state) { w.openFor(s, user, seen) })
			}
			w.owed.Update(func(o *mfa.Owed) { *o = c.owed })
			w.Judge(&mfa.Facts{User: user, Administrator: c.administrator}, c.demands)
			open, yes := w.Exposure()
			if yes != c.want || yes && (open.Account != user.UserPrincipalName || (open.Everybody != "") != c.owed.Defaults) {
				t.Errorf("open %v: %+v", yes, open)
			}
			if n := len(w.Snapshot().Closed); c.open && !c.want && n != 1 || c.want && n != 0 {
				t.Errorf("%d windows were closed", n)
			}
		})
	}
}

// A window that was presumed only exposed nobody where the first read shows a demand, or where the role was refused. One that was closed
// and never read before that was perhaps exposed, whatever demands MFA by then.
func TestPresumedOnly(t *testing.T) {
	user := graph.User{ID: account}
	demanded := []analysis.Demand{{Source: "CA01", Everywhere: true}}
	for name, c := range map[string]struct {
		close func(*Window)
		owed  mfa.Owed
		want  bool
	}{
		"demanded": {func(w *Window) { w.Judge(&mfa.Facts{User: user, Administrator: true}, demanded) }, mfa.Owed{}, true},
		"demanded, read late": {func(w *Window) {
			time.Sleep(Lagging + time.Second)
			w.Judge(&mfa.Facts{User: user, Administrator: true}, demanded)
		}, mfa.Owed{}, false},
		"the role is refused":      {func(w *Window) { w.NotAssigned() }, mfa.Owed{}, true},
		"the role is refused late": {func(w *Window) { time.Sleep(time.Hour); w.NotAssigned() }, mfa.Owed{}, true},
		"put back unread":          {func(w *Window) { w.Stop(phrase.Same("per-user MFA demands MFA")) }, mfa.Owed{Demanded: true}, false},
		"put back, then read":      {func(w *Window) { w.Judge(&mfa.Facts{User: user, Administrator: true}, demanded) }, mfa.Owed{Demanded: true}, false},
		"read off, then demanded": {func(w *Window) {
			w.Judge(&mfa.Facts{User: user, Administrator: true}, nil)
			w.Judge(&mfa.Facts{User: user, Administrator: true}, demanded)
		}, mfa.Owed{}, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := closed(t)
			w.update(func(s *state) { w.openFor(s, user, presumed) })
			if open, _ := w.Exposure(); !open.Unknown() {
				t.Errorf("%s: it is known: %s", name, open.Standing())
			}
			w.owed.Update(func(o *mfa.Owed) { *o = c.owed })
			c.close(w)
			s := w.Snapshot()
			if len(s.Closed) != 1 || s.Closed[0].Unexposed != c.want || (len(s.Exposed()) == 0) != c.want {
				t.Errorf("%s: closed: %+v", name, s.Closed)
			}
		})
	}
}

// A window that opens again goes on with its first clock.
func TestOpensAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := closed(t)
		user := graph.User{ID: account}
		w.update(func(s *state) { w.openFor(s, user, presumed) })
		time.Sleep(10 * time.Minute)
		w.Judge(&mfa.Facts{User: user, Administrator: true}, nil)
		open, _ := w.Exposure()
		if past := open.Past(time.Now()); past < 10*time.Minute || open.Due(time.Now()) {
			t.Errorf("open for %s", past)
		}
		time.Sleep(20 * time.Minute)
		if !open.Due(time.Now()) {
			t.Error("it is not due")
		}
	})
}

// A suspension whose answer was lost may arrive until the window was closed and looked at again, whatever became of the next one.
func TestLostSuspensionMayArrive(t *testing.T) {
	w := closed(t)
	user, i := graph.User{ID: account}, journal.Inverse{Kind: journal.InversePerUserMFA, TargetID: account}
	w.update(func(s *state) { w.openFor(s, user, seen) })
	told := suspensions{w}
	register := func() {
		t.Helper()
		if err := told.Register(t.Context(), nil, i); err != nil {
			t.Fatal(err)
		}
		told.Sending(i)
	}
	register()
	told.Lost(i)
	register()
	told.Settled(i)
	if s := w.current(); !s.mayArrive() || len(s.pending) != 1 {
		t.Errorf("pending: %+v", s.pending)
	}
	w.Stop(phrase.Same("somebody else"))
	if s := w.current(); !s.mayArrive() {
		t.Error("it was forgotten")
	}
	if o := w.owed.Owed(); !o.StateSuspended || o.Demanded {
		t.Errorf("owed: %+v", o)
	}
}

// A read that shows no demand right after another one showed it may be an older state: whether MFA is off is not known then. It is known
// where this run has suspended something meanwhile.
func TestOlderState(t *testing.T) {
	demanded := []analysis.Demand{{Source: "CA01", Everywhere: true}}
	for name, c := range map[string]struct {
		owed    mfa.Owed
		later   time.Duration
		unknown bool
	}{
		"at once":          {mfa.Owed{}, time.Second, true},
		"long after":       {mfa.Owed{}, time.Minute, false},
		"suspended by us":  {mfa.Owed{StateSuspended: true}, time.Second, false},
		"put back by us":   {mfa.Owed{StateSuspended: true, Demanded: true}, time.Second, true},
		"an exclusion":     {mfa.Owed{Exclusions: []mfa.Exclusion{{PolicyID: "p"}}}, time.Second, false},
		"defaults are off": {mfa.Owed{Defaults: true}, time.Second, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := closed(t)
				facts := mfa.Facts{User: graph.User{ID: account}, Administrator: true}
				w.Judge(&facts, nil)
				w.Judge(&facts, demanded)
				time.Sleep(c.later)
				w.owed.Update(func(o *mfa.Owed) { *o = c.owed })
				w.Judge(&facts, nil)
				if open, is := w.Exposure(); !is || open.Unknown() != c.unknown {
					t.Errorf("open %v, unknown %v: %s", is, open.Unknown(), open.Standing())
				}
			})
		})
	}
}
