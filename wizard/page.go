package wizard

import (
	"charm.land/lipgloss/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// page is the body while it is written, in lines of w columns. It may be longer than the window; pin is what must
// stay in sight all the same.
type page struct {
	m         *Model
	w         int
	aside     *page // the second column, while a body of two is written; nil in one of one
	two       bool  // it has two columns, joined
	brief     bool  // a choice that has its answer takes one line
	closed    bool  // one that nobody is at does as well
	reasons   bool  // what is worth knowing is told with its reason in a folded table too
	lines     []string
	pin       span   // the entry that has the focus, or else the one that is asked for
	focal     span   // what has to be seen before Enter: the changes, or the instruction to follow now
	announces bool   // the focal lines are changes
	changed   int    // the line after the changes
	accept    int    // the line after what has to be seen before it is accepted: the changes, what is said of them, what they answer, and what is asked
	answered  int    // the line after the last row that the changes answer
	read      span   // what was read of the tenant: of it only the rows in wants want something
	unsettled bool   // a row is awaited, changes with what is announced, or has advice
	items     []span // the instructions
	heads     []span // the headings of tables, each with the first line beneath it
	wants     []span // the rows that want something
	trouble   int    // the line after the newest refusal; 0 when nothing was refused
}

// span is a run of lines.
type span struct{ from, to int }

// gap separates what follows from what stands above.
func (p *page) gap() {
	if n := len(p.lines); n > 0 && p.lines[n-1] != "" {
		p.lines = append(p.lines, "")
	}
}

//go:noinline // every copy would be carried
func (p *page) add(lines ...string) { p.lines = append(p.lines, lines...) }

// paragraph adds text after a gap.
func (p *page) paragraph(text string) {
	p.gap()
	p.add(wrap(text, p.w)...)
}

// marked adds text after a gap, with a glyph before it.
func (p *page) marked(glyph string, style lipgloss.Style, text string) {
	p.gap()
	p.add(hang(style.Render(glyph)+" ", wrap(text, p.w-2))...)
}

// title adds a heading after a gap.
func (p *page) title(text string) {
	p.gap()
	for _, line := range wrap(text, p.w) {
		p.add(p.m.look.palette.Strong.Render(line))
	}
}

// step writes the step on screen.
func (p *page) step() {
	s := p.m.current()
	switch p.m.flow.walk.State {
	case walker.Failed:
		p.failed(s)
	case walker.Applying, walker.Stopping:
		p.applying(s)
	case walker.Reading:
		if s.Found == nil || p.m.flow.walk.Viewing() == p.m.flow.walk.Working() {
			p.loading(s)
			return
		}
		p.finding(s)
	case walker.Found, walker.Answering, walker.Ended:
		if s.Found != nil {
			p.finding(s)
		}
	}
}

// loading shows what Inspect has told so far.
func (p *page) loading(s *screen) {
	p.paragraph(s.Info.Why.String())
	p.gap()
	p.table(s.Facts, arriving)
}

func (p *page) finding(s *screen) {
	found, top := s.Found, len(p.lines)
	for i, said := range found.Text {
		text := said.String()
		switch {
		case i > 0 || found.Status == steps.Ready || found.Status == steps.Waiting:
			p.paragraph(text)
		default:
			glyph, style := p.m.look.statusMark(found.Status)
			p.marked(glyph, style, text)
		}
	}
	if found.Task != nil {
		p.task(found.Task, s.watchedSince())
	}
	if atEnd := found.Status == steps.Done && found.Task != nil; len(s.Applied) > 0 && found.Status != steps.Ready && !atEnd { // there the report has them
		p.title(changed(s.Applied))
		p.made(s.Applied)
	}
	p.evidence(found, top)
	if p.aside != nil && len(s.form.entries) > 0 {
		p.aside.fields(s)
		return
	}
	p.fields(s)
}

// statusWord is the word beside the glyph.
func statusWord(status steps.Status) string {
	return [...]string{phrase.T("done"), phrase.T("ready"), phrase.T("waiting"), phrase.T("blocked"), phrase.T("not needed")}[status]
}

// applying shows the changes as they are made.
func (p *page) applying(s *screen) {
	m := p.m
	switch task := m.flow.progress.Task; {
	case m.flow.walk.State == walker.Stopping:
		p.paragraph(phrase.T("Stopping. The request under way is waited for, then the tenant is read again: what was done stays done."))
	case task != nil:
		p.task(task, task.Since)
	case s.Found != nil && len(s.Found.Changes) == 0:
		p.paragraph(s.Info.Why.String())
	}
	if s.Found != nil && len(s.Found.Changes) > 0 {
		heading := phrase.T("Making the changes")
		if m.flow.progress.Task != nil && len(s.Applied) == 0 {
			heading = phrase.T("When you have done that")
		}
		p.title(heading)
		p.changes(s.Found.Changes, s.Applied)
	} else if len(s.Applied) > 0 {
		p.title(changed(s.Applied))
		p.made(s.Applied)
	}
	p.gap()
	p.table(s.Facts, arriving)
}

// failed says what happened, what to do next, and what is known to be done.
func (p *page) failed(s *screen) {
	problem := p.m.explain(p.m.flow.walk.Err)
	p.marked(p.m.look.glyphs.Failed, p.m.look.palette.Bad, problem.What)
	p.paragraph(problem.Next)
	if len(s.Applied) > 0 {
		p.title(changedBefore(s.Applied))
		p.made(s.Applied)
	}
	p.paragraph(phrase.T("Trying again reads the tenant first. Nothing is done twice. The raw error is under d."))
}

// fields shows the entries. The one with the focus is pinned, or else the first that is asked for.
func (p *page) fields(s *screen) {
	m := p.m
	if len(m.focus().entries()) == 0 && m.flow.walk.State != walker.Answering {
		return
	}
	for i, e := range s.form.entries {
		focus := m.focus().entry() == e
		if i == 0 || len(s.form.entries) <= 2 {
			p.gap()
		}
		from := len(p.lines)
		if closed := p.closed && !focus && e.field.Kind == steps.ChoiceField; closed || p.brief && len(s.form.entries) > fewFields && !focus && e.settled() && !awaited(s.Found, e) {
			p.add(hang("  ", wrap(e.answered(), p.w-2))...)
			p.accept = len(p.lines)
			if closed {
				p.pin = span{from, len(p.lines)}
			}
			continue
		}
		p.add(e.labelled(m, p.w, focus)...)
		if focus || m.focus().entry() == nil && p.pin == (span{}) && awaited(s.Found, e) {
			p.pin = span{from, len(p.lines)}
		}
		if problem := e.trouble(); problem != "" {
			p.add(hang("  "+m.look.palette.Bad.Render(m.look.glyphs.Failed)+" ", wrap(problem, p.w-4))...)
			p.trouble = len(p.lines)
		}
		refused := len(p.lines)
		if e.field.Help != "" {
			p.add(indent("  ", wrap(e.field.Help, p.w-2))...)
		}
		if focus && m.focus().typing() {
			p.fold(m.frame().body.h).pinTo(refused, len(p.lines))
		}
		p.accept = len(p.lines)
	}
}
