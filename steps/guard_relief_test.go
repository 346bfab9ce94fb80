package steps_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// A guard that is stopped is noticed within seconds and replaced, and whatever happens to the wizard then, the window closes.
func TestStoppedGuardIsReplaced(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{profile: "business"}, folder)
		r.passUntil(steps.RunSetup)
		stopped, before := w.last(), w.count()
		stopped.stop.stopped <- struct{}{}
		time.Sleep(10 * time.Second)
		if w.count() != before+1 || len(w.last().order.Inverses) != r.excluded() {
			t.Fatalf("%d guards: %+v", w.count(), w.last().order)
		}
		if open, _ := r.run.Exposure(); open.Unguarded || open.Due(time.Now()) {
			t.Errorf("%+v", open)
		}
		if err := w.kill(r); err != nil {
			t.Error(err)
		}
		closed(t, r, folder)
		<-stopped.stop.stopped
		<-stopped.served
		time.Sleep(time.Minute)
	})
}

// No guard can be had: the window is due within seconds, nothing more is suspended, and it closes.
func TestNoOtherGuard(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{profile: "business"}, folder)
		r.passUntil(steps.RunSetup)
		w.lack(true)
		_ = w.last().pipe.Close()
		<-w.last().served
		time.Sleep(10 * time.Second)
		open, yes := r.run.Exposure()
		if !yes || !open.Due(time.Now()) || !strings.Contains(open.NoGuard, "no second process can be started") {
			t.Fatalf("%+v, %v", open, yes)
		}
		r.closeAtLast(t)
		if open, yes := r.run.Exposure(); yes {
			t.Errorf("%+v", open)
		}
	})
}

// A guard can be had again before anybody closed the window: it is not due any more.
func TestAnotherGuardAtLast(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{}, folder)
		r.passUntil(steps.RunSetup)
		w.lack(true)
		_ = w.last().pipe.Close()
		time.Sleep(10 * time.Second)
		w.lack(false)
		time.Sleep(time.Minute)
		if open, _ := r.run.Exposure(); open.Unguarded || open.NoGuard != "" {
			t.Errorf("%+v", open)
		}
		if err := w.kill(r); err != nil {
			t.Error(err)
		}
	})
}

// Somebody appends to the journal that the window was closed: the guard reads the tenant.
func TestForgedClosing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{profile: "business"}, folder)
		r.passUntil(steps.RunSetup)
		tenant := r.tenant.Endpoints().TenantID
		u := r.tenant.Snapshot().Users[serviceAccount]
		forger, err := journal.Attach(folder, tenant, journal.Author{By: journal.ByRestore, Operator: "mallory@contoso.com"})
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range []journal.Kind{journal.KindStarted, journal.KindWindowClosed} {
			if _, err := forger.Append(journal.Entry{Kind: kind, Account: journal.Account{ID: u.ID, UserPrincipalName: serviceAccount}}); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(forger.Close(), w.kill(r)); err != nil {
			t.Fatal(err)
		}
		if n, state := r.excluded(), r.tenant.Snapshot().Users[serviceAccount].PerUserMFA; n != 0 || state == "disabled" {
			t.Errorf("%d exclusions are left, per-user MFA is %s", n, state)
		}
	})
}

// The guard of one computer has closed its window: it is gone, and the window of another computer stays as it is.
func TestGuardDoesNotOutliveItsWindow(t *testing.T) {
	t.Parallel()
	here, there := t.TempDir(), t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{profile: "business"}, here)
		r.passUntil(steps.RunSetup)
		if err := w.kill(r); err != nil {
			t.Fatal(err)
		}
		done := time.Now()
		if idle := done.Sub(w.calls.last()); idle > time.Second {
			t.Errorf("it stays for %s after its last request", idle)
		}
		before := len(w.calls.writes())
		other, v := watchedOn(t, r.tenant, setup{profile: "business"}, there)
		other.passUntil(steps.RunSetup)
		time.Sleep(3 * time.Minute)
		if n := len(w.calls.writes()); n != before || other.excluded() == 0 {
			t.Errorf("%d writes of the first guard, then %d; %d exclusions", before, n, other.excluded())
		}
		if err := v.kill(other); err != nil {
			t.Error(err)
		}
	})
}

// The clock on the wall is set back by an hour in the window: what is shown goes on, and the cap passes.
func TestClockSetBackInTheWindow(t *testing.T) {
	t.Parallel()
	for name, by := range map[string]time.Duration{"back": -time.Hour, "back by a day": -24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var set time.Duration
				r := rehearse(t, setup{options: func(o *steps.Options) {
					o.Seams.Wall = func(at time.Time) time.Time { return at.Round(0).Add(set) }
				}})
				r.passUntil(steps.RunSetup)
				time.Sleep(10 * time.Minute)
				open, _ := r.run.Exposure()
				before := open.Past(time.Now())
				set = by
				if past := open.Past(time.Now()); past < before {
					t.Errorf("the clock runs back from %s to %s", before, past)
				}
				time.Sleep(15 * time.Minute)
				if past := open.Past(time.Now()); past < before+15*time.Minute || open.Due(time.Now()) {
					t.Errorf("after %s it shows %s", before+15*time.Minute, past)
				}
				time.Sleep(5 * time.Minute)
				if !open.Due(time.Now()) {
					t.Errorf("it is not due after %s", open.Past(time.Now()))
				}
			})
		})
	}
}

// The computer slept, and its clock is set right afterwards: the sleep counts, and no later look shows less.
func TestClockNeverRunsBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var slept time.Duration
		r := rehearse(t, setup{options: func(o *steps.Options) {
			o.Seams.Wall = func(at time.Time) time.Time { return at.Round(0).Add(slept) }
		}})
		r.passUntil(steps.RunSetup)
		open, _ := r.run.Exposure()
		slept = 20 * time.Minute
		if past := open.Past(time.Now()); past < slept {
			t.Errorf("a sleep of %s shows as %s", slept, past)
		}
		slept = 0
		if past := open.Past(time.Now()); past < 20*time.Minute {
			t.Errorf("it runs back to %s", past)
		}
	})
}

// How long a window was is written down by the longer of both clocks, and said so: the two times of it are by one that may
// be set back.
func TestWindowIsMeasured(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var more time.Duration
		s := keeping(t, "fresh", t.TempDir())
		var folder string
		with := s.options
		s.options = func(o *steps.Options) {
			with(o)
			folder, o.Seams.Wall = o.Journal, func(at time.Time) time.Time { return at.Round(0).Add(more) }
		}
		r := rehearse(t, s)
		r.passUntil(steps.RunSetup)
		more = 20 * time.Minute // as much longer as its times, had they been set back since
		r.passUntil(steps.HandOver)
		for _, e := range read(t, folder, r.tenant.Endpoints().TenantID).Entries {
			if e.Kind == journal.KindWindowClosed && !e.Unexposed && e.OpenFor < 1200 {
				t.Errorf("it was written down as %d s long", e.OpenFor)
			}
		}
		last := r.hand(report.Finished).Windows
		if w := last[len(last)-1]; w.AtMostSeconds < 1200 {
			t.Errorf("the report has %+v", w)
		}
		if f := r.inspect(steps.ReenableMFA); !strings.Contains(f.Brief.String(), "after 20:") && !strings.Contains(f.Brief.String(), "after 21:") || !strings.Contains(f.Gist().String(), "again, after 2") {
			t.Errorf("the screen says %q and %q", f.Brief, f.Gist())
		}
		r.run.Close()
	})
}
