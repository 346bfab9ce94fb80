package steps_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// The fault sweep: of an onboarding that is recorded as its requests to Graph, each request is hit by each fault that can
// happen to it, one in each run. However the run ends, nothing untrue was said, nothing is double, nothing is open, and
// the next start finishes it.

var (
	sweepAll  = flag.Bool("sweep.all", false, "hit every request with every fault, instead of a sample")
	sweepSeed = flag.Uint64("sweep.seed", 365, "hit what another sample hits")
)

// sampled is how many runs of the sweep a sample has, of all profiles together: few in the fast set.
func sampled(few int) int {
	if testing.Short() {
		return few
	}
	return 150
}

// hit is one run of the sweep.
type hit struct {
	simtest.GraphRequest
	fault    simtenant.FaultKind
	patience int
}

func (h hit) String() string {
	return fmt.Sprintf("%03d %s %s %s %d", h.Number, h.fault, h.Method, shortened(h.Path), h.patience)
}

// shortened is a path without what differs between tenants.
func shortened(path string) string {
	parts := strings.Split(path, "/")
	return strings.Join(parts[max(0, len(parts)-2):], ".")
}

func TestFaultSweep(t *testing.T) {
	seed := *sweepSeed
	profiles := append(slices.Clone(unstarted), "privileged")
	for _, profile := range profiles {
		t.Run(profile, func(t *testing.T) {
			course := recorded(t, profile)
			hits, kinds := everyHit(course.requests)
			what := fmt.Sprintf("all %d runs", len(hits))
			if !*sweepAll {
				dice := rand.New(rand.NewPCG(seed, 1))
				dice.Shuffle(len(hits), func(i, j int) { hits[i], hits[j] = hits[j], hits[i] })
				hits = hits[:min(len(hits), sampled(9)/len(profiles))]
				what = fmt.Sprintf("%d runs by -sweep.seed=%d", len(hits), seed)
			}
			base, begin := t.TempDir(), time.Now()
			var wrong, missed atomic.Int32
			t.Run("runs", func(t *testing.T) {
				for i, h := range hits {
					t.Run(h.String(), func(t *testing.T) {
						t.Parallel()
						t.Cleanup(func() {
							if t.Failed() {
								wrong.Add(1)
							}
						})
						folder := filepath.Join(base, fmt.Sprint(i))
						if err := os.Mkdir(folder, 0o700); err != nil {
							t.Fatal(err)
						}
						synctest.Test(t, func(t *testing.T) {
							if !swept(t, profile, course, h, folder) {
								missed.Add(1)
							}
						})
					})
				}
			})
			t.Logf("swept %d×%d, wrong %d (%s in %s, %d hit nothing)", len(course.requests), kinds, wrong.Load(), what, time.Since(begin).Round(time.Second), missed.Load())
		})
	}
}

// course is an onboarding on a good day.
type course struct {
	requests []simtest.GraphRequest
	excluded int // policies that exclude the account while setup runs
}

// recorded is a whole onboarding as its requests to Graph.
func recorded(t *testing.T, profile string) (c course) {
	t.Helper()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{profile: profile}, folder)
		for _, s := range steps.All() {
			r.pass(s.Info().ID)
			if s.Info().ID == steps.SuspendMFA {
				c.excluded = r.excluded()
			}
		}
		r.run.Finish()
		w.end()
		c.requests = r.tenant.Requests()
	})
	return c
}

// everyHit pairs the requests with the faults that can happen to them, and counts the kinds of those. Each is met by an
// operator who leaves at the first error and by one who tries again.
func everyHit(requests []simtest.GraphRequest) (hits []hit, kinds int) {
	for _, k := range simtenant.FaultKinds() {
		before := len(hits)
		for _, q := range requests {
			if q.Can(k) {
				hits = append(hits, hit{q, k, 0}, hit{q, k, 3})
			}
		}
		if len(hits) > before {
			kinds++
		}
	}
	return hits, kinds
}

