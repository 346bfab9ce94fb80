package plain

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// choosy is a step with two fields, the second of which takes one name only.
type choosy struct {
	doubtful
	asked []string
}

func (c *choosy) Inspect(context.Context, *steps.Run, func(steps.Event)) (steps.Finding, error) {
	return steps.Finding{
		Status:  steps.Ready,
		Fields:  []steps.Field{{ID: "first", Label: "First", Value: "a", Help: "Letters."}, {ID: "second", Label: "Second", Value: "b", Help: "Minutes."}},
		Actions: []steps.Action{{ID: steps.ActLeave, Label: "Leave"}},
	}, nil
}

func (c *choosy) Answer(_ *steps.Run, id string, value graph.Secret) error {
	c.asked = append(c.asked, id+"="+value.Reveal())
	if value.Reveal() == "bad" {
		return &steps.Error{Op: "take it"}
	}
	return nil
}

// An answer that can't be used repeats its own question alone, and what helps to answer, with the answer that there is, before the question.
func TestBadAnswerRepeatsOneQuestion(t *testing.T) {
	run, err := steps.NewRun(steps.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	step := &choosy{}
	err = Run(t.Context(), Options{Run: run, Steps: []steps.Step{step}, In: strings.NewReader("x\nbad\nbad\ny\n"), Out: &out})
	if !errors.Is(err, ErrInputClosed) {
		t.Fatal(err)
	}
	if got := strings.Join(step.asked, " "); got != "first=x second=bad second=bad second=y" {
		t.Errorf("asked %s", got)
	}
	for line, times := range map[string]int{"First, now a: Letters.\nAnother one, or an empty line to keep it:\n": 1, "Second, now b: Minutes.\nAnother one, or an empty line to keep it:\n": 3} {
		if n := strings.Count(out.String(), line); n != times {
			t.Errorf("%q stands %d times, want %d, in\n%s", line, n, times, out.String())
		}
	}
}

// patient is a step that waits for a person who has to open a page with a long address.
type patient struct{ doubtful }

var longAddress = "https://login.example.com/authorize?state=" + strings.Repeat("%22", 300)

func (patient) Inspect(context.Context, *steps.Run, func(steps.Event)) (steps.Finding, error) {
	return steps.Finding{
		Status: steps.Waiting, Actions: []steps.Action{{ID: steps.ActRetry, Label: "It is done"}},
		Task: &steps.Task{URL: longAddress, Items: []steps.Item{{Text: "Open the page"}}, Watched: "The tenant is read every few seconds."},
	}, nil
}

// A long address is named by its page, and whole where somebody asks for it. An empty line looks again, and says so.
func TestWaitingIsHeard(t *testing.T) {
	run, err := steps.NewRun(steps.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for typed, want := range map[string]struct{ there, missing string }{
		"":    {"Page: on login.example.com; d says its whole address\n", longAddress},
		"d\n": {"Page: " + longAddress + "\n", "Looked again"},
		"\n":  {"nothing new. The tenant is read every few seconds.\n", "none of the choices"},
	} {
		var out bytes.Buffer
		err := Run(t.Context(), Options{Run: run, Steps: []steps.Step{patient{}}, In: strings.NewReader(typed), Out: &out})
		if text := out.String(); !errors.Is(err, ErrInputClosed) || !strings.Contains(text, want.there) || strings.Contains(text, want.missing) {
			t.Errorf("%q: %v, it says\n%s", typed, err, text)
		}
	}
}

// On a terminal no word is broken, and what follows the first line stays indented; elsewhere a line is one.
func TestLinesEndBetweenWords(t *testing.T) {
	text := "   + excluded users of CA01 - Require MFA for administrators: from 1 to 0"
	for columns, want := range map[int]string{
		0:  text + "\n",
		40: "   + excluded users of CA01 - Require\n   MFA for administrators: from 1 to 0\n",
	} {
		var out bytes.Buffer
		s := &session{Options: Options{Out: &out, Columns: func() int { return columns }}}
		s.say(text)
		if out.String() != want {
			t.Errorf("%d columns: %q, want %q", columns, out.String(), want)
		}
	}
}
