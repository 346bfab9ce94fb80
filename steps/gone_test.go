package steps_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// Somebody deletes the account meanwhile, as by an offboarding on another computer: that is what is said of it, and not that the tenant
// could not be read; nothing of it is said to stay.
func TestAccountGoneIsSaidSo(t *testing.T) {
	t.Parallel()
	for _, at := range []steps.ID{steps.RunSetup, steps.CaptureAppPassword, steps.HandOver} {
		t.Run(string(at), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder = t.TempDir(), t.TempDir() }})
				defer r.run.Close()
				r.passUntil(at)
				time.Sleep(5 * time.Minute) // it is known everywhere by then
				if err := r.tenant.DeleteUserBehindBack(serviceAccount); err != nil {
					t.Fatal(err)
				}
				if err := r.run.CloseExposure(t.Context(), r.report); err != nil {
					t.Fatal(err)
				}
				said := finding.Read(steps.Remains(t.Context(), r.run))
				if !strings.Contains(said, serviceAccount+" is gone: the account was deleted.") || strings.Contains(said, "could not be read now") || strings.Contains(said, "App password") {
					t.Error(said)
				}
				v := r.hand(report.Left)
				if s := v.Verdict.Sentence; !strings.Contains(s, serviceAccount+" is gone, read from the tenant on ") || strings.Contains(s, "could not be read") || !slices.Contains(v.Verdict.Alarms, "The account is gone.") {
					t.Errorf("%s %q", s, v.Verdict.Alarms)
				}
				for _, l := range v.Leftovers {
					if strings.Contains(l.What, serviceAccount) {
						t.Errorf("left: %s", l.What)
					}
				}
			})
		})
	}
}

// A server that lags does not know an account that is there: the report does not say that it is gone.
func TestAccountOfALaggingServerIsNotGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		r := rehearse(t, setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, t.TempDir() }})
		r.passUntil(steps.HandOver)
		r.run.Close()
		path, lagged := "/users/"+r.tenant.Snapshot().Users[serviceAccount].ID, false
		r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
			if lagged || !strings.HasSuffix(q.URL.Path, path) {
				return nil
			}
			lagged = true
			return &simtest.Fault{Status: http.StatusNotFound, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"error":{"code":"Request_ResourceNotFound","message":"Resource does not exist."}}`}
		})
		v := r.again(folder).Verdict
		if s := v.Sentence; !lagged || strings.Contains(s, "is gone") || !strings.Contains(s, "IT IS NOT KNOWN") || slices.Contains(v.Alarms, "The account is gone.") {
			t.Errorf("%t %s %q", lagged, s, v.Alarms)
		}
	})
}
