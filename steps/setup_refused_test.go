package steps

import (
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

func TestRefusalFinding(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 27, 14, 0, 0, 0, time.UTC)
	demand := []analysis.Demand{{Source: "CA01"}}
	for name, c := range map[string]struct {
		demands []analysis.Demand
		changed time.Time
		first   string
		status  Status
		says    string
	}{
		"asked now":            {demand, now.Add(-time.Minute), actSuspendMore, Blocked, "1 thing asks"},
		"changed a minute ago": {nil, now.Add(-time.Minute), actRetrySetup, Waiting, "may not have reached"},
		"changed long ago":     {nil, now.Add(-time.Hour), actRetrySetup, Blocked, "can't be seen from here"},
		"nothing was changed":  {nil, time.Time{}, actRetrySetup, Blocked, "can't be seen from here"},
	} {
		f := refusalFinding(c.demands, nil, c.changed, now)
		if f.Actions[0].ID != c.first || f.Status != c.status || !strings.Contains(finding.Read(f.Text), c.says) {
			t.Errorf("%s: %v %s %q", name, f.Status, f.Actions[0].ID, f.Text)
		}
		if (f.Status == Waiting) != (f.Poll > 0) {
			t.Errorf("%s: it waits and does not look again", name)
		}
	}
}
