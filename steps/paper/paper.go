// Package paper is what the pages for the customer are written on: one file each that loads nothing and runs nothing, in one look.
package paper

import (
	"bytes"
	_ "embed"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

//go:embed paper.css
var css string

// Page is a whole page, as a file.
func Page(l phrase.Language, title string, rehearsal bool, body ...tag.Node) ([]byte, error) {
	var b bytes.Buffer
	err := tag.Page(&b, string(l), tag.Head(tag.Lines(
		tag.Meta(tag.Attr("charset", "utf-8")),
		tag.OnlyStyle(css),
		tag.Meta(tag.Name("viewport"), tag.Content("width=device-width, initial-scale=1")),
		tag.Meta(tag.Name("referrer"), tag.Content("no-referrer")),
		tag.Title(tag.Text(title)),
		tag.Style(css),
	)...), tag.Body(
		tag.If(rehearsal, tag.Class("rehearsed")),
		tag.Lines(
			tag.If(rehearsal, tag.Header(tag.Class("rehearsal"), tag.Text(l.T("REHEARSAL on a simulated tenant. Nothing here is about a real one.")))),
			tag.Main(tag.Lines(body...)),
		),
	))
	return b.Bytes(), err
}

// Heading is that of a section.
//
//go:noinline // every copy would be carried
func Heading(words string) tag.Node { return tag.H2(tag.Text(words)) }

// Name is what a stranger may have chosen. It turns no text round it about. An address is broken after its @ and its dots, and a word
// within it only where it is longer than the narrowest page.
func Name(words string) tag.Node {
	long := slices.ContainsFunc(strings.Fields(words), func(word string) bool { return utf8.RuneCountInString(word) > longestWord })
	var parts tag.Group
	for _, word := range strings.SplitAfter(words, " ") {
		for rest := word; strings.Contains(word, "@"); {
			n := strings.IndexAny(strings.TrimRight(rest, ".,: "), "@.")
			if n < 0 {
				word = rest
				break
			}
			parts, rest = append(parts, tag.Text(rest[:n+1]), tag.El("wbr")), rest[n+1:]
		}
		parts = append(parts, tag.Text(word))
	}
	return tag.El("bdi", tag.If(long, tag.Class("long")), parts)
}

// longestWord is what fits the narrowest page, in characters.
const longestWord = 34

// Change is a value before and after.
func Change(from, to string) tag.Node { return tag.Group{Name(from), tag.Text(" → "), Name(to)} }

// ID is what is looked up and not read.
func ID(words string) tag.Node { return tag.Span(tag.Class("id"), tag.Text(words)) }

// Soft is what matters less.
func Soft(words string) tag.Node { return tag.Span(tag.Class("soft"), tag.Text(words)) }

// Fingerprint is one.
func Fingerprint(words string) tag.Node { return tag.Span(tag.Class("fingerprint"), tag.Text(words)) }

// Strong is what is seen first; class is its colour.
func Strong(class, words string) tag.Node { return tag.Strong(tag.Class(class), tag.Text(words)) }

// Alarm is what is wrong, in a table's cell.
func Alarm(words string) tag.Node { return tag.Span(tag.Class("alarm"), tag.Text(words)) }

// Term is a line of a list of terms.
func Term(term string, meaning ...tag.Node) tag.Node {
	return tag.Inline(tag.Dt(tag.Text(term)), tag.Dd(meaning...))
}

// File is a link to a file inside the page.
func File(name string, kind tag.Kind, data []byte) tag.Node {
	return tag.A(tag.Inside(kind, data), tag.Download(name), tag.Text(name))
}

// Head is a column's heading, and what stands before a cell where the page is too narrow for columns.
type Head struct {
	Words, Narrow string
	class         string
}

// Tight is a column that is never broken.
func Tight(words, narrow string) Head { return Head{words, narrow, "when"} }

// Table has one line for each row; the first cell of a row is its heading.
func Table(heads []Head, rows [][]tag.Node) tag.Node {
	top := tag.Map(heads, func(head Head) tag.Node { return tag.Th(tag.Scope("col"), tag.Text(head.Words)) })
	body := tag.Map(rows, func(cells []tag.Node) tag.Node {
		var row tag.Group
		for i, cell := range cells {
			head := heads[i]
			parts := tag.Group{tag.If(head.class != "", tag.Class(head.class)), tag.Data("head", head.Narrow), cell}
			if i == 0 {
				row = append(row, tag.Th(append(parts, tag.Scope("row"))...))
			} else {
				row = append(row, tag.Td(parts...))
			}
		}
		return tag.Tr(row...)
	})
	return tag.Table(tag.Lines(tag.THead(tag.Tr(top)), tag.TBody(tag.Lines(body))))
}