// swept is one run, and the next start after it. It reports whether the fault happened.
func swept(t *testing.T, profile string, c course, h hit, folder string) bool {
	tenant, err := simtest.New(simtenant.Options{Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	if err := tenant.FaultAt(h.Number, h.fault); err != nil {
		t.Fatal(err)
	}
	lag := h.fault == simtest.FaultLag
	twoStarts(t, tenant, folder, &operator{patience: h.patience, lag: lag, believed: func(id steps.ID) {
		holds(t, tenant, id)
		// While reads flap, any number of them may be stale in a row. Setup says so then, and there is a way back.
		if s := tenant.Snapshot(); id == steps.SuspendMFA && delegate365(s) == 0 && !lag && exclusions(s) != c.excluded {
			t.Errorf("suspend-mfa is called done, and the account is excluded from %d policies", exclusions(s))
		}
	}})
	return slices.ContainsFunc(tenant.Requests(), func(q simtest.GraphRequest) bool { return q.Fault != "" })
}

// twoStarts begins an onboarding whatever the weather, and finishes it in another start, in good weather, if need be. It
// returns what stopped the first.
func twoStarts(t *testing.T, tenant *simtest.Tenant, folder string, first *operator) *stop {
	t.Helper()
	before := tenant.Snapshot()
	r, w := watchedOn(t, tenant, setup{}, folder)
	first.rehearsal = r
	end := first.walk()
	if end != nil {
		clear(t, end)
	}
	left(t, first, w, folder)
	if end == nil {
		time.Sleep(10 * time.Minute) // nothing arrives late
		onboarded(t, before, heldBefore(tenant))
		return nil
	}
	tenant.ClearFaults()
	r, w = watchedOn(t, tenant, setup{}, folder)
	r.person = first.person
	second := &operator{rehearsal: r, patience: 3, lag: first.lag, believed: first.believed}
	if again := second.walk(); again != nil {
		t.Errorf("after %s\nthe second start stopped at %s", end, again)
	}
	left(t, second, w, folder)
	time.Sleep(10 * time.Minute)
	after := heldBefore(tenant)
	if account, exists := after.Users[serviceAccount]; exists {
		account.AppPasswords = min(account.AppPasswords, 1) // the first start may have had one already
		after.Users[serviceAccount] = account
	}
	onboarded(t, before, after)
	return end
}

// heldBefore is the tenant as it is, but with a role that has ended by itself.
func heldBefore(tenant *simtest.Tenant) simtest.Snapshot {
	s := tenant.Snapshot()
	if account, exists := s.Users[serviceAccount]; exists && len(account.Roles) == 0 && tenant.Settings.RoleWasAssigned(serviceAccount) {
		account.Roles = []string{"Global Administrator"}
		s.Users[serviceAccount] = account
	}
	return s
}

// holds holds what a step says against the tenant.
func holds(t *testing.T, tenant *simtest.Tenant, id steps.ID) {
	t.Helper()
	s := tenant.Snapshot()
	if err := believe(s, id); err != nil {
		t.Error(err)
	}
	for name, p := range s.Policies {
		if ids := slices.Sorted(slices.Values(p.Users.ExcludeUsers)); len(slices.Compact(slices.Clone(ids))) != len(ids) {
			t.Errorf("%s excludes somebody twice: %v", name, ids)
		}
	}
}

// clear holds what the operator was told where an onboarding stopped: the step, what is known, and what to do.
func clear(t *testing.T, s *stop) {
	t.Helper()
	if s.what == "" || s.next == "" || strings.Contains(s.what, "unexpected") || s.err != nil && !strings.HasPrefix(s.what, "Could not ") {
		t.Errorf("it stopped without a clear message: %s", s)
	}
}

// left leaves, and looks at what is left.
func left(t *testing.T, o *operator, w *sentry, folder string) {
	t.Helper()
	if err := o.leave(w); err != nil {
		t.Errorf("the window does not close: %v", err)
	}
	s := o.tenant.Snapshot()
	account := s.Users[serviceAccount]
	if n := exclusions(s) + len(s.CampaignExcludes); n > 0 {
		t.Errorf("%d exclusions are left", n)
	}
	demanded := account.PerUserMFA != "disabled" || len(s.Policies) > 0
	if len(account.Roles) > 0 && !demanded {
		t.Errorf("the window is open: %+v", account)
	}
	if w, open := read(t, folder, o.tenant.Endpoints().TenantID).OpenWindow(); open {
		t.Errorf("the journal says that a window is open: %+v", w)
	}
}
