package steps_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// insist turns the registration campaign on, for everybody and without a way to put it off, with somebody excluded already.
func (r *rehearsal) insist() {
	r.t.Helper()
	auditor := r.tenant.Snapshot().Users["auditor@contoso.com"].ID
	r.asOperator("PATCH", "/beta/policies/authenticationMethodsPolicy", `{"registrationEnforcement":{"authenticationMethodsRegistrationCampaign":{
		"state":"enabled","snoozeDurationInDays":0,
		"includeTargets":[{"id":"all_users","targetType":"group","targetedAuthenticationMethod":"microsoftAuthenticator"}],
		"excludeTargets":[{"id":"`+auditor+`","targetType":"user"}]}}}`)
}

// A campaign that can't be put off is suspended for the account along with what demands MFA, and put back; who was excluded
// before stays. The guard does the same.
func TestCampaignIsSuspended(t *testing.T) {
	for _, by := range []string{"wizard", "guard"} {
		t.Run(by, func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				r, w := watched(t, setup{profile: "business"}, folder)
				r.insist()
				time.Sleep(time.Minute)
				before := r.tenant.Snapshot()
				r.pass(steps.SignIn)
				r.pass(steps.Check)
				r.keepPlan()
				for _, id := range []steps.ID{steps.CreateAccount, steps.AssignAdmin, steps.SuspendMFA} {
					r.pass(id)
				}
				during := r.tenant.Snapshot()
				if len(during.CampaignExcludes) != len(before.CampaignExcludes)+1 {
					t.Fatalf("the campaign excludes %v", during.CampaignExcludes)
				}
				if by == "wizard" {
					r.pass(steps.RunSetup)
					r.pass(steps.ReenableMFA)
					r.run.Close(false)
				} else if err := w.kill(r); err != nil {
					t.Fatal(err)
				}
				asBefore(t, before, r.tenant.Snapshot(), serviceAccount)
				for _, i := range read(t, folder, r.tenant.Endpoints().TenantID).Outstanding() {
					if i.Kind == journal.InverseCampaignExclusion {
						t.Error("the journal owes the campaign")
					}
				}
			})
		})
	}
}
