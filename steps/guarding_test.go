package steps_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// The guard beside a run, in this process and in virtual time: real pipes of the protocol, a real worker, real requests.

// sentry is what a test knows of the guards that a run starts.
type sentry struct {
	mu     sync.Mutex
	guards []sentinel
	none   bool     // no other can be started
	calls  recorder // of the guards
}

var errNoMore = errors.New("no more processes")

// sentinel is one guard.
type sentinel struct {
	order  guard.Order
	pipe   io.Closer
	stop   *halt
	served chan error // what became of it
}

// halt is what SIGSTOP does to a guard: it reads nothing.
type halt struct {
	io.Reader
	stopped chan struct{} // full while it is
}

func (h *halt) Read(p []byte) (int, error) {
	n, err := h.Reader.Read(p)
	h.stopped <- struct{}{}
	<-h.stopped
	return n, err
}

// lack has no further guard started, or one again.
func (w *sentry) lack(on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.none = on
}

// last is the guard that was started last.
func (w *sentry) last() sentinel {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.guards[len(w.guards)-1]
}

func (w *sentry) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.guards)
}

// end breaks the pipes of every guard, and waits until the last one is gone.
func (w *sentry) end() {
	w.mu.Lock()
	guards := slices.Clone(w.guards)
	w.mu.Unlock()
	for _, g := range guards {
		_ = g.pipe.Close()
		<-g.served
	}
}

// watched is a run with a guard and a journal in folder.
func watched(t *testing.T, s setup, folder string) (*rehearsal, *sentry) {
	t.Helper()
	return watchedOn(t, build(t, s), s, folder)
}

// watchedOn is such a run on a tenant that exists.
func watchedOn(t *testing.T, tenant *simtest.Tenant, s setup, folder string) (*rehearsal, *sentry) {
	t.Helper()
	w := &sentry{}
	options := s.options
	var r *rehearsal
	s.options = func(o *steps.Options) {
		o.Journal = folder
		o.Guard = func(ctx context.Context, order guard.Order) (*guard.Guard, error) {
			w.mu.Lock()
			none := w.none
			w.mu.Unlock()
			if none {
				return nil, errNoMore
			}
			in, to := io.Pipe()
			from, out := io.Pipe()
			one := sentinel{order, to, &halt{in, make(chan struct{}, 1)}, make(chan error, 1)}
			go func() {
				one.served <- guard.Serve(context.Background(), one.stop, out, steps.NewGuardWorker(w.calls.wrap(r.tenant.Transport()), testProgram))
				_ = out.Close()
			}()
			w.mu.Lock()
			w.guards = append(w.guards, one)
			w.mu.Unlock()
			return guard.Connect(ctx, order, to, from)
		}
		if options != nil {
			options(o)
		}
	}
	r = rehearseOn(t, tenant, s)
	return r, w
}

// kill is what the end of the wizard's process does to its guard, and waits for what the guard does about it.
func (w *sentry) kill(r *rehearsal) error {
	r.run.Close()
	_ = w.last().pipe.Close()
	return <-w.last().served
}

// closed reports how the tenant and the journal stand after a window was closed.
func closed(t *testing.T, r *rehearsal, folder string) journal.Log {
	t.Helper()
	if n := r.excluded(); n != 0 {
		t.Errorf("%d exclusions are left", n)
	}
	if state := r.tenant.Snapshot().Users[serviceAccount].PerUserMFA; state != "enforced" {
		t.Errorf("per-user MFA is %s", state)
	}
	log := read(t, folder, r.tenant.Endpoints().TenantID)
	if w, open := log.OpenWindow(); open {
		t.Errorf("the journal says that it is open: %+v", w)
	}
	n := 0
	for _, e := range log.Entries {
		switch e.Kind {
		case journal.KindWindowOpened:
			n = 0
		case journal.KindWindowClosed:
			n++
		}
	}
	if n != 1 {
		t.Errorf("it was closed %d times", n)
	}
	return log
}

func TestGuardClosesTheWindow(t *testing.T) {
	t.Parallel()
	// On business, policies demand MFA of every administrator until they are suspended.
	for profile, points := range map[string][]steps.ID{"fresh": {steps.SuspendMFA, steps.RunSetup}, "business": {steps.RunSetup}} {
		for _, at := range points {
			t.Run(profile+" "+string(at), func(t *testing.T) {
				folder := t.TempDir()
				synctest.Test(t, func(t *testing.T) {
					r, w := watched(t, setup{profile: profile}, folder)
					r.passUntil(at)
					if err := w.kill(r); err != nil {
						t.Fatal(err)
					}
					log := closed(t, r, folder)
					for _, e := range slices.Backward(log.Entries) {
						if e.Kind == journal.KindWindowClosed {
							if e.By != journal.ByGuard {
								t.Errorf("closed by %s", e.By)
							}
							break
						}
					}
					for _, call := range w.calls.writes() {
						if !strings.HasSuffix(call, "/authentication/requirements") && !strings.Contains(call, "/conditionalAccess/policies/") {
							t.Errorf("the guard sent %s", call)
						}
					}
				})
			})
		}
	}
}

