package plain

import (
	"bytes"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// What comes by itself while a choice is waited for is said with the question again; while anything else is typed, it waits for the
// question after that.
func TestNoticeStandsBetweenQuestions(t *testing.T) {
	for want, said := range map[echo]string{
		choice: "First:\nIt was taken away.\nFirst:\nSecond:\n",
		open:   "First:\nIt was taken away.\nSecond:\n",
		hidden: "First:\nIt was taken away.\nSecond:\n",
	} {
		synctest.Test(t, func(t *testing.T) {
			run, err := steps.NewRun(steps.Options{})
			if err != nil {
				t.Fatal(err)
			}
			in, typed := io.Pipe()
			var out bytes.Buffer
			s := &session{Options: Options{Run: run, Out: &out, Notices: NewNotices()}}
			if s.in, err = newInput(in, &out); err != nil {
				t.Fatal(err)
			}
			go func() {
				for range 2 {
					time.Sleep(time.Minute)
					_, _ = typed.Write([]byte("a\n"))
				}
			}()
			time.AfterFunc(time.Second, func() { s.Notices.Add([]string{"It was taken away."}) })
			if text, err := s.line(t.Context(), "First:", want); text != "a" || err != nil {
				t.Errorf("%q, %v", text, err)
			}
			if text, err := s.line(t.Context(), "Second:", choice); text != "a" || err != nil {
				t.Errorf("%q, %v", text, err)
			}
			s.in.end()
			if out.String() != said {
				t.Errorf("it says\n%s", out.String())
			}
		})
	}
}
