package wizard

// body is what a model shows between its title and its actions, as it is now.
type body struct{ m *Model }

func (m *Model) body() body { return body{m} }

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
		off = p.start(h)
	}
	return clamp(off, 0, max(len(p.lines)-h, 0))
}

// atEnd reports whether the last line of the body is in sight.
func (b body) atEnd() bool {
	f := b.m.frame()
	p := b.content(f.body.w)
	return b.offset(p, f.body.h)+f.body.h >= len(p.lines)
}

func (b body) scrollBy(by int) {
	f := b.m.frame()
	p := b.content(f.body.w)
	*b.scrollable() = clamp(b.offset(p, f.body.h)+by, 0, max(len(p.lines)-f.body.h, 0))
}

// reveal scrolls to the newest refusal.
func (b body) reveal() {
	f := b.m.frame()
	if p := b.content(f.body.w); p.trouble > 0 {
		*b.scrollable() = clamp(b.offset(p, f.body.h), p.trouble-f.body.h, max(len(p.lines)-f.body.h, 0))
	}
}
