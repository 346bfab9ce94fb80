package wizard

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/delegate365-onboard/delegate365-onboard/graph/planted"
	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
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
	if m.broken() {
		return v
	}
	defer m.survive()
	lines := m.draw()
	m.plant("view")
	v.SetContent(m.fill(redact.Text(redact.Frame, planted.Into("frame", strings.Join(lines, "\n")))))
	v.WindowTitle = redact.Text(redact.Title, planted.Into("title", product))
	return v
}

// frame is the layout of what is on screen.
func (m *Model) frame() frame {
	f := layout(m.w, m.h, 1)
	if f.sentence.h > 0 {
		return f
	}
	return layout(m.w, m.h, len(m.foot(f)))
}

// draw returns the frame's lines: never more than the window has, and none wider.
func (m *Model) draw() []string {
	f := m.frame()
	canvas := make([]string, f.h)
	if f.sentence.h > 0 {
		copy(canvas, m.sentenceOnly(f))
		return canvas
	}
	k := m.bind()
	put := func(r rect, lines ...string) {
		for i, line := range lines[:min(len(lines), r.h)] {
			line = ansi.Truncate(line, r.w, m.glyphs.Ellipsis)
			canvas[r.y+i] = strings.TrimRight(pad(canvas[r.y+i], r.x)+line, " ")
		}
	}
	page := m.content(f.body.w)
	off := m.offset(page, f.body.h)
	put(f.header, m.header(f.header.w))
	put(f.topRule, m.line(f.topRule.w))
	put(f.rail, m.rail(f.rail.w)...)
	put(f.title, m.title(f))
	put(f.body, page.window(off, f.body.h)...)
	if beyond := page.beyond(off, f.body.h); beyond != "" {
		put(f.more, m.palette.Accent.Render(beyond))
	}
	put(f.actions, m.foot(f)...)
	put(f.rule, m.line(f.rule.w))
	put(f.status, m.status(f.status.w))
	put(f.keys, m.keysLine(k, f.keys.w))
	return canvas
}

// sentenceOnly is all that a window too small for the frame shows.
func (m *Model) sentenceOnly(f frame) []string {
	text := fmt.Sprintf("Please make this window larger, at least %d x %d. Everything goes on meanwhile.", leastWidth, leastHeight)
	if open, yes := m.run.Exposure(); yes {
		text = "MFA OFF" + m.past(open, " ") + ". " + text
	}
	lines := wrap(text, f.w)
	return lines[:min(len(lines), f.h)]
}

func (m *Model) line(w int) string { return m.palette.Rule.Render(strings.Repeat(m.glyphs.Rule, w)) }

// header names the program, the operator and the tenant. The program's name goes first when they don't fit; the
// tenant's own name stands last.
func (m *Model) header(w int) string {
	name := product
	if m.run.Person() != nil {
		name += m.glyphs.Between + "rehearsal"
	}
	operator, tenant := m.run.Identity()
	operator, tenant = clean(operator), clean(tenant)
	who := strings.Trim(operator+m.glyphs.Between+tenant, m.glyphs.Between)
	for _, left := range []string{name, product} {
		if line, ok := ends(left, who, w); ok {
			return line
		}
	}
	if width(who) <= w {
		return who
	}
	tenant = m.fit(tenant, w/2)
	return m.fit(operator, w-width(tenant)-width(m.glyphs.Between)) + m.glyphs.Between + tenant
}

// rail lists the steps, one a row.
func (m *Model) rail(w int) []string {
	var lines []string
	for i, s := range m.screens {
		glyph, style := m.railMark(i)
		title := m.fit(s.info.Title, w-3)
		if i == m.shown {
			title = m.palette.Strong.Render(title)
		}
		lines = append(lines, style.Render(glyph)+" "+title)
	}
	return lines
}

// railMark is the glyph of step i: where we are, what is done, and what is still to come.
func (m *Model) railMark(i int) (string, lipgloss.Style) {
	s := m.screens[i]
	switch {
	case i == m.shown:
		return m.glyphs.Here, m.palette.Accent
	case i == m.at:
		return m.glyphs.Note, m.palette.Accent
	case s.found == nil:
		return m.glyphs.Todo, lipgloss.NewStyle()
	case i < m.at && (s.found.Status == steps.Ready || s.found.Status == steps.Waiting):
		return m.statusMark(steps.Done) // its own next action led past it
	}
	return m.statusMark(s.found.Status)
}

