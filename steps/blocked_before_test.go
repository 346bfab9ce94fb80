package steps_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// blockCodes is a policy that refuses sign-ins with a code.
const blockCodes = `{"displayName":"CA77 No device codes","state":"enabled","conditions":{"clientAppTypes":["all"],"users":{"includeUsers":["All"]},
	"applications":{"includeApplications":["All"]},"authenticationFlows":{"transferMethods":"deviceCodeFlow"}},"grantControls":{"operator":"OR","builtInControls":["block"]}}`

// The operator's first sign-in was blocked by a policy. Once they are in, the check names it from the sign-in log, or says where it
// stands when the log can't be read or does not have it yet.
func TestPolicyThatBlockedIsNamed(t *testing.T) {
	t.Parallel()
	enter := func(t *testing.T, profile string) *rehearsal {
		r := rehearse(t, setup{profile: profile})
		id, err := r.tenant.AddPolicyBehindBack(blockCodes)
		if err != nil {
			t.Fatal(err)
		}
		r.refused = true
		if err := r.apply(t.Context(), steps.SignIn); err != nil {
			t.Fatal(err)
		}
		if f := r.inspect(steps.SignIn); !strings.Contains(said(f), "correlation id") {
			t.Errorf("without a token it says %s", said(f))
		}
		r.tenant.SetPolicyState(id, "disabled")
		r.refused = false
		r.answer(steps.SignIn, "device-code", "")
		r.pass(steps.SignIn)
		return r
	}
	says := func(t *testing.T, r *rehearsal, words string) {
		t.Helper()
		if f := r.inspect(steps.Check); !strings.Contains(finding.Read(f.Text), "refused (AADSTS53003). "+words) {
			t.Errorf("it says %q", f.Text)
		}
	}
	t.Run("named", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := enter(t, "business")
			time.Sleep(10 * time.Minute)
			says(t, r, "The sign-in log names for such a refusal at 00:00:00 UTC: \"CA77 No device codes\".")
		})
	})
	t.Run("not read", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := enter(t, "business")
			fault(r, "GET", "/auditLogs/signIns", 0, forbidden)
			says(t, r, "Which policy it was can't be read here")
		})
	})
}
