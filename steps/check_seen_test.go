package steps_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// The check ends with what the tenant answered to the five questions that no document answers, refusals by their status.
func TestCheckSaysWhatNoDocumentSays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		profile string
		without []simtenant.Lack
		want    map[string]string
	}{
		"no licence": {"fresh", nil, map[string]string{
			"what-if": "refused with 403 AccessDenied, in a tenant without Entra ID P1", "me": "admin@contoso.onmicrosoft.com",
			"app-password-setting": "allowAppPasswords", "protected-actions": "0 actions", "preview-policies": "0 out",
		}},
		"a preview policy":   {"branch-office", nil, map[string]string{"what-if": "with Entra ID P1", "preview-policies": "leaves 1 out"}},
		"the larger licence": {"privileged", nil, map[string]string{"what-if": "with Entra ID P2"}},
		"a protected action": {"protected-actions", nil, map[string]string{"protected-actions": "1 action asks"}},
		"refused": {
			"business",
			[]simtenant.Lack{{Name: "what-if", Status: http.StatusBadRequest}, {Name: "app-password-setting", Status: http.StatusForbidden}, {Name: "resource-actions", Status: http.StatusNotFound}, {Name: "policies", Status: http.StatusForbidden}},
			map[string]string{
				"what-if": "refused with 400 BadRequest", "app-password-setting": "refused with 403 Forbidden",
				"protected-actions": "refused with 404 ResourceNotFound", "preview-policies": "refused with 403 Forbidden",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tenant, err := simtest.New(simtenant.Options{Profile: c.profile, Without: c.without})
				if err != nil {
					t.Fatal(err)
				}
				r := rehearseOn(t, tenant, setup{})
				r.pass(steps.SignIn)
				report, err := steps.CheckTenant(t.Context(), r.run, r.report)
				if err != nil {
					t.Fatal(err)
				}
				if len(report.Seen) != 5 {
					t.Errorf("%d lines: %+v", len(report.Seen), report.Seen)
				}
				for _, seen := range report.Seen {
					if want := c.want[seen.ID]; !strings.Contains(seen.Saw, want) {
						t.Errorf("%s: %q, without %q", seen.ID, seen.Saw, want)
					}
				}
			})
		})
	}
}
