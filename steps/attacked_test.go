package steps_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// Ways to leave the window open that were found by attacking it.

func (r *rehearsal) mfa() string { return r.tenant.Snapshot().Users[serviceAccount].PerUserMFA }

// none is an answer of a replica that does not show a role assignment yet.
var none = simtest.Fault{Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"value":[]}`}

// One read that does not show the role must not suspend anything without a guard, and leaving in the middle of it puts
// everything back.
func TestSuspensionIsNeverUnguarded(t *testing.T) {
	t.Parallel()
	for _, leave := range []bool{false, true} {
		folder := t.TempDir()
		synctest.Test(t, func(t *testing.T) {
			r, w := watched(t, setup{profile: "business"}, folder)
			r.passUntil(steps.SuspendMFA)
			r.inspect(steps.SuspendMFA)
			ctx, cancel := context.WithCancel(t.Context())
			var patches atomic.Int32
			r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
				if q.Method == http.MethodGet && strings.HasSuffix(q.URL.Path, "/roleAssignments") {
					return &none
				}
				if leave && q.Method == http.MethodPatch && patches.Add(1) == 2 {
					cancel()
				}
				return nil
			})
			_ = r.apply(ctx, steps.SuspendMFA)
			r.tenant.SetFault(nil)
			if r.excluded() > 0 && !r.run.Guarded() {
				t.Error("MFA is suspended, and no guard is on duty")
			}
			if err := r.run.CloseExposure(t.Context(), r.report); err != nil || r.open() {
				t.Errorf("%v, open %v", err, r.open())
			}
			if r.excluded() > 0 || r.mfa() != "enforced" {
				t.Errorf("%d exclusions are left, per-user MFA is %s", r.excluded(), r.mfa())
			}
			r.run.Close()
			_ = w.last().pipe.Close()
			<-w.last().served
			cancel()
		})
	}
}

// A suspension is on its way when the operator leaves, and reaches the tenant after MFA was put back.
func TestSuspensionOnItsWay(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		sent := make(chan struct{}, 1)
		r, w := watched(t, setup{wrap: onItsWay(sent, 14*time.Second)}, folder)
		r.passUntil(steps.SuspendMFA)
		r.asOperator("PATCH", "/beta/users/"+serviceAccount+"/authentication/requirements", `{"perUserMfaState":"enabled"}`)
		r.inspect(steps.SuspendMFA)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- r.apply(ctx, steps.SuspendMFA) }()
		<-sent
		cancel()
		<-done
		if err := r.run.CloseExposure(t.Context(), r.report); err != nil || r.open() {
			t.Errorf("%v, open %v", err, r.open())
		}
		r.run.Close()
		for _, g := range w.guards {
			<-g.served
		}
		time.Sleep(time.Minute)
		if r.mfa() != "enforced" {
			t.Errorf("it was said to be closed, and per-user MFA is %s", r.mfa())
		}
	})
}

// An exclusion that the tenant shows only later is taken back all the same.
func TestExclusionShownLate(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		sent := make(chan struct{}, 10)
		var watching atomic.Bool
		wrap := func(next http.RoundTripper) http.RoundTripper {
			return roundTripper(func(q *http.Request) (*http.Response, error) {
				a, err := next.RoundTrip(q)
				if watching.Load() && q.Method == http.MethodPatch && strings.Contains(q.URL.Path, "/conditionalAccess/policies/") {
					sent <- struct{}{}
				}
				return a, err
			})
		}
		r, _ := watched(t, setup{profile: "business", wrap: wrap}, folder)
		r.passUntil(steps.SuspendMFA)
		time.Sleep(time.Minute)
		r.inspect(steps.SuspendMFA)
		r.tenant.SetLag(10 * time.Second)
		watching.Store(true)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- r.apply(ctx, steps.SuspendMFA) }()
		<-sent
		time.Sleep(500 * time.Millisecond)
		cancel()
		<-done
		watching.Store(false)
		r.closeAtLast(t)
		time.Sleep(time.Minute)
		if r.excluded() > 0 {
			t.Errorf("closed, and %d exclusions are left", r.excluded())
		}
		if owed := read(t, folder, r.tenant.Endpoints().TenantID).Outstanding(); slices.ContainsFunc(owed, func(i journal.Inverse) bool { return i.Kind == journal.InversePolicyExclusion }) {
			t.Errorf("the journal owes %v", owed)
		}
	})
}

// A wizard that is stopped renews no token: the guard closes the window before its own ends, however long the cap is.
func TestStoppedPastTheTokensEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ window, wait time.Duration }{
		"a long window":         {120 * time.Minute, 0},
		"a token nearly used":   {30 * time.Minute, 70 * time.Minute},
		"a lunch before it all": {30 * time.Minute, 65 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				r, w := watched(t, setup{profile: "business", options: func(o *steps.Options) { o.Cap = c.window }}, folder)
				r.passUntil(steps.SuspendMFA)
				time.Sleep(c.wait)
				r.pass(steps.SuspendMFA)
				r.run.Close() // it attends no more, and its pipe stays
				time.Sleep(3 * time.Hour)
				if r.mfa() != "enforced" || r.excluded() > 0 {
					t.Errorf("per-user MFA is %s, %d exclusions", r.mfa(), r.excluded())
				}
				for _, e := range read(t, folder, r.tenant.Endpoints().TenantID).Entries {
					if e.Kind == journal.KindWindowStuck {
						t.Errorf("the journal calls a closed window stuck: %+v", e)
					}
				}
				_ = w.last().pipe.Close()
				<-w.last().served
			})
		})
	}
}

// The name that was given belongs to somebody else's administrator without MFA. That is no window of this program's.
func TestSomebodyElsesAdministrator(t *testing.T) {
	t.Parallel()
	const account = "breakglass@contoso.com"
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{profile: "business", options: func(o *steps.Options) { o.Account = account }}, folder)
		r.tenant.AddUser(account, "Break Glass", "Made-By-Hand-2026")
		if err := r.tenant.SetRole(account, "62e90394-69f5-4237-9190-012177145e10", true); err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"CA01", "CA02", "CA05"} {
			for _, id := range r.tenant.PolicyIDs(part) {
				if err := r.tenant.ExcludeBehindBack(id, account); err != nil {
					t.Fatal(err)
				}
			}
		}
		r.pass(steps.SignIn)
		before := r.tenant.Snapshot()
		r.inspect(steps.Check)
		if open, yes := r.run.Exposure(); yes || len(w.guards) > 0 {
			t.Errorf("it is taken for a window: %+v", open)
		}
		if err := r.run.CloseExposure(t.Context(), r.report); err != nil {
			t.Error(err)
		}
		unchanged(t, before, r.tenant.Snapshot())
		r.answer(steps.Check, "account", "service.delegate365")
		r.run.Close()
	})
}

// Whenever no guard is on duty the exposure says so, and another one is started as soon as that can be done.
func TestUnguardedIsSaid(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{}, folder)
		r.passUntil(steps.RunSetup)
		// One read that says otherwise closes the window in memory; the next one opens it again.
		fault(r, "GET", "/authentication/requirements", 1, simtest.Fault{
			Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"perUserMfaState":"enabled"}`,
		})
		r.inspect(steps.ReenableMFA)
		r.inspect(steps.ReenableMFA)
		if open, yes := r.run.Exposure(); !yes || !open.Unguarded && !r.run.Guarded() {
			t.Errorf("open %v, %+v, guarded %v", yes, open, r.run.Guarded())
		}
		time.Sleep(time.Minute)
		if open, yes := r.run.Exposure(); !yes || open.Unguarded || !r.run.Guarded() {
			t.Errorf("a minute later: open %v, %+v, guarded %v", yes, open, r.run.Guarded())
		}
		r.pass(steps.SuspendMFA)
		if open, yes := r.run.Exposure(); !yes || open.Unguarded || !r.run.Guarded() {
			t.Errorf("open %v, %+v, guarded %v", yes, open, r.run.Guarded())
		}
		r.run.Close()
		_ = w.last().pipe.Close()
		<-w.last().served
	})
}

