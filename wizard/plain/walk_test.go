package plain

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// naming is a step whose change depends on a field.
type naming struct {
	doubtful
	name    string
	applied string // the name when the change was made
	said    func() string
	before  string // what had been said by then
}

func (n *naming) Inspect(context.Context, *steps.Run, func(steps.Event)) (steps.Finding, error) {
	if n.applied != "" {
		return steps.Finding{Status: steps.Done, Text: finding.Advise("It exists.")}, nil
	}
	return steps.Finding{
		Status:  steps.Ready,
		Fields:  []steps.Field{{ID: "name", Label: "User name", Value: n.name}},
		Changes: []steps.Change{{Op: steps.Add, Object: "account " + n.name, From: "nothing", To: "enabled"}},
		Actions: []steps.Action{{ID: steps.ActApply, Label: "Create it"}},
	}, nil
}

func (n *naming) Answer(_ *steps.Run, _ string, value graph.Secret) error {
	n.name = value.Reveal()
	return nil
}

func (n *naming) Apply(context.Context, *steps.Run, func(steps.Event)) error {
	n.applied, n.before = n.name, n.said()
	return nil
}

// What an answer makes of the changes is said before they are made.
func TestChangedAnnouncementIsSaidFirst(t *testing.T) {
	for typed, want := range map[string]int{"": 0, "other": 1} {
		run, err := steps.NewRun(steps.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		n := &naming{name: "service", said: out.String}
		in := strings.NewReader(typed + "\n\n\n")
		if err := Run(t.Context(), Options{Run: run, Steps: []steps.Step{n}, In: in, Out: &out}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(n.before, "account other"); got != want || strings.Count(n.before, "account service") != 1 {
			t.Errorf("%q: before the change was made it said\n%s", typed, n.before)
		}
	}
}

// waiting is a step that waits for a person, and can't be read for a while.
type waiting struct {
	doubtful
	looks int
}

func (w *waiting) Inspect(context.Context, *steps.Run, func(steps.Event)) (steps.Finding, error) {
	w.looks++
	switch {
	case w.looks > 4:
		return steps.Finding{Status: steps.Done, Text: finding.Advise("They are done.")}, nil
	case w.looks > 1:
		return steps.Finding{}, &steps.Error{Op: "read the tenant", Err: errors.New("no connection")}
	}
	return steps.Finding{Status: steps.Waiting, Text: finding.Advise("Somebody is waited for."), Poll: 5 * time.Second}, nil
}

// overAMinute is what is said of steps that are watched for a minute, until an Enter ends it.
func overAMinute(t *testing.T, list ...steps.Step) (said string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		run, err := steps.NewRun(steps.Options{})
		if err != nil {
			t.Fatal(err)
		}
		in, typed := io.Pipe()
		var out bytes.Buffer
		ended := make(chan error, 1)
		go func() { ended <- Run(t.Context(), Options{Run: run, Steps: list, In: in, Out: &out}) }()
		time.Sleep(time.Minute)
		if _, err := typed.Write([]byte("\n")); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		_ = typed.Close()
		said = out.String()
	})
	return said
}

// While a person is waited for, a look that fails is said once, and is no end of the wait.
func TestUnreadIsTriedAgain(t *testing.T) {
	said := overAMinute(t, &waiting{})
	if n := strings.Count(said, "It is tried again."); n != 1 || !strings.Contains(said, "They are done.") {
		t.Errorf("it says\n%s", said)
	}
}

// A step that is done while it is watched is left by itself: what it came to is said, and the next one begins.
func TestWatchedStepIsLeftByItself(t *testing.T) {
	said := overAMinute(t, &waiting{}, &naming{applied: "service"})
	if done, next := strings.Index(said, "They are done."), strings.Index(said, "Step 2 of 2"); done < 0 || next < done || !strings.Contains(said, "It exists.") {
		t.Errorf("it says\n%s", said)
	}
}

// late is a last step that is done, and to which more comes to light two minutes later.
type late struct {
	doubtful
	looks int
}

func (l *late) Inspect(context.Context, *steps.Run, func(steps.Event)) (steps.Finding, error) {
	l.looks++
	f := steps.Finding{
		Status: steps.Done, Text: finding.Advise("It is over."), Poll: 2 * time.Minute, Actions: []steps.Action{{ID: steps.ActNext, Label: "Finish"}},
		Sections: []steps.Section{{Facts: []steps.Fact{{Label: "Microsoft's log", Value: "3 of 4"}}}},
	}
	if l.looks > 1 {
		f.Poll, f.Sections[0].Facts[0].Value = 0, "4 of 4"
	}
	return f, nil
}

// A last step that is done looks once more when it said, and shows what has come; an answer before that ends it.
func TestLateEntriesAreShown(t *testing.T) {
	for _, wait := range []time.Duration{time.Minute, 3 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			run, err := steps.NewRun(steps.Options{})
			if err != nil {
				t.Fatal(err)
			}
			in, typed := io.Pipe()
			var out bytes.Buffer
			ended := make(chan error, 1)
			go func() { ended <- Run(t.Context(), Options{Run: run, Steps: []steps.Step{&late{}}, In: in, Out: &out}) }()
			time.Sleep(wait)
			if _, err := typed.Write([]byte("q\n")); err != nil { // leaving what is done is finishing it
				t.Fatal(err)
			}
			if err := <-ended; err != nil || !strings.Contains(out.String(), "Finished.") {
				t.Fatalf("%v, after\n%s", err, out.String())
			}
			_ = typed.Close()
			if shown := strings.Contains(out.String(), "4 of 4"); shown != (wait > 2*time.Minute) {
				t.Errorf("after %s it says\n%s", wait, out.String())
			}
		})
	}
}
