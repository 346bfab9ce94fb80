package steps_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// Wizard and guard were stopped in the window and hold everything they held: restore puts MFA back beside them, and says so.
// A second onboarding is refused, and told of restore.
func TestRestoreBesideAWizardThatWasStopped(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		stopped := rehearse(t, setup{profile: "business", options: func(o *steps.Options) { o.Journal = folder }})
		stopped.passUntil(steps.RunSetup)
		time.Sleep(time.Hour)

		second := rehearseOn(t, stopped.tenant, setup{options: func(o *steps.Options) { o.Journal = folder }})
		err := second.apply(t.Context(), steps.SignIn)
		if _, held := errors.AsType[*journal.HeldError](err); !held || !strings.Contains(steps.Explain(err).Next, "restore") {
			t.Errorf("%v", err)
		}

		r := restoringOn(t, stopped.tenant, folder)
		if f := r.says("MFA has been off"); !strings.Contains(f.Notice.String(), "another wizard is at work (process ") {
			t.Errorf("%q", f.Notice)
		}
		r.puts(serviceAccount)
		if w, open := read(t, folder, r.tenant.Endpoints().TenantID).OpenWindow(); open {
			t.Errorf("the journal says that it is open: %+v", w)
		}
		r.run.Finish()
		stopped.run.Close()
	})
}

// Microsoft accepts the state and shows it twenty seconds later: the window is open until then, it is set again all the
// time, and what is said of a failure is what happened.
func TestStateShownLate(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		var late atomic.Bool
		wrap := func(next http.RoundTripper) http.RoundTripper {
			return roundTripper(func(q *http.Request) (*http.Response, error) {
				if late.Load() && q.Method == http.MethodPatch && strings.HasSuffix(q.URL.Path, "/authentication/requirements") {
					return &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}, Body: http.NoBody, Request: q}, nil
				}
				return next.RoundTrip(q)
			})
		}
		r, _ := watched(t, setup{wrap: wrap}, folder)
		r.passUntil(steps.RunSetup)
		late.Store(true)
		began := time.Now()
		err := r.run.CloseExposure(t.Context(), r.report)
		took := time.Since(began)
		if p := steps.Explain(err); err == nil || !r.open() || strings.Contains(p.Next, "two minutes") || took > time.Minute {
			t.Errorf("after %s, open %v: %+v", took, r.open(), p)
		}
		time.AfterFunc(20*time.Second, func() { late.Store(false) })
		r.closeAtLast(t)
		if r.mfa() != "enforced" {
			t.Errorf("closed, and per-user MFA is %s", r.mfa())
		}
	})
}

// The journal's folder becomes a file in the window: MFA is put back, and what is said of the missing lines is what the disk
// said, not that it was silent.
func TestJournalFolderBecomesAFile(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "journal")
	synctest.Test(t, func(t *testing.T) {
		r, _ := watched(t, setup{}, folder)
		r.passUntil(steps.RunSetup)
		if err := errors.Join(os.RemoveAll(folder), os.WriteFile(folder, nil, 0o600)); err != nil {
			t.Fatal(err)
		}
		r.closeAtLast(t)
		if err := r.run.Unwritten(); err == nil || strings.Contains(err.Error(), "does not answer") {
			t.Errorf("%v", err)
		}
		if r.mfa() != "enforced" {
			t.Errorf("closed, and per-user MFA is %s", r.mfa())
		}
	})
}
