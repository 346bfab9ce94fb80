package plain

import (
	"context"
	"strconv"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/clipboard"
)

// open opens the page of a task, and says how. It reports false where somebody has to open it by themselves.
func (s *session) open(ctx context.Context, t *steps.Task) bool {
	said, err := s.Run.Open(ctx, t.URL, t.Private)
	if err != nil {
		said = phrase.T("No browser can be opened here. Open this page yourself: %s", t.URL)
		if t.Private {
			said = phrase.T("No browser can be opened here. Open this page yourself, in a private window: %s", t.URL)
		}
	}
	s.say(said)
	return err == nil
}

func copyable(t *steps.Task) int {
	n := 0
	for _, item := range t.Items {
		if !item.Copy.IsZero() {
			n++
		}
	}
	return n
}

// copying hands values over by the clipboard.
type copying struct{ s *session }

// menu asks which value to copy, and copies it. An empty line is the one after the last that was copied.
func (c copying) menu(ctx context.Context, t *steps.Task) error {
	s := c.s
	next := c.next(t)
	for i, item := range t.Items {
		if !item.Copy.IsZero() {
			s.say(phrase.T("Line %d: %s", i+1, item.Text))
		}
	}
	text, err := s.line(ctx, phrase.T("Number of the line to copy [%d]:", next), choice)
	if err != nil {
		return err
	}
	if text == "" {
		text = strconv.Itoa(next)
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > len(t.Items) || t.Items[n-1].Copy.IsZero() {
		s.say(phrase.T("That line has nothing to copy."))
		return nil
	}
	s.last.copied = n
	s.say(phrase.T("Line %d: %s", n, t.Items[n-1].Text)) // what follows does not say which value it was
	c.copy(ctx, t.Items[n-1])
	return nil
}

// next is the number of the item that is to be copied next. There is one to copy.
func (c copying) next(t *steps.Task) int {
	for i := range t.Items {
		if n := (c.s.last.copied + i) % len(t.Items); !t.Items[n].Copy.IsZero() {
			return n + 1
		}
	}
	return 0
}

// copy hands a value to the clipboard and says what is known of that.
func (c copying) copy(ctx context.Context, item steps.Item) {
	s := c.s
	err := clipboard.ErrNone
	if s.Copy != nil {
		var report clipboard.Report
		report, err = s.Copy(ctx, item.Copy)
		for _, sentence := range report.Sentences() {
			s.say(sentence)
		}
	}
	switch {
	case err == nil:
	case item.Shown != "":
		s.say(phrase.T("No clipboard can be reached from here. The value is no secret: it stands in the line itself."))
	default:
		s.say(phrase.T("No clipboard can be reached from here. The secret is not printed instead: a line can't be taken back, and a screen reader would speak it. The wizard, without --accessible, can show it once."))
	}
}
