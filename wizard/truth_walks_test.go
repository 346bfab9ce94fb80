package wizard

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/fault"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// truthWalks are all profiles, with a Delegate365 that is not known, an older and a newer one, what can happen to a tenant and its
// requests, and the window at its cap.
func truthWalks() map[string]truthWalk {
	all := map[string]truthWalk{}
	decided := map[string][]string{
		"security-defaults":    {"security-defaults=off", "office=none"},
		"security-defaults-p1": {"security-defaults=off", "office=none"},
		"phishing-resistant":   {"office=none"},
		"federated":            {},
	}
	for _, profile := range simtenant.Profiles() {
		if profile == "big" { // its crowd is copied at every look
			continue
		}
		all[profile] = truthWalk{profile: profile}
		all[profile+", newer"] = truthWalk{profile: profile, answers: map[steps.ID][]string{steps.Check: {"office=none"}}}
		if answers := decided[profile]; len(answers) > 0 {
			all[profile+", decided"] = truthWalk{profile: profile, answers: map[steps.ID][]string{steps.Check: answers}}
		}
	}
	for _, profile := range []string{"fresh", "business", "half-done"} {
		for _, kind := range fault.Kinds() {
			all[fmt.Sprintf("%s, %s", profile, kind)] = truthWalk{profile: profile, weather: string(kind), seed: 3}
		}
		all[profile+", at its cap"] = truthWalk{profile: profile, cap: 5 * time.Minute, fate: func(_ *outside, d *driver, name string) {
			if name == "run-setup-setup" || name == "run-setup-welcome-mail" {
				d.wait(6 * time.Minute)
			}
		}}
	}
	all["fresh, left before"] = truthWalk{profile: "fresh", earlier: true}
	all["taken, decided"] = truthWalk{profile: "taken", account: "service.other@contoso.com"}
	for seed := int64(1); seed <= 6; seed++ {
		all[fmt.Sprintf("hostile, seed %d", seed)] = truthWalk{profile: "hostile", seed: seed}
	}
	return all
}

var everyWalk = flag.Bool("truth.all", false, "walk every profile, in every weather")

// sampled are the walks that are made without the flag.
var sampled = []string{"fresh", "business", "half-done", "security-defaults, decided", "fresh, newer", "business, at its cap", "business, 504-applied", "business, 502", "fresh, lag", "fresh, left before", "privileged-alone", "drifted", "hostile, seed 2"}

// Every screen of every walk says nothing untrue.
func TestNothingUntrue(t *testing.T) {
	t.Parallel()
	var claims, wrong atomic.Int64
	walks := truthWalks()
	if !*everyWalk {
		maps.DeleteFunc(walks, func(name string, w truthWalk) bool { return !slices.Contains(sampled, name) })
	}
	t.Run("walks", func(t *testing.T) {
		for _, name := range fewer(t, slices.Sorted(maps.Keys(walks)), "fresh", "business, at its cap", "security-defaults, decided") {
			t.Run(name, func(t *testing.T) {
				walks[name].begin(t, func(d *driver, o *outside) {
					walks[name].stroll(d, o)
					o.leave(d)
					if o.claims == 0 {
						t.Error("nothing was claimed")
					}
					claims.Add(int64(o.claims))
					wrong.Add(int64(len(o.wrong)))
					t.Logf("claims %d, false %d, ended %t at %s", o.claims, len(o.wrong), d.quit, d.place())
				})
			})
		}
	})
	t.Logf("walks %d, claims %d, false %d", len(walks), claims.Load(), wrong.Load())
}