// title says which step this is and who acts. Below the rail's width it carries the rail as dots.
func (m *Model) title(f frame) string {
	title, actor := m.heading()
	number := fmt.Sprintf("%d of %d", m.shown+1, len(m.screens))
	short := fmt.Sprintf("%d/%d", m.shown+1, len(m.screens))
	named := title
	if word := m.stateWord(); word != "" {
		named += m.glyphs.Between + word
	}
	if f.rail.h > 0 {
		line, _ := ends(m.palette.Strong.Render(named), number+m.glyphs.Between+string(actor), f.title.w)
		return line
	}
	wide, dense := m.dots(" "), m.dots("")
	who := string(actor)
	for _, try := range []struct{ left, right string }{
		{wide + "   " + m.palette.Strong.Render(named), number + m.glyphs.Between + who},
		{dense + "  " + m.palette.Strong.Render(named), number + m.glyphs.Between + who},
		{dense + "  " + m.palette.Strong.Render(named), short + m.glyphs.Between + who},
		{dense + "  " + m.palette.Strong.Render(named), who},
		{dense + "  " + m.palette.Strong.Render(title), who},
		{m.palette.Strong.Render(named), who},
	} {
		if line, ok := ends(try.left, try.right, f.title.w); ok {
			return line
		}
	}
	line, _ := ends(m.palette.Strong.Render(m.fit(title, f.title.w-width(who)-1)), who, f.title.w)
	return line
}

// heading is the title of what is on screen, and who acts now.
func (m *Model) heading() (string, steps.Actor) {
	if top := m.over.top(); top != nil {
		return top.title(m)
	}
	s := m.current()
	actor := s.actor()
	switch m.state {
	case loading, answering, stopping:
		actor = steps.Microsoft
	case applying:
		actor = steps.Microsoft
		if m.progress.task != nil {
			actor = steps.You
		}
	case failed:
		actor = steps.You
	}
	return s.info.Title, actor
}

// stateWord is how the step stands, in a word, where that is settled.
func (m *Model) stateWord() string {
	found := m.current().found
	if m.over.top() != nil {
		return ""
	}
	switch {
	case m.state == failed:
		return "failed"
	case m.state == finding && found != nil && found.Status != steps.Ready && found.Status != steps.Waiting:
		return statusWord(found.Status)
	}
	return ""
}

func (m *Model) dots(between string) string {
	var dots []string
	for i := range m.screens {
		glyph, style := m.railMark(i)
		dots = append(dots, style.Render(glyph))
	}
	return strings.Join(dots, between)
}

// status belongs to the exposure window while it is open, and says where help and details are otherwise.
func (m *Model) status(w int) string {
	open, yes := m.run.Exposure()
	if !yes {
		if said := m.over.manner(m).status; said != "" {
			return said
		}
		if m.typing() {
			return "F1 help" + m.glyphs.Between + "ctrl+c leave"
		}
		return "? help" + m.glyphs.Between + "d details (requests, ids, errors)"
	}
	past := open.Past(m.now)
	clocks := m.glyphs.Open + " MFA OFF " + clock(past) + " of " + clock(open.Cap)
	hints := []string{"closes by itself if this window closes", "closes by itself"}
	style := m.palette.Open
	switch {
	case open.Demanded:
		clocks = m.glyphs.Open + " MFA is on again"
		hints = []string{"not everything is put back yet", "not all is put back"}
	case open.Found:
		clocks = m.glyphs.Open + " MFA OFF" + m.past(open, " ")
		hints = []string{"left open by an earlier run", "left open"}
		style = m.palette.Urgent
	case open.NoGuard != "":
		hints = []string{"being closed: no second process watches", "being closed"}
		style = m.palette.Urgent
	case past >= open.Cap:
		hints = []string{"the limit is reached", ""}
		style = m.palette.Urgent
	case open.Unguarded:
		hints = []string{"a second process is being started", "not guarded"}
		style = m.palette.Urgent
	case m.urgent(open):
		hints = []string{"only " + clock(open.Cap-past) + " left, then it closes by itself", clock(open.Cap-past) + " left"}
		style = m.palette.Urgent
	}
	for _, hint := range hints {
		if line := clocks + m.glyphs.Between + hint; width(line) <= w {
			return style.Render(line)
		}
	}
	return style.Render(clocks)
}

// past is for how long MFA has been off, after before; empty where nobody knows.
func (m *Model) past(open steps.Exposure, before string) string {
	if open.Opened.IsZero() {
		return ""
	}
	return before + clock(open.Past(m.now))
}

func (m *Model) keysLine(k keyMap, w int) string {
	var parts []string
	for _, b := range m.footer(k, w) {
		parts = append(parts, m.palette.Accent.Render(b.Help().Key)+" "+b.Help().Desc)
	}
	return strings.Join(parts, footerGap)
}
