package phrase_test

import (
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// A score is shown in one way: what Microsoft's answer has, and no more than two digits behind the point.
func TestPoints(t *testing.T) {
	t.Parallel()
	for x, want := range map[float64]string{27.5: "27.5", 42: "42", 27.333333: "27.33", 0: "0"} {
		if got := phrase.English.Points(x); got != want {
			t.Errorf("%v is %q, want %q", x, got, want)
		}
	}
	if got := phrase.German.Points(27.5); got != "27,5" {
		t.Errorf("in German it is %q", got)
	}
}
