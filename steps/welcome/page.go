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

// page takes an HTML text as a person reads it: a line for each block, a tab after each cell. The addresses of its links
// are kept apart, so that one never becomes part of a password beside it.
func (r *reading) page(data []byte, contentType string) {
	in := &scratch{}
	defer in.wipe()
	if utf8.Valid(data) {
		_, _ = in.Write(data)
	} else {
		_, name, _ := charset.DetermineEncoding(data, contentType)
		toUTF8(in, data, name)
	}
	p := page{out: &scratch{}, cell: -1}
	r.texts = append(r.texts, p.out)
	z := html.NewTokenizer(bytes.NewReader(in.b))
	for {
		switch z.Next() {
		case html.ErrorToken:
			r.left -= len(p.out.b)
			p.out.b = p.out.b[:tidy(p.out.b, false)]
			return
		case html.TextToken:
			if p.skip == 0 {
				p.text(z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			if link := p.start(z); link != "" && len(r.links) < maxJudged {
				r.links = append(r.links, link)
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			p.end(atom.Lookup(name))
		}
	}
}

// page is an HTML text on its way to a plain one.
type page struct {
	out   *scratch
	space bool      // a space is due before the next word
	cell  int       // where the innermost table cell begins; -1 outside of one
	skip  atom.Atom // the element whose content nobody sees
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
func (p *page) start(z *html.Tokenizer) string {
	name, attributes := z.TagName()
	switch tag := atom.Lookup(name); tag {
	case atom.Style, atom.Script:
		p.skip = tag
	case atom.Td, atom.Th:
		p.cell, p.space = len(p.out.b), false
	case atom.A, atom.Area:
		for attributes {
			var key, value []byte
			key, value, attributes = z.TagAttr()
			if string(key) == "href" {
				return string(value)
			}
		}
	default:
		if block(tag) {
			p.newLine()
		}
	}
	return ""
}

func (p *page) end(tag atom.Atom) {
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

// block reports an element whose beginning and end are those of a line.
func block(tag atom.Atom) bool {
	switch tag {
	case atom.P, atom.Div, atom.Br, atom.Tr, atom.Li, atom.Dt, atom.Dd, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6,
		atom.Table, atom.Blockquote, atom.Pre, atom.Ul, atom.Ol, atom.Hr, atom.Section, atom.Article, atom.Title:
		return true
	}
	return false
}
