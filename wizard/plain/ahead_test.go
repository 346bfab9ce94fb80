package plain

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// typing is a step while whose work somebody types.
type typing struct {
	doubtful
	to   io.Writer
	text string
}

func (d typing) Inspect(context.Context, *steps.Run, func(steps.Event)) (steps.Finding, error) {
	_, err := io.WriteString(d.to, d.text)
	return steps.Finding{Status: steps.Done, Actions: []steps.Action{{ID: steps.ActNext, Label: "Continue"}}}, err
}

// What is typed while a step works was meant for no question that anybody could read: it leaves nowhere and chooses nothing. Only Ctrl+C
// means the same at any time.
func TestWhatIsTypedAheadAnswersNothing(t *testing.T) {
	for text, want := range map[string]string{"q\r": "2", "1\r1\r": "2", "q": "2", "": "2", "q\x03": ""} {
		synctest.Test(t, func(t *testing.T) {
			from, to := io.Pipe()
			defer to.Close()
			run, err := steps.NewRun(steps.Options{})
			if err != nil {
				t.Fatal(err)
			}
			in := &input{wanted: make(chan struct{}, 1), lines: make(chan line), restore: func() {}, keys: newKeyboard(from, io.Discard)}
			go in.pump()
			defer in.end()
			s := &session{Options: Options{Run: run, Out: &bytes.Buffer{}}, in: in, walk: walker.New(run, []steps.Step{typing{to: to, text: text}})}
			if _, err := s.work(t.Context(), s.walk.Visit(0).Work); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if want != "" { // nobody reads on after Ctrl+C
				time.AfterFunc(time.Second, func() { _, _ = io.WriteString(to, "2\r") })
			}
			got, _, err := s.in.ask(t.Context(), choice, 0, nil)
			if interrupted := errors.Is(err, context.Canceled); got != want || interrupted != (want == "") {
				t.Errorf("typed %q, then 2: the answer is %q, %v", text, got, err)
			}
		})
	}
}
