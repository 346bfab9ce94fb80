package cli

import (
	"context"
	"errors"
	"os"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/plain"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/printable"
)

// plainly runs the plain lines, and closes the exposure window whatever ended them.
func (s *session) plainly(parent context.Context, title string, list []steps.Step) error {
	ctx, stop := endsOnSignal(parent)
	defer stop()
	s.hurries(func() bool {
		_, told := errors.AsType[outsideError](context.Cause(ctx))
		return told
	})
	notices := plain.NewNotices()
	defer func() {
		for _, sentence := range notices.Take() { // that came after the last line
			say(sentence)
		}
	}()
	clip := plainClipboard(notices, s.log)
	defer takeBack(clip, s.log)
	err := plain.Run(ctx, plain.Options{
		Run: s.run, Title: title, Steps: list, In: os.Stdin, Out: written, Columns: columns(os.Stdout), Copy: copyTo(clip), Notices: notices, Autopilot: s.autopilot, Pace: s.pace,
		SignInChosen: s.signInChosen, Decide: s.decide,
	})
	if errors.Is(err, plain.ErrInputClosed) && !s.run.TenantNamed() {
		return usage(&steps.Error{Op: "ask for the customer's tenant: the input has ended", Hint: phrase.T("Name it with --tenant, by a domain or by its id.")})
	}
	open, yes := s.run.Exposure()
	if !yes {
		return err
	}
	if open.Found { // it was open before, and nobody said that it may be closed
		return stillOpen(s.run, open, errors.Join(err, plain.ErrLeft))
	}
	say(phrase.T("Putting MFA back for %s ...", printable.Line(open.Account)))
	closing, cancel := context.WithTimeout(parent, closingBound(ctx))
	defer cancel()
	if failed := s.run.CloseExposure(closing, sayEvent); failed != nil {
		return stillOpen(s.run, open, failed)
	}
	say(phrase.T("MFA is back."))
	s.first.outcome = steps.Parting(context.WithoutCancel(ctx), s.run)
	return err
}

// sayEvent says what a person has to know while MFA is put back after everything else has ended.
func sayEvent(e steps.Event) {
	switch {
	case e.Text != "":
		say(e.Text + " ...")
	case e.Task != nil:
		say(phrase.T("Open this page:") + " " + e.Task.URL + " " + e.Task.Code)
	}
}
