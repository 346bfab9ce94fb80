package steps_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// One server of Microsoft may lag behind another: a read may show per-user MFA as it was before this run set it to disabled.

const stateOfAccount = "/beta/users/" + serviceAccount + "/authentication/requirements"

// demandedBefore goes on to Suspend MFA, and has a colleague set per-user MFA first.
func (r *rehearsal) demandedBefore(state graph.MFAState) {
	r.t.Helper()
	r.passUntil(steps.SuspendMFA)
	r.asOperator(http.MethodPatch, stateOfAccount, fmt.Sprintf(`{"perUserMfaState":%q}`, state))
	time.Sleep(time.Minute)
}

// showOlder has the next reads of per-user MFA show an older state.
func (r *rehearsal) showOlder(state graph.MFAState, reads int32) {
	var left atomic.Int32
	left.Store(reads)
	r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
		if q.Method != http.MethodGet || !strings.HasSuffix(q.URL.Path, "/authentication/requirements") || left.Add(-1) < 0 {
			return nil
		}
		return saying(fmt.Sprintf(`{"perUserMfaState":%q}`, state))
	})
}

// However often the older state is read: MFA is not called on before it was set again, and the guard stays.
func TestOlderStateIsNotBelieved(t *testing.T) {
	t.Parallel()
	for _, state := range []graph.MFAState{graph.MFAEnforced, graph.MFAEnabled} {
		for _, reads := range []int32{1, 2, 5} {
			t.Run(fmt.Sprintf("%s %d", state, reads), func(t *testing.T) {
				folder := t.TempDir()
				synctest.Test(t, func(t *testing.T) {
					r, _ := watched(t, setup{}, folder)
					r.demandedBefore(state)
					r.pass(steps.SuspendMFA)
					r.showOlder(state, reads)
					f := r.inspect(steps.ReenableMFA)
					if f.Status == steps.Done || !r.open() || !r.run.Guarded() {
						t.Errorf("the screen says %q (%v), open %v, guarded %v", finding.Read(f.Text), f.Status, r.open(), r.run.Guarded())
					}
					if said := finding.Read([]steps.Sentence{f.Notice}); !strings.Contains(said, "older state") {
						t.Errorf("it does not say why: %q", said)
					}
					r.pass(steps.ReenableMFA)
					if got := r.mfa(); got != "enforced" || r.open() {
						t.Errorf("afterwards it is %s, open %v", got, r.open())
					}
					r.run.Close()
				})
			})
		}
	}
}

// Nor does the plain terminal say so, as long as it was not set again.
func TestOlderStateIsNotSaidAtTheEnd(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, _ := watched(t, setup{}, folder)
		r.demandedBefore(graph.MFAEnforced)
		r.pass(steps.SuspendMFA)
		r.showOlder(graph.MFAEnforced, 100)
		if said := finding.Read(steps.Remains(t.Context(), r.run)); strings.Contains(said, "read at") || !strings.Contains(said, "may be older than what this run set") {
			t.Errorf("it says %q", said)
		}
		r.tenant.SetFault(nil)
		r.closeAtLast(t)
		r.run.Close()
	})
}

// The clock goes on from when MFA was set off, and does not begin anew.
func TestOlderStateKeepsTheClock(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, _ := watched(t, setup{}, folder)
		r.demandedBefore(graph.MFAEnabled)
		r.pass(steps.SuspendMFA)
		off := time.Now()
		time.Sleep(25 * time.Minute)
		r.showOlder(graph.MFAEnabled, 1)
		for range 2 {
			r.inspect(steps.SuspendMFA)
		}
		open, yes := r.run.Exposure()
		if due := open.Opened.Add(open.Cap); !yes || due.Sub(off) > open.Cap {
			t.Errorf("open %v, due %s after MFA was set off, of %s", yes, due.Sub(off), open.Cap)
		}
		r.closeAtLast(t)
		r.run.Close()
	})
}

