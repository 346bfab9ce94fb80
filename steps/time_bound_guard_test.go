package steps_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// The wizard is killed at any time of the role's life: its guard puts MFA back at once and leaves the role to its end, which
// needs nobody; where Entra keeps it, MFA is demanded of it all the same.
func TestGuardLeavesTheRoleToItsEnd(t *testing.T) {
	t.Parallel()
	killed, open := 0, 0
	for profile, stays := range map[string]bool{"privileged": false, "privileged-alone": true} {
		for _, at := range fewer(2, []time.Duration{0, 10 * time.Second, 4 * time.Minute, 6 * time.Minute, 19 * time.Minute}) {
			t.Run(profile+"/"+at.String(), func(t *testing.T) {
				folder := t.TempDir()
				killed, open = killed+1, open+1
				synctest.Test(t, func(t *testing.T) {
					r, w := watched(t, setup{profile: profile}, folder)
					r.passUntil(steps.SuspendMFA)
					assigned := time.Now()
					r.pass(steps.SuspendMFA)
					time.Sleep(time.Until(assigned.Add(at)))
					began := time.Now()
					if err := w.kill(r); err != nil {
						t.Errorf("its guard ends with %v", err)
					}
					closed(t, r, folder)
					if took := time.Since(began); took > time.Minute {
						t.Errorf("MFA was back after %v", took)
					}
					if _, held := r.tenant.Settings.RoleEnds(serviceAccount); !held {
						t.Error("the role is gone before its end")
					}
					if slices.ContainsFunc(w.calls.writes(), func(call string) bool { return strings.Contains(call, "roleManagement") }) {
						t.Errorf("the guard wrote %v", w.calls.writes())
					}
					time.Sleep(21 * time.Minute)
					if _, held := r.tenant.Settings.RoleEnds(serviceAccount); held != stays {
						t.Errorf("past its end it is held: %t", held)
					}
					if !t.Failed() {
						open--
					}
				})
			})
		}
	}
	t.Logf("killed %d, open %d", killed, open)
}
