package report_test

import (
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// Whoever makes a new report and a new key can name the true one as the one before: that is no agreement with the tenant.
func TestReportBeforeIsNoWitness(t *testing.T) {
	for announced, want := range map[bool]string{true: report.Fails, false: report.Unchecked} {
		r := sealedReport(t).Report
		if announced {
			r.Leftovers = append(r.Leftovers, report.Leftover{Kind: string(journal.InverseUserExtension)})
		}
		if r.Announced() != announced {
			t.Fatalf("announced: %v", r.Announced())
		}
		var v report.Verification
		v.Witness(r, report.Witness{Read: true, SHA256: earlier})
		if len(v.Checks) != 1 || v.Checks[0].State != want {
			t.Errorf("announced %v: %+v", announced, v.Checks)
		}
	}
}
