package walker

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Autopilot goes through the steps by itself. It decides what a step has a rehearsed answer to, does each one's primary
// action and plays each part, again where it failed; where a part is not noticed by looking again in good time it goes on
// all the same, and where neither leads anywhere it gives up. The zero value is ready.
type Autopilot struct {
	viewing int
	visits  int       // of steps, this one included
	decided []string  // fields of the step
	part    string    // played last and without an error, with its code and address
	since   time.Time // when it was played
	tries   int       // presses and failed parts without getting to another step
}

const (
	noticeWithin = 30 * time.Second
	mostTries    = 8
	mostVisits   = 50 // the steps have led in a circle by then
)

// Move is what the autopilot does.
type Move int

// The moves.
const (
	Press  Move = iota // the primary action
	Play               // the person's part
	GiveUp             // Stuck says why
)

// At tells it which step is shown, and reports whether that is another one: what it remembers is of one step.
func (a *Autopilot) At(w *Walk) (another bool) {
	if another = a.viewing != w.viewing; another {
		*a = Autopilot{viewing: w.viewing, visits: a.visits + 1}
	}
	return another
}

// Idle reports whether somebody is waited for, who would play the task; nil is none that can be played.
func (a *Autopilot) Idle(w *Walk, task *steps.Task, now time.Time) bool {
	switch w.State {
	case Applying:
		return task != nil && !a.Played(task)
	case Found:
		return !a.Watching(w, task, now)
	case Failed:
		return true
	}
	return false
}

// Move is the next move. It counts as a try.
func (a *Autopilot) Move(task *steps.Task, now time.Time) Move {
	a.tries++
	switch {
	case a.tries > mostTries, a.visits > mostVisits:
		return GiveUp
	case task != nil && !a.Played(task):
		a.Took(task, now)
		return Play
	}
	return Press
}

// Decide answers a field that the step has a rehearsed answer to, each once. It reports whether there was one.
func (a *Autopilot) Decide(w *Walk) (Next, bool) {
	if w.State != Found || w.LookingBack() {
		return Next{}, false
	}
	for _, f := range w.Here().Found.Fields {
		if f.Rehearsed == "" || f.Rehearsed == f.Value || slices.Contains(a.decided, f.ID) {
			continue
		}
		a.decided = append(a.decided, f.ID)
		return w.Answer(steps.Action{}, Answer{f.ID, graph.NewText(f.Rehearsed)}), true
	}
	return Next{}, false
}

// Forget forgets the part that was played: it failed, or may be asked for again.
func (a *Autopilot) Forget() { a.part = "" }

// Took says that a part is being played, by the autopilot or by a person.
func (a *Autopilot) Took(task *steps.Task, now time.Time) { a.part, a.since = sameness(task), now }

// Played reports whether the part was played last, and did not fail.
func (a *Autopilot) Played(task *steps.Task) bool { return a.part == sameness(task) }

// sameness tells a task from others. A sign-in that is asked for again has an address of its own.
func sameness(task *steps.Task) string {
	return fmt.Sprint(task.Part, " ", task.Code, " ", task.URL, " ", task.Again)
}

// Watching reports whether a played part may still be noticed by itself.
func (a *Autopilot) Watching(w *Walk, task *steps.Task, now time.Time) bool {
	found := w.Here().Found
	return found != nil && found.Status == steps.Waiting && found.Poll > 0 && task != nil && a.Played(task) && now.Sub(a.since) < noticeWithin
}

// Stuck is why the autopilot gave up where the walk stands: what is waited for, and what can be chosen.
func (w *Walk) Stuck() error {
	e := &steps.Error{Op: "go on by itself at %s", Of: []any{w.Here().Info.Title}, Hint: phrase.T("Run the rehearsal again without --autopilot.")}
	found := w.Here().Found
	switch {
	case w.State == Failed:
		e.Err = w.Err
	case found != nil:
		e.Hint = phrase.T("It waits for a decision: %s %s", undecided(found), e.Hint)
	}
	return e
}

// undecided is what a finding asks of a person.
func undecided(f *steps.Finding) string {
	var said, choices []string
	for _, paragraph := range f.Text {
		said = append(said, paragraph.String())
	}
	if len(said) == 0 && f.Task != nil {
		said = []string{f.Task.Where + "."}
	}
	for _, field := range f.Fields {
		choices = append(choices, "\""+field.Label+"\"")
	}
	for _, a := range f.Actions {
		if !Known(a) || f.Status == steps.Ready {
			choices = append(choices, "\""+a.Label+"\"")
		}
	}
	if len(choices) > 0 {
		said = append(said, phrase.T("To be answered or chosen: %s.", strings.Join(choices, ", ")))
	}
	return strings.Join(said, " ")
}
