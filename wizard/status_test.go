package wizard

import (
	"cmp"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/styles"
)

// In German as well it has room for as long as what MFA comes back by itself, or for what to do.
func TestStatusLineHasRoomInGerman(t *testing.T) {
	t.Parallel()
	l, glyphs := phrase.German, styles.Unicode()
	clocks := " " + l.T("%s of %s", "00:18", "30:00") + glyphs.Between
	lines := []string{l.T("MFA STATE AWAITED") + clocks + l.T("not shown yet; keep this program running")}
	for _, only := range []phrase.Format{"while the container runs", "while the terminal is open", "while you stay logged in"} {
		lines = append(lines, l.T("MFA OFF")+clocks+l.T("MFA comes back by itself %s", l.T(only)))
	}
	defaults := l.T("%s TENANT: SECURITY DEFAULTS OFF %s of %s", "", "00:18", "30:00") + glyphs.Between
	lines = append(lines, strings.TrimSpace(defaults+l.T("keep this program running")))
	for _, line := range lines {
		line = glyphs.Open + " " + line
		if w := layout(80, 24, 1).status.w; width(line) > w {
			t.Errorf("%q takes %d columns of %d", line, width(line), w)
		}
	}
}

// Each status line of an open window that promises that it closes by itself says as long as what: where the guard may end, none promises more.
func TestStatusLinePromisesWhatTheGuardCan(t *testing.T) {
	t.Parallel()
	drive(t, Options{}, contoso(), tenSteps(4, suspend), func(d *driver) {
		for name, open := range map[string]steps.Exposure{
			"open":      {Opened: d.m.now.Add(-time.Minute)},
			"urgent":    {Opened: d.m.now.Add(-25 * time.Minute)},
			"everybody": {Opened: d.m.now.Add(-time.Minute), Everybody: "contoso.com"},
		} {
			open.Cap = 30 * time.Minute
			holding := func(only string) {
				for _, w := range []int{44, 60, 80, 120, 200} {
					said := d.m.statusOf(&open, w)
					promised := strings.Contains(said, "itself") || strings.Contains(said, "themselves")
					if only != "" && promised && !strings.Contains(said, only) || only == "" && strings.Contains(said, "keep this program running") {
						t.Errorf("%s at %d, %q: %q", name, w, only, said)
					}
					if whole := layout(80, 24, 1).status.w; w == 80 && !strings.Contains(d.m.statusOf(&open, whole), cmp.Or(only, "back by themselves")) && name == "everybody" {
						t.Errorf("at 80 columns it does not say what puts security defaults back: %q", d.m.statusOf(&open, whole))
					}
				}
			}
			holding("")
			open.While = "while the container runs"
			holding(open.While)
			open.While, open.Together = "", true
			holding("while this program runs")
		}
	})
}
