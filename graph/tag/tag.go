// Package tag makes HTML of values: elements, attributes and words, each escaped where it is written. An address is made by Href,
// Action or Inside alone, and leads where those allow it; there is no script, no handler, and no style but a style sheet of the
// program's own. It knows nothing of what it is used for.
package tag

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Node is what an element may hold: an attribute, words, another element, or several of these.
type Node interface{ addTo(parent *html.Node) }

// Text is words.
type Text string

func (t Text) addTo(parent *html.Node) {
	parent.AppendChild(&html.Node{Type: html.TextNode, Data: strings.ReplaceAll(string(t), "\x00", "\uFFFD")})
}

// Group is several nodes.
type Group []Node

func (g Group) addTo(parent *html.Node) {
	for _, n := range g {
		if n != nil {
			n.addTo(parent)
		}
	}
}

type element struct {
	name  string
	parts Group
}

func (e element) addTo(parent *html.Node) {
	n := &html.Node{Type: html.ElementNode, Data: e.name, DataAtom: atom.Lookup([]byte(e.name))}
	e.parts.addTo(n)
	parent.AppendChild(n)
}

// El is an element by its name.
//
//go:noinline // every copy would be carried
func El(name string, parts ...Node) Node {
	if unescaped(name) {
		panic("tag: what stands in <" + name + "> is not escaped")
	}
	return element{name, parts}
}

// unescaped are the elements in which html.Render escapes nothing.
func unescaped(name string) bool {
	return slices.Contains([]string{"iframe", "noembed", "noframes", "noscript", "plaintext", "script", "style", "xmp"}, strings.ToLower(name))
}

type sheet string

func (s sheet) addTo(parent *html.Node) {
	element{"style", Group{Text(s)}}.addTo(parent)
}

// Style is a style sheet. It is written as it is: css is never made of anything that was read.
func Style(css string) Node { return sheet(css) }

// OnlyStyle lets a page use this style sheet and nothing else (https://www.w3.org/TR/CSP3/). Its quotes stand as they are, so that
// whoever looks into the page can read it.
func OnlyStyle(css string) Node { return policy(css) }

type policy string

func (p policy) addTo(parent *html.Node) {
	sum := sha256.Sum256([]byte(p))
	parent.AppendChild(&html.Node{Type: html.RawNode, Data: `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-` +
		base64.StdEncoding.EncodeToString(sum[:]) + `'">`})
}

// If is the node where the condition holds.
func If(condition bool, n Node) Node {
	if condition {
		return n
	}
	return nil
}

// Map makes a node of each.
func Map[T any](all []T, node func(T) Node) Group {
	out := make(Group, len(all))
	for i, one := range all {
		out[i] = node(one)
	}
	return out
}

// Lines puts each node on a line of its own, those of a group too.
func Lines(nodes ...Node) Group {
	var out Group
	for _, n := range nodes {
		switch n := n.(type) {
		case nil:
		case Group:
			inner := Lines(n...)
			out = append(out, inner[:len(inner)-1]...)
		default:
			out = append(out, Text("\n"), n)
		}
	}
	return append(out, Text("\n"))
}

type inline Group

func (i inline) addTo(parent *html.Node) { Group(i).addTo(parent) }

// Inline are nodes that Lines keeps on one line.
func Inline(nodes ...Node) Node { return inline(nodes) }

// Page writes a whole page, whose language is English.
func Page(w io.Writer, language string, head, body Node, say ...func(string) string) error {
	var root html.Node
	root.Type = html.DocumentNode
	root.AppendChild(&html.Node{Type: html.DoctypeNode, Data: "html"})
	Text("\n").addTo(&root)
	El("html", Attr("lang", language), Lines(head, body)).addTo(&root)
	for _, words := range say {
		retell(&root, words)
	}
	Text("\n").addTo(&root)
	return html.Render(w, &root)
}

// retell puts other words in the place of a page's; what is code, or typed by somebody, stays.
func retell(n *html.Node, say func(string) string) {
	switch {
	case n.Type == html.TextNode:
		if words := strings.TrimSpace(n.Data); words != "" {
			n.Data = strings.Replace(n.Data, words, say(words), 1)
		}
	case n.Data == "code", n.Data == "style", n.Data == "textarea":
		return
	}
	for i, a := range n.Attr {
		if a.Key == "aria-label" {
			n.Attr[i].Val = say(a.Val)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		retell(c, say)
	}
}
