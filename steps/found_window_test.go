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

// A window that a run on another computer left open is in the report as it is on the terminal: from when the tenant has it.
func TestFoundWindowIsInTheReport(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		folder, reports := t.TempDir(), t.TempDir()
		r := rehearseOn(t, build(t, setup{profile: "half-done"}), setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, reports }})
		defer r.run.Close()
		r.passUntil(steps.CreateAccount)
		h := r.hand(report.Left)
		if len(h.Windows) != 1 || h.Windows[0].AtMostSeconds < int((2*time.Hour).Seconds()) || !h.Windows[0].OverCap || h.Windows[0].ClosedAt.IsZero() {
			t.Errorf("%+v", h.Windows)
		}
		if s := h.Verdict.Sentence; !strings.Contains(s, "longer than allowed") {
			t.Error(s)
		}
		if said := finding.Read(steps.Remains(t.Context(), r.run)); !strings.Contains(said, "An earlier run had left it open.") {
			t.Error(said)
		}
	})
}
