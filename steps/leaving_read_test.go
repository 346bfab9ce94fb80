package steps_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// Nothing is known of a new account's second factor before it was read, and whoever leaves has it read: of an account that has one, which
// the check reads, nothing is advised.
func TestFactorIsReadBeforeAnythingIsAdvised(t *testing.T) {
	t.Parallel()
	for profile, want := range map[string]string{"onboarded": "", "fresh": serviceAccount} {
		synctest.Test(t, func(t *testing.T) {
			r := rehearseOn(t, build(t, setup{profile: profile}), setup{})
			defer r.run.Close()
			r.passUntil(steps.SuspendMFA)
			if a := r.run.Aftermath(); a.Bare != want || a.Factor != steps.FactorUnread {
				t.Errorf("%s, not read yet: %+v", profile, a)
			}
			r.run.ReadFactor(t.Context())
			if a := r.run.Aftermath(); a.Bare != want || a.Factor != steps.FactorNone && want != "" {
				t.Errorf("%s, read: %+v", profile, a)
			}
			if r.open() {
				_ = r.run.CloseExposure(t.Context(), r.report)
			}
		})
	}
}

// The clock that is shown knows of a role that ends before the window's limit; one that ran before anything was read says why it stopped.
func TestExposureKnowsTheRolesEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearseOn(t, build(t, setup{profile: "privileged"}), setup{})
		defer r.run.Close()
		r.passUntil(steps.SuspendMFA)
		r.inspect(steps.SuspendMFA)
		if a := r.run.Aftermath(); !strings.Contains(a.Stopped, "MFA is demanded by") {
			t.Errorf("the clock of the role: %+v", a)
		}
		r.passUntil(steps.RunSetup)
		open, yes := r.run.Exposure()
		if left := time.Until(open.RoleEnds); !yes || left <= 0 || !open.RoleEnds.Before(open.Opened.Add(open.Cap)) {
			t.Errorf("open %v, the role ends in %s", yes, left)
		}
		if a := r.run.Aftermath(); a.Stopped != "" {
			t.Errorf("while it runs: %q", a.Stopped)
		}
		if err := r.run.CloseExposure(t.Context(), r.report); err != nil {
			t.Fatal(err)
		}
	})
}

// Whoever leaves is told once that the account has no second factor: neither by what stays nor by the report's alarm again. A second report of
// a run names the one that it replaces.
func TestLeavingSaysItOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		folder, reports := t.TempDir(), t.TempDir()
		r := rehearse(t, setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, reports }})
		defer r.run.Close()
		r.passUntil(steps.RunSetup)
		if err := r.run.CloseExposure(t.Context(), r.report); err != nil {
			t.Fatal(err)
		}
		said := steps.Parting(t.Context(), r.run)
		for _, s := range steps.Remains(t.Context(), r.run) {
			said += "\n" + s.String()
		}
		if !r.run.Aftermath().Reports {
			t.Error("the report is not announced")
		}
		first := r.hand(report.Left)
		said += "\n" + strings.Join(first.ReportSaid(), "\n")
		if strings.Contains(said, "Without MFA in this run") || !strings.Contains(said, " without MFA for at most ") {
			t.Errorf("how long it was without MFA is said beside the report, or not at all: %s", said)
		}
		if alone := finding.Read(steps.WithoutMFA(r.run)); !strings.HasPrefix(alone, "Without MFA in this run: ") {
			t.Errorf("where no report says it: %q", alone)
		}
		ours := strings.ReplaceAll(said, " But it has no second factor. ", " ") // so says the report, which is quoted
		if n := strings.Count(strings.ToLower(ours), "no second factor"); n != 1 || ours == said {
			t.Errorf("said %d times: %s", n, said)
		}
		if r.run.Aftermath().Reports || strings.Contains(said, "It replaces") || strings.Contains(said, "it begins where") {
			t.Error(said)
		}
		second, err := r.run.WriteReport(t.Context(), report.Left)
		if err != nil {
			t.Fatal(err)
		}
		again := strings.Join(second.ReportSaid(), "\n")
		if !strings.Contains(again, "It replaces the report of this run with the fingerprint "+report.Fingerprint(first.SHA256)) {
			t.Error(again)
		}
	})
}
