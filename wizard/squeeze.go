package wizard

import (
	"slices"
	"strings"
)

// squeeze leaves out blank lines where that brings the whole page into h rows, or all down to the changes that Enter makes, or where
// what is pinned covers something, from the end on.
func (p *page) squeeze(h int) {
	excess := len(p.lines) - h
	if excess <= 0 || p.two {
		return
	}
	f := p.fold(h)
	out := f.blanks(len(p.lines), excess)
	if len(out) < excess {
		if down := f.downToChanges(); len(down) > 0 {
			out = down
		} else if p.pin.to <= h {
			return
		}
	}
	for _, i := range out { // the last first, so that those before keep their places
		p.leaveOut(i)
	}
}

// downToChanges are the blank lines without which the changes that are announced are in sight, and all above them; none where they are, or
// where that does not do. The title of the changes stands out without one, if need be.
func (f fold) downToChanges() []int {
	p := f.p
	short := p.focal.to - f.room()
	if !p.announces || short <= 0 {
		return nil
	}
	out := f.blanks(p.focal.from, short)
	if title := p.focal.from - 1; len(out) < short && title > 0 && p.lines[title] == "" && !slices.Contains(out, title) {
		out = slices.Insert(out, 0, title)
	}
	if len(out) < short {
		return nil
	}
	return out
}

// blanks are up to n blank lines before line end, the last first. One that keeps two paragraphs apart is none of them: beside one that is
// left out stands an indented line.
func (f fold) blanks(end, n int) (out []int) {
	lines := f.p.lines
	indented := func(i int) bool { return strings.HasPrefix(lines[i], " ") }
	for i := min(end, len(lines)-1) - 1; i > 0 && len(out) < n; i-- {
		if lines[i] == "" && (indented(i-1) || indented(i+1)) {
			out = append(out, i)
		}
	}
	return out
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
