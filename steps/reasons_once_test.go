package steps_test

import (
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// Each reason about the app password is in the report once.
func TestReasonsOnce(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"fresh", "business", "phishing-resistant", "no-licence"} {
		synctest.Test(t, func(t *testing.T) {
			tenant, err := simtest.New(simtenant.Options{Profile: profile})
			if err != nil {
				t.Fatal(err)
			}
			r := rehearseOn(t, tenant, setup{})
			r.pass(steps.SignIn)
			report, err := steps.CheckTenant(t.Context(), r.run, r.report)
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			for _, reason := range report.AppPasswords.Reasons {
				if seen[reason.Text] {
					t.Errorf("%s: twice: %s", profile, reason.Text)
				}
				seen[reason.Text] = true
			}
		})
	}
}
