package cli

import (
	"context"
	"errors"
	"os"
	"syscall"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/process"
)

// Closing is bounded by what the system leaves after the signal that came, and by that only.
func TestClosingBound(t *testing.T) {
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(outsideError{s})
		want := process.TimeLeft(s)
		if want == 0 {
			want = steps.ClosingBound
		}
		if got := closingBound(ctx); got != want {
			t.Errorf("%s: %s, want %s", s, got, want)
		}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("something else"))
	if got := closingBound(ctx); got != steps.ClosingBound {
		t.Errorf("without a signal: %s", got)
	}
}
