package web

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"
)

// text is a paragraph of words.
func text(words string) tag.Node { return tag.P(tag.Text(words)) }

// hint is a paragraph beside what it is about.
func hint(words string) tag.Node { return tag.P(tag.Class("hint"), tag.Text(words)) }

// told is what a real page would not tell.
func told(words string) tag.Node { return hint("Only a rehearsal tells: " + words + ".") }

// post is a form that sends its fields, with the token of the session.
func (p page) post(to string, fields ...tag.Node) tag.Node {
	return tag.Form(tag.Method("post"), tag.Action(to), tag.Lines(append(tag.Group{hidden("csrf", p.csrf)}, fields...)...))
}

// submit is the button of a form that has only one.
func submit(words string, more ...tag.Node) tag.Node {
	return tag.Button(append(tag.Group{tag.Type("submit"), tag.Text(words)}, more...)...)
}

// choice is a button of a form that has several; name and value say which was pressed.
func choice(name, value, words string, more ...tag.Node) tag.Node {
	return submit(words, append(tag.Group{tag.Name(name), tag.Value(value)}, more...)...)
}

// plain is the look of what is not the first thing to press.
func plain() tag.Node { return tag.Class("plain") }

// button is a link that looks like one.
func button(to, words string) tag.Node {
	return tag.A(tag.Class("button"), tag.Href(to), tag.Text(words))
}

func hidden(name, value string) tag.Node {
	return tag.Input(tag.Type("hidden"), tag.Name(name), tag.Value(value))
}

// field is a label, what belongs to it, and the input, whose id is its name.
func field(name, label string, parts ...tag.Node) tag.Node {
	return tag.Div(tag.Class("field"), tag.Lines(append(tag.Group{tag.Label(tag.For(name), tag.Text(label))}, parts...)...))
}

// input is the field's own, by its name. What is typed here is no word of a language.
func input(name, kind, complete string, more ...tag.Node) tag.Node {
	return tag.Input(append(tag.Group{tag.ID(name), tag.Name(name), tag.Type(kind), tag.AutoComplete(complete)}, more...)...)
}

// verbatim is typed as it is written: no capital at its beginning, no spelling.
func verbatim() tag.Node {
	return tag.Group{tag.Attr("autocapitalize", "none"), tag.Attr("spellcheck", "false")}
}
