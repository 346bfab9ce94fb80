package report

import (
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// From two days on nobody reads a length in minutes; one that was at most so long is never made shorter.
func TestLongLengthsAreInDays(t *testing.T) {
	const day = 24 * 60 * 60
	for seconds, want := range map[int][2]string{
		47 * 3600:  {"2820 min", "2820 min"},
		2*day - 1:  {"2 days", "2 Tage"},
		2 * day:    {"2 days", "2 Tage"},
		21*day + 8: {"21 days 1 min", "21 Tage 1 min"},
		21*day - 8: {"21 days", "21 Tage"},
	} {
		if got := [2]string{length(phrase.English, seconds), length(phrase.German, seconds)}; got != want {
			t.Errorf("%d s is %q, want %q", seconds, got, want)
		}
	}
	if got := roughly(phrase.English, 504*time.Hour); got != "21 days" {
		t.Error(got)
	}
}
