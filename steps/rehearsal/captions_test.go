package rehearsal

import (
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// Each step has a caption, of the two lines that a frame has room for.
func TestCaptions(t *testing.T) {
	for _, step := range steps.All() {
		id := step.Info().ID
		if caption := Caption(id); len(caption) < 40 || len(caption) > 130 || !strings.HasSuffix(caption, ".") {
			t.Errorf("%s: %q", id, caption)
		}
	}
	if caption := Caption("something-else"); caption != "" {
		t.Errorf("something else has the caption %q", caption)
	}
}
