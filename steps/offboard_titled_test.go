package steps_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// Somebody who manages users gives this program's mark to another account: Enter takes nothing from it, and the plan says why. The one that
// the operator is signed in as is never taken out.
func TestOffboardAsksAboutATitleAlone(t *testing.T) {
	t.Parallel()
	const victim = "breakglass@contoso.onmicrosoft.com"
	for name, c := range map[string]struct {
		titled, account string
		asked           bool
	}{
		"by the mark alone": {victim, "", true}, "named": {victim, victim, false}, "the onboarding's": {serviceAccount, "", false},
		"the operator's": {"admin@contoso.onmicrosoft.com", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tenant := build(t, setup{profile: "onboarded"})
				r := rehearseOn(t, tenant, setup{options: func(o *steps.Options) { o.Account = c.account }})
				r.pass(steps.SignIn)
				r.asOperator("PATCH", "/v1.0/users/"+tenant.Snapshot().Users[serviceAccount].ID, `{"jobTitle":"Robot"}`)
				r.asOperator("PATCH", "/v1.0/users/"+c.titled, `{"jobTitle":"`+steps.Marker+`"}`)
				time.Sleep(time.Minute)
				if name == "the operator's" {
					if f, err := offboardStep(finding.OffboardPlan).Inspect(t.Context(), r.run, r.report); err == nil || !strings.Contains(steps.Explain(err).What, "signed in as") {
						t.Errorf("%v %+v", err, f)
					}
					return
				}
				f := r.sees(finding.OffboardPlan)
				i := slices.IndexFunc(f.Sections[0].Facts, func(f steps.Fact) bool { return f.Label == "Service account" })
				if row := f.Sections[0].Facts[i]; (row.Mark == steps.MarkDecide) != c.asked || row.Value != c.titled {
					t.Errorf("%+v", row)
				}
				first := r.sees(finding.RemoveRole).Actions[0].ID
				if (first == "leave-it") != c.asked {
					t.Errorf("Enter: %s", first)
				}
			})
		})
	}
}

// An account that was there before may be left out of what demands no MFA for a reason of the customer's.
func TestOffboardAsksAboutTheCustomersExclusion(t *testing.T) {
	t.Parallel()
	for control, asked := range map[string]bool{"block": true, "mfa": false} {
		t.Run(control, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tenant := build(t, setup{profile: "onboarded"})
				id, err := tenant.AddPolicyBehindBack(`{"displayName":"CA60","conditions":{"users":{"includeUsers":["All"]},"clientAppTypes":["other"]},"grantControls":{"operator":"OR","builtInControls":["` + control + `"]}}`)
				if err == nil {
					err = tenant.ExcludeBehindBack(id, "breakglass@contoso.onmicrosoft.com")
				}
				if err != nil {
					t.Fatal(err)
				}
				r := rehearseOn(t, tenant, setup{options: func(o *steps.Options) { o.Account = "breakglass@contoso.onmicrosoft.com" }})
				r.pass(steps.SignIn)
				r.sees(finding.OffboardPlan)
				if first := r.sees(finding.EndExclusions).Actions[0].ID; (first == "leave-it") != asked {
					t.Errorf("Enter: %s", first)
				}
			})
		})
	}
}

// An account without the mark is kept, and nobody says that it was there before, or that there is nothing to remove; nor is what could not
// be read nothing.
func TestOffboardSaysWhatItCannotKnow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tenant, r := unmarked(t)
		tenant.SetFault(func(q *http.Request) *simtest.Fault {
			if strings.HasSuffix(q.URL.Path, "/authenticationMethodsPolicy") || strings.Contains(strings.ToLower(q.URL.Path), "mfaservicepolicy") {
				return &simtest.Fault{Status: http.StatusForbidden}
			}
			return nil
		})
		rows := rowsOf(r.sees(finding.OffboardPlan))
		for label, value := range map[string]string{"Service account": serviceAccount, "Remove Global Admin": "", "End exclusions": "could not be read", "Forbid app passwords": "not known"} {
			row := rows[label]
			if row.Mark == steps.MarkOK || value != "" && row.Value != value || strings.Contains(row.Note, "before the onboarding") {
				t.Errorf("%s: %+v", label, row)
			}
		}
	})
}

// What its setup added is asked about as well, and another role of an account is no reason why Global Administrator is not taken from it.
func TestOffboardOfARenamedAccountOfAnotherRole(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const renamed, exchangeAdministrator = "robot@contoso.com", "29232cdf-9323-42fd-ade2-1d097af3e4de"
		tenant := build(t, setup{profile: "onboarded"})
		r := rehearseOn(t, tenant, setup{})
		r.pass(steps.SignIn)
		r.asOperator("PATCH", "/v1.0/users/"+tenant.Snapshot().Users[serviceAccount].ID, `{"userPrincipalName":"`+renamed+`"}`)
		for role, held := range map[string]bool{graph.GlobalAdministrator: false, exchangeAdministrator: true} {
			if err := tenant.SetRole(renamed, role, held); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Minute)
		rows := rowsOf(r.sees(finding.OffboardPlan))
		if row := rows["Remove Global Admin"]; row.Value != "nothing" || row.Mark != steps.MarkOK {
			t.Errorf("%+v", row)
		}
		if row := rows["Remove the apps"]; row.Mark != steps.MarkDecide {
			t.Errorf("%+v", row)
		}
		if first := r.sees(finding.RemoveApps).Actions[0].ID; first != "leave-it" {
			t.Errorf("Enter: %s", first)
		}
	})
}

// The operator's own account is none for Delegate365.
func TestOwnAccountIsNoServiceAccount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "fresh", options: func(o *steps.Options) { o.Account = "admin@contoso.onmicrosoft.com" }})
		r.pass(steps.SignIn)
		f := r.inspect(steps.Check)
		if text := finding.Read(f.Text); f.Status != steps.Blocked || !strings.Contains(text, "the account that you are signed in as") || slices.ContainsFunc(f.Actions, func(a steps.Action) bool { return a.ID == "adopt" }) {
			t.Errorf("%s %+v", text, f.Actions)
		}
	})
}