// A suspension was stopped, and its answer lost: it reaches the tenant after the operator has looked again, and left.
func TestSuspensionArrivesAfterTheNextRead(t *testing.T) {
	t.Parallel()
	for name, again := range map[string]bool{"leaves at once": false, "reads again, then leaves": true} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				sent := make(chan struct{}, 1)
				r, w := watched(t, setup{wrap: onItsWay(sent, 14*time.Second)}, folder)
				r.demandedBefore(graph.MFAEnforced)
				r.inspect(steps.SuspendMFA)
				ctx, cancel := context.WithCancel(t.Context())
				done := make(chan error, 1)
				go func() { done <- r.apply(ctx, steps.SuspendMFA) }()
				<-sent
				cancel()
				<-done
				if again {
					r.inspect(steps.SuspendMFA)
				}
				if err := r.run.CloseExposure(t.Context(), r.report); err != nil {
					t.Error(err)
				}
				r.run.Close()
				for _, g := range w.guards {
					_ = g.pipe.Close()
					<-g.served
				}
				time.Sleep(time.Hour)
				if got := r.mfa(); got != "enforced" {
					t.Errorf("an hour later it is %s", got)
				}
			})
		})
	}
}

// onItsWay keeps each write that suspends MFA on its way, for as long as that, and says that it was sent.
func onItsWay(sent chan<- struct{}, late time.Duration) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(q *http.Request) (*http.Response, error) {
			if q.Method != http.MethodPatch {
				return next.RoundTrip(q)
			}
			body, _ := io.ReadAll(q.Body)
			again := q.Clone(context.WithoutCancel(q.Context()))
			again.Body = io.NopCloser(strings.NewReader(string(body)))
			if !strings.Contains(string(body), `"perUserMfaState":"disabled"`) && !strings.Contains(q.URL.Path, "/policies/") {
				return next.RoundTrip(again)
			}
			go func() {
				time.Sleep(late)
				if a, err := next.RoundTrip(again); err == nil {
					_ = a.Body.Close()
				}
			}()
			sent <- struct{}{}
			<-q.Context().Done()
			return nil, q.Context().Err()
		})
	}
}

// The registration campaign as it was before the account was taken out of it, however often that is read: it is put back all the same.
func TestOlderCampaignIsNotBelieved(t *testing.T) {
	t.Parallel()
	for _, lags := range []time.Duration{4 * time.Second, 20 * time.Second} {
		t.Run(lags.String(), func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				var older atomic.Pointer[[]byte]
				var until atomic.Pointer[time.Time]
				r, _ := watched(t, setup{profile: "business", wrap: func(next http.RoundTripper) http.RoundTripper {
					return roundTripper(func(q *http.Request) (*http.Response, error) {
						a, err := next.RoundTrip(q)
						if err != nil || q.Method != http.MethodGet || !strings.HasSuffix(q.URL.Path, campaignPath) {
							return a, err
						}
						body, err := io.ReadAll(a.Body)
						if end := until.Load(); end == nil {
							older.CompareAndSwap(nil, &body)
						} else if time.Now().Before(*end) {
							body = *older.Load()
						}
						a.Body, a.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
						return a, err
					})
				}}, folder)
				r.insist()
				time.Sleep(time.Minute)
				before := len(r.tenant.Snapshot().CampaignExcludes)
				r.pass(steps.SignIn)
				r.pass(steps.Check)
				r.keepPlan()
				for _, id := range []steps.ID{steps.CreateAccount, steps.AssignAdmin, steps.SuspendMFA} {
					r.pass(id)
				}
				if n := len(r.tenant.Snapshot().CampaignExcludes); n != before+1 {
					t.Fatalf("%d excluded, before %d", n, before)
				}
				end := time.Now().Add(lags)
				until.Store(&end)
				if err := r.run.CloseExposure(t.Context(), r.report); err != nil {
					t.Fatal(err)
				}
				if n := len(r.tenant.Snapshot().CampaignExcludes); n != before {
					t.Errorf("afterwards %d are excluded, before %d", n, before)
				}
				r.run.Close()
			})
		})
	}
}

