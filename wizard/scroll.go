package wizard

// scrollable is the offset that scrolling moves now.
func (m *Model) scrollable() *int {
	if top := m.over.top(); top != nil {
		return &top.where().scroll
	}
	return &m.current().scroll
}

// scrolls reports whether the body is longer than its place.
func (m *Model) scrolls() bool {
	f := m.frame()
	return f.body.h > 0 && len(m.content(f.body.w).lines) > f.body.h
}

// offset is the first line of the body in sight.
func (m *Model) offset(p *page, h int) int {
	off := *m.scrollable()
	if off == byItself {
		off = p.start(h)
	}
	return clamp(off, 0, max(len(p.lines)-h, 0))
}

// atEnd reports whether the last line of the body is in sight.
func (m *Model) atEnd() bool {
	f := m.frame()
	p := m.content(f.body.w)
	return m.offset(p, f.body.h)+f.body.h >= len(p.lines)
}

func (m *Model) scrollBy(by int) {
	f := m.frame()
	p := m.content(f.body.w)
	*m.scrollable() = clamp(m.offset(p, f.body.h)+by, 0, max(len(p.lines)-f.body.h, 0))
}

// reveal scrolls to the newest refusal.
func (m *Model) reveal() {
	f := m.frame()
	if p := m.content(f.body.w); p.trouble > 0 {
		*m.scrollable() = clamp(m.offset(p, f.body.h), p.trouble-f.body.h, max(len(p.lines)-f.body.h, 0))
	}
}
