package plain

import (
	"bytes"
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// doubtful is a step that waits for what only the operator can decide.
type doubtful struct{ t *testing.T }

func (doubtful) Info() steps.Info {
	return steps.Info{ID: steps.RunSetup, Title: "Run Delegate365 setup"}
}

func (doubtful) Inspect(context.Context, *steps.Run, func(steps.Event)) (steps.Finding, error) {
	return steps.Finding{
		Status:  steps.Waiting,
		Fields:  []steps.Field{{ID: "which-password", Kind: steps.ChoiceField, Options: []steps.Option{{}, {ID: "0", Label: "the one in line 7"}}}},
		Actions: []steps.Action{{ID: steps.ActRetry, Label: "Continue"}, {ID: "show-ends", Label: "Show the ends"}},
	}, nil
}

func (doubtful) Plan(steps.Situation) steps.Planned { return steps.Planned{} }

func (d doubtful) Apply(context.Context, *steps.Run, func(steps.Event)) error {
	d.t.Error("it makes changes")
	return nil
}

func (d doubtful) Answer(_ *steps.Run, id string, _ graph.Secret) error {
	d.t.Error("it answers", id)
	return nil
}

// The autopilot never says yes to what the mail left in doubt: it tries again, and then gives up.
func TestAutopilotLeavesDoubts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run, err := steps.NewRun(steps.Options{})
		if err != nil {
			t.Fatal(err)
		}
		s := &session{
			Options: Options{Run: run, Out: &bytes.Buffer{}, Autopilot: true},
			walk:    walker.New(run, []steps.Step{doubtful{t}}),
			in:      &input{},
		}
		next := s.walk.Visit(0)
		for range 100 {
			if next, err = s.carryOut(t.Context(), next); err != nil {
				return
			}
		}
		t.Error("it goes on for good")
	})
}

// arriving is a step whose second reading finds it done, and which is left by itself then.
type arriving struct {
	steps.Step
	read *int
}

func (arriving) Info() steps.Info { return steps.Info{ID: steps.RunSetup} }

func (a arriving) Inspect(context.Context, *steps.Run, func(steps.Event)) (steps.Finding, error) {
	if *a.read++; *a.read == 1 {
		return steps.Finding{Status: steps.Waiting, Poll: time.Second}, nil
	}
	return steps.Finding{Status: steps.Done, Actions: []steps.Action{{ID: steps.ActNext}}}, nil
}

// A look that leads to the next step says so: nothing is known of that one yet.
func TestLookThatLeadsOn(t *testing.T) {
	run, err := steps.NewRun(steps.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &session{Options: Options{Run: run, Out: &bytes.Buffer{}}, in: &input{}, walk: walker.New(run, []steps.Step{arriving{read: new(int)}, doubtful{t}})}
	s.walk.Take(s.walk.Visit(0).Work(t.Context(), func(steps.Event) {}))
	next, another, err := s.look(t.Context())
	if err != nil || !another || next.Work == nil {
		t.Errorf("another %v, %+v, %v", another, next, err)
	}
}
