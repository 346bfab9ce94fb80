package e2e_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
)

// flown are the profiles on which an onboarding plays itself to its end. On others the operator has to decide something.
var flown = []string{"fresh", "business", "no-licence", "migrated"}

// pressed are those on which the operator's keys lead to the end.
var pressed = append([]scene{{profile: "half-done"}, {profile: "big"}}, scenes...)

// farEnough is how long it goes on where it is refused, and on bad days.
const farEnough = 10 * time.Second

// TestLeakGate: a whole onboarding on every profile, or as much of one as the tenant allows, and no secret of it is to be
// found in anything that anybody but its owner could see.
func TestLeakGate(t *testing.T) {
	t.Parallel()
	for i, profile := range simtenant.Profiles() {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			e := newLeakRun(t, profile, program(t), int64(7000+i))
			byKeys := slices.IndexFunc(pressed, func(c scene) bool { return c.profile == profile })
			switch {
			case slices.Contains(flown, profile):
				e.autopilot(finishWithin)
			case byKeys >= 0:
				e.begin(nil, "demo", "--connect", e.file)
				pressed[byKeys].press(e.screen)
				e.code = e.screen.end()
			default:
				e.autopilot(farEnough)
				e.gate(1) // on a bad day, not even the sign-in may come to its end
				return
			}
			if e.code != exitDone {
				t.Errorf("exit code %d:\n%s", e.code, e.screen.term)
			}
			e.gate(10)
		})
	}
}

// The same by hand in the wizard as it is on a real tenant: what is copied goes through the terminal's clipboard, and what
// is pasted comes from the keyboard.
func TestLeakGateByHand(t *testing.T) {
	t.Parallel()
	for i, profile := range []string{"fresh", "business"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			e := newLeakRun(t, profile, program(t), int64(7100+i))
			e.begin([]string{"SSL_CERT_FILE=" + e.ep.CA}, "--cloud", e.file, "--device-code", "--tenant", e.ep.TenantID)
			e.screen.onboard(e.servedTenant)
			if e.code = e.screen.end(); e.code != exitDone {
				t.Errorf("exit code %d:\n%s", e.code, e.screen.term)
			}
			e.gate(10)
		})
	}
}

// gate searches everything for at least so many secrets, and says how much that was.
func (e *leakRun) gate(least int) {
	e.t.Helper()
	h, secrets := e.collect(), e.tenant.Secrets()
	found, size := h.find(secrets)
	for _, f := range found {
		e.t.Error(f)
	}
	e.t.Logf("exit code %d; searched %d bytes in %d places and %d processes, %d secrets, %d found", e.code, size, len(h), e.onlookedFor, len(secrets), len(found))
	e.t.Log(kinds(secrets))
	if len(h["terminal"]) == 0 || len(h["processes"]) == 0 || len(secrets) < least {
		e.t.Error("there was nothing to search")
	}
	for place, data := range h {
		if strings.Contains(string(data), "a secret was about to be shown") {
			e.t.Errorf("%s: the last line of defence was needed", place)
		}
	}
}
