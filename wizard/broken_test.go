package wizard

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// faultyRun panics when a frame asks it who is signed in.
type faultyRun struct {
	*fakeRun
	broken bool
}

func (r *faultyRun) Identity() (string, string) {
	if r.broken {
		panic("hunter2 in a view")
	}
	return r.fakeRun.Identity()
}

// A panic while a frame is drawn, or a message taken, ends the program with the terminal restored and MFA back, and tells
// nobody what was panicked with.
func TestPanicInTheProgram(t *testing.T) {
	t.Parallel()
	for _, where := range []string{"view", "update"} {
		t.Run(where, func(t *testing.T) {
			run := &faultyRun{fakeRun: contoso()}
			run.expose("service@contoso.com", 30*time.Minute)
			in, keys := io.Pipe()
			defer keys.Close()
			var out, log bytes.Buffer
			o := Options{Input: in, Output: &out, Log: slog.New(slog.NewTextHandler(&log, nil))}
			for _, s := range tenSteps(0, suspend) {
				if where == "update" {
					s.inspect = func(context.Context, func(steps.Event)) (steps.Finding, error) {
						return steps.Finding{}, errors.New("forbidden")
					}
				}
				o.Steps = append(o.Steps, s)
			}
			m := newModel(o, run)
			m.explain = func(error) steps.Problem { panic("hunter2 in an update") }
			run.broken = where == "view"
			result, err := m.show(context.Background())
			if result != Failed || !errors.Is(err, ErrBroken) {
				t.Errorf("it ends as %d with %v", result, err)
			}
			if _, open := run.Exposure(); open {
				t.Error("the exposure window is left open")
			}
			for name, text := range map[string]string{"terminal": out.String(), "error": err.Error(), "log": log.String()} {
				if strings.Contains(text, "hunter2") {
					t.Errorf("the %s shows what was panicked with: %q", name, text)
				}
			}
			if !strings.Contains(log.String(), "stack") {
				t.Error("the log has no stack")
			}
			if end := out.String(); strings.Count(end, "\x1b[?1049h") != strings.Count(end, "\x1b[?1049l") {
				t.Error("the alternate screen is left on")
			}
		})
	}
}
