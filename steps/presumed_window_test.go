package steps_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// A window is opened before the role is asked for. Where a policy demands MFA of every Global Administrator, it never was off until that
// was suspended: journal, last screen and report all have both windows, and that the first exposed nobody.
func TestPresumedWindowIsToldApart(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"business", "fresh"} {
		t.Run(profile, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				folder := t.TempDir()
				r := rehearse(t, setup{profile: profile, options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, t.TempDir() }})
				outside := monitored(r.tenant)
				defer outside.stop()
				unreported := rehearse(t, setup{profile: profile})
				unreported.all()
				var rows []steps.Fact
				for _, s := range unreported.inspect(steps.HandOver).Sections {
					for _, row := range s.Facts {
						if strings.HasPrefix(row.Label, "Without MFA, ") {
							rows = append(rows, row)
						}
					}
				}
				r.toReport()
				h := r.hand(report.Finished)
				lines, err := journal.Lines(folder, h.Tenant.ID)
				if err != nil {
					t.Fatal(err)
				}
				var closed []journal.Entry
				for _, line := range lines {
					if e, err := journal.Parse(line); err == nil && e.Kind == journal.KindWindowClosed {
						closed = append(closed, e)
					}
				}
				if len(closed) != len(h.Windows) || len(rows) != 1 || len(closed) != map[string]int{"business": 2, "fresh": 1}[profile] {
					t.Fatalf("the journal closes %d, the report has %d, the screen %d: %+v", len(closed), len(h.Windows), len(rows), rows)
				}
				for i, e := range closed {
					w, presumed := h.Windows[i], profile == "business" && i == 0
					if e.Unexposed != presumed || w.Unexposed != presumed {
						t.Errorf("window %d: %+v, %+v", i+1, e, w)
					}
					if !w.ClosedAt.Equal(e.At.UTC().Truncate(1e9)) {
						t.Errorf("window %d: closed at %s and %s", i+1, w.ClosedAt, e.At)
					}
					outside.mu.Lock()
					for _, at := range outside.exposed {
						if presumed && !at.Before(w.OpenedAt) && !at.After(w.ClosedAt) {
							t.Errorf("seen from outside, MFA was off at %s", at)
						}
					}
					outside.mu.Unlock()
				}
				if said := finding.Read(steps.Remains(t.Context(), r.run)); strings.Contains(said, "Without MFA in this run: ") || strings.Contains(said, "not off") { // its report's sentence says it
					t.Errorf("the terminal says %q", said)
				}
				if s := h.Verdict.Sentence; strings.Contains(s, "windows") || !strings.Contains(s, " without MFA for at most ") {
					t.Errorf("it says %q", s)
				}
			})
		})
	}
}
