package steps_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// A role that ends by itself is in Microsoft's log twice: the directory's entry is MS-PIM's, an application, and that of Privileged Identity
// Management names a user without a user principal name. Neither is somebody else's work.
func TestRoleThatEndedIsExplained(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		r := rehearse(t, setup{profile: "privileged", options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, t.TempDir() }})
		r.passUntil(steps.HandOver)
		r.hand(report.Finished)
		r.run.Close()
		time.Sleep(2 * time.Hour)
		anew := r.again(folder)
		if _, held := r.tenant.Settings.RoleEnds(serviceAccount); held {
			t.Fatal("it has not ended")
		}
		ended := 0
		for _, e := range anew.Entries {
			if e.Class == report.ByMicrosoft && slices.Contains([]string{"Remove member from role", "Remove member from role in PIM completed (timebound)"}, e.Activity) {
				ended++
			}
		}
		if ended != 2 || len(anew.Unexplained) > 0 || len(anew.Verdict.Alarms) > 0 {
			t.Errorf("of 2 entries %d are Microsoft's; unexplained %v, alarms %q", ended, anew.Unexplained, anew.Verdict.Alarms)
		}
	})
}
