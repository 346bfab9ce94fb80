package wizard

import (
	"context"
	"log/slog"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/graph/pause"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// Every command of the program is made by do. Work that reports while it runs goes through start, which keeps the
// order of what it says, puts its result last, and marks all of it with a generation, so that what a superseded job
// still says is dropped.

// job is work under way. Its generation is 0 when there is none.
type job struct {
	gen    int
	cancel context.CancelFunc
	since  time.Time
}

func (j *job) running() bool { return j.gen != 0 }

// end forgets the job, and tells it to stop if it is still running.
func (j *job) end() {
	if j.cancel != nil {
		j.cancel()
	}
	*j = job{}
}

// life ends the program's work.
type life struct {
	ctx   context.Context // ends with the program
	stop  context.CancelFunc
	abort context.CancelFunc // ends the program as it is
}

// jobs are the work under way, of each kind one at most.
type jobs struct {
	life life
	log  *slog.Logger

	gens   int // the last generation given out
	step   job // the step's Inspect, Answer or Apply
	part   job // the person's part
	closer job // CloseExposure

	polling pending // the next look at the step
}

// generation gives out a new one.
func (j *jobs) generation() int {
	j.gens++
	return j.gens
}

// due is a message of a generation of its own, that is due later.
func (j *jobs) due(after time.Duration) pending { return pending{j.generation(), after} }

func (j *jobs) end() {
	j.step.end()
	j.part.end()
	j.closer.end()
}

// pending is a message that is due later. Its generation is 0 when there is none.
type pending struct {
	gen   int
	after time.Duration
}

// pumpedMsg is one thing a job said.
type pumpedMsg struct {
	gen  int
	msg  tea.Msg
	last bool
	out  <-chan pumpedMsg
}

// reportedMsg is an event of a job.
type reportedMsg struct{ event steps.Event }

// crashedMsg is a panic in a command; its generation is 0 unless the command was a job's.
type crashedMsg struct {
	gen int
	err error
}

// do makes a command of f. A panic in it is logged with its stack and becomes a crashedMsg.
func (j *jobs) do(f func() tea.Msg) tea.Cmd { return j.doFor(0, f) }

//go:noinline // every copy would be carried
func (j *jobs) doFor(gen int, f func() tea.Msg) tea.Cmd {
	return func() (msg tea.Msg) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			j.logPanic(v)
			msg = crashedMsg{gen, panics.Caught(v)}
		}()
		return f()
	}
}

// after makes a command that says msg when d has passed, or nothing when the program ends first.
func (j *jobs) after(d time.Duration, msg tea.Msg) tea.Cmd {
	ctx := j.life.ctx
	return j.do(func() tea.Msg {
		if pause.For(ctx, d) != nil {
			return nil
		}
		return msg
	})
}

// start runs work in slot, in place of what ran there, from a time on.
func (j *jobs) start(at time.Time, slot *job, work func(ctx context.Context, report func(steps.Event)) tea.Msg) tea.Cmd {
	slot.end()
	gen, life := j.generation(), j.life.ctx
	ctx, cancel := context.WithCancel(life)
	*slot = job{gen, cancel, at}

	out := make(chan pumpedMsg)
	say := func(msg tea.Msg, last bool) {
		select {
		case out <- pumpedMsg{gen, msg, last, out}:
		case <-life.Done():
		}
	}
	return tea.Batch(
		j.doFor(gen, func() tea.Msg {
			say(work(ctx, func(e steps.Event) { say(reportedMsg{snapshot(e)}, false) }), true)
			return nil
		}),
		j.pump(out),
	)
}

// pump waits for the next thing a job says.
func (j *jobs) pump(out <-chan pumpedMsg) tea.Cmd {
	life := j.life.ctx
	return j.do(func() tea.Msg {
		select {
		case msg := <-out:
			return msg
		case <-life.Done():
			return nil
		}
	})
}

func (m *Model) pumped(msg pumpedMsg) tea.Cmd {
	var next tea.Cmd
	if !msg.last {
		next = m.jobs.pump(msg.out)
	}
	for _, slot := range []*job{&m.jobs.step, &m.jobs.part, &m.jobs.closer} {
		if slot.gen != msg.gen {
			continue
		}
		if msg.last {
			slot.end()
		}
		return tea.Batch(m.jobSaid(msg.msg), next)
	}
	return next
}

// jobSaid takes what a live job said.
func (m *Model) jobSaid(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case reportedMsg:
		m.flow.reported(m, msg.event)
	case outcomeMsg:
		return m.flow.ran(m, msg)
	case playedMsg:
		return m.rehearsal.played(m, msg)
	case closedMsg:
		return m.over.closing().closed(m, msg)
	}
	return nil
}

// crashed shows a panic of a command as a failure of what it was doing.
func (m *Model) crashed(msg crashedMsg) tea.Cmd {
	m.exit.lastPanic = msg.err
	switch msg.gen {
	case 0:
		m.note = phrase.T("Something went wrong inside this program. The log says what.")
	case m.jobs.step.gen:
		m.jobs.step.end()
		m.flow.fail(m, msg.err)
	case m.jobs.part.gen:
		m.jobs.part.end()
		return m.rehearsal.played(m, playedMsg{walker.Played{Err: msg.err}})
	case m.jobs.closer.gen:
		m.jobs.closer.end()
		return m.over.closing().closed(m, closedMsg{msg.err})
	}
	return nil
}

// snapshot copies what an event points to, which its step may still change.
func snapshot(e steps.Event) steps.Event {
	if e.Fact != nil {
		fact := *e.Fact
		e.Fact = &fact
	}
	if e.Applied != nil {
		change := *e.Applied
		e.Applied = &change
	}
	if e.Task != nil {
		task := *e.Task
		e.Task = &task
	}
	if e.Wait != nil {
		wait := *e.Wait
		e.Wait = &wait
	}
	return e
}