// A guard whose end nobody can help is replaced although the journal can't be written.
func TestReliefNeedsNoJournal(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{profile: "business"}, folder)
		r.passUntil(steps.RunSetup)
		spoil(t, folder)
		_ = w.last().pipe.Close()
		<-w.last().served
		time.Sleep(time.Minute)
		if open, _ := r.run.Exposure(); open.Unguarded || !r.run.Guarded() {
			t.Errorf("%d guards, %+v", w.count(), open)
		}
		r.run.Close()
		_ = w.last().pipe.Close()
		<-w.last().served
	})
}

// held keeps a guard from answering while hold is set, as a process that is stopped.
type held struct {
	io.Writer
	hold *atomic.Bool
}

func (h held) Write(p []byte) (int, error) {
	for h.hold.Load() {
		time.Sleep(time.Second)
	}
	return h.Writer.Write(p)
}

// A guard that does not answer when it is given a fresh token is replaced, and let go when it answers again.
func TestSlowGuardIsReplaced(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		var hold atomic.Bool
		first := true
		s := &sentry{}
		var r *rehearsal
		r = rehearse(t, setup{options: func(o *steps.Options) {
			o.Journal, o.Cap = folder, 2*time.Hour
			o.Guard = func(ctx context.Context, order guard.Order) (*guard.Guard, error) {
				in, to := io.Pipe()
				from, out := io.Pipe()
				one := sentinel{order: order, pipe: to, served: make(chan error, 1)}
				s.mu.Lock()
				s.guards = append(s.guards, one)
				s.mu.Unlock()
				var answers io.Writer = out
				if first {
					first, answers = false, held{out, &hold}
				}
				go func() {
					one.served <- guard.Serve(context.Background(), in, answers, window.NewCloser(s.calls.wrap(r.tenant.Transport())))
					_ = out.Close()
				}()
				return guard.Connect(ctx, order, to, from)
			}
		}})
		r.passUntil(steps.RunSetup)
		time.Sleep(55 * time.Minute)
		hold.Store(true)
		time.Sleep(20 * time.Minute) // a fresh token falls into it
		if s.count() != 2 || !r.run.Guarded() {
			t.Errorf("%d guards, guarded %v", s.count(), r.run.Guarded())
		}
		hold.Store(false)
		time.Sleep(time.Minute)
		r.closeAtLast(t)
		for _, g := range s.guards {
			<-g.served
		}
	})
}