// A whole onboarding with a guard: it is let go, and has changed nothing.
func TestGuardIsLetGo(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{profile: "business"}, folder)
		r.passUntil(steps.EnableAppPasswords)
		for _, g := range w.guards {
			if err := <-g.served; err != nil {
				t.Error(err)
			}
		}
		for _, s := range steps.All()[7:] {
			r.pass(s.Info().ID)
		}
		r.run.Finish()
		kept(t, read(t, folder, r.tenant.Endpoints().TenantID))
		if sent := w.calls.writes(); len(sent) != 0 || len(w.guards) == 0 {
			t.Errorf("%d guards, which sent %v", len(w.guards), sent)
		}
	})
}

// Without a guard the window is not opened, and nothing is written.
func TestNoWindowWithoutGuard(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		calls := &recorder{}
		r, _ := watched(t, setup{wrap: calls.wrap, options: func(o *steps.Options) {
			o.Guard = func(context.Context, guard.Order) (*guard.Guard, error) { return nil, errors.New("no more processes") }
		}}, folder)
		r.passUntil(steps.AssignAdmin)
		before := len(calls.writes())
		told(t, r.apply(t.Context(), steps.AssignAdmin), "Nothing was changed")
		if r.open() || len(calls.writes()) != before {
			t.Errorf("open %v, sent %v", r.open(), calls.writes()[before:])
		}
	})
}

// A sign-in that can't be renewed and ends inside the window does not open it.
func TestNoWindowWithoutLastingToken(t *testing.T) {
	t.Parallel()
	for name, window := range map[string]time.Duration{"shorter": 30 * time.Minute, "longer": 90 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{options: func(o *steps.Options) { o.Cap = window }, wrap: withoutRefresh})
				r.passUntil(steps.AssignAdmin)
				err := r.apply(t.Context(), steps.AssignAdmin)
				if name == "shorter" {
					if err != nil {
						t.Fatal(err)
					}
					return
				}
				told(t, err, "can't be renewed", "shorter window")
				if r.open() || len(r.tenant.Snapshot().Users[serviceAccount].Roles) != 0 {
					t.Error("it was opened")
				}
			})
		})
	}
}

// withoutRefresh takes refresh tokens out of the sign-in service's answers.
func withoutRefresh(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(q *http.Request) (*http.Response, error) {
		answer, err := next.RoundTrip(q)
		if err == nil && strings.HasSuffix(q.URL.Path, "/oauth2/v2.0/token") {
			body, _ := io.ReadAll(answer.Body)
			text := strings.ReplaceAll(string(body), `"refresh_token"`, `"no_refresh_token"`)
			answer.Body, answer.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
		}
		return answer, err
	})
}

// A wizard that is stopped past the cap finds the window closed when it goes on, and closes nothing twice.
func TestStoppedPastTheCap(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{profile: "business"}, folder)
		r.passUntil(steps.RunSetup)
		time.Sleep(32 * time.Minute)
		closed(t, r, folder)
		writes := len(w.calls.writes())
		if err := r.run.CloseExposure(t.Context(), r.report); err != nil || r.open() {
			t.Errorf("%v, open %v", err, r.open())
		}
		if err := <-w.last().served; err != nil {
			t.Error(err)
		}
		closed(t, r, folder)
		if n := len(w.calls.writes()); n != writes || writes == 0 {
			t.Errorf("%d writes, then %d", writes, n)
		}
		if said := finding.Read(steps.WithoutMFA(r.run)); strings.Contains(said, ", 32:") || !strings.Contains(said, "Closed: the guard put MFA back.") {
			t.Errorf("it says %q", said)
		}
		r.run.Close()
	})
}

// Wizard and guard close at the same moment: each exclusion is taken back once. Per-user MFA waits for nobody.
func TestBothClose(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		calls := &recorder{}
		r, w := watched(t, setup{profile: "business", wrap: calls.wrap}, folder)
		r.passUntil(steps.RunSetup)
		before := len(calls.writes())
		done := make(chan error)
		go func() { done <- r.run.CloseExposure(t.Context(), r.report) }()
		first := w.last()
		_ = first.pipe.Close()
		if err := errors.Join(<-done, <-first.served); err != nil {
			t.Error(err)
		}
		closed(t, r, folder)
		all := slices.Concat(calls.writes()[before:], w.calls.writes())
		all = slices.DeleteFunc(all, func(call string) bool { return strings.HasSuffix(call, "/authentication/requirements") })
		slices.Sort(all)
		if once := slices.Compact(slices.Clone(all)); len(once) != len(all) || len(all) == 0 {
			t.Errorf("sent twice: %v", all)
		}
		r.run.Close()
	})
}

