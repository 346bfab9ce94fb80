package steps_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// standing is a policy that somebody turns on while setup is about to run.
func standing(name, grant string) string {
	return fmt.Sprintf(`{"displayName":%q,"state":"enabled","conditions":{"users":{"includeUsers":["All"]},"applications":{"includeApplications":["All"]},"clientAppTypes":["all"]},"grantControls":{"operator":"OR",%s}}`, name, grant)
}

// Setup fails with Microsoft's code for whatever still stands in its way, and the wizard names that.
func TestSetupNamesWhatStands(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stand func(*rehearsal)
		code  string
		names string
	}{
		"per-user MFA": {
			stand: func(r *rehearsal) {
				r.asOperator("PATCH", "/beta/users/"+serviceAccount+"/authentication/requirements", `{"perUserMfaState":"enabled"}`)
			},
			code: "AADSTS50079", names: "per-user MFA",
		},
		"security defaults": {
			stand: func(r *rehearsal) { r.tenant.SetSecurityDefaults(true) },
			code:  "AADSTS50079", names: "security defaults",
		},
		"MFA":             {stand: policy(`"builtInControls":["mfa"]`), code: "AADSTS50079", names: "CA99"},
		"block":           {stand: policy(`"builtInControls":["block"]`), code: "AADSTS53003", names: "CA99"},
		"device":          {stand: policy(`"builtInControls":["compliantDevice"]`), code: "AADSTS53000", names: "CA99"},
		"strength":        {stand: policy(`"builtInControls":[],"authenticationStrength":{"id":"00000000-0000-0000-0000-000000000004"}`), code: "AADSTS50079", names: "CA99"},
		"joined device":   {stand: policy(`"builtInControls":["domainJoinedDevice"]`), code: "AADSTS53001", names: "CA99"},
		"password change": {stand: policy(`"builtInControls":["mfa","passwordChange"]`), names: "CA99"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: "business"})
				r.passUntil(steps.RunSetup)
				c.stand(r)
				time.Sleep(time.Minute)
				f := r.inspect(steps.RunSetup)
				_, err := r.person.Play(t.Context(), f.Task.Part, carried(*f.Task))
				if c.code != "" && (err == nil || !strings.Contains(err.Error(), c.code)) {
					t.Errorf("setup says %v, want %s", err, c.code)
				}
				f = r.inspect(steps.SuspendMFA)
				said := finding.Read(f.Text)
				for _, change := range f.Changes {
					said += " " + change.Object
				}
				for _, section := range f.Sections {
					for _, fact := range section.Facts {
						said += " " + fact.Label + " " + fact.Note
					}
				}
				if f.Status == steps.Done || !strings.Contains(said, c.names) {
					t.Errorf("%q is not named: %+v", c.names, f)
				}
			})
		})
	}
}

func policy(grant string) func(*rehearsal) {
	return func(r *rehearsal) {
		r.t.Helper()
		if _, err := r.tenant.AddPolicyBehindBack(standing("CA99 Somebody's new policy", grant)); err != nil {
			r.t.Fatal(err)
		}
	}
}
