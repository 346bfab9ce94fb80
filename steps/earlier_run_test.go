package steps_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// A run that follows one which did not finish says so in the check, and where that one stopped. One after a finished run says nothing of it,
// nor does the first.
func TestEarlierRunIsTold(t *testing.T) {
	const stopped = "An earlier run of this program stopped"
	for until, want := range map[steps.ID]string{
		steps.Check: "", steps.AssignAdmin: stopped + " at step 4, Assign Global Admin (", steps.RunSetup: stopped + " at step 6, Run Delegate365 setup (", "": "",
	} {
		t.Run(string(until), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				folder := t.TempDir()
				kept := setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, t.TempDir() }}
				r := rehearse(t, setup{profile: "business", options: kept.options})
				if until == "" {
					r.toReport()
					r.hand(report.Finished)
					r.run.Finish()
				} else {
					r.passUntil(until)
					if strings.Contains(finding.Read(r.inspect(until).Text), stopped) {
						t.Error("the first run tells of an earlier one")
					}
					if err := r.run.CloseExposure(t.Context(), r.report); err != nil {
						t.Fatal(err)
					}
					r.run.Close()
				}
				again := rehearseOn(t, r.tenant, kept)
				again.pass(steps.SignIn)
				defer again.run.Close()
				text := finding.Read(again.inspect(steps.Check).Text)
				if strings.Contains(text, stopped) != (want != "") || !strings.Contains(text, want) || !strings.Contains(text, "This run has written nothing yet.") {
					t.Errorf("after a run that was left at %q: %s", until, text)
				}
			})
		})
	}
}
