package steps_test

import (
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// A change explains what it made, and nothing that somebody else made of the same kind: another role of the account, and MFA of an account
// that was only created.
func TestNoChangeExplainsWhatOthersMade(t *testing.T) {
	t.Parallel()
	const exchangeAdministrator = "29232cdf-9323-42fd-ade2-1d097af3e4de"
	for last, explained := range map[steps.ID]map[string]string{
		steps.AssignAdmin: {report.WhatRole + " " + exchangeAdministrator: "none", report.WhatPerUserMFA: "none", report.WhatAccount: "1"},
		steps.HandOver:    {report.WhatRole + " " + exchangeAdministrator: "none", report.WhatRole + " " + graph.GlobalAdministrator: "2", report.WhatPerUserMFA: "3"},
	} {
		t.Run(string(last), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder = t.TempDir(), t.TempDir() }})
				defer r.run.Close()
				r.passUntil(last)
				if err := r.tenant.SetRole(serviceAccount, exchangeAdministrator, true); err != nil {
					t.Fatal(err)
				}
				r.asOperator("PATCH", "/beta/users/"+r.tenant.Snapshot().Users[serviceAccount].ID+"/authentication/requirements", `{"perUserMfaState":"enforced"}`)
				by := map[string]string{}
				for _, d := range r.hand(report.Left).Difference {
					by[d.What], by[d.What+" "+d.ID] = d.ExplainedBy, d.ExplainedBy
				}
				for what, want := range explained {
					if by[what] != want {
						t.Errorf("%s is explained by %q, want %q", what, by[what], want)
					}
				}
			})
		})
	}
}
