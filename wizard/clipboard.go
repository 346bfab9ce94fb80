package wizard

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/clipboard"
)

// Whatever c copies goes the same way, a user name like a password: one rule holds for all of it, that it is taken away
// after its time and at the next copy. The last press counts; a copy that is still under way is cancelled by it.

// copiedMsg says what became of a value that was to be copied.
type copiedMsg struct {
	gen    int
	of     offer
	report clipboard.Report
	err    error
}

// clearedMsg says what became of the value copied last, when its time was over.
type clearedMsg struct{ gone clipboard.Cleared }

// offer is an instruction with a value, on the screen that offers it.
type offer struct {
	on   *screen
	item steps.Item
}

// handing is what was handed to the clipboard last.
type handing struct {
	job
	offer
	unsure    bool          // it went nowhere, or nobody knows where
	shownOnce map[once]bool // on screen, instead
}

// noClipboard is what Options.Copy is when there is none.
func noClipboard(context.Context, graph.Secret) (clipboard.Report, error) {
	return clipboard.Report{}, clipboard.ErrNone
}

// copies are the instructions that c can do; without any, the task's code or else its link is one.
func copies(t *steps.Task) []steps.Item {
	var out []steps.Item
	for _, item := range t.Items {
		if !item.Copy.IsZero() {
			out = append(out, item)
		}
	}
	switch {
	case len(out) > 0:
	case t.Code != "":
		out = append(out, steps.Item{ID: "code", Copy: graph.NewText(t.Code), Shown: t.Code})
	case t.URL != "":
		out = append(out, steps.Item{ID: "url", Copy: graph.NewText(t.URL), Shown: t.URL})
	}
	return out
}

// nextCopy is what c copies now: the first that was not copied yet, or else the first. What is being copied is passed over,
// and so is what no clipboard takes and s doesn't show.
func (m *Model) nextCopy(t *steps.Task) steps.Item {
	items := copies(t)
	last := -1
	if m.handing.on == m.current() && (m.handing.running() || m.handing.unsure && !m.mayShow()) {
		last = slices.IndexFunc(items, func(item steps.Item) bool { return item.ID == m.handing.item.ID })
	}
	for _, item := range slices.Concat(items[last+1:], items[:max(last, 0)]) {
		if !m.current().carriedOut(item) {
			return item
		}
	}
	for _, item := range items {
		delete(m.current().carried, item.ID)
	}
	return items[(last+1)%len(items)]
}

// offered reports whether the value is still one of those on screen, or beneath what lies over it.
func (m *Model) offered(o offer) bool {
	task := m.taskBeneath()
	if task == nil || o.on != m.current() {
		return false
	}
	for _, item := range copies(task) {
		if item.ID == o.item.ID && item.Copy.Reveal() == o.item.Copy.Reveal() {
			return true
		}
	}
	return false
}

// copy hands the next value to the clipboard.
func (m *Model) copy() tea.Cmd {
	of := offer{m.current(), m.nextCopy(m.task())}
	m.handing.end()
	gen, copier := m.jobs.generation(), m.opts.Copy
	ctx, cancel := context.WithCancel(m.life.ctx)
	m.handing.job, m.handing.offer, m.handing.unsure = job{gen, cancel, m.now}, of, false
	return m.do(func() tea.Msg {
		report, err := copier(ctx, of.item.Copy)
		return copiedMsg{gen, of, report, err}
	})
}

func (m *Model) copied(msg copiedMsg) {
	newest := msg.gen == m.handing.gen
	if newest {
		m.handing.end()
		m.handing.unsure = !msg.report.Held()
	}
	if msg.err != nil {
		m.opts.Log.Warn("value not copied", "item", msg.of.item.ID, "error", msg.err)
	}
	if !m.offered(msg.of) {
		return
	}
	if msg.err == nil {
		msg.of.on.carried[msg.of.item.ID] = true
	}
	if newest {
		m.note = m.copyNote(msg)
	}
}

// copyNote says what is known of a copy, and what to do where nothing is.
func (m *Model) copyNote(msg copiedMsg) string {
	sentences := msg.report.Sentences()
	showable := m.mayShow()
	switch {
	case msg.err != nil && showable:
		sentences = append([]string{"No clipboard can be reached from here. s shows the value once, after a question."}, sentences...)
	case msg.err != nil && msg.of.item.Shown == "":
		sentences = append([]string{"No clipboard can be reached from here, and the value was shown already. Start again where there is one."}, sentences...)
	case msg.err != nil:
		sentences = append([]string{"No clipboard can be reached from here. The value is no secret: type what is on screen."}, sentences...)
	case showable:
		sentences = append(sentences, "If pasting brings something else, s shows it once.")
	}
	return strings.Join(sentences, " ")
}

// cleared says that the time of what was copied last is over, where it was copied.
func (m *Model) cleared(msg clearedMsg) {
	if !m.handing.running() && m.offered(m.handing.offer) {
		m.note = strings.Join(msg.gone.Sentences(), " ")
	}
}
