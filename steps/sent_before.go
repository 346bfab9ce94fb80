package steps

import (
	"context"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/pause"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Rules of this file: Microsoft's servers do not all show a change at once. What a read has shown and another one does not is read
// again before anybody is asked to send it again; and what is announced a second time says what became of the first.

const (
	rereadFor   = 30 * time.Second // an older state is not believed so long
	rereadAfter = 2 * time.Second
	shownLately = 2 * time.Minute
)

// Inspect reads the step. Where it finds undone what this run has done, it reads for longer, and says so.
func (h instrumented) Inspect(ctx context.Context, r *Run, report func(Event)) (Finding, error) {
	defer r.listen(report)()
	r.update(func(m *memory) { m.handed.at = h.Info().ID })
	inspect := func() (Finding, error) {
		f, err := panics.Call(func() (Finding, error) { return h.Step.Inspect(ctx, r, report) })
		return f, r.logged(err)
	}
	f, err := inspect()
	for began := time.Now(); err == nil && time.Since(began) < rereadFor && r.snapshot().shownLately(f); {
		report(Event{Wait: &Wait{Text: phrase.T("An older state was read; reading again to be sure"), Until: time.Now().Add(rereadAfter)}})
		if err := pause.For(ctx, rereadAfter); err != nil {
			return Finding{}, err
		}
		f, err = inspect()
	}
	if err != nil {
		return f, err
	}
	if f.Task != nil {
		noteAsked(r, h.Info().ID, f.Task.Part)
	}
	if f.Status == Blocked {
		checkedNow(f.Actions)
	}
	return r.snapshot().sayingSent(f), nil
}

// checkedNow says of the actions that read the tenant again that it was just read.
func checkedNow(actions []Action) {
	for i, a := range actions {
		if a.ID == ActRetry {
			actions[i].Last = time.Now()
		}
	}
}

// shownLately reports an announced change that a read has shown a moment ago.
func (m *memory) shownLately(f Finding) bool {
	return f.Status == Ready && slices.ContainsFunc(f.Changes, func(c Change) bool {
		before, sent := m.sent(c)
		return sent && before.shown && time.Since(before.At) < shownLately
	})
}

// sent is what this run did last about the object of a change, where that was this change.
func (m *memory) sent(c Change) (last made, same bool) {
	all := m.changes("")
	for _, before := range slices.Backward(all) {
		if before.Change.Object == c.Object {
			return before, sameChange(before.Change, c)
		}
	}
	return made{}, false
}

// refusedBefore is the last try of a change, where Microsoft refused it.
func (m *memory) refusedBefore(c Change) (change.Entry, bool) {
	for _, e := range slices.Backward(m.record) {
		if e.Change.Object == c.Object {
			return e, e.Outcome == graph.Refused && !e.Unsent && sameChange(e.Change, c)
		}
	}
	return change.Entry{}, false
}

// sayingSent is the finding with what became of each of its changes that was sent before.
func (m *memory) sayingSent(f Finding) Finding {
	if f.Status != Ready {
		return f
	}
	var said []Sentence
	for _, c := range f.Changes {
		object := phrase.Name(c.Spoken().Object)
		if e, refused := m.refusedBefore(c); refused {
			said = append(said, finding.Sent.Of(c.Object, "refused").In("Sent at %s, and refused by Microsoft: %s. Nothing was changed by it.", phrase.Clock(e.At), object))
			continue
		}
		before, sent := m.sent(c)
		if !sent {
			continue
		}
		shown := phrase.T("No read has shown it")
		if before.shown {
			shown = phrase.T("It was shown then")
		}
		said = append(said, finding.Sent.Of(c.Object, phrase.Count(before.tries, "try", "tries")).In("Sent %s, last at %s, and read back %s: %s. %s; read now, it is %s.",
			often(before.tries), phrase.Clock(before.At), often(before.reads), object, shown, phrase.Name(c.Spoken().From)))
	}
	if len(said) == 0 {
		return f
	}
	if len(said) == len(f.Changes) && len(f.Actions) > 0 && f.Actions[0].ID == ActApply {
		f.Actions = slices.Clone(f.Actions)
		f.Actions[0].Label = phrase.T("Send it again")
	}
	f.Text = append(append(said, finding.Advice("Microsoft's servers do not all show a change at once. Look again in a moment, or send it again: what is there is read first, and nothing is done twice.")), f.Text...)
	if !slices.ContainsFunc(f.Actions, func(a Action) bool { return a.ID == ActRetry }) && len(f.Actions) > 0 {
		f.Actions = slices.Insert(slices.Clone(f.Actions), 1, Action{ID: ActRetry, Label: phrase.T("Look again")})
	}
	return f
}

func often(n int) string {
	if n == 1 {
		return phrase.T("once")
	}
	return phrase.Count(n, "time", "times")
}
