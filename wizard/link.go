package wizard

import (
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// openedMsg says whether a page was opened.
type openedMsg struct {
	on      *screen
	url     string
	item    string // of the task, when the page is one of its instructions
	private bool
	said    string // how it was opened
	err     error
}

// links are the pages that a model opens as it is now.
type links struct{ m *Model }

func (m *Model) links() links { return links{m} }

// url is what o opens now.
func (l links) url() string {
	m := l.m
	if top := m.over.top(); top != nil {
		return top.traits(m).link
	}
	if task := m.task(); task != nil && task.URL != "" {
		return task.URL
	}
	actions := m.focus().actions()
	if i := m.focus().place() - len(m.focus().entries()); i >= 0 && i < len(actions) && actions[i].URL != "" {
		return actions[i].URL
	}
	return l.page().URL
}

// page is the portal's page that o opens next, of those that the rows on screen carry.
func (l links) page() steps.Page {
	s := l.m.current()
	if pages := pages(s.Found); l.m.flow.walk.State == walker.Found && len(pages) > 0 {
		return pages[s.turned%len(pages)]
	}
	return steps.Page{}
}

// pageItem is what c copies of a row.
const pageItem = "page"

// copied is the portal's page that o opened last, or else the one that it opens next, as something to copy; without one it is the task.
func (l links) copied(task *steps.Task) *steps.Task {
	s := l.m.current()
	all := pages(s.Found)
	if l.m.flow.walk.State != walker.Found || len(all) == 0 {
		return task
	}
	url := all[max(s.turned-1, 0)%len(all)].URL
	return &steps.Task{Items: []steps.Item{{ID: pageItem, Copy: graph.NewText(url), Shown: url}}}
}

// pages are those where the rows of a finding are mended, each once.
func pages(f *steps.Finding) (out []steps.Page) {
	if f == nil {
		return nil
	}
	for _, section := range f.Sections {
		for _, fact := range section.Facts {
			if fact.Page.URL != "" && !slices.Contains(out, fact.Page) {
				out = append(out, fact.Page)
			}
		}
	}
	return out
}

// opens reports whether Enter opens the link: where no instruction does, or is followed, as in a dialog.
func (l links) opens() bool {
	task := l.m.task()
	return l.url() != "" && (task == nil || len(task.Items) == 0 || l.m.over.top() != nil)
}

// does names what o does now: where no browser was found, it only shows the link, and not one that is too long for that.
func (l links) does() string {
	switch {
	case !l.m.browserless:
		return phrase.T("open link")
	case len(l.url()) > mostNoted:
		return ""
	}
	return phrase.T("show link")
}

// byHand reports a task whose link can only be copied: no browser opens it from here, and it is too long to be shown.
func (l links) byHand(t *steps.Task) bool {
	return t != nil && l.m.browserless && len(t.URL) > mostNoted
}

// hint says beside a page what o does with it.
func (l links) hint() string {
	switch {
	case !l.m.browserless:
		return phrase.T("o  open")
	case l.does() == "":
		return ""
	}
	return phrase.T("o  show")
}

// leaveToPerson has the person open a page that is not opened yet, where no browser could be opened before: its address is in sight, unless
// it is too long for that.
func (l links) leaveToPerson(s *screen, t *steps.Task) {
	if !l.m.browserless || t == nil || t.URL == "" || len(t.URL) > mostNoted {
		return
	}
	for _, item := range t.Items {
		if item.Opens && !s.Carried[item.ID] {
			s.unopened = item.ID
		}
	}
}

// open opens the link, in the window that it belongs in.
func (l links) open() tea.Cmd {
	item, private := "", false
	if task := l.m.task(); task != nil {
		private = task.Private
		for _, it := range task.Items {
			if it.Opens {
				item = it.ID
				break
			}
		}
	}
	url := l.url()
	if url == l.page().URL {
		l.m.current().turned++
	}
	return l.openURL(url, item, private)
}

func (l links) openFor(action steps.Action) tea.Cmd {
	if action.URL == "" {
		return nil
	}
	return l.openURL(action.URL, "", false)
}

func (l links) openURL(url, item string, private bool) tea.Cmd {
	m := l.m
	run, on, ctx := m.run, m.current(), m.jobs.life.ctx
	return m.jobs.do(func() tea.Msg {
		said, err := run.Open(ctx, url, private)
		return openedMsg{on, url, item, private, said, err}
	})
}

// mostNoted is the longest link that a note quotes.
const mostNoted = 120

// yourself is what is left to the person when no page opened.
func (msg openedMsg) yourself() string {
	long, asked := len(msg.url) > mostNoted, msg.item != ""
	switch {
	case long && asked:
		return phrase.T("Open the link yourself, then press Enter: c copies it, d shows all of it.")
	case long:
		return phrase.T("Open the link yourself: c copies it, d shows all of it.")
	case msg.private && asked:
		return phrase.T("Open it yourself, in a private window, then press Enter: %s", msg.url)
	case msg.private:
		return phrase.T("Open it yourself, in a private window: %s", msg.url)
	case asked:
		return phrase.T("Open it yourself, then press Enter: %s", msg.url)
	}
	return phrase.T("Open it yourself: %s", msg.url)
}

func (l links) opened(msg openedMsg) {
	m := l.m
	yourself := msg.yourself()
	switch {
	case msg.on != m.current():
	case errors.Is(msg.err, steps.ErrNoBrowser):
		m.current().unopened = msg.item
		m.browserless = true
		m.note = phrase.T("No browser can be opened from here. %s", yourself)
	case msg.err != nil:
		m.current().unopened = msg.item
		m.note = phrase.T("The page did not open. %s", yourself)
	default:
		m.note, m.browserless = msg.said, false
		if msg.item != "" {
			m.carriedOut(m.current(), msg.item)
		}
	}
}
