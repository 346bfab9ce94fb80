package wizard

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// body is what a model shows between its title and its actions, as it is now.
type body struct{ m *Model }

func (m *Model) body() body { return body{m} }

// content is the body of what is on screen.
func (b body) content(w int) *page {
	m := b.m
	if top := m.over.top(); top != nil {
		p := &page{m: m, w: w}
		top.body(p)
		return p
	}
	if m.drawn == nil {
		return b.draw(w)
	}
	if m.drawn[w] == nil {
		m.drawn[w] = b.draw(w)
	}
	return m.drawn[w]
}

// draw is the body of the step on screen, at a width.
func (b body) draw(w int) *page {
	m := b.m
	var p *page
	f, passed := m.frame(), m.flow.walk.Passed()
	two := f.wide.w > 0 && inTwo(m.current().Found) && m.flow.walk.State == walker.Found
	for _, try := range []struct {
		how             telling
		reasons, closed bool
	}{{how: wholly, reasons: true}, {how: wholly}, {how: shortly}, {how: hardly}, {how: hardly, closed: true}} {
		if try.closed && m.note == "" { // only what a note takes is given back
			break
		}
		last := p
		p = &page{m: m, w: w, closed: try.closed}
		if two {
			first, second := f.twoColumns()
			p = &page{m: m, w: first, aside: &page{m: m, w: second}, reasons: try.reasons}
		}
		p.brief = try.how != wholly
		p.passed(passed, try.how)
		p.step()
		p.join()
		atLast(p)
		if try.how == hardly {
			p.squeeze(f.body.h)
		}
		if len(p.lines) <= f.body.h {
			break
		}
		if try.closed { // that shows the instructions no better
			p = last
		}
	}
	return p
}

// scrollable is the offset that scrolling moves now.
func (b body) scrollable() *int {
	if top := b.m.over.top(); top != nil {
		return &top.where().scroll
	}
	return &b.m.current().scroll
}

// scrolls reports whether the body is longer than its place.
func (b body) scrolls() bool {
	f := b.m.frame()
	return f.body.h > 0 && len(b.content(f.body.w).lines) > f.body.h
}

// offset is the first line of the body in sight.
func (b body) offset(p *page, h int) int {
	off := *b.scrollable()
	if off == byItself {
		off = p.fold(h).start()
	}
	return p.fold(h).bound(off)
}

// atEnd reports whether the last line of the body is in sight.
func (b body) atEnd() bool {
	f := b.m.frame()
	p := b.content(f.body.w)
	return b.offset(p, f.body.h)+f.body.h >= len(p.lines)
}

// atTop reports whether the first line of the body is in sight.
func (b body) atTop() bool {
	f := b.m.frame()
	return b.offset(b.content(f.body.w), f.body.h) == 0
}

// seen reports whether what has to be seen before it is accepted is in sight, to its last line.
func (b body) seen() bool {
	f := b.m.frame()
	p := b.content(f.body.w)
	return p.fold(f.body.h).sees(b.offset(p, f.body.h))
}

func (b body) scrollBy(by int) {
	b.scrollTo(func(_ fold, off int) int { return off + by })
}

func (b body) pageDown() { b.scrollTo(fold.next) }

func (b body) pageUp() { b.scrollTo(fold.before) }

// scrollTo puts the body at the line that is to come next.
func (b body) scrollTo(line func(f fold, off int) int) {
	f := b.m.frame()
	p := b.content(f.body.w)
	in := p.fold(f.body.h)
	*b.scrollable() = in.bound(line(in, b.offset(p, f.body.h)))
	b.noteRead()
}

// noteRead notes what is in sight: it stays read, also where what a key does takes rows from it.
func (b body) noteRead() {
	if b.m.over.top() == nil && b.m.flow.walk.State == walker.Found && b.seen() {
		b.m.current().read = true
	}
}

// unread reports that an action announces changes, or uses answers that free what is blocked, and that of what
// belongs to it something was not in sight yet, or that it ends the run before a row was that wants something. Signing in announces none.
func (b body) unread(action steps.Action) bool {
	s := b.m.current()
	announces := action.ID == steps.ActApply && s.Info.ID != steps.SignIn
	ends := action.ID == steps.ActNext && b.m.flow.walk.AtLast()
	frees := s.Found != nil && s.Found.Status == steps.Blocked && len(b.m.focus().entries()) > 0 && action == b.m.flow.walk.Primary() && s.form.changed()
	return (announces || ends || frees) && b.m.over.top() == nil && !s.read && !b.seen()
}

// away reports that an action carries out an instruction that was scrolled out of sight.
func (b body) away(action steps.Action) bool {
	if action.ID != walker.ActItem {
		return false
	}
	f := b.m.frame()
	p := b.content(f.body.w)
	fold, off := p.fold(f.body.h), b.offset(p, f.body.h)
	in := fold.sight(off)
	return off != fold.bound(fold.start()) && (p.focal.from < in.from || in.to < p.focal.to)
}

// back undoes all scrolling.
func (b body) back() { *b.scrollable() = byItself }

// wants reports whether a row below what is in sight wants something, or one anywhere out of it.
func (b body) wants() (below, anywhere bool) {
	f := b.m.frame()
	p := b.content(f.body.w)
	in := p.fold(f.body.h).sight(b.offset(p, f.body.h))
	below = b.below(p) != (span{})
	return below, below || slices.ContainsFunc(p.wants, func(row span) bool { return row.from < in.from || row.to > in.to })
}

// below is the next row that wants something and does not stand whole in sight; none where the end of the page is in sight.
func (b body) below(p *page) span {
	h := b.m.frame().body.h
	off := b.offset(p, h)
	in := p.fold(h).sight(off)
	for _, row := range p.wants {
		if row.from > off && row.to > in.to && off+h < len(p.lines) {
			return row
		}
	}
	return span{}
}

// jump scrolls to the next row that wants something, and after the last to the first.
func (b body) jump() {
	f := b.m.frame()
	p := b.content(f.body.w)
	next := p.wants[0]
	if row := b.below(p); row != (span{}) {
		next = row
	}
	*b.scrollable() = clamp(next.from, 0, max(len(p.lines)-f.body.h, 0))
}

// reveal scrolls to the newest refusal.
func (b body) reveal() {
	f := b.m.frame()
	if p := b.content(f.body.w); p.trouble > 0 {
		*b.scrollable() = clamp(b.offset(p, f.body.h), p.trouble-f.body.h, max(len(p.lines)-f.body.h, 0))
	}
}