// Nobody takes what closing reports, as on a terminal that is held: MFA is put back all the same, and in little time.
func TestClosingWaitsForNoReader(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{profile: "business"}, t.TempDir())
		r.passUntil(steps.RunSetup)
		began := time.Now()
		ctx, read := context.WithTimeout(t.Context(), 4*time.Minute)
		err := r.run.CloseExposure(t.Context(), func(steps.Event) { <-ctx.Done() })
		if err != nil || r.open() || r.mfa() != "enforced" || time.Since(began) > 30*time.Second {
			t.Errorf("%v, open %v, per-user MFA %s after %s", err, r.open(), r.mfa(), time.Since(began))
		}
		read()
		r.run.Close()
		w.end()
	})
}

// The guard ends by itself while the window is open: another one takes over, with everything that is owed.
func TestGuardIsRelieved(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{profile: "business"}, folder)
		r.passUntil(steps.RunSetup)
		excluded := r.excluded()
		before := w.count()
		_ = w.last().pipe.Close()
		if err := <-w.last().served; err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if w.count() != before+1 || len(w.last().order.Inverses) != excluded {
			t.Fatalf("%d guards: %+v", w.count(), w.last().order)
		}
		if open, _ := r.run.Exposure(); open.Unguarded {
			t.Error("it is said to be unguarded")
		}
		if err := w.kill(r); err != nil {
			t.Error(err)
		}
	})
}

// A window longer than a token lives: the guard is given fresh ones.
func TestGuardHasFreshTokens(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{options: func(o *steps.Options) { o.Cap = 2 * time.Hour }}, folder)
		r.passUntil(steps.RunSetup)
		time.Sleep(100 * time.Minute)
		if err := w.kill(r); err != nil {
			t.Fatal(err)
		}
		closed(t, r, folder)
	})
}

// What can go wrong while the window is closed, by the guard and by the wizard.
func TestFaultsWhileClosing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		begin func(r *rehearsal)
		after func(t *testing.T, r *rehearsal)
	}{
		"network down for 20 s": {begin: func(r *rehearsal) {
			r.faultFor(20*time.Second, simtest.Fault{DropBefore: true})
		}},
		"answers lost for 20 s": {begin: func(r *rehearsal) {
			r.faultFor(20*time.Second, simtest.Fault{DropAfter: true})
		}},
		"throttled without Retry-After": {begin: func(r *rehearsal) {
			r.faultFor(20*time.Second, answer(http.StatusTooManyRequests, "TooManyRequests"))
		}},
		"forbidden for 20 s": {begin: func(r *rehearsal) {
			r.faultFor(20*time.Second, answer(http.StatusForbidden, "AccessDenied"))
		}},
		"policy edited by somebody else": {
			begin: func(r *rehearsal) {
				for _, id := range r.tenant.PolicyIDs("CA01") {
					if err := r.tenant.ExcludeBehindBack(id, "auditor@contoso.com"); err != nil {
						r.t.Fatal(err)
					}
				}
			},
			after: func(t *testing.T, r *rehearsal) {
				s := r.tenant.Snapshot()
				for name, p := range s.Policies {
					if strings.HasPrefix(name, "CA01") && !slices.Contains(p.Users.ExcludeUsers, s.Users["auditor@contoso.com"].ID) {
						t.Error("their edit is lost")
					}
				}
			},
		},
		"policy deleted": {begin: func(r *rehearsal) {
			for _, id := range r.tenant.PolicyIDs("CA01") {
				r.tenant.DeletePolicyBehindBack(id)
			}
		}},
		"account deleted": {begin: func(r *rehearsal) {
			if err := r.tenant.DeleteUserBehindBack(serviceAccount); err != nil {
				r.t.Fatal(err)
			}
		}},
	} {
		for _, by := range alternately(name, "guard", "wizard") {
			t.Run(name+" "+by, func(t *testing.T) {
				folder := t.TempDir()
				synctest.Test(t, func(t *testing.T) {
					r, w := watched(t, setup{profile: "business"}, folder)
					r.passUntil(steps.RunSetup)
					id := r.tenant.Snapshot().Users[serviceAccount].ID
					c.begin(r)
					if by == "guard" {
						if err := w.kill(r); err != nil {
							t.Fatal(err)
						}
					} else {
						r.closeAtLast(t)
					}
					if name == "account deleted" {
						gone(t, r, id, folder)
						return
					}
					closed(t, r, folder)
					if c.after != nil {
						c.after(t, r)
					}
				})
			})
		}
	}
}

