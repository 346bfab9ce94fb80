package steps_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// tried walks the offboarding as somebody who tries again, so many times at each step, and reports whether they came to its end.
func (r *rehearsal) tried(patience int) bool {
	list := steps.Offboard()
	allConsents := false
	for _, s := range list {
		for failures := 0; ; {
			f, err := s.Inspect(r.t.Context(), r.run, r.report)
			has := func(action string) bool {
				return slices.ContainsFunc(f.Actions, func(a steps.Action) bool { return a.ID == action })
			}
			if err == nil && s.Info().ID == finding.TakeBackConsents && !allConsents && has("all-consents") {
				r.answerTo(s, "all-consents", "")
				allConsents = true
				continue
			}
			if i := slices.IndexFunc(f.Actions, func(a steps.Action) bool { return strings.HasPrefix(a.ID, "take:") }); err == nil && i >= 0 {
				r.answerTo(s, f.Actions[i].ID, "")
				continue
			}
			if err == nil && f.Status == steps.Blocked {
				err = fmt.Errorf("blocked: %s", f.Text)
			}
			if err == nil && has(steps.ActApply) {
				if err = r.applyOf(r.t.Context(), s); err == nil {
					continue
				}
			}
			if err == nil {
				break
			}
			if failures++; failures > patience {
				return false
			}
			time.Sleep(10 * time.Second)
		}
	}
	return true
}

// Each request of an offboarding is hit by each fault that can happen to it. However the run ends, the next one leaves the tenant as a
// good one does.
func TestOffboardFaultSweep(t *testing.T) {
	var requests []simtest.GraphRequest
	var want map[string]any
	synctest.Test(t, func(t *testing.T) {
		tenant := build(t, setup{profile: "onboarded"})
		r := rehearseOn(t, tenant, setup{})
		r.take("")
		time.Sleep(time.Minute)
		requests, want = tenant.Requests(), objects(tenant)
	})
	hits, kinds := everyHit(requests)
	all := len(hits)
	if !*sweepAll {
		dice := rand.New(rand.NewPCG(*sweepSeed, 2))
		dice.Shuffle(len(hits), func(i, j int) { hits[i], hits[j] = hits[j], hits[i] })
		hits = hits[:min(len(hits), sampled(4))]
	}
	var wrong atomic.Int32
	t.Run("runs", func(t *testing.T) {
		for _, h := range hits {
			t.Run(h.String(), func(t *testing.T) {
				t.Parallel()
				t.Cleanup(func() {
					if t.Failed() {
						wrong.Add(1)
					}
				})
				synctest.Test(t, func(t *testing.T) {
					tenant, err := simtest.New(simtenant.Options{Profile: "onboarded"})
					if err != nil {
						t.Fatal(err)
					}
					if err := tenant.FaultAt(h.Number, h.fault); err != nil {
						t.Fatal(err)
					}
					r := rehearseOn(t, tenant, setup{})
					r.refused = true
					r.tried(h.patience)
					r.run.Close()
					tenant.ClearFaults()
					time.Sleep(5 * time.Minute)
					next := rehearseOn(t, tenant, setup{})
					next.refused = true
					if !next.tried(3) {
						t.Error("the next run does not come to its end")
					}
					next.run.Close()
					time.Sleep(5 * time.Minute)
					if differ := differing(want, objects(tenant)); len(differ) > 0 {
						t.Errorf("differ: %q", differ)
					}
				})
			})
		}
	})
	t.Logf("swept %d×%d, wrong %d (%d of %d runs)", len(requests), kinds, wrong.Load(), len(hits), all)
}

// Killed at any request, the next run leaves the tenant as a good one does: nothing is told to the tenant when a process dies.
func TestOffboardKilled(t *testing.T) {
	t.Parallel()
	var writes []int
	var want map[string]any
	synctest.Test(t, func(t *testing.T) {
		tenant := build(t, setup{profile: "onboarded"})
		r := rehearseOn(t, tenant, setup{})
		r.take("")
		time.Sleep(time.Minute)
		want = objects(tenant)
		for _, q := range tenant.Requests() {
			if q.Method != http.MethodGet {
				writes = append(writes, q.Number)
			}
		}
	})
	for _, n := range fewer(5, writes) {
		for _, when := range []string{"before", "after"} {
			t.Run(fmt.Sprintf("%03d %s", n, when), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					tenant := build(t, setup{profile: "onboarded"})
					k := &killer{at: n, after: when == "after", tenant: tenant}
					r := rehearseOn(t, tenant, setup{wrap: k.wrap})
					r.refused = true
					r.tried(0)
					if !k.dead.Load() {
						t.Error("it was not killed")
					}
					next := rehearseOn(t, tenant, setup{})
					next.refused = true
					if !next.tried(0) {
						t.Error("the next run does not come to its end")
					}
					time.Sleep(time.Minute)
					if differ := differing(want, objects(tenant)); len(differ) > 0 {
						t.Errorf("differ: %q", differ)
					}
				})
			})
		}
	}
	t.Logf("killed %d", 2*len(writes))
}

// Each request of undoing a whole offboarding is hit by each fault. However it ends, nobody is Global Administrator without MFA, and the
// next restore puts everything back.
func TestUndoFaultSweep(t *testing.T) {
	t.Parallel()
	var before map[string]any
	half := func(t *testing.T, folder string) *simtest.Tenant {
		tenant := build(t, setup{profile: "onboarded"})
		before = objects(tenant)
		r := rehearseOn(t, tenant, journaled(folder, ""))
		r.take(finding.Offboarded)
		r.run.Close()
		time.Sleep(time.Minute)
		return tenant
	}
	var hits []hit
	var kinds, undone int
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		tenant := half(t, folder)
		from := len(tenant.Requests())
		rehearseOn(t, tenant, journaled(folder, journal.ByRestore)).undo(0)
		undone = len(tenant.Requests()) - from
		hits, kinds = everyHit(tenant.Requests()[from:])
	})
	all := len(hits)
	if !*sweepAll {
		dice := rand.New(rand.NewPCG(*sweepSeed, 2))
		dice.Shuffle(len(hits), func(i, j int) { hits[i], hits[j] = hits[j], hits[i] })
		hits = hits[:min(len(hits), sampled(4))]
	}
	wrong := 0
	for _, h := range hits {
		if !t.Run(h.String(), func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				tenant := half(t, folder)
				if err := tenant.FaultAt(h.Number, h.fault); err != nil {
					t.Fatal(err)
				}
				r := rehearseOn(t, tenant, journaled(folder, journal.ByRestore))
				r.refused = true
				r.undo(h.patience)
				r.run.Close()
				tenant.ClearFaults()
				if exposed(tenant) {
					t.Error("it is open")
				}
				time.Sleep(5 * time.Minute)
				next := rehearseOn(t, tenant, journaled(folder, journal.ByRestore))
				next.refused = true
				if !next.undo(3) {
					t.Error("the next restore does not come to its end")
				}
				time.Sleep(5 * time.Minute)
				if differ := besideConsents(differing(before, objects(tenant))); len(differ) > 0 || exposed(tenant) || !accepted(before, objects(tenant)) {
					t.Errorf("differ: %q", differ)
				}
			})
		}) {
			wrong++
		}
	}
	t.Logf("swept %d×%d, wrong %d (%d of %d runs)", undone, kinds, wrong, len(hits), all)
}
