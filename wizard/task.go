package wizard

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// task is what a person has to do now: while the step waits, or in the middle of Apply.
func (m *Model) task() *steps.Task {
	if top := m.over.top(); top != nil {
		return top.traits(m).task
	}
	return m.taskBeneath()
}

// taskBeneath is the task of the step, whatever lies over it.
func (m *Model) taskBeneath() *steps.Task {
	found := m.current().Found
	switch {
	case m.flow.walk.State == walker.Applying:
		return m.flow.progress.Task
	case m.flow.walk.State == walker.Found && found != nil && m.flow.walk.Viewing() == m.flow.walk.Working():
		return found.Task
	}
	return nil
}

// task adds the instructions, numbered, and what is awaited; since when, where that is noticed by itself.
func (p *page) task(t *steps.Task, since time.Time) {
	m := p.m
	if where := clean(t.Where); where != "" || t.URL != "" {
		p.gap()
		if where != "" {
			where += ":"
		}
		url, room := p.shortURL(t.URL), p.w
		noItem := t.URL != "" && !slices.ContainsFunc(t.Items, func(item steps.Item) bool { return item.Opens })
		if noItem {
			room -= hintColumn()
		}
		if line, ok := ends(where, url, room); ok && where != "" {
			p.add(line)
		} else {
			p.add(wrap(where, p.w)...)
			p.add(indent("  ", wrap(url, p.w-2))...)
		}
		if noItem {
			p.hinted(m.links().hint())
		}
	}
	if t.Code != "" {
		p.gap()
		p.add("    " + m.look.palette.Strong.Render(strings.Join(strings.Split(clean(t.Code), ""), " ")))
		p.gap()
		p.add(wrap(phrase.T("Type the code without the spaces."), p.w)...)
	}
	if len(t.Items) > 0 {
		p.gap()
	}
	now := m.current().Next(t)
	for i, item := range t.Items {
		from := len(p.lines)
		p.item(t, i, item, i == now && (m.focus().item() || m.focus().stops() == 0))
		p.items = append(p.items, span{from, len(p.lines)})
		if i == now { // also one that only the person can do: Enter takes nobody's word for what is out of sight
			p.focal = span{from, len(p.lines)}
		}
	}
	if m.rehearsal.playable(m) {
		p.gap()
		p.add(wrap(m.rehearsal.playHint(m), p.w)...)
	}
	if t.Watched != "" {
		if !m.rehearsal.playable(m) {
			p.gap()
		}
		elapsed := ""
		if !since.IsZero() {
			elapsed = phrase.Span(m.now.Sub(since))
		}
		lines := wrap(t.Watched, p.w-width(elapsed)-2)
		if len(lines) > 0 && elapsed != "" {
			last := len(lines) - 1
			lines[last], _ = ends(lines[last], elapsed, p.w)
		}
		p.add(lines...)
	}
}

// hinted puts what a key does behind the last line, or where that is too long beneath it.
func (p *page) hinted(hint string) {
	last := len(p.lines) - 1
	if line, ok := ends(p.lines[last], hint, p.w); ok {
		p.lines[last] = line
		return
	}
	p.add("  " + hint)
}

// playHint says how the part is played. In a text p is a letter.
func (r *rehearsal) playHint(m *Model) string {
	hint := phrase.T("p  play this part (rehearsal)")
	if m.task().Part == steps.PartWelcomeMail {
		hint = phrase.T("p  play this part: paste the mail (rehearsal)")
	}
	if m.focus().typing() {
		hint = phrase.T("tab, then %s", hint)
	}
	return hint
}

// shortURL is a link as the screen shows it. A sign-in link is too long to read or to type, so its query is left to
// o, to c and to the details.
func (p *page) shortURL(url string) string {
	url = clean(url)
	base, _, query := strings.Cut(url, "?")
	if !query || len(wrap(url, p.w-2)) <= mostURL {
		return url
	}
	return p.m.look.fit(base+"?"+p.m.look.glyphs.Ellipsis, p.w-2)
}

// mostURL is how many lines of a link are shown.
const mostURL = 2

// item adds one instruction, with what its key does.
func (p *page) item(t *steps.Task, i int, item steps.Item, here bool) {
	m := p.m
	glyph := m.look.glyphs.Todo
	switch {
	case m.current().CarriedOut(item):
		glyph = m.look.palette.Good.Render(m.look.glyphs.Done)
	case here:
		glyph = m.look.palette.Accent.Render(m.look.glyphs.Here)
	}
	lead := fmt.Sprintf("  %s %d  ", glyph, i+1)
	room, hint := p.w-width(lead), p.hint(t, item)
	first := room
	if hint != "" {
		first -= hintColumn()
	}
	lines := instruction(item, first, room)
	if hint != "" && len(lines) > 0 {
		lines[0] = pad(lines[0], first) + "  " + hint
	}
	p.add(hang(lead, lines)...)
}

// instruction is an item in lines, of which the first is narrower. A value that does not fit behind the text is not parted: it begins a
// line of its own.
func instruction(item steps.Item, first, room int) []string {
	text, value := item.Text, clean(item.Shown)
	if value == "" || strings.Contains(text, item.Shown) {
		value = ""
	} else {
		text += ":"
	}
	lines := wrap(text, first)
	if len(lines) > 1 {
		lines, first = append(lines[:1], wrap(strings.Join(lines[1:], " "), room)...), room
	}
	if last := len(lines) - 1; value != "" && last >= 0 && width(lines[last])+1+width(value) <= first {
		lines[last] += " " + value
		return lines
	}
	return append(lines, wrap(value, room)...)
}

// hintColumn is the width of the column in which the keys of the instructions stand, whatever of them is there.
func hintColumn() int {
	longest := 0
	for _, hint := range []string{phrase.T("o  opened"), phrase.T("o  open"), phrase.T("c  shown"), phrase.T("c  sent"), phrase.T("c  copied"), phrase.T("c  copy")} {
		longest = max(longest, width(hint))
	}
	return longest + columnGap
}

// hint says what key does an instruction, and whether it did.
func (p *page) hint(t *steps.Task, item steps.Item) string {
	m := p.m
	done := m.current().Carried[item.ID]
	switch {
	case item.Opens && t.URL != "" && done:
		return phrase.T("o  opened")
	case item.Opens && t.URL != "" && m.links().byHand(t) && copies(t)[0].ID == linkItem:
		return phrase.T("c  copy")
	case item.Opens && t.URL != "":
		return m.links().hint()
	case item.Copy.IsZero():
		return ""
	case m.copying.shownOnce[m.copying.onceOf(m, offer{m.current(), item})]:
		return phrase.T("c  shown")
	case done && m.copying.blind[m.copying.placeOf(m, offer{m.current(), item})]:
		return phrase.T("c  sent")
	case done:
		return phrase.T("c  copied")
	}
	return phrase.T("c  copy")
}
