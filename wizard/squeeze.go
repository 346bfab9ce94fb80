package wizard

import "strings"

// squeeze leaves out blank lines where that brings the whole page into h rows, or where what is pinned covers something, from the end
// on. One that keeps two paragraphs apart stays: beside one that is left out stands an indented line.
func (p *page) squeeze(h int) {
	excess := len(p.lines) - h
	if excess <= 0 || p.two {
		return
	}
	indented := func(i int) bool { return strings.HasPrefix(p.lines[i], " ") }
	var out []int
	for i := len(p.lines) - 2; i > 0 && len(out) < excess; i-- {
		if p.lines[i] == "" && (indented(i-1) || indented(i+1)) {
			out = append(out, i)
		}
	}
	if len(out) < excess && p.pin.to <= h {
		return
	}
	for _, i := range out { // the last first, so that those before keep their places
		p.leaveOut(i)
	}
}

// leaveOut takes line i out, and moves up what is noted of those behind it.
func (p *page) leaveOut(i int) {
	p.lines = append(p.lines[:i], p.lines[i+1:]...)
	up := func(at *int) {
		if *at > i {
			*at--
		}
	}
	spans := []*span{&p.pin, &p.focal, &p.read}
	for j := range p.items {
		spans = append(spans, &p.items[j])
	}
	for j := range p.wants {
		spans = append(spans, &p.wants[j])
	}
	for _, s := range spans {
		up(&s.from)
		up(&s.to)
	}
	up(&p.accept)
	up(&p.trouble)
}
