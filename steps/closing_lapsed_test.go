package steps_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// Closing may wait for a person in the middle: a sign-in page is open for a quarter of an hour.

// slowClosing is a window about to be closed, with policies and the registration campaign to put back.
type slowClosing struct {
	*rehearsal
	lapsed, armed atomic.Bool
	at            func(*http.Request) bool // the request at which the sign-in is revoked
	began         time.Time
	told          []saidAt
}

type saidAt struct {
	steps.Event
	after    time.Duration
	demanded string // per-user MFA at that time
}

func closingSlowly(t *testing.T, folder string, at func(*http.Request) bool) *slowClosing {
	t.Helper()
	c := &slowClosing{at: at}
	c.rehearsal, _ = watched(t, setup{profile: "business", wrap: c.revoking}, folder)
	c.insist()
	time.Sleep(time.Minute)
	c.pass(steps.SignIn)
	c.pass(steps.Check)
	c.keepPlan()
	for _, id := range []steps.ID{steps.CreateAccount, steps.AssignAdmin, steps.SuspendMFA, steps.RunSetup} {
		c.pass(id)
	}
	c.inspect(steps.ReenableMFA)
	if c.mfa() != "disabled" || c.excluded() == 0 {
		t.Fatalf("before it is %s, %d exclusions", c.mfa(), c.excluded())
	}
	c.armed.Store(true)
	return c
}

func (c *slowClosing) revoking(next http.RoundTripper) http.RoundTripper {
	through := withoutRenewal(next, &c.lapsed)
	return roundTripper(func(q *http.Request) (*http.Response, error) {
		if !strings.Contains(q.URL.Path, "/oauth2/") && c.at(q) && c.armed.CompareAndSwap(true, false) {
			c.lapsed.Store(true)
			if err := c.tenant.FaultAt(len(c.tenant.Requests())+1, simtest.FaultRevoked); err != nil {
				return nil, err
			}
		}
		return through.RoundTrip(q)
	})
}

// close puts MFA back, with a person who takes this long for each sign-in; negative is nobody.
func (c *slowClosing) close(takes time.Duration) error {
	c.began = time.Now()
	return step(steps.ReenableMFA).Apply(c.t.Context(), c.run, func(e steps.Event) {
		c.told = append(c.told, saidAt{e, time.Since(c.began), c.mfa()})
		if e.Task == nil || takes < 0 {
			return
		}
		task := *e.Task
		go func() {
			time.Sleep(takes)
			if err := c.asked(c.t.Context(), task); err != nil {
				c.t.Error(err)
			}
		}()
	})
}

// tasks are when a person was asked for something.
func (c *slowClosing) tasks() (all []saidAt) {
	return slices.DeleteFunc(slices.Clone(c.told), func(s saidAt) bool { return s.Task == nil })
}

// applied is when a change of this was read back; zero when it was not.
func (c *slowClosing) applied(object string) time.Duration {
	for _, s := range c.told {
		if s.Applied != nil && strings.Contains(s.Applied.Object, object) {
			return s.after
		}
	}
	return 0
}

// The sign-in lapses in the middle. It is asked for once, per-user MFA comes first after that, and nothing has to be begun again.
func TestSignInLapsesWhileClosing(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]func(*http.Request) bool{
		"before anything": func(*http.Request) bool { return true },
		"after per-user MFA is set": func(q *http.Request) bool {
			return q.Method == http.MethodGet && strings.HasSuffix(q.URL.Path, "/authentication/requirements")
		},
		"before the policies are read": func(q *http.Request) bool { return strings.HasSuffix(q.URL.Path, "/conditionalAccess/policies") },
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				c := closingSlowly(t, folder, at)
				before := len(c.tenant.Snapshot().CampaignExcludes)
				if err := c.close(10 * time.Minute); err != nil {
					t.Errorf("after the sign-in it fails: %v", err)
				}
				if n := len(c.tasks()); n != 1 {
					t.Errorf("the operator is asked %d times", n)
				}
				first, then := c.applied("per-user MFA"), c.applied("excluded users of CA01")
				if first == 0 || first > then || c.excluded() != 0 || len(c.tenant.Snapshot().CampaignExcludes) != before-1 {
					t.Errorf("per-user MFA is read back after %s, the first policy after %s; %d exclusions", first, then, c.excluded())
				}
				closed(t, c.rehearsal, folder)
				c.run.Close()
			})
		})
	}
}

// Nobody is there: they are asked once, not once for each part, and the window stays open and guarded.
func TestNobodySignsInWhileClosing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		c := closingSlowly(t, folder, func(*http.Request) bool { return true })
		if err := c.close(-1); err == nil || !c.open() || !c.run.Guarded() {
			t.Errorf("%v, open %v, guarded %v", err, c.open(), c.run.Guarded())
		}
		if _, open := read(t, folder, c.tenant.Endpoints().TenantID).OpenWindow(); !open {
			t.Error("the journal calls it closed")
		}
		if n, took := len(c.tasks()), time.Since(c.began); n != 1 || took > 20*time.Minute {
			t.Errorf("asked %d times in %s", n, took)
		}
		if err := c.close(time.Minute); err != nil || c.open() {
			t.Errorf("once somebody signs in: %v, open %v", err, c.open())
		}
		c.run.Close()
	})
}

