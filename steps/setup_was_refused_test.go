package steps_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// A policy that somebody turns on while MFA is suspended refuses the setup. The operator says which code they see, and is
// told which policy it is; after it was suspended as well, the change is given its time.
func TestSetupWasRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business"})
		r.passUntil(steps.RunSetup)
		const late = `{"displayName":"CA77 Late","conditions":{"users":{"includeUsers":["All"]},"applications":{"includeApplications":["All"]},"clientAppTypes":["all"]},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`
		if _, err := r.tenant.AddPolicyBehindBack(late); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		r.inspect(steps.RunSetup)
		r.answer(steps.RunSetup, "setup-refused", "")
		f := r.inspect(steps.RunSetup)
		if len(f.Actions) < 7 || !strings.Contains(f.Text[0].String(), "Which code") {
			t.Fatalf("the code is not asked for: %+v", f)
		}
		r.answer(steps.RunSetup, "setup-refused:mfa", "")
		f = r.inspect(steps.RunSetup)
		if f.Actions[0].ID != steps.ActGo+string(steps.SuspendMFA) {
			t.Fatalf("the policy is not found: %+v", f)
		}
		r.pass(steps.SuspendMFA)
		f = r.inspect(steps.RunSetup)
		if f.Status != steps.Waiting || f.Poll == 0 || !strings.Contains(finding.Read(f.Text), "may not have reached") {
			t.Errorf("the change is not given its time: %+v", f)
		}
		time.Sleep(6 * time.Minute)
		if f = r.inspect(steps.RunSetup); f.Status != steps.Blocked || !strings.Contains(finding.Read(f.Text), "can't be seen from here") {
			t.Errorf("what can't be seen is not said: %+v", f)
		}
		r.answer(steps.RunSetup, "setup-retry", "")
		r.all()
		if r.open() || r.excluded() > 0 {
			t.Errorf("open %v, %d exclusions left", r.open(), r.excluded())
		}
	})
}
