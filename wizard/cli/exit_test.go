package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/wizard"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/plain"
)

// What ended a command decides the exit code, however deep it lies; that MFA is off outweighs all else.
func TestExitCodes(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want int
	}{
		"done":            {nil, 0},
		"left":            {plain.ErrLeft, 1},
		"input ended":     {fmt.Errorf("ask: %w", plain.ErrInputClosed), 1},
		"blocked":         {plain.ErrBlocked, 1},
		"interrupted":     {context.Canceled, 1},
		"terminated":      {fmt.Errorf("ask: %w", outsideError{os.Interrupt}), 1},
		"left undecided":  {plain.ErrUndecided, 1},
		"usage":           {usage(&misuse{"--window takes a time", ""}), 2},
		"panic":           {fmt.Errorf("%w: string", wizard.ErrBroken), 2},
		"any other":       {errors.New("no connection"), 3},
		"left, and open":  {&openError{open: steps.Exposure{Account: "a@contoso.com"}, err: plain.ErrLeft}, 3},
		"panic, and open": {&openError{open: steps.Exposure{Account: "a@contoso.com"}, err: wizard.ErrBroken}, 3},
	} {
		end := &ending{}
		if err := end.with(c.err); err != nil || end.code != c.want || !errors.Is(end.err, c.err) {
			t.Errorf("%s: %d, want %d (%v)", name, end.code, c.want, err)
		}
	}
}