// A stronger sign-in is waited for before policies are changed. Everything else is put back meanwhile, and takes the sign-in off no
// screen; the window is not called closed. Refused, it is not asked for again for each policy.
func TestStepUpWhileClosing(t *testing.T) {
	t.Parallel()
	for name, takes := range map[string]time.Duration{"given": 10 * time.Minute, "not given": -1} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				c := closingSlowly(t, folder, func(*http.Request) bool { return false })
				c.tenant.Settings.ProtectActions(true)
				result := make(chan error)
				go func() { result <- c.close(takes) }()
				time.Sleep(9 * time.Minute)
				if _, open := read(t, folder, c.tenant.Endpoints().TenantID).OpenWindow(); !open || !c.open() || !c.run.Guarded() || c.mfa() != "enforced" {
					t.Errorf("while it waits: open %v, in the journal %v, guarded %v, per-user MFA %s", c.open(), open, c.run.Guarded(), c.mfa())
				}
				err := <-result
				asked := c.tasks()
				if len(asked) != 1 || (err == nil) != (takes > 0) || c.open() != (err != nil) {
					t.Fatalf("asked %d times, %v, open %v", len(asked), err, c.open())
				}
				beside := 0
				for _, s := range c.told {
					if s.after > asked[0].after && s.after < 9*time.Minute {
						if beside++; !s.Beside {
							t.Errorf("the sign-in is taken off the screen after %s by %+v", s.after, s.Event)
						}
					}
				}
				if at := c.applied("registration campaign"); at == 0 || at > time.Minute || beside == 0 {
					t.Errorf("the campaign is put back after %s; %d things are said meanwhile", at, beside)
				}
				c.tenant.Settings.ProtectActions(false)
				if err != nil {
					c.closeAtLast(t)
				}
				c.run.Close()
			})
		})
	}
}

// What an earlier run left takes two permissions, and the one that closes the gap was accepted before: nobody is waited for.
func TestLeftoverIsClosedBeforeItAsks(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		first := abandoned(t, "business", folder)
		first.unconsent("Policy.ReadWrite.ConditionalAccess")
		c := &slowClosing{rehearsal: rehearseOn(t, first.tenant, setup{options: func(o *steps.Options) { o.Journal = folder }})}
		c.pass(steps.SignIn)
		f := c.inspect(steps.Check)
		if said := finding.Read(f.Text); strings.HasPrefix(f.Actions[0].Label, "Sign in") || !strings.Contains(said, "is put back at once") {
			t.Errorf("the key says %q: %s", f.Actions[0].Label, said)
		}
		at := time.Duration(0)
		began := time.Now()
		if err := step(steps.Check).Apply(t.Context(), c.run, func(e steps.Event) {
			if e.Applied != nil && at == 0 {
				at = time.Since(began)
			}
			if e.Task != nil {
				task := *e.Task
				go func() {
					time.Sleep(10 * time.Minute)
					_ = c.asked(t.Context(), task)
				}()
			}
		}); err != nil {
			t.Fatal(err)
		}
		if at > time.Minute {
			t.Errorf("MFA is put back after %s", at)
		}
		closed(t, c.rehearsal, folder)
		c.run.Close()
	})
}

// unconsent takes back a permission of the shared application, as somebody else may.
func (r *rehearsal) unconsent(scope string) {
	r.tenant.State.Lock()
	defer r.tenant.State.Unlock()
	a := r.tenant.State.Applications
	for _, g := range a.Grants {
		if sp := a.ServicePrincipalLocked(g.ClientID); sp != nil && sp.AppID == state.AppCommandLine {
			g.Scopes = slices.DeleteFunc(g.Scopes, func(s string) bool { return s == scope })
		}
	}
}

// What keeps the rest waiting keeps nobody from looking at per-user MFA: a suspension that was stopped reaches the tenant meanwhile.
func TestSuspensionArrivesWhileTheRestWaits(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		sent := make(chan struct{}, 1)
		var slow atomic.Bool
		late := onItsWay(sent, 14*time.Second)
		r, _ := watched(t, setup{profile: "business", wrap: func(next http.RoundTripper) http.RoundTripper {
			through := late(next)
			return roundTripper(func(q *http.Request) (*http.Response, error) {
				if slow.Load() && strings.HasSuffix(q.URL.Path, "/conditionalAccess/policies") {
					time.Sleep(20 * time.Second)
				}
				return through.RoundTrip(q)
			})
		}}, folder)
		r.demandedBefore(graph.MFAEnforced)
		r.inspect(steps.SuspendMFA)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- r.apply(ctx, steps.SuspendMFA) }()
		<-sent
		began := time.Now()
		cancel()
		<-done
		slow.Store(true)
		go func() { done <- r.run.CloseExposure(t.Context(), r.report) }()
		time.Sleep(time.Until(began.Add(14*time.Second + time.Millisecond)))
		if got := r.mfa(); got != "disabled" {
			t.Fatalf("the suspension has not arrived: %s", got)
		}
		time.Sleep(8 * time.Second)
		time.Sleep(8 * time.Second)
		if got := r.mfa(); got != "enforced" {
			t.Errorf("while the rest waits it is %s", got)
		}
		<-done // the rest is tried again
		slow.Store(false)
		r.closeAtLast(t)
		r.run.Close()
	})
}