// closeAtLast closes the window as the leaving screen does: it tries again every five seconds.
func (r *rehearsal) closeAtLast(t *testing.T) {
	t.Helper()
	for range 20 {
		err := r.run.CloseExposure(t.Context(), r.report)
		if err == nil {
			r.run.Close()
			return
		}
		if !r.open() {
			t.Fatalf("it fails and is called closed: %v", err)
		}
		time.Sleep(5 * time.Second)
	}
	t.Fatal("it does not close")
}

// gone holds what is left of an account that was deleted in its window.
func gone(t *testing.T, r *rehearsal, id, folder string) {
	t.Helper()
	for name, p := range r.tenant.Snapshot().Policies {
		if slices.Contains(p.Users.ExcludeUsers, id) {
			t.Errorf("%s still excludes the deleted account", name)
		}
	}
	if w, open := read(t, folder, r.tenant.Endpoints().TenantID).OpenWindow(); open {
		t.Errorf("the journal says that it is open: %+v", w)
	}
}

// faultFor plays a fault out for a while, for every request to Graph.
func (r *rehearsal) faultFor(d time.Duration, f simtest.Fault) {
	until := time.Now().Add(d)
	r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
		toGraph := strings.HasPrefix(q.URL.Path, "/v1.0/") || strings.HasPrefix(q.URL.Path, "/beta/")
		if !toGraph || time.Now().After(until) {
			return nil
		}
		out := f
		return &out
	})
}

// The guard can't close the window for as long as its token lasts: it says so in the journal, and leaves.
func TestGuardGivesUp(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{}, folder)
		r.passUntil(steps.RunSetup)
		r.faultFor(3*time.Hour, simtest.Fault{DropBefore: true})
		begin := time.Now()
		if err := w.kill(r); err == nil {
			t.Fatal("it says that it closed the window")
		}
		if took := time.Since(begin); took < 45*time.Minute || took > 90*time.Minute {
			t.Errorf("it tried for %s", took)
		}
		log := read(t, folder, r.tenant.Endpoints().TenantID)
		if last := log.Entries[len(log.Entries)-1]; last.Kind != journal.KindWindowStuck || last.Note == "" {
			t.Errorf("the journal ends with %+v", last)
		}
		if _, open := log.OpenWindow(); !open {
			t.Error("the journal calls the window closed")
		}
	})
}

// A panic in a goroutine of a step is an error of the step, and nobody reads what was panicked with.
func TestPanicInAGoroutine(t *testing.T) {
	t.Parallel()
	var panics atomic.Bool
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{wrap: func(next http.RoundTripper) http.RoundTripper {
			return roundTripper(func(q *http.Request) (*http.Response, error) {
				if panics.Load() && strings.HasSuffix(q.URL.Path, "/authentication/requirements") {
					panic("hunter2")
				}
				return next.RoundTrip(q)
			})
		}})
		r.passUntil(steps.RunSetup)
		panics.Store(true)
		_, err := step(steps.SuspendMFA).Inspect(t.Context(), r.run, r.report)
		if err == nil || strings.Contains(err.Error(), "hunter2") || strings.Contains(strings.Join(steps.Explain(err).Raw, " "), "hunter2") {
			t.Errorf("%v", err)
		}
		if err := r.run.CloseExposure(t.Context(), r.report); err == nil || !r.open() {
			t.Errorf("%v, open %v", err, r.open())
		}
		panics.Store(false)
		if err := r.run.CloseExposure(t.Context(), r.report); err != nil || r.open() {
			t.Errorf("%v, open %v", err, r.open())
		}
	})
}

// The disk is full in the window: the wizard and the guard put MFA back all the same.
func TestFullDiskInTheWindow(t *testing.T) {
	t.Parallel()
	for _, by := range []string{"guard", "wizard"} {
		t.Run(by, func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				r, w := watched(t, setup{profile: "business"}, folder)
				r.passUntil(steps.RunSetup)
				spoil(t, folder)
				if by == "wizard" {
					r.closeAtLast(t)
				} else if err := w.kill(r); err != nil {
					t.Fatal(err)
				}
				if r.excluded() != 0 || r.tenant.Snapshot().Users[serviceAccount].PerUserMFA != "enforced" {
					t.Errorf("%d exclusions are left", r.excluded())
				}
			})
		})
	}
}