// The cap is as the guard was told, for as long as the window is open.
func TestCapStaysWhileOpen(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{}, folder)
		r.passUntil(steps.RunSetup)
		told(t, step(steps.Check).Answer(r.run, "window", graph.NewSecret("120")), "Re-enable MFA first")
		r.inspect(steps.SuspendMFA)
		if open, _ := r.run.Exposure(); open.Cap != w.last().order.Cap {
			t.Errorf("the screen says %s, the guard closes after %s", open.Cap, w.last().order.Cap)
		}
		r.run.Close()
		_ = w.last().pipe.Close()
		<-w.last().served
	})
}

// The next start believes no single read that calls the journal's window closed.
func TestNextStartReadsTwice(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		first := abandoned(t, "fresh", folder)
		r := rehearseOn(t, first.tenant, setup{options: func(o *steps.Options) { o.Journal = folder }})
		r.pass(steps.SignIn)
		fault(r, "GET", "/roleAssignments", 1, none)
		r.inspect(steps.Check)
		if open, yes := r.run.Exposure(); !yes || !open.Found {
			t.Errorf("open %v, %+v", yes, open)
		}
		r.run.Close()
	})
}

// The journal is moved out of the way, as its own hint says, while the guard still tries: it goes on trying.
func TestJournalMovedAway(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{}, folder)
		r.passUntil(steps.RunSetup)
		var down atomic.Bool
		down.Store(true)
		r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
			if down.Load() && strings.HasSuffix(q.URL.Path, "/authentication/requirements") {
				return &simtest.Fault{DropBefore: true}
			}
			return nil
		})
		r.run.Close()
		_ = w.last().pipe.Close()
		time.Sleep(20 * time.Second)
		path := filepath.Join(folder, r.tenant.Endpoints().TenantID+".jsonl")
		if err := os.Rename(path, path+".kept"); err != nil {
			t.Fatal(err)
		}
		second := rehearseOn(t, r.tenant, setup{options: func(o *steps.Options) { o.Journal = folder }})
		second.pass(steps.SignIn)
		second.run.Close()
		down.Store(false)
		if err := <-w.last().served; err != nil || r.mfa() != "enforced" {
			t.Errorf("%v, per-user MFA is %s", err, r.mfa())
		}
	})
}
