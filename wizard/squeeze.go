package wizard

import (
	"slices"
	"strings"
)

// squeeze leaves out blank lines where that brings the whole page into h rows, or all down to what has to be seen before Enter, or where
// what is pinned covers something, from the end on.
func (p *page) squeeze(h int) {
	excess := len(p.lines) - h
	if excess <= 0 || p.two {
		return
	}
	f := p.fold(h)
	out := f.blanks(len(p.lines), excess)
	if len(out) < excess {
		if down := f.downToFocal(); len(down) > 0 {
			out = down
		} else if p.pin.to <= h {
			return
		}
	}
	for _, i := range out { // the last first, so that those before keep their places
		p.leaveOut(i)
	}
}

// downToFocal are the blank lines without which what has to be seen before Enter is in sight, and all above it, and the changes that come
// after an instruction where that is possible too; none where it is, or where that does not do.
func (f fold) downToFocal() []int {
	for _, to := range []int{f.p.changed, f.p.focal.to} {
		if out := f.downTo(to); len(out) > 0 {
			return out
		}
	}
	return nil
}

// downTo are the blank lines without which all above line to is in sight. A title stands out without one, if need be.
func (f fold) downTo(to int) []int {
	p := f.p
	short := to - f.room()
	if short <= 0 {
		return nil
	}
	out := f.blanks(to, short)
	if title := p.focal.from - 1; len(out) < short && title > 0 && p.lines[title] == "" && !slices.Contains(out, title) {
		after := 0
		for after < len(out) && out[after] > title {
			after++
		}
		out = slices.Insert(out, after, title)
	}
	if len(out) < short {
		return nil
	}
	return out
}

// blanks are up to n blank lines before line end, the last first. One that keeps two paragraphs apart is none of them: beside one that is
// left out stands an indented line. The one between instructions and the changes is the last to go.
func (f fold) blanks(end, n int) (out []int) {
	lines, under := f.p.lines, 0
	if last := len(f.p.items) - 1; last >= 0 && f.p.changed > 0 {
		under = f.p.items[last].to
	}
	indented := func(i int) bool { return strings.HasPrefix(lines[i], " ") }
	for i := min(end, len(lines)-1) - 1; i > 0; i-- {
		if lines[i] == "" && (indented(i-1) || indented(i+1)) {
			out = append(out, i)
		}
	}
	if at := slices.Index(out, under); at >= 0 && len(out) > n {
		out = slices.Delete(out, at, at+1)
	}
	return out[:min(n, len(out))]
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
	for j := range p.heads {
		spans = append(spans, &p.heads[j])
	}
	for j := range p.wants {
		spans = append(spans, &p.wants[j])
	}
	for _, s := range spans {
		up(&s.from)
		up(&s.to)
	}
	up(&p.changed)
	up(&p.accept)
	up(&p.answered)
	up(&p.trouble)
}
