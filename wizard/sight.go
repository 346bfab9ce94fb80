package wizard

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// What of a page is in sight: the rows from a line on, but what is pinned always, and no instruction by half.

// byItself is the offset of a page that nobody scrolled: it begins at the top, or where what matters is in sight.
const byItself = -1

// start is where a page begins that nobody scrolled.
func (p *page) start(h int) int {
	if p.pin.from >= p.focal.to {
		h -= p.pin.to - p.pin.from
	}
	if p.focal.to <= h {
		return 0
	}
	return p.focal.from
}

// bound is the line nearest to off from which h rows can be shown.
func (p *page) bound(off, h int) int { return clamp(off, 0, max(len(p.lines)-h, 0)) }

// pinTo pins as well what is said of the entry that is typed into, up to the last of these lines that leaves room for what has to be seen
// before Enter, and for reading on.
func (p *page) pinTo(ends ...int) {
	h := p.m.frame().body.h
	for _, end := range ends {
		if end-p.pin.from <= h-max(p.focal.to-p.focal.from, h/3) {
			p.pin.to = end
		}
	}
}

// sight is what h rows show from a line on.
type sight struct {
	span             // of the page
	above, below int // the rows in which stands what is pinned, where it left the window
}

// sight is what h rows show from line off on. An instruction of which not all of it has room is left out.
func (p *page) sight(off, h int) sight {
	in := sight{span: span{off, min(off+h, len(p.lines))}}
	pinned := min(p.pin.to-p.pin.from, max(h-1, 0))
	switch {
	case pinned == 0 || p.pin.from >= off && p.pin.from+pinned <= off+h:
	case p.pin.from < off:
		in.above = pinned
	default:
		in.below = pinned
	}
	in.from += in.above
	in.to -= in.below
	room := in.to - in.from
	for _, item := range p.items {
		switch {
		case item.to-item.from > room: // it is never in sight whole
		case item.from < in.from && in.from < item.to:
			in.from = item.to
		case item.from < in.to && in.to < item.to:
			in.to = item.from
		}
	}
	return in
}

// next is where the page goes on below what is in sight, one line of it kept.
func (p *page) next(off, h int) int { return max(p.sight(off, h).to-1, off+1) }

// before is where it goes on above.
func (p *page) before(off, h int) int { return min(p.sight(off, h).from+1-h, off-1) }

// window is the part of the page that h rows show from line off on. What is pinned never leaves it: it stands at the
// edge it left by.
func (p *page) window(off, h int) []string {
	off = p.bound(off, h)
	in := p.sight(off, h)
	lines := make([]string, min(h, len(p.lines)))
	copy(lines, p.lines[p.pin.from:p.pin.from+in.above])
	copy(lines[in.from-off:], p.lines[in.from:in.to])
	copy(lines[len(lines)-in.below:], p.lines[p.pin.from:p.pin.from+in.below])
	return lines
}

// sees reports whether what has to be seen before it is accepted is in sight, to its last line.
func (p *page) sees(off, h int) bool {
	in := p.sight(off, h)
	switch {
	case in.to >= p.accept:
		return true
	case in.below == 0 || in.below < p.pin.to-p.pin.from || p.pin.to < p.accept:
		return false
	}
	return !slices.ContainsFunc(p.lines[in.to:p.pin.from], func(line string) bool { return line != "" })
}

// beyond says how many lines are out of sight, above and below.
func (p *page) beyond(off, h int) string {
	off = p.bound(off, h)
	in := p.sight(off, h)
	down, up := phrase.T("space or pgdn"), phrase.T("pgup")
	if p.m.focus().typing() {
		down = phrase.T("pgdn")
	}
	above, below := in.from-in.above, len(p.lines)-in.to-in.below
	switch {
	case below > 0 && above > 0:
		both := phrase.T("%s below (%s)%s%d above (%s)", phrase.Count(below, "line", "lines"), down, p.m.look.glyphs.Between, above, up)
		if width(both) > p.w {
			both = phrase.T("%d below (%s)%s%d above (%s)", below, phrase.T("pgdn"), p.m.look.glyphs.Between, above, up)
		}
		return both
	case below > 0:
		return phrase.T("%s below (%s)", phrase.Count(below, "more line", "more lines"), down)
	case above > 0:
		return phrase.T("%s above (%s)", phrase.Count(above, "line", "lines"), up)
	}
	return ""
}

func clamp(v, low, high int) int { return max(low, min(v, high)) }
