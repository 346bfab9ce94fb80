package wizard

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/clipboard"
)

// Whatever c copies goes the same way; whether it is a secret, and so is taken away again, the value itself says. The last
// press counts; a copy that is still under way is cancelled by it.

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

// copying is what was handed to the clipboard last.
type copying struct {
	job
	offer
	unsure    bool          // it went nowhere, or nobody knows where
	told      bool          // what a secret's copy that was read back leaves behind was said
	shownOnce map[once]bool // on screen, instead
	blind     map[once]bool // went where nothing confirms it
}

// noClipboard is what Options.Copy is when there is none.
func noClipboard(context.Context, graph.Secret) (clipboard.Report, error) {
	return clipboard.Report{}, clipboard.ErrNone
}

// linkItem is a task's link as what c copies.
const linkItem = "url"

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
		out = append(out, steps.Item{ID: linkItem, Copy: graph.NewText(t.URL), Shown: t.URL})
	}
	return out
}

// offers is what has values to copy on screen: the task, or else the portal's page that o opens, of those that the rows carry.
func (c *copying) offers(m *Model) *steps.Task {
	task := m.task()
	if m.over.top() != nil || task != nil && len(copies(task)) > 0 {
		return task
	}
	return m.links().copied(task)
}

// next is what c copies now: the first that was not copied yet, or else the first. What is being copied is passed over,
// and so is what no clipboard takes and s doesn't show.
func (c *copying) next(m *Model, t *steps.Task) steps.Item {
	items := copies(t)
	last := -1
	if c.on == m.current() && (c.running() || c.unsure && !c.mayShow(m)) {
		last = slices.IndexFunc(items, func(item steps.Item) bool { return item.ID == c.item.ID })
	}
	for _, item := range slices.Concat(items[last+1:], items[:max(last, 0)]) {
		if !m.current().CarriedOut(item) {
			return item
		}
	}
	for _, item := range items {
		delete(m.current().Carried, item.ID)
	}
	return items[(last+1)%len(items)]
}

// offered reports whether the value is still one of those on screen, or beneath what lies over it.
func (c *copying) offered(m *Model, o offer) bool {
	task := m.taskBeneath()
	if task == nil || len(copies(task)) == 0 {
		task = m.links().copied(task)
	}
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
func (c *copying) copy(m *Model) tea.Cmd { return c.copyItem(m, c.next(m, c.offers(m))) }

func (c *copying) copyItem(m *Model, item steps.Item) tea.Cmd {
	of := offer{m.current(), item}
	c.end()
	gen, copier := m.jobs.generation(), m.opts.Copy
	ctx, cancel := context.WithCancel(m.jobs.life.ctx)
	c.job, c.offer, c.unsure = job{gen, cancel, m.now}, of, false
	return m.jobs.do(func() tea.Msg {
		report, err := copier(ctx, of.item.Copy)
		return copiedMsg{gen, of, report, err}
	})
}

func (c *copying) copied(m *Model, msg copiedMsg) {
	newest := msg.gen == c.gen
	if newest {
		c.end()
		c.unsure = !msg.report.Held()
	}
	if msg.err != nil {
		m.opts.Log.Warn("value not copied", "item", msg.of.item.ID, "error", msg.err)
	}
	if !c.offered(m, msg.of) {
		return
	}
	if msg.err == nil {
		c.blind[c.placeOf(m, msg.of)] = !msg.report.Held()
		m.carriedOut(msg.of.on, msg.of.item.ID)
	}
	if newest {
		m.note = c.noteOf(m, msg)
	}
}

// noteOf says what is known of a copy, and what to do where nothing is.
func (c *copying) noteOf(m *Model, msg copiedMsg) string {
	sentences := msg.report.Sentences()
	if c.told {
		sentences = msg.report.Again()
	}
	c.told = c.told || msg.report.Held() && msg.report.Hold > 0
	showable := c.mayShow(m)
	switch {
	case msg.err != nil && showable:
		sentences = append([]string{phrase.T("No clipboard can be reached from here. s shows the value once, after a question.")}, sentences...)
	case msg.err != nil && msg.of.item.Shown == "":
		sentences = append([]string{phrase.T("No clipboard can be reached from here, and the value was shown already. Start again where there is one.")}, sentences...)
	case msg.err != nil && msg.of.item.ID == pageItem:
		sentences = append([]string{phrase.T("No clipboard can be reached from here. d shows the whole link.")}, sentences...)
	case msg.err != nil:
		sentences = append([]string{phrase.T("No clipboard can be reached from here. The value is no secret: type what is on screen.")}, sentences...)
	case showable:
		sentences = append(sentences, phrase.T("If pasting brings something else, s shows it once."))
	}
	return strings.Join(sentences, " ")
}

// cleared says that the time of what was copied last is over, where it was copied.
func (c *copying) cleared(m *Model, msg clearedMsg) {
	if !c.running() && c.offered(m, c.offer) {
		m.note = strings.Join(msg.gone.Sentences(), " ")
	}
}
