package steps_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// What arrives of Microsoft's log after a report was closed goes into supplements. The report stays as it is, and a supplement
// that says more than it may does not hold.
func TestSupplements(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		folder, reports := t.TempDir(), t.TempDir()
		r := rehearse(t, setup{profile: "business", options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, reports }})
		r.passUntil(steps.HandOver)
		r.tenant.SetLag(5 * time.Minute) // the log of what was done last has not arrived when the report is made
		h := r.hand(report.Finished)
		r.tenant.SetLag(0)
		r.run.Finish()
		pending := 0
		for _, c := range h.Changes {
			if c.Audit.State == report.Pending {
				pending++
			}
		}
		if pending == 0 {
			t.Fatal("nothing is left to arrive")
		}
		before, err := os.ReadFile(h.JSON)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(26 * time.Hour)
		for n := 1; n <= 2; n++ {
			s := r.supplement(folder, reports)
			if s.Number != n || s.Of != h.SHA256 || s.Audit.Settled != true || len(s.Unexplained) > 0 || s.Alarming() || s.Witness != h.SHA256 {
				t.Errorf("supplement %d: %+v", n, s.Supplement)
			}
			for _, c := range s.Changes {
				if c.Audit.State != report.Found {
					t.Errorf("change %d: %s", c.N, c.Audit.State)
				}
			}
			f, err := report.Open(s.JSON)
			if err != nil {
				t.Fatal(err)
			}
			if v, _, err := report.VerifySupplement(f, s.SHA256); err != nil || v.Exit != 0 {
				t.Errorf("%v %+v", err, v)
			}
			page, err := report.Open(s.Page)
			if err != nil {
				t.Fatal(err)
			}
			if v, _, err := report.VerifySupplement(page, s.SHA256); err != nil || v.Exit != 0 {
				t.Errorf("its page: %v %+v", err, v)
			}
			tampered(t, s)
			f.Report = nil
			if v, _, _ := report.VerifySupplement(f, ""); v.Exit != 3 {
				t.Errorf("without its report: exit %d", v.Exit)
			}
			more := s.Supplement
			more.Changes = append([]report.Evidence{}, more.Changes...)
			more.Changes[0].Audit.State = report.Unreadable
			forged, err := report.CloseSupplement(more, h.Report)
			if err != nil {
				t.Fatal(err)
			}
			if v, _, _ := report.VerifySupplement(report.Files{JSON: forged.JSON, Seal: forged.Seal, Report: before}, ""); v.Exit != 1 {
				t.Errorf("a move that no supplement may make: exit %d", v.Exit)
			}
		}
		if after, err := os.ReadFile(h.JSON); err != nil || string(after) != string(before) {
			t.Error("the report was written again")
		}
		r.asOperator("PATCH", "/beta/users/"+h.Account.ID+"/authentication/requirements", `{"perUserMfaState":"disabled"}`)
		time.Sleep(10 * time.Minute)
		s := r.supplement(folder, reports)
		if !s.Alarming() || !strings.Contains(s.Today[0].ChangedBy, "admin@") || s.Today[0].Entry == "" {
			t.Errorf("MFA is off today: %+v", s.Today)
		}
	})
}

// tampered changes bytes of the supplement's files: none of them holds any more.
func tampered(t *testing.T, s steps.HandedSupplement) {
	t.Helper()
	for _, path := range []string{s.JSON, s.JSON + ".minisig", s.Page} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := 3; i < len(data); i += len(data)/40 + 1 {
			changed := bytes.Clone(data)
			changed[i] ^= 1
			if err := os.WriteFile(path, changed, 0o600); err != nil {
				t.Fatal(err)
			}
			opened := path
			if strings.HasSuffix(path, ".minisig") {
				opened = s.JSON
			}
			f, err := report.Open(opened)
			if err != nil {
				continue
			}
			if v, _, err := report.VerifySupplement(f, ""); err == nil && v.Exit != 1 {
				t.Errorf("byte %d of %s: exit %d", i, path, v.Exit)
			}
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// supplement signs in once more, as the command report does.
func (r *rehearsal) supplement(folder, reports string) steps.HandedSupplement {
	r.t.Helper()
	other := rehearseOn(r.t, r.tenant, setup{options: func(o *steps.Options) { o.Journal, o.By, o.Reports.Folder = folder, journal.ByReport, reports }})
	other.pass(steps.SignIn)
	defer other.run.Close()
	s, written, err := other.run.WriteSupplement(r.t.Context())
	if err != nil || !written {
		r.t.Fatalf("written %v: %v", written, err)
	}
	return s
}
