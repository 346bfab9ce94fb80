package wizard

import (
	"fmt"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// What of a page is in sight: the rows from a line on, but what is pinned always, and no instruction by half.

// byItself is the offset of a page that nobody scrolled: it begins at the top, or where what matters is in sight.
const byItself = -1

// fold is what of a page h rows show.
type fold struct {
	p *page
	h int
}

func (p *page) fold(h int) fold { return fold{p, h} }

// start is where a page begins that nobody scrolled: at its top, or else with what has to be seen before Enter, the instructions that follow,
// and as much as there is room for of what stands above.
func (f fold) start() int {
	p, h := f.p, f.room()
	last := p.focal.to
	n := len(p.items)
	if n > 0 && !p.announces {
		last = max(last, p.items[n-1].to)
	}
	switch {
	case n > 0 && p.focal == (span{}) && p.m.note != "": // of the last instruction, which a note says was followed
		return max(min(p.items[n-1].from, last-h), 0)
	case p.focal.to <= h:
		return 0
	case p.focal.to-p.focal.from <= h:
		return min(p.focal.from, last-h)
	}
	return p.focal.from
}

// room is how many rows there are down to what has to be seen before Enter: all but those of what is pinned below it.
func (f fold) room() int {
	if f.p.pin.from >= f.p.focal.to {
		return f.h - (f.p.pin.to - f.p.pin.from)
	}
	return f.h
}

// bound is the line nearest to off from which every row can be filled.
func (f fold) bound(off int) int { return clamp(off, 0, max(len(f.p.lines)-f.h, 0)) }

// pinTo pins as well what is said of the entry that is typed into, up to the last of these lines that leaves room for what has to be seen
// before Enter, and for reading on.
func (f fold) pinTo(ends ...int) {
	p := f.p
	for _, end := range ends {
		if end-p.pin.from <= f.h-max(p.focal.to-p.focal.from, f.h/3) {
			p.pin.to = end
		}
	}
}

// sight is what is shown from a line on.
type sight struct {
	span             // of the page
	above, below int // the rows in which stands what is pinned, where it left the window
}

// sight is what is shown from line off on. An instruction of which not all of it has room is left out, and
// a heading with nothing beneath it.
func (f fold) sight(off int) sight {
	p, h := f.p, f.h
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
	for _, head := range p.heads {
		if head.from < in.to && in.to < head.to && head.from > in.from {
			in.to = head.from
		}
	}
	return in
}

// next is where the page goes on below what is in sight, one line of it kept that is not blank.
func (f fold) next(off int) int {
	to := f.sight(off).to - 1
	if to > 0 && f.p.lines[to] == "" {
		to++
	}
	return max(to, off+1)
}

// before is where it goes on above.
func (f fold) before(off int) int { return min(f.sight(off).from+1-f.h, off-1) }

// window is the part of the page that is shown from line off on. What is pinned never leaves it: it stands at the
// edge it left by.
func (f fold) window(off int) []string {
	p := f.p
	off = f.bound(off)
	in := f.sight(off)
	lines := make([]string, min(f.h, len(p.lines)))
	copy(lines, p.lines[p.pin.from:p.pin.from+in.above])
	copy(lines[in.from-off:], p.lines[in.from:in.to])
	copy(lines[len(lines)-in.below:], p.lines[p.pin.from:p.pin.from+in.below])
	return lines
}

// sees reports whether what has to be seen before it is accepted is in sight, to its last line.
func (f fold) sees(off int) bool {
	p, in := f.p, f.sight(off)
	switch {
	case in.to >= p.accept:
		return true
	case in.below == 0 || in.below < p.pin.to-p.pin.from || p.pin.to < p.accept:
		return false
	}
	return !slices.ContainsFunc(p.lines[in.to:p.pin.from], func(line string) bool { return line != "" })
}

// beyond says how many lines are out of sight, above and below.
func (f fold) beyond(off int) string {
	p := f.p
	off = f.bound(off)
	in := f.sight(off)
	down, up := phrase.T("space or pgdn"), phrase.T("pgup")
	if p.m.focus().typing() {
		down = phrase.T("pgdn")
	}
	above, below := in.from-in.above, len(p.lines)-in.to-in.below
	count, rest := phrase.Count(below, "more line", "more lines"), ""
	switch {
	case below <= 0 && above <= 0:
		return ""
	case below <= 0:
		return phrase.T("%s above (%s)", phrase.Count(above, "line", "lines"), up)
	case above > 0:
		count, rest = phrase.Count(below, "line", "lines"), p.m.look.glyphs.Between+phrase.T("%s above (%s)", fmt.Sprint(above), up)
	}
	said := ""
	for _, wants := range []string{f.wanted(in.to), ""} {
		if said = phrase.T("%s below%s (%s)", count, wants, down) + rest; width(said) > p.w {
			said = phrase.T("%s below%s (%s)", fmt.Sprint(below), wants, phrase.T("pgdn")) + rest
		}
		if width(said) <= p.w {
			break
		}
	}
	return said
}

// wanted says what of the rows from a line on wants something. That nothing does is said only where all that stands there was read, and
// settled: neither an instruction nor a change nor a question.
func (f fold) wanted(from int) string {
	p, n := f.p, 0
	for _, row := range p.wants {
		if row.to > from {
			n++
		}
	}
	switch {
	case n > 0:
		return ", " + phrase.T("%d to do", n)
	case p.read.from <= from && len(p.lines) <= p.read.to && !p.unsettled:
		return phrase.T(", nothing to do")
	}
	return ""
}

func clamp(v, low, high int) int { return max(low, min(v, high)) }
