package wizard

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// playedMsg is what a person's part brought back.
type playedMsg struct {
	brought graph.Secret
	err     error
}

// playable reports whether the person's part can be played here.
func (m *Model) playable() bool {
	task := m.task()
	return task != nil && task.Part != "" && m.run.Person() != nil && !m.jobs.part.running()
}

// playPart plays what the person would do, in a rehearsal.
func (m *Model) playPart() tea.Cmd {
	person, task := m.run.Person(), m.task()
	with := map[string]graph.Secret{}
	for _, item := range task.Items {
		if !item.Copy.IsZero() {
			with[item.ID] = item.Copy
		}
	}
	part, url, code := task.Part, task.URL, task.Code
	keep := graph.NewText // most parts only bring back what a page said
	if m.current().form.awaitsSecret() {
		keep = graph.NewSecret
	}
	m.note = ""
	return m.start(&m.jobs.part, func(ctx context.Context, _ func(steps.Event)) tea.Msg {
		carried := map[string]string{"url": url, "code": code}
		for id, secret := range with {
			carried[id] = secret.Reveal()
		}
		brought, err := person.Play(ctx, part, carried)
		return playedMsg{keep(brought), err}
	})
}

// played gives what the part brought back to the field that waits for it, or does the action that it names.
func (m *Model) played(msg playedMsg) tea.Cmd {
	if msg.err != nil {
		m.note = "The part could not be played: " + m.sentence(msg.err)
		m.pilot.part = ""
		return nil
	}
	m.note = "The part was played."
	brought := msg.brought.Reveal()
	if i := m.outcome(brought); i >= 0 {
		m.pilot.part = "" // the same part may be asked for again
		return m.choose(m.current().found.Actions[i])
	}
	field := m.current().form.carrier(brought)
	if msg.brought.IsZero() || m.state != finding || field == "" {
		if m.state == finding && !m.jobs.step.running() {
			return m.inspect()
		}
		return nil
	}
	return m.answer(steps.Action{}, []answer{{field, msg.brought}})
}

// outcome is the place of the action that a person would choose after their part; negative where they brought something
// else.
func (m *Model) outcome(brought string) int {
	found := m.current().found
	if m.state != finding || found == nil {
		return -1
	}
	return slices.IndexFunc(found.Actions, func(a steps.Action) bool { return a.ID == brought && !known(a) })
}