// What was suspended by a request that was stopped arrives after closing has looked for the first time: it is looked at again.
func TestLateSuspensionIsPutBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		profile, path string
		late          time.Duration
		walk          profileWalk
	}{
		"campaign":          {"business", campaignPath, 40 * time.Second, profileWalk{}},
		"security defaults": {"security-defaults", "/policies/identitySecurityDefaultsEnforcementPolicy", 14 * time.Second, defaultsOff},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				sent := make(chan struct{}, 1)
				var once atomic.Bool
				r, _ := watched(t, setup{profile: c.profile, wrap: func(next http.RoundTripper) http.RoundTripper {
					stopped := onItsWay(sent, c.late)(next)
					return roundTripper(func(q *http.Request) (*http.Response, error) {
						if q.Method == http.MethodPatch && strings.HasSuffix(q.URL.Path, c.path) && once.CompareAndSwap(false, true) {
							return stopped.RoundTrip(q)
						}
						return next.RoundTrip(q)
					})
				}}, folder)
				r.letIn = true
				if name == "campaign" {
					r.insist()
					time.Sleep(time.Minute)
				}
				before := r.tenant.Snapshot()
				r.decideUntil(c.walk, steps.SuspendMFA)
				r.decide(c.walk, steps.SuspendMFA)
				r.inspect(steps.SuspendMFA)
				ctx, cancel := context.WithCancel(t.Context())
				done := make(chan error, 1)
				go func() { done <- r.apply(ctx, steps.SuspendMFA) }()
				<-sent
				cancel()
				<-done
				if err := r.run.CloseExposure(t.Context(), r.report); err != nil {
					t.Error(err)
				}
				time.Sleep(time.Hour)
				after := r.tenant.Snapshot()
				if len(after.CampaignExcludes) != len(before.CampaignExcludes) || after.SecurityDefaults != before.SecurityDefaults {
					t.Errorf("an hour later the campaign excludes %v, security defaults are %v", after.CampaignExcludes, after.SecurityDefaults)
				}
				r.run.Close()
			})
		})
	}
}

const campaignPath = "/policies/authenticationMethodsPolicy"

// The power goes right after the first write that suspends MFA, and restore is started on the same computer soon, while the tenant still shows the state
// before.
func TestRestoreBelievesNoOlderState(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"fresh", "business"} {
		for _, after := range []time.Duration{2 * time.Second, 5 * time.Second, 15 * time.Second} {
			t.Run(fmt.Sprintf("%s %s", profile, after), func(t *testing.T) {
				folder := t.TempDir()
				synctest.Test(t, func(t *testing.T) {
					sent := make(chan struct{}, 1)
					r := rehearse(t, setup{profile: profile, wrap: onItsWay(sent, 0), options: func(o *steps.Options) { o.Journal = folder }})
					if profile == "fresh" {
						r.demandedBefore(graph.MFAEnforced)
					} else {
						r.passUntil(steps.SuspendMFA)
					}
					time.Sleep(20 * time.Minute)
					r.inspect(steps.SuspendMFA)
					r.tenant.SetLag(30 * time.Second)
					ctx, cancel := context.WithCancel(t.Context())
					done := make(chan error, 1)
					go func() { done <- r.apply(ctx, steps.SuspendMFA) }()
					<-sent
					r.run.Close()
					cancel()
					<-done
					time.Sleep(after)
					next := rehearseOn(t, r.tenant, setup{options: func(o *steps.Options) { o.By, o.Journal = journal.ByRestore, folder }})
					next.pass(steps.SignIn)
					step := steps.Restore()[1]
					f, err := step.Inspect(t.Context(), next.run, next.report)
					if err != nil {
						t.Fatal(err)
					}
					if said := finding.Read(f.Text); !strings.Contains(said, "may be an older state") {
						t.Errorf("it says %q", said)
					}
					if err := next.applyOf(t.Context(), step); err != nil {
						t.Error(err)
					}
					next.run.Close()
					time.Sleep(time.Hour)
					_, open := read(t, folder, r.tenant.Endpoints().TenantID).OpenWindow()
					if left := r.excluded(); r.mfa() != "enforced" || left > 0 || open {
						t.Errorf("an hour later it is %s and excluded from %d, the journal calls the window open: %v", r.mfa(), left, open)
					}
				})
			})
		}
	}
}
