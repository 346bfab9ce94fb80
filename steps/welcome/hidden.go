package welcome

import (
	"bytes"

	"golang.org/x/net/html/atom"
)

// What HTML hides from its reader may be there for another reader: the first lines of a preview, or a password that
// nobody shall see but a program. It is read, and never believed by itself.

// veil is how an element hides what is in it. Several can hold.
type veil uint8

const (
	open  veil = 0
	tiny  veil = 1 << (iota - 1) // letters of no size, until an element inside says otherwise
	pale                         // letters in the colour of most backgrounds, until an element inside says otherwise
	drawn                        // nothing inside is shown, or not as it is written
)

var (
	hidingStyle = pattern(`(?i)(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|` +
		`(?:max-height|opacity|height|width)\s*:\s*0+(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:!\s*important\s*)?(?:;|$)|` +
		`(?:text-indent|margin(?:-left|-top)?|left|top)\s*:\s*-\d{3,}|position\s*:\s*(?:absolute|fixed)|clip(?:-path)?\s*:|` +
		`(?:text-)?transform\s*:\s*[^n;\s]|text-decoration(?:-line)?\s*:[^;]*line-through|unicode-bidi\s*:\s*(?:bidi|isolate)-override|` +
		`-webkit-text-security\s*:\s*[^n;\s]|content\s*:\s*["'][^"'])`)
	colour   = pattern(`(?i)(?:^|[;\s])color\s*:\s*([^;!]*)`)
	palest   = pattern(`(?i)^\s*(?:white|snow|ivory|transparent|(?:ghost|floral)?white|whitesmoke|#?[ef]{3}|#?(?:[ef][0-9a-f]){3}|#[0-9a-f]{3}0|#[0-9a-f]{6}00|rgba?\(\s*(?:2[3-5]\d[\s,]+){2}2[3-5]\d.*|rgba\(.*,\s*0(?:\.0+)?\s*\))\s*$`)
	comment  = pattern(`(?s)/\*.*?\*/`)
	rule     = pattern(`([^{}]+)\{([^{}]*)\}`)
	lastPart = pattern(`([.#]?[\w-]+)(?:::?[\w-]+(?:\([^)]*\))?)*\s*$`)
	fontSize = pattern(`(?i)(?:^|[;\s])font-size\s*:\s*([^;]*)`)
	noSize   = pattern(`^(?:0*\.?0*|0*1|0*\.\d+)(?:px|pt|em|rem|%)?\s*(?:!.*)?$`)
)

// veilOf is what a style does to what is inside, within an outer one.
func veilOf(style []byte, outer veil) veil {
	if hidingStyle().Match(style) {
		return outer | drawn
	}
	if size := fontSize().FindSubmatch(style); size != nil {
		outer &^= tiny
		if noSize().Match(size[1]) {
			outer |= tiny
		}
	}
	if shade := colour().FindSubmatch(style); shade != nil {
		outer = inColour(shade[1], outer)
	}
	return outer
}

// inColour is what a colour of the letters does, within an outer veil.
func inColour(shade []byte, outer veil) veil {
	if palest().Match(shade) {
		return outer | pale
	}
	return outer &^ pale
}

// sheet notes what the rules of a style sheet hide, by the last class, id or element that they name. Where they apply, as
// on small screens only, is not asked.
func (p *page) sheet(css []byte) {
	const most = 2000
	for _, r := range rule().FindAllSubmatch(comment().ReplaceAll(css, nil), most) {
		style := veilOf(r[2], open)
		if style == open {
			continue
		}
		for selector := range bytes.SplitSeq(r[1], []byte(",")) {
			if m := lastPart().FindSubmatch(selector); m != nil {
				if p.rules == nil {
					p.rules = map[string]veil{}
				}
				p.rules[string(bytes.ToLower(m[1]))] |= style
			}
		}
	}
}

// ruled is what the style sheets do to an element with one of these names.
func (p *page) ruled(mark string, names []byte) veil {
	var v veil
	for name := range bytes.FieldsSeq(bytes.ToLower(names)) {
		v |= p.rules[mark+string(name)]
	}
	return v
}

// struckOut reports an element whose text no longer holds, or whose letters are shown in another order.
func struckOut(tag atom.Atom) bool {
	return tag == atom.Del || tag == atom.S || tag == atom.Strike || tag == atom.Bdo
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
