package wizard

import (
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/styles"

	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// foot is what stands beneath the body: the autopilot's caption, a note about the last key, what is under way, then the actions. Where
// not all of it has room, what is said above the actions is cut.
func (d drawing) foot() []string {
	m := d.m
	said := append(d.caption(), d.noteLines()...)
	said = append(said, d.busyLines(d.f.actions.w)...)
	actions := d.actionRows()
	if m.over.traits(m).sideBySide && len(m.focus().actions()) > 0 && width(d.buttons()) <= d.f.actions.w {
		actions = []string{d.buttons()}
	}
	if room := max(d.f.room-len(actions), 0); len(said) > room && room > 0 {
		said[room-1] = m.look.fit(said[room-1]+" "+strings.TrimSpace(said[room]), d.f.actions.w)
		said = said[:room]
	} else if room == 0 {
		said = nil
	}
	return append(said, actions...)
}

// noteLines are the note, or as much of it as its place holds, and the key of the details, which have all of it.
func (d drawing) noteLines() []string {
	m, f := d.m, d.f
	if m.over.reading != nil {
		return nil // it is about the screen beneath
	}
	note := wrap(m.note, f.actions.w)
	if len(note) > mostNote {
		all := " " + phrase.T("(%s: all of it)", detailsKey(m))
		note[mostNote-1] = m.look.fit(note[mostNote-1]+" "+note[mostNote], f.actions.w-width(all)) + all
		return note[:mostNote]
	}
	return note
}

// busyLines say what is under way, since when, and what it told last.
func (d drawing) busyLines(w int) []string {
	m := d.m
	what, job := d.underWay()
	if what == "" {
		return nil
	}
	spin := string(styles.Spinner[m.clock.turns%len(styles.Spinner)])
	lines := []string{m.look.palette.Accent.Render(spin) + " " + what + m.look.glyphs.Between + phrase.Span(m.now.Sub(job.since))}
	last := m.flow.progress.Line
	if awaited := m.awaited(); last == "" && len(awaited) > 0 {
		last = phrase.T("Awaited: %s", phrase.JoinFew(awaited))
	}
	if wait := m.flow.progress.Wait; wait != nil {
		last = wait.Text + m.look.glyphs.Between + phrase.Countdown(wait.Until.Sub(m.now))
	}
	told := indent("  ", wrap(last, w-2))
	return append(lines, told[:min(len(told), mostTold)]...)
}

// awaited are the rows of which a step that reads the tenant still waits for what they say.
func (m *Model) awaited() (labels []string) {
	if m.over.top() != nil || m.flow.walk.State != walker.Reading {
		return nil
	}
	for _, fact := range m.current().Facts {
		if fact.Mark == steps.MarkPending {
			labels = append(labels, fact.Label)
		}
	}
	return labels
}

// underWay names the work the operator waits for; empty means none, or a person's.
func (d drawing) underWay() (string, job) {
	m := d.m
	if top := m.over.top(); top != nil {
		as := top.traits(m)
		return as.underWay, as.job
	}
	if m.jobs.part.running() {
		return phrase.T("Playing this part"), m.jobs.part
	}
	switch m.flow.walk.State {
	case walker.Reading:
		return phrase.T("Reading the tenant"), m.jobs.step
	case walker.Answering:
		return phrase.T("Checking what was entered"), m.jobs.step
	case walker.Stopping:
		return phrase.T("Stopping"), m.jobs.step
	case walker.Applying:
		if m.flow.progress.Task == nil {
			return phrase.T("Working"), m.jobs.step
		}
	}
	return "", job{}
}

// buttons are the actions side by side.
func (d drawing) buttons() string {
	m := d.m
	var parts []string
	for i, action := range m.focus().actions() {
		label := "  " + clean(action.Label) + "  "
		if i == m.focus().place() {
			label = m.look.palette.Strong.Render("[ " + clean(action.Label) + " ]")
		}
		parts = append(parts, label)
	}
	return strings.Join(parts, "   ")
}

// actionRows lists the actions, the primary one always. In a low window the others share one row.
func (d drawing) actionRows() []string {
	m, f := d.m, d.f
	actions := m.focus().actions()
	focus := m.focus().place() - len(m.focus().entries())
	if len(actions) > 0 && actions[0].ID == walker.ActItem {
		actions, focus = actions[1:], focus-1 // it stands among the instructions
	}
	row := func(i, w int) string {
		label, last := m.look.fit(actions[i].Label, w-2), ""
		if !actions[i].Last.IsZero() {
			last = "   " + phrase.T("checked at %s", phrase.Clock(actions[i].Last))
		}
		if width(label)+width(last) > w-2 {
			last = ""
		}
		if i == focus {
			return m.look.palette.Accent.Render(m.look.glyphs.Here) + " " + m.look.palette.Strong.Render(label) + last
		}
		return "  " + label + last
	}
	most := mostActions
	if f.h < gapFromHeight {
		most = 2
	}
	var rows []string
	if len(actions) <= most {
		for i := range actions {
			rows = append(rows, row(i, f.actions.w))
		}
		return rows
	}
	rows = append(rows, row(0, f.actions.w))
	first := clamp(focus-most+2, 1, len(actions)-most+1)
	hint := "   " + phrase.T("%d of %d, tab for more", first+most-1, len(actions))
	for i := first; i < first+most-2; i++ {
		rows = append(rows, row(i, f.actions.w))
	}
	return append(rows, row(first+most-2, f.actions.w-width(hint))+hint)
}
