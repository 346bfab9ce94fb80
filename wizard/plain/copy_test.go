package plain

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/clipboard"
)

// What a clipboard took is said in its own words. Where none took it, a secret is refused with the reason, and never said.
func TestCopy(t *testing.T) {
	const value = "Tr0ub4dor-unique-7c2"
	item := steps.Item{ID: "password", Text: "Paste the password", Copy: graph.NewSecret(value)}
	shown := item
	shown.Shown = value
	took := func(_ context.Context, s graph.Secret) (clipboard.Report, error) {
		if s.Reveal() != value {
			t.Errorf("another value is copied")
		}
		return clipboard.Report{Confirmed: []string{"Copied to the X11 clipboard and read back."}, Hold: clipboard.Hold}, nil
	}
	none := func(context.Context, graph.Secret) (clipboard.Report, error) {
		return clipboard.Report{}, clipboard.ErrNone
	}
	for name, tt := range map[string]struct {
		copier Copier
		item   steps.Item
		says   string
	}{
		"taken":               {took, item, "It is taken away in 45 s"},
		"no clipboard":        {none, item, "a screen reader would speak it"},
		"none was given":      {nil, item, "a screen reader would speak it"},
		"what is no secret":   {none, shown, "it stands in the line itself"},
		"no secret, no given": {nil, shown, "it stands in the line itself"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			s := &session{Options: Options{Out: &out, Copy: tt.copier}}
			copying{s}.copy(t.Context(), tt.item)
			if !strings.Contains(out.String(), tt.says) {
				t.Errorf("it says %q, want %q in it", out.String(), tt.says)
			}
			if strings.Contains(out.String(), value) {
				t.Errorf("it says the value: %q", out.String())
			}
		})
	}
}
