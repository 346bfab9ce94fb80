package wizard

import (
	"cmp"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// product is what the header and the window's title say.
const product = "Delegate365 onboarding"

// The most rows that the parts of the foot take, in a window of usual height.
const (
	mostActions = 4
	mostNote    = 4
	mostTold    = 2 // lines of what is under way
)

// View draws the frame.
func (m *Model) View() (v tea.View) {
	v.AltScreen = true
	if m.exit.broken() {
		return v
	}
	defer m.exit.survive(m)
	lines := drawing{m, m.frame()}.lines()
	v.SetContent(m.over.fill(redact.Text(redact.Frame, strings.Join(lines, "\n"))))
	v.WindowTitle = redact.Text(redact.Title, cmp.Or(m.opts.Title, phrase.T(product)))
	if m.notice.title != "" {
		v.WindowTitle = redact.Text(redact.Title, phrase.T("Go on: %s", m.notice.title))
	}
	v.ReportFocus = !m.opts.NoBell
	return v
}

// frame is the layout of what is on screen.
func (m *Model) frame() frame {
	f := layout(m.size.w, m.size.h, 1)
	if f.sentence.h > 0 {
		return f
	}
	return layout(m.size.w, m.size.h, len(drawing{m, f}.foot()))
}

// drawing is a frame while it is drawn, of what Update left.
type drawing struct {
	m *Model
	f frame
}

// lines are the frame's lines: never more than the window has, and none wider.
func (d drawing) lines() []string {
	m, f := d.m, d.f
	canvas := make([]string, f.h)
	if f.sentence.h > 0 {
		copy(canvas, d.sentenceOnly())
		return canvas
	}
	m.drawn = map[int]*page{}
	k := m.keys.bind(m)
	put := func(r rect, lines ...string) {
		for i, line := range lines[:min(len(lines), r.h)] {
			line = ansi.Truncate(line, r.w, m.look.glyphs.Ellipsis)
			canvas[r.y+i] = strings.TrimRight(pad(canvas[r.y+i], r.x)+line, " ")
		}
	}
	page := m.body().content(f.body.w)
	off := m.body().offset(page, f.body.h)
	put(f.header, d.header(f.header.w))
	put(f.topRule, m.look.line(f.topRule.w))
	put(f.rail, d.rail(f.rail.w)...)
	put(f.title, d.title())
	where := f.body
	if page.two {
		where = f.wide
	}
	put(where, page.fold(f.body.h).window(off)...)
	if beyond := page.fold(f.body.h).beyond(off); beyond != "" {
		put(f.more, m.look.palette.Accent.Render(beyond))
	}
	put(f.actions, d.foot()...)
	put(f.rule, m.look.line(f.rule.w))
	put(f.status, d.status(f.status.w))
	put(f.keys, d.keysLine(k, f.keys.w))
	return canvas
}

// sentenceOnly is all that a window too small for the frame shows.
func (d drawing) sentenceOnly() []string {
	m, f := d.m, d.f
	text := phrase.T("Please make this window larger, at least %d x %d. Everything goes on meanwhile.", leastWidth, leastHeight)
	if open, yes := m.run.Exposure(); yes {
		text = phrase.T("MFA OFF%s. %s", offFor(&open, m.now, " "), text)
	}
	lines := wrap(text, f.w)
	return lines[:min(len(lines), f.h)]
}

// What is left of a name in the header where not all of it has room beside the program's, in columns.
const (
	leastOperator = 12
	leastTenant   = 24
)

// header names the program, the operator and the tenant. Where they don't fit the operator is shortened, and in a narrow window the
// program's name goes, but never that it is a rehearsal; the tenant's own name stands last.
func (d drawing) header(w int) string {
	m := d.m
	name, short := cmp.Or(m.opts.Title, phrase.T(product)), ""
	if m.run.Person() != nil {
		short = phrase.T("rehearsal") + " "
		name += m.look.glyphs.Between + phrase.T("rehearsal")
	}
	operator, tenant := m.run.Identity()
	operator, tenant = clean(operator), clean(tenant)
	room := w - width(name) - 1
	if room < min(width(operator), leastOperator)+width(m.look.glyphs.Between)+min(width(tenant), leastTenant) {
		return short + d.who(operator, tenant, w-width(short))
	}
	line, _ := ends(name, d.who(operator, tenant, room), w)
	return line
}

// who names the operator and the tenant in w columns.
func (d drawing) who(operator, tenant string, w int) string {
	m := d.m
	between := m.look.glyphs.Between
	if operator == "" || tenant == "" {
		return m.look.fit(operator+tenant, w)
	}
	w -= width(between)
	tenant = m.look.fit(tenant, max(w-min(width(operator), leastOperator), w/2))
	return m.look.fit(operator, w-width(tenant)) + between + tenant
}

// rail lists the steps, one a row.
func (d drawing) rail(w int) []string {
	m := d.m
	var lines []string
	for i, s := range m.flow.screens {
		glyph, style := d.railMark(i)
		title := m.look.fit(s.Info.Title, w-3)
		if i == m.flow.walk.Viewing() {
			title = m.look.palette.Strong.Render(title)
		}
		lines = append(lines, style.Render(glyph)+" "+title)
	}
	return lines
}

// railMark is the glyph of step i: where we are, what is done, and what is still to come.
func (d drawing) railMark(i int) (string, lipgloss.Style) {
	m := d.m
	s := m.flow.screens[i]
	switch {
	case i == m.flow.walk.Viewing():
		return m.look.glyphs.Here, m.look.palette.Accent
	case i == m.flow.walk.Working():
		return m.look.glyphs.Note, m.look.palette.Accent
	case s.Found == nil:
		return m.look.glyphs.Todo, lipgloss.NewStyle()
	case i < m.flow.walk.Working() && (s.Found.Status == steps.Ready || s.Found.Status == steps.Waiting):
		return m.look.statusMark(steps.Done) // its own next action led past it
	}
	return m.look.statusMark(s.Found.Status)
}

// title says which step this is and who acts. Below the rail's width it carries the rail as dots.
func (d drawing) title() string {
	m, f := d.m, d.f
	title, actor := d.heading()
	number := phrase.T("%d of %d", m.flow.walk.Viewing()+1, len(m.flow.screens))
	short := fmt.Sprintf("%d/%d", m.flow.walk.Viewing()+1, len(m.flow.screens))
	named := title
	if word := d.stateWord(); word != "" {
		named += m.look.glyphs.Between + word
	}
	if f.rail.h > 0 {
		line, _ := ends(m.look.palette.Strong.Render(named), number+m.look.glyphs.Between+actor.Word(), f.title.w)
		return line
	}
	wide, dense := d.dots(" "), d.dots("")
	who := actor.Word()
	for _, try := range []struct{ left, right string }{
		{wide + "   " + m.look.palette.Strong.Render(named), number + m.look.glyphs.Between + who},
		{dense + "  " + m.look.palette.Strong.Render(named), number + m.look.glyphs.Between + who},
		{dense + "  " + m.look.palette.Strong.Render(named), short + m.look.glyphs.Between + who},
		{dense + "  " + m.look.palette.Strong.Render(named), who},
		{dense + "  " + m.look.palette.Strong.Render(title), who},
		{m.look.palette.Strong.Render(named), who},
	} {
		if line, ok := ends(try.left, try.right, f.title.w); ok {
			return line
		}
	}
	line, _ := ends(m.look.palette.Strong.Render(m.look.fit(title, f.title.w-width(who)-1)), who, f.title.w)
	return line
}

// heading is the title of what is on screen, and who acts now.
func (d drawing) heading() (string, steps.Actor) {
	m := d.m
	if top := m.over.top(); top != nil {
		return top.title(m)
	}
	s := m.current()
	actor := s.Actor()
	switch m.flow.walk.State {
	case walker.Reading, walker.Answering, walker.Stopping:
		actor = steps.Microsoft
	case walker.Applying:
		actor = steps.Microsoft
		if m.flow.progress.Task != nil {
			actor = steps.You
		}
	case walker.Failed:
		actor = steps.You
	}
	return s.Info.Title, actor
}

// stateWord is how the step stands, in a word, where that is settled.
func (d drawing) stateWord() string {
	m := d.m
	found := m.current().Found
	if m.over.top() != nil {
		return ""
	}
	switch {
	case m.flow.walk.State == walker.Failed:
		return phrase.T("failed")
	case m.flow.walk.State == walker.Found && found != nil && found.Status != steps.Ready && found.Status != steps.Waiting:
		if found.Status == steps.NotNeeded && !found.Brief.IsZero() { // why it is left out is said
			return phrase.T("left out")
		}
		return statusWord(found.Status)
	}
	return ""
}

func (d drawing) dots(between string) string {
	m := d.m
	var dots []string
	for i := range m.flow.screens {
		glyph, style := d.railMark(i)
		dots = append(dots, style.Render(glyph))
	}
	return strings.Join(dots, between)
}

func (d drawing) keysLine(k keyMap, w int) string {
	m := d.m
	var parts []string
	for _, b := range k.footer(m, w) {
		parts = append(parts, m.look.palette.Accent.Render(b.Help().Key)+" "+b.Help().Desc)
	}
	return strings.Join(parts, footerGap)
}
