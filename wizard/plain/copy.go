package plain

import (
	"context"
	"strconv"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/clipboard"
)

func (s *session) open(ctx context.Context, t *steps.Task) {
	said, err := s.Run.Open(ctx, t.URL, t.Private)
	if err != nil {
		said = "No browser can be opened here. Open this page yourself: " + t.URL
	}
	s.say(said)
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

// copyMenu asks which value to copy, and copies it.
func (s *session) copyMenu(ctx context.Context, t *steps.Task) error {
	text, err := s.line(ctx, "Number of the line to copy:", choice)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > len(t.Items) || t.Items[n-1].Copy.IsZero() {
		s.say("That line has nothing to copy.")
		return nil
	}
	s.copy(ctx, t.Items[n-1])
	return nil
}

// copy hands a value to the clipboard and says what is known of that.
func (s *session) copy(ctx context.Context, item steps.Item) {
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
		s.say("No clipboard can be reached from here. The value is no secret: it stands in the line itself.")
	default:
		s.say("No clipboard can be reached from here. The secret is not printed instead: a line can't be taken back, and a " +
			"screen reader would speak it. The wizard, without --accessible, can show it once.")
	}
}
