package wizard

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/welcome"
)

var mailField = steps.Field{ID: "mail", Label: "Welcome mail", Kind: steps.PasteField}

// One line of the mail is pasted instead of the mail: the password in it is not drawn, and the step gets the line.
func TestPastedLineIsNotDrawn(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"Configuration password: Tn4kQ9wZrLeak", "Tn4kQ9wZrLeak", "https://contoso.delegate365.com/setup Configuration password: Tn4kQ9wZrLeak",
		"/tmp/x Tn4kQ9wZrLeak", "delegate365-Tn4kQ9wZrLeak",
	} {
		list := asking(mailField)
		drive(t, Options{}, contoso(), list, func(d *driver) {
			d.send(tea.PasteMsg{Content: line})
			d.hides("Tn4kQ9wZrLeak")
			d.shows("entered, not shown")
			d.press("tab")
			d.hides("Tn4kQ9wZrLeak")
			d.press("shift+tab", "enter")
			if got := list[0].answered[0]; got != "mail="+line {
				t.Errorf("answered %q", got)
			}
		})
	}
}

// A line of the mail, pasted into a field for a name, is not drawn either.
func TestPastedLineInAFieldForAName(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"Configuration password: Tn4kQ9wZrLeak", "Tn4k=Q9wZrLeak", "Password\tTn4kQ9wZrLeak"} {
		drive(t, Options{}, contoso(), asking(steps.Field{ID: "name", Label: "Name", Kind: steps.TextField}), func(d *driver) {
			d.send(tea.PasteMsg{Content: line})
			d.hides("Q9wZrLeak")
			d.shows("entered, not shown")
			d.press("tab")
			d.hides("Q9wZrLeak")
		})
	}
	drive(t, Options{}, contoso(), asking(steps.Field{ID: "name", Label: "Name", Kind: steps.TextField}), func(d *driver) {
		d.write("service.delegate365@contoso.com")
		d.shows("> service.delegate365@contoso.com")
	})
	drive(t, Options{}, contoso(), asking(steps.Field{ID: "name", Label: "Name", Kind: steps.TextField}), func(d *driver) {
		d.send(tea.PasteMsg{Content: " contoso.com"})
		d.shows("contoso.com")
		d.hides("not shown")
	})
}

// What is typed is drawn up to the first character that can't belong to an address.
func TestTypedLineIsNotDrawn(t *testing.T) {
	t.Parallel()
	drive(t, Options{}, contoso(), asking(mailField), func(d *driver) {
		d.write("https://contoso.delegate365.com/setup")
		d.shows("> https://contoso.delegate365.com/setup")
		d.write(" ")
		d.hides("contoso.delegate365.com/setup")
		d.write("Tn4k")
		d.hides("Tn4k")
		for range " Tn4k" {
			d.press("backspace")
		}
		d.shows("> https://contoso.delegate365.com/setup")
	})
}

// A paste that no terminal marks comes in parts. They are one.
func TestPasteInParts(t *testing.T) {
	t.Parallel()
	list := asking(mailField)
	drive(t, Options{}, contoso(), list, func(d *driver) {
		for _, part := range []string{"Hello,\r", "the pass", "word is\r.\rTn4kQ9wZrLeak\r"} {
			d.send(tea.PasteMsg{Content: part})
			d.hides("Tn4kQ9wZrLeak")
			d.wait(pasteGap / 3)
		}
		d.shows("4 lines pasted")
		d.press("enter")
		if got := list[0].answered[0]; got != "mail=Hello,\nthe password is\n.\nTn4kQ9wZrLeak\n" {
			t.Errorf("answered %q", got)
		}
	})
}

// A mail that is pasted where a name belongs is not drawn either.
func TestPastedLinesWhereOneBelongs(t *testing.T) {
	t.Parallel()
	drive(t, Options{}, contoso(), asking(steps.Field{ID: "name", Label: "Name", Kind: steps.TextField}), func(d *driver) {
		d.send(tea.PasteMsg{Content: "Hello,\nTn4kQ9wZrLeak\n"})
		d.hides("Tn4kQ9wZrLeak")
		d.shows("Several lines were pasted")
		if text := d.m.focus().entry().text(); strings.TrimSpace(text) != "" {
			t.Errorf("it holds %q", text)
		}
	})
}

// A paste of megabytes comes in thousands of parts. Each is handled by itself, and what no mail can be is not kept.
func TestHugePasteInParts(t *testing.T) {
	t.Parallel()
	drive(t, Options{}, contoso(), asking(mailField), func(d *driver) {
		part := strings.Repeat("a line of a mail\r", 1<<10)
		for range 4 * welcome.MaxMail / len(part) {
			d.m.pasted(tea.PasteMsg{Content: part})
		}
		e := d.m.focus().entry()
		if n := len(e.text()); n <= welcome.MaxMail || n > welcome.MaxMail+2*len(part) {
			t.Errorf("%d bytes are kept", n)
		}
		d.press("backspace")
		if e.text() != "" {
			t.Error("it is not dropped")
		}
	})
}
