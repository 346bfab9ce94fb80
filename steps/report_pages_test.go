package steps_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// A report calls the steps what the screens call them.
func TestReportCallsTheStepsAsTheScreensDo(t *testing.T) {
	t.Parallel()
	for _, s := range slices.Concat(steps.All(), steps.Offboard(), steps.Restore()) {
		if i := s.Info(); report.StepTitle(phrase.English, string(i.ID)) != i.Title {
			t.Errorf("%s is called %q, and by the report %q", i.ID, i.Title, report.StepTitle(phrase.English, string(i.ID)))
		}
	}
}

// A report leads to the cloud's own pages: for what stays, for what Microsoft's rating misses, and for what is to be done. What could
// not be read names the answer that said so.
func TestReportLeadsToThePortal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const portal = "https://entra.microsoft.com"
		r := rehearse(t, setup{profile: "business", options: func(o *steps.Options) {
			o.Journal, o.Reports.Folder, o.Cloud.Portal = t.TempDir(), t.TempDir(), portal
		}})
		r.passUntil(steps.HandOver)
		r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
			if !strings.Contains(q.URL.Path, "/signIns") && !strings.Contains(q.URL.Path, "authenticationMethodsPolicy") {
				return nil
			}
			return &simtest.Fault{
				Status: http.StatusForbidden, Header: http.Header{"Content-Type": {"application/json"}, "Request-Id": {"0f0e0d0c-0000-4000-8000-000000000403"}},
				Body: `{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}`,
			}
		})
		h := r.hand(report.Finished)
		r.tenant.SetFault(nil)
		met := func(n report.NotMet) bool { return strings.HasPrefix(n.Page, portal+"/") }
		if len(h.Score.NotMet) == 0 || !slices.ContainsFunc(h.Score.NotMet, met) {
			t.Errorf("recommendations %+v", h.Score.NotMet)
		}
		account := r.tenant.Snapshot().Users[serviceAccount].ID
		for _, l := range h.Leftovers {
			if l.By == "this program" && strings.HasPrefix(l.What, "Global Administrator") && (!strings.HasPrefix(l.Page, portal+"/") || !strings.HasSuffix(l.Page, account)) {
				t.Errorf("%s: %q", l.What, l.Page)
			}
		}
		for _, about := range []string{"sign-ins of the account", report.WhatCampaign + ", at the end"} {
			i := slices.IndexFunc(h.Doubts, func(d report.Doubt) bool { return d.About == about })
			if i < 0 || h.Doubts[i].Claim == nil || h.Doubts[i].Claim.RequestID == "" || h.Doubts[i].Claim.At.IsZero() {
				t.Errorf("who says that %s was not read: %+v", about, h.Doubts)
			}
		}
	})
}
