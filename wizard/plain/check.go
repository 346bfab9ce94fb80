package plain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/pause"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// ErrBlocked says that the onboarding can't begin in this tenant as it is.
var ErrBlocked = errors.New("the onboarding can't begin in this tenant as it is")

// Check signs in, reads the tenant and returns what it found, without asking anything: it never reads from In. What is
// said while it works goes to progress.
func Check(ctx context.Context, o Options, signIn steps.Step, progress io.Writer) (steps.CheckReport, error) {
	if err := SignIn(ctx, o, signIn, progress); err != nil {
		return steps.CheckReport{}, err
	}
	o.Out = progress
	s := &session{Options: o}
	return steps.CheckTenant(ctx, s.Run, s.event)
}

// SignIn signs in and asks nothing: it never reads from In. What is said while it works goes to progress.
func SignIn(ctx context.Context, o Options, signIn steps.Step, progress io.Writer) error {
	o.Out = progress
	s := &session{Options: o}
	if !s.Quiet {
		sayRehearsal(s)
	}
	f, err := signIn.Inspect(ctx, s.Run, s.event)
	if err != nil || f.Status == steps.Done {
		return err
	}
	SaySetBeforehand(o)
	if err := s.signIn(ctx, signIn); err != nil {
		return err
	}
	return s.Run.Refused()
}

// SaySetBeforehand says where, and as what, somebody signs in that nobody typed, or that is not the usual.
func SaySetBeforehand(o Options) { sections(&session{Options: o}, steps.SetBeforehand(o.Run)) }

// signIn takes the first way to sign in, and says what a person has to do for it. In a rehearsal it plays that part; when
// that fails, nobody is left who could do it, and the wait ends.
func (s *session) signIn(outer context.Context, step steps.Step) error {
	ctx, cancel := context.WithCancelCause(outer)
	var played sync.WaitGroup
	defer played.Wait()
	defer cancel(nil)
	err := step.Apply(ctx, s.Run, func(e steps.Event) {
		if e.Text == "" || !steps.Rehearses(s.Run) { // nobody is waited for in a rehearsal
			s.event(e)
		}
		if e.Task == nil {
			return
		}
		task := *e.Task
		switch {
		case s.playable(&task) == nil:
			s.sayTask(task)
		case !s.Quiet:
			s.sayf(phrase.T("Playing the part: %s ..."), task.Part)
		}
		if s.playable(&task) != nil {
			play := walker.NewPart(s.Run.Person(), &task, nil)
			played.Go(func() {
				defer func() {
					if v := recover(); v != nil {
						cancel(panics.Caught(v))
					}
				}()
				if err := play(ctx).Err; err != nil {
					_ = pause.For(ctx, answerWithin)
					cancel(&steps.Error{Op: "play the part %s", Of: []any{task.Part}, Err: err})
				}
			})
		}
	})
	if failed := context.Cause(ctx); err != nil && failed != nil && outer.Err() == nil {
		return failed
	}
	return err
}

// answerWithin is how long a sign-in is waited for whose page did not go well: Microsoft's own answer, which a device code
// is asked for every few seconds, says more than the page did.
const answerWithin = 15 * time.Second

// mostPerhaps is how many changes of a step that may not be needed are written out.
const mostPerhaps = 4

// WriteVerdict writes a report as one line.
func WriteVerdict(o Options, r steps.CheckReport) {
	s := &session{Options: o}
	var blocks, decide, look []string
	for _, row := range r.Rows {
		switch row.Mark {
		case steps.MarkBlocks.String():
			blocks = append(blocks, row.Label)
		case steps.MarkDecide.String():
			decide = append(decide, row.Label)
		case steps.MarkLook.String():
			look = append(look, row.Label)
		}
	}
	text := r.Tenant.DefaultDomain + ": " + r.Verdict
	switch {
	case r.Verdict == steps.VerdictDecide:
		text += " " + phrase.T("first: %s", phrase.JoinAnd(blocks))
	case len(blocks) > 0:
		text += " " + phrase.T("by %s", phrase.JoinAnd(blocks))
	}
	if len(decide) > 0 {
		text += phrase.T("; to decide: %s", phrase.JoinAnd(decide))
	}
	if len(look) > 0 {
		text += phrase.T("; to look at: %s", phrase.JoinAnd(look))
	}
	s.say(text)
}

// WriteCheck writes a report as lines: each row, then the plan, then the verdict.
func WriteCheck(o Options, r steps.CheckReport) {
	s := &session{Options: o}
	sayRehearsal(s)
	s.sayf(phrase.T("Nothing was written. Checked, as %[3]s, the tenant of %[2]s: %[1]s"), r.Tenant.DisplayName, r.Tenant.DefaultDomain, r.Operator)
	for _, row := range r.Rows {
		text := row.Label + ": " + row.Value
		if row.Note != "" {
			text += ". " + row.Note
		}
		hang(o, fmt.Sprintf("%-6s ", row.MarkWord()), text)
	}
	before := len(steps.All()) - len(r.Plan.Steps) // the sign-in and the check are numbered as well
	if len(r.Plan.Steps) > 0 {
		s.say(phrase.T("Plan for %s, from step %d on: signing in and the check change nothing, but for permissions that you accept when signing in. %s", r.Plan.Account, before+1, r.Plan.WithoutMFA()))
	}
	for i, step := range r.Plan.Steps {
		who := steps.Actor(step.Actor).Word()
		switch {
		case step.LeftOut:
			who = phrase.T("left out")
		case !step.Needed:
			who = phrase.T("not needed")
		}
		lead := strconv.Itoa(before+i+1) + ". "
		hang(o, lead, step.Title+" ("+who+"): "+step.What)
		perhaps := 0
		for _, c := range step.Changes {
			if c.Certainty == "may" {
				if perhaps++; perhaps > mostPerhaps {
					continue
				}
			}
			text := changeLine(steps.Change{Object: c.Object, From: c.From, To: c.To})
			if c.Certainty == "may" {
				text += " " + phrase.T("(perhaps)")
			}
			hang(o, "   "+c.Op+" ", text)
		}
		if perhaps > mostPerhaps {
			s.sayf("   "+phrase.T("and perhaps %d more; --json lists them"), perhaps-mostPerhaps)
		}
	}
	if len(r.Seen) > 0 {
		s.say(phrase.T("What no document says, as this tenant answered it:"))
	}
	for _, seen := range r.Seen {
		hang(o, "       ", seen.Label+": "+seen.Saw)
	}
	s.say(r.Said())
}
