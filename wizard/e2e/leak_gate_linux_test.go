package e2e_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"delegate365-onboard/graph/simtenant"
)

// wholeOn are the profiles on which an onboarding that plays itself comes to its end.
var wholeOn = []string{"fresh", "business", "no-licence", "migrated"}

// farEnough is how long an onboarding on another profile goes on.
const farEnough = 10 * time.Second

// TestLeakGate: a whole onboarding on every profile, or as much of one as the tenant allows, and no secret of it is to be
// found in anything that anybody but its owner could see.
func TestLeakGate(t *testing.T) {
	t.Parallel()
	for i, profile := range simtenant.Profiles() {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			e := expose(t, profile, program(t), int64(7000+i))
			whole := slices.Contains(wholeOn, profile)
			within := farEnough
			if whole {
				within = finishWithin
			}
			e.fly(within)
			if whole {
				if e.code != exitDone {
					t.Errorf("exit code %d:\n%s", e.code, e.screen.term)
				}
				e.onboarded()
				e.gate(10)
				return
			}
			e.gate(1) // on a bad day, not even the sign-in may come to its end
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
			e := expose(t, profile, program(t), int64(7100+i))
			e.begin([]string{"SSL_CERT_FILE=" + e.ep.CA}, "--cloud", e.file, "--device-code", "--tenant", e.ep.TenantID)
			e.screen.onboard(e.office)
			if e.code = e.screen.end(); e.code != exitDone {
				t.Errorf("exit code %d:\n%s", e.code, e.screen.term)
			}
			e.gate(10)
		})
	}
}

// gate searches everything for at least so many secrets, and says how much that was.
func (e *exposed) gate(least int) {
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
