package steps_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// A company on its worst day, by seed: everything goes wrong that can while codes are allowed, which is how these tests
// sign in. The operator tries again a few times, and leaves. Either way nothing untrue was said, nothing is open, and the
// next start finishes it.
func TestWorstDays(t *testing.T) {
	seeds := int64(20)
	if testing.Short() {
		seeds = 2
	}
	weather := slices.DeleteFunc(simtenant.FaultKinds(), func(k simtenant.FaultKind) bool { return k == simtest.FaultDeviceCode })
	base := t.TempDir()
	var finished atomic.Int32
	t.Run("seed", func(t *testing.T) {
		for seed := range seeds {
			for _, patience := range []int{0, 6} {
				t.Run(fmt.Sprintf("%d patience %d", seed+1, patience), func(t *testing.T) {
					t.Parallel()
					folder := filepath.Join(base, fmt.Sprint(seed, patience))
					if err := os.Mkdir(folder, 0o700); err != nil {
						t.Fatal(err)
					}
					synctest.Test(t, func(t *testing.T) {
						faults := slices.Clone(weather)
						if patience == 0 { // the first consent would be all there is to see
							faults = slices.DeleteFunc(faults, func(k simtenant.FaultKind) bool { return k == simtest.FaultConsentRefused })
						}
						tenant, err := simtest.New(simtenant.Options{Profile: "hostile", Weather: simtenant.Weather{Faults: faults, Seed: seed + 1}})
						if err != nil {
							t.Fatal(err)
						}
						first := &operator{patience: patience, lag: true, believed: func(id steps.ID) { holds(t, tenant, id) }}
						if end := twoStarts(t, tenant, folder, first); end == nil {
							finished.Add(1)
						} else {
							t.Log(end)
						}
					})
				})
			}
		}
	})
	t.Logf("%d of %d finished at the first start", finished.Load(), 2*seeds)
}
