package welcome

import (
	"regexp"

	"golang.org/x/net/html/atom"
)

// What HTML hides from its reader may be there for another reader: the first lines of a preview, or a password that
// nobody shall see but a program. It is read, and never believed by itself.

// veil is how far an element hides what is in it.
type veil int

const (
	open  veil = iota
	tiny       // letters of no size, until an element inside says otherwise
	drawn      // nothing inside is shown
)

var (
	hidingStyle = regexp.MustCompile(`(?i)(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|` +
		`(?:max-height|opacity)\s*:\s*0+(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:!\s*important\s*)?(?:;|$)|text-indent\s*:\s*-\d{3,})`)
	fontSize = regexp.MustCompile(`(?i)(?:^|[;\s])font-size\s*:\s*([^;]*)`)
	noSize   = regexp.MustCompile(`^(?:0*\.?0*|0*1|0*\.\d+)(?:px|pt|em|rem|%)?\s*(?:!.*)?$`)
)

// veilOf is what a style does to what is inside, within an outer one.
func veilOf(style []byte, outer veil) veil {
	size := fontSize.FindSubmatch(style)
	switch {
	case outer == drawn || hidingStyle.Match(style):
		return drawn
	case size != nil && noSize.Match(size[1]):
		return tiny
	case size != nil:
		return open
	}
	return outer
}

// struckOut reports an element whose text no longer holds.
func struckOut(tag atom.Atom) bool {
	return tag == atom.Del || tag == atom.S || tag == atom.Strike
}

// void reports an element without content or end (https://html.spec.whatwg.org/#void-elements).
func void(tag atom.Atom) bool {
	switch tag {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}

// veiled is an element that hides, or one inside of it.
type veiled struct {
	tag  atom.Atom
	veil veil
}

func (p *page) veil() veil {
	if len(p.veils) == 0 {
		return open
	}
	return p.veils[len(p.veils)-1].veil
}

func (p *page) doubt() Doubt {
	if p.veil() != open {
		return Hidden
	}
	return 0
}

// cover notes an element that hides, and those inside of one.
func (p *page) cover(tag atom.Atom, v veil) {
	const deepest = 500
	if len(p.veils) == 0 && v == open || len(p.veils) >= deepest {
		return
	}
	p.veils = append(p.veils, veiled{tag, v})
	p.turn()
}

// uncover notes an end. Elements whose end is missing end with the one around them.
func (p *page) uncover(tag atom.Atom) {
	for i := len(p.veils) - 1; i >= 0; i-- {
		if p.veils[i].tag == tag {
			p.veils = p.veils[:i]
			break
		}
	}
	p.turn()
}

// turn goes on writing in the text that is due.
func (p *page) turn() {
	due := p.shown
	if p.veil() != open {
		due = p.hidden
	}
	if due == p.out {
		return
	}
	p.out, p.space = due, true
	p.cell, p.otherCell = p.otherCell, p.cell
	if due == p.hidden {
		p.newLine()
	}
}
