package steps_test

import (
	"bufio"
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// A time of day alone is the operator's own, on a screen that is there while the run is. What stays after it, and what is told of before
// it or of elsewhere, says its zone; what is in UTC says so.

// alone are the files that show a time of day without its zone, and how often.
var alone = map[string]int{
	// this run, now
	"wizard/status.go": 1, "wizard/foot.go": 1, "wizard/flow.go": 1, "wizard/dialog_details.go": 1, "wizard/plain/lines.go": 1, "wizard/plain/questions.go": 2,
	"steps/check_account.go": 1, "steps/sent_before.go": 2, "steps/window/open.go": 1, "steps/scopes.go": 1,
	"steps/run_setup.go": 1, "steps/setup_refused.go": 3,
	// the zone stands above
	"steps/remains.go": 1, "steps/summary.go": 2, "steps/offboarded.go": 1, "steps/report/page.go": 1, "steps/report/timeline.go": 1,
	// today, by this computer's journal
	"steps/earlier_run.go": 1,
}

var timeOfDay, zoned = regexp.MustCompile(`phrase\.(Clock|Moment)\(|15:04`), regexp.MustCompile(`UTC|Zone\(|hourAndClock|05Z"`)

func TestTimesSayTheirZone(t *testing.T) {
	t.Parallel()
	found := map[string]int{}
	for _, folder := range []string{"../steps", "../wizard"} {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			name := strings.TrimPrefix(filepath.ToSlash(path), "../")
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "steps/phrase/") {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
				if line := lines.Text(); timeOfDay.MatchString(line) && !zoned.MatchString(line) {
					found[name]++
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if found[name] != alone[name] {
			t.Errorf("%s shows a time without its zone %d times, known are %d: is it read later, or of elsewhere?", name, found[name], alone[name])
		}
	}
	if len(found) != len(alone) {
		t.Errorf("%d files are known to show one, and %d do", len(alone), len(found))
	}
}

var clocks = regexp.MustCompile(`\d\d:\d\d(:\d\d)?( to \d\d:\d\d(:\d\d)?)?( UTC)?`)

// Each line that stays on the terminal has the zone, or stands under the one that has it.
func TestTerminalSaysTheZone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "half-done"})
		r.all()
		seen := 0
		for _, said := range steps.Remains(t.Context(), r.run) {
			line := said.String()
			for _, clock := range clocks.FindAllString(line, -1) {
				if seen++; !strings.HasPrefix(line, "  ") && !strings.Contains(clock, "UTC") && strings.Count(clock, ":") > 1 {
					t.Errorf("%q in: %s", clock, line)
				}
			}
		}
		if text := finding.Read(steps.Remains(t.Context(), r.run)); seen < 3 || !strings.Contains(text, "(times in "+phrase.Zone(time.Now())+"):") {
			t.Errorf("%d times in: %s", seen, text)
		}
	})
}

// clockOf is a time as a role's end has it.
func clockOf(t time.Time) string { return t.Local().Format("15:04 ") + phrase.Zone(t) }
