package welcome

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

// isPage reports a text that is HTML source.
func isPage(data []byte) bool {
	start := bytes.ToLower(data[:min(len(data), 4<<10)])
	for _, tag := range []string{"<!doctype html", "<html", "<body", "<table", "<div", "<td", "<p>", "<p ", "<a ", "<br"} {
		if bytes.Contains(start, []byte(tag)) {
			return true
		}
	}
	return false
}

var namesCharset = pattern(`(?i)<meta[^>]+charset`)

// page takes an HTML text as a person reads it: a line for each block, a tab after each cell. The addresses of its links
// are kept apart, so that one never becomes part of a password beside it. What mail programs don't show is a text of its
// own.
func (r *reading) page(data []byte, contentType string, from text) {
	in := &scratch{}
	defer in.wipe()
	if utf8.Valid(data) {
		_, _ = in.Write(data)
	} else {
		_, name, certain := charset.DetermineEncoding(data, contentType)
		from.guessed = from.guessed || !certain && !namesCharset().Match(data[:min(len(data), 1<<10)])
		toUTF8(in, data, name)
	}
	from.page = true
	shown, hidden := from, from
	hidden.doubt |= Hidden
	p := page{shown: &shown.scratch, hidden: &hidden.scratch, cell: -1, otherCell: -1}
	p.out = p.shown
	z := html.NewTokenizer(bytes.NewReader(in.b))
	for {
		switch z.Next() {
		case html.ErrorToken:
			for _, t := range []*text{&shown, &hidden} {
				r.left -= len(t.b)
				t.b = t.b[:tidy(t.b, false)]
			}
			r.texts = append(r.texts, &shown)
			if len(hidden.b) > 0 {
				r.texts = append(r.texts, &hidden)
			}
			return
		case html.TextToken:
			switch p.skip {
			case 0:
				p.text(z.Text())
			case atom.Style:
				p.sheet(z.Text())
			}
		case html.StartTagToken:
			r.follow(p.start(z, false), from.doubt|p.doubt())
		case html.SelfClosingTagToken:
			r.follow(p.start(z, true), from.doubt|p.doubt())
		case html.EndTagToken:
			name, _ := z.TagName()
			p.end(atom.Lookup(name))
		}
	}
}

// follow keeps a link.
func (r *reading) follow(address string, doubt Doubt) {
	if address != "" && len(r.links) < maxJudged {
		r.links = append(r.links, link{address, doubt})
	}
}

// page is an HTML text on its way to a plain one.
type page struct {
	out           *scratch // one of the two
	shown, hidden *scratch
	veils         []veiled  // the element that hides and those in it
	space         bool      // a space is due before the next word
	cell          int       // where the innermost table cell begins; -1 outside of one
	otherCell     int       // the same of the text that is not written now
	skip          atom.Atom // the element whose content nobody sees
	rules         map[string]veil
}

// text adds words. Spaces and line breaks in it are one space.
func (p *page) text(b []byte) {
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if unicode.IsSpace(r) {
			p.space = true
		} else {
			if n := len(p.out.b); p.space && n > 0 && n != p.cell && p.out.b[n-1] != '\n' && p.out.b[n-1] != '\t' {
				_ = p.out.WriteByte(' ')
			}
			p.space = false
			_, _ = p.out.Write(b[:size])
		}
		b = b[size:]
	}
}

func (p *page) newLine() {
	p.space = false
	if n := len(p.out.b); n > 0 && n != p.cell {
		_ = p.out.WriteByte('\n')
	}
}

// start takes a tag and returns the address it links to.
func (p *page) start(z *html.Tokenizer, closed bool) string {
	name, attributes := z.TagName()
	tag := atom.Lookup(name)
	over := p.veil() | p.ruled("", name)
	if struckOut(tag) {
		over |= drawn
	}
	p.apart(tag, name)
	address := ""
	for attributes {
		var key, value []byte
		key, value, attributes = z.TagAttr()
		switch {
		case string(key) == "href" && (tag == atom.A || tag == atom.Area) && address == "":
			address = string(value)
		case string(key) == "hidden":
			over |= drawn
		case string(key) == "class":
			over |= p.ruled(".", value)
		case string(key) == "id":
			over |= p.ruled("#", value)
		case string(key) == "color" && tag == atom.Font:
			over = inColour(value, over)
		case string(key) == "style":
			over = veilOf(value, over)
		}
	}
	if !void(tag) && !closed {
		p.cover(tag, over)
	}
	switch {
	case tag == atom.Style || tag == atom.Script || tag == atom.Template || tag == atom.Noscript:
		p.skip = tag
	case tag == atom.Td || tag == atom.Th:
		p.cell, p.space = len(p.out.b), false
	case block(tag):
		p.newLine()
	}
	return address
}

func (p *page) end(tag atom.Atom) {
	defer p.uncover(tag)
	p.apart(tag, nil)
	switch {
	case tag == p.skip:
		p.skip = 0
	case tag == atom.Td || tag == atom.Th:
		n := len(p.out.b)
		for n > max(p.cell, 0) && p.out.b[n-1] == '\n' {
			n--
		}
		p.out.b = p.out.b[:n]
		_ = p.out.WriteByte('\t')
		p.cell, p.space = -1, false
	case block(tag):
		p.newLine()
	}
}

// apart keeps what is no letter of the word before it apart from it: a raised number, a picture, and a sign that was no
// element's.
func (p *page) apart(tag atom.Atom, name []byte) {
	switch {
	case tag == atom.Sup || tag == atom.Sub || tag == atom.Img || tag == atom.Input || tag == atom.Button:
		p.space = true
	case tag == 0 && len(name) > 0 && p.skip == 0 && !bytes.ContainsAny(name, ":-"):
		p.text([]byte("<"))
	}
}

// block reports an element whose beginning and end are those of a line.
func block(tag atom.Atom) bool {
	switch tag {
	case atom.P, atom.Div, atom.Br, atom.Tr, atom.Li, atom.Dt, atom.Dd, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6,
		atom.Table, atom.Blockquote, atom.Pre, atom.Ul, atom.Ol, atom.Hr, atom.Section, atom.Article, atom.Title:
		return true
	}
	return false
}
