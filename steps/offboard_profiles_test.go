package steps_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// begun are the profiles of the company of business in which somebody has onboarded before, or begun to.
var begun = map[string]struct {
	onboards bool     // the onboarding is gone on with first
	stays    []string // what others did there since
}{
	"half-done": {onboards: true},
	"onboarded": {},
	"drifted":   {stays: []string{"policy CA12 - Block administrators without a managed device"}},
}

// Each profile is onboarded and offboarded by one of these tests: a new one is not forgotten.
func TestEveryProfileIsOffboarded(t *testing.T) {
	t.Parallel()
	for _, profile := range simtenant.Profiles() {
		_, fresh := onboardings[profile]
		_, old := begun[profile]
		if !fresh && !old && profile != "hostile" { // TestOffboardOnWorstDays
			t.Errorf("%s is in no test of the offboarding", profile)
		}
	}
}

// What somebody else's onboarding put in is taken out as well, found in the tenant alone: business is what is left.
func TestOffboardOfAnEarlierOnboarding(t *testing.T) {
	t.Parallel()
	for profile, c := range begun {
		t.Run(profile, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				before := objects(build(t, setup{profile: "business"}))
				first := rehearse(t, setup{profile: profile})
				if c.onboards {
					for _, s := range steps.All() {
						first.pass(s.Info().ID)
					}
					time.Sleep(time.Hour)
				}
				for _, name := range c.stays {
					before[name] = objects(first.tenant)[name]
				}
				r := rehearseOn(t, first.tenant, setup{})
				r.take("")
				r.run.Close()
				time.Sleep(time.Minute)
				after := objects(first.tenant)
				differ := differing(before, after)
				t.Logf("objects %d, differ %d", len(before), len(differ))
				for _, name := range differ {
					t.Errorf("%s: %v, before %v", name, after[name], before[name])
				}
			})
		})
	}
}

// Onboarded and offboarded on a company's worst day, each by somebody who tries again a few times and leaves. However far the onboarding
// came, the next start of the offboarding takes out the rest.
func TestOffboardOnWorstDays(t *testing.T) {
	seeds := int64(5)
	switch {
	case *sweepAll:
		seeds = 40
	case testing.Short():
		seeds = 1
	}
	weather := slices.DeleteFunc(simtenant.FaultKinds(), func(k simtenant.FaultKind) bool { return k == simtest.FaultDeviceCode })
	base := t.TempDir()
	var onboarded, finished, differ atomic.Int32
	t.Run("seed", func(t *testing.T) {
		for seed := range seeds {
			t.Run(fmt.Sprint(seed+1), func(t *testing.T) {
				t.Parallel()
				folder := filepath.Join(base, fmt.Sprint(seed))
				if err := os.Mkdir(folder, 0o700); err != nil {
					t.Fatal(err)
				}
				synctest.Test(t, func(t *testing.T) {
					tenant, err := simtest.New(simtenant.Options{Profile: "hostile", Weather: simtenant.Weather{Faults: weather, Seed: seed + 1}})
					if err != nil {
						t.Fatal(err)
					}
					before := objects(tenant)
					begun, w := watchedOn(t, tenant, setup{}, folder)
					first := &operator{rehearsal: begun, patience: 6, lag: true}
					if first.walk() == nil {
						onboarded.Add(1)
					}
					left(t, first, w, folder)
					r := rehearseOn(t, tenant, journaled(folder, ""))
					r.refused = true
					if r.tried(6) {
						finished.Add(1)
					}
					r.run.Close()
					tenant.ClearFaults()
					time.Sleep(10 * time.Minute)
					next := rehearseOn(t, tenant, journaled(folder, ""))
					next.refused = true
					if !next.tried(3) {
						t.Error("the next run does not come to its end")
					}
					next.run.Close()
					time.Sleep(10 * time.Minute)
					for _, name := range differing(before, objects(tenant)) {
						differ.Add(1)
						t.Errorf("%s: %v, before %v", name, objects(tenant)[name], before[name])
					}
				})
			})
		}
	})
	t.Logf("days %d, differ %d; onboarded %d and offboarded %d at the first start", seeds, differ.Load(), onboarded.Load(), finished.Load())
}
