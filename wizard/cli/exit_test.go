package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
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

// What is said at the end, after the command, decides as well: a report, a log or an output that is not whole is no success, and what
// the command itself came to is said before it.
func TestExitCodeOfWhatIsSaidAtTheEnd(t *testing.T) {
	full := errors.New("no space left on device")
	for name, c := range map[string]struct {
		command error
		said    error // before the end
		output  error
		want    int
		says    []string
	}{
		"all is whole":                     {nil, nil, nil, exitDone, nil},
		"the log is not":                   {nil, &steps.Error{Op: "write the log", Err: full}, nil, exitFailed, []string{"write the log"}},
		"the output is not":                {nil, nil, full, exitFailed, []string{"write all of the output"}},
		"left, and the log is not":         {plain.ErrLeft, &steps.Error{Op: "write the log", Err: full}, nil, exitLeft, []string{"write the log", "left before"}},
		"left, and the output is not":      {plain.ErrLeft, nil, full, exitFailed, []string{"left before", "write all of the output"}},
		"the command failed by its output": {fmt.Errorf("encode: %w", full), nil, full, exitFailed, []string{"write all of the output"}},
	} {
		t.Run(name, func(t *testing.T) {
			usual, usualErr, usualSaid := written, stderr, saidError
			defer func() { written, stderr, saidError = usual, usualErr, usualSaid }()
			var told strings.Builder
			written, stderr, saidError = &recorded{err: c.output}, &told, false
			if c.said != nil {
				printError(c.said)
			}
			end := &ending{}
			_ = end.with(c.command)
			if got := end.exit(); got != c.want {
				t.Errorf("exit code %d, want %d", got, c.want)
			}
			rest := told.String()
			for _, words := range c.says {
				before, after, found := strings.Cut(rest, words)
				if rest = after; !found {
					t.Errorf("%q is not said after %q in:\n%s", words, before, &told)
				}
			}
			if n := strings.Count(told.String(), "detail:"); len(c.says) == 0 && told.Len() > 0 || n > 1 {
				t.Errorf("says %d details:\n%s", n, &told)
			}
		})
	}
}

// A rehearsal's tenant is gone with the program: nothing sends back to it.
func TestOpenEndOfARehearsal(t *testing.T) {
	for ends, want := range map[bool]string{true: "the rehearsal's tenant ends with this program", false: "start again, or run restore"} {
		e := &openError{open: steps.Exposure{Account: "a@contoso.com", Demanded: true}, ends: ends, err: plain.ErrLeft}
		if p := e.explain(steps.Problem{}); !strings.Contains(strings.ToLower(p.Next), want) || strings.Contains(p.Next, "run restore") == ends {
			t.Errorf("%t: it goes on with %q", ends, p.Next)
		}
	}
}
