package wizard

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// asking is one step that asks for one thing.
func asking(field steps.Field) []*fakeStep {
	return tenSteps(0, steps.Finding{
		Status: steps.Waiting, Text: finding.Advise("Please."), Fields: []steps.Field{field},
		Actions: []steps.Action{{ID: "keep", Label: "Keep it"}},
	})
}

// TestSecretShowsNothing: neither the secret nor its length is in any frame, raw or stripped.
func TestSecretShowsNothing(t *testing.T) {
	t.Parallel()
	frames := map[string]string{}
	for _, secret := range []string{"§", "hunter2hunter2", strings.Repeat("x", 300), "with spaces in it"} {
		drive(t, Options{}, contoso(), asking(steps.Field{ID: "pw", Label: "App password", Kind: steps.SecretField}), func(d *driver) {
			d.shows("App password")
			d.send(tea.PasteMsg{Content: secret + "\n"})
			d.hides(secret)
			frames[d.m.View().Content] = secret
			d.press("left", "left")
			frames[d.m.View().Content] = secret
			d.press("enter")
			if got := d.m.current().Step.(*fakeStep).answered; !slices.Equal(got, []string{"pw=" + secret, "keep="}) {
				t.Errorf("answered %d values, want the secret and the action", len(got))
			}
			if e := d.m.current().form.entries[0]; e.text() != "" {
				t.Error("the field still holds the secret after it was taken")
			}
		})
	}
	if len(frames) != 1 {
		t.Errorf("%d different frames for secrets of different lengths, want 1", len(frames))
	}
}

func TestRefusedSecretIsDropped(t *testing.T) {
	t.Parallel()
	list := refusing(asking(steps.Field{ID: "pw", Label: "App password", Kind: steps.SecretField}), "pw",
		&steps.Error{Op: "take this as an app password", Hint: "It has 16 lower-case letters."})
	drive(t, Options{}, contoso(), list, func(d *driver) {
		d.send(tea.PasteMsg{Content: "Password123"})
		d.press("enter")
		d.shows("It has 16 lower-case letters.")
		d.hides("Password123")
		if e := d.m.focus().entry(); e == nil || e.text() != "" {
			t.Error("the refused secret is still there")
		}
	})
}

func TestPastedMailIsHeldUnseen(t *testing.T) {
	t.Parallel()
	mail := "Subject: Welcome\r\n\r\nhttps://contoso.delegate365.com/setup\r\nPassword: mail-secret-3\r\n"
	list := asking(steps.Field{ID: "mail", Label: "Welcome mail", Kind: steps.PasteField})
	drive(t, Options{}, contoso(), list, func(d *driver) {
		d.send(tea.PasteMsg{Content: mail})
		d.shows("4 lines pasted, not shown")
		d.hides("mail-secret-3")
		d.press("enter")
		if got := list[0].answered[0]; got != "mail="+mail {
			t.Errorf("answered %q", got)
		}
	})
}

// Of a choice whose first option is none, Enter uses nothing: it says what is missing, and the footer which keys choose.
func TestChoiceBeforeAnythingIsChosen(t *testing.T) {
	t.Parallel()
	list := asking(steps.Field{ID: "portal", Label: "Portal", Kind: steps.ChoiceField, Options: []steps.Option{
		{Label: "not chosen yet"}, {ID: "a", Label: "https://a.delegate365.com"}, {ID: "b", Label: "https://b.delegate365.com"},
	}})
	drive(t, Options{}, contoso(), list, func(d *driver) {
		d.shows("not chosen yet")
		d.shows("enter see what is missing   arrows choose")
		d.press("tab", "enter")
		d.shows("Portal: nothing is chosen yet. The arrow keys choose.")
		if got := list[0].answered; len(got) > 0 {
			t.Errorf("answered %q", got)
		}
		d.press("down", "down", "enter")
		if got := list[0].answered; !slices.Equal(got, []string{"portal=b", "keep="}) {
			t.Errorf("answered %q", got)
		}
	})
}

// What is chosen of a choice whose options have become others is what is answered.
func TestOptionsThatChangeAreChosenFrom(t *testing.T) {
	t.Parallel()
	field := steps.Field{ID: "test", Label: "Test", Kind: steps.ChoiceField, Options: []steps.Option{{Label: "not tested yet"}, {ID: "failed", Label: "it failed"}}}
	list := asking(field)
	drive(t, Options{}, contoso(), list, func(d *driver) {
		field.Options = []steps.Option{{Label: "not tested again"}, {ID: "failed", Label: "it failed again"}}
		list[0].found.Fields = []steps.Field{field}
		d.press("down", "enter")
		d.shows("not tested again")
		list[0].answered = nil
		d.press("down", "enter")
		if got := list[0].answered; !slices.Equal(got, []string{"test=failed", "keep="}) {
			t.Errorf("answered %q", got)
		}
	})
}

func TestPasteFieldTakesOneLineAsTyped(t *testing.T) {
	t.Parallel()
	list := asking(steps.Field{ID: "mail", Label: "Welcome mail", Kind: steps.PasteField})
	drive(t, Options{}, contoso(), list, func(d *driver) {
		d.send(tea.PasteMsg{Content: "line one\nline two"})
		d.press("backspace")
		d.hides("pasted")
		d.send(tea.PasteMsg{Content: "https://contoso.delegate365.com/setup\n"})
		d.shows("> https://contoso.delegate365.com/setup")
		d.press("enter")
		if got := list[0].answered[0]; got != "mail=https://contoso.delegate365.com/setup" {
			t.Errorf("answered %q", got)
		}
	})
}

func TestChoice(t *testing.T) {
	t.Parallel()
	found := checkPlan()
	list := tenSteps(0, found)
	drive(t, Options{}, contoso(), list, func(d *driver) {
		d.press("shift+tab")
		d.press("down")
		d.press("?") // a choice leaves letters to the wizard
		d.reads(&helpDialog{})
		d.press("esc", "enter")
		if !slices.Equal(list[0].answered, []string{"cap=60m"}) {
			t.Errorf("answered %q", list[0].answered)
		}
	})
}

func TestLettersAreTextWhereTextIsTyped(t *testing.T) {
	t.Parallel()
	list := asking(steps.Field{ID: "name", Label: "User name", Kind: steps.TextField})
	drive(t, Options{}, contoso(), list, func(d *driver) {
		d.write("qdocp?")
		d.is(walker.Found, nil)
		d.shows("> qdocp?")
		d.press("f1")
		d.reads(&helpDialog{})
		d.press("esc", "ctrl+c")
		d.is(walker.Found, &leaveDialog{})
		d.press("esc")
		d.shows("> qdocp?")
	})
}

// TestPasteFindsItsField: beside a task with keys the focus is on the action, and a paste goes where it belongs.
func TestPasteFindsItsField(t *testing.T) {
	t.Parallel()
	found := setupTask
	found.Poll = 0
	found.Fields = []steps.Field{
		{ID: "name", Label: "Name", Kind: steps.TextField, Optional: true},
		{ID: "pw", Label: "App password", Kind: steps.SecretField},
	}
	list := tenSteps(0, found)
	drive(t, Options{}, contoso(), list, func(d *driver) {
		d.press("o")
		if len(d.run.opened) != 1 {
			t.Error("o was taken for a letter")
		}
		d.send(tea.PasteMsg{Content: "abcdefghijklmnop"})
		d.press("enter")
		if !slices.Equal(list[0].answered, []string{"pw=abcdefghijklmnop", "setup-done="}) {
			t.Errorf("answered %q", list[0].answered)
		}
	})
}

func TestOptionalEmptyFieldIsNotAnswered(t *testing.T) {
	t.Parallel()
	list := asking(steps.Field{ID: "note", Label: "Note", Kind: steps.TextField, Optional: true})
	drive(t, Options{}, contoso(), list, func(d *driver) {
		d.press("enter")
		if !slices.Equal(list[0].answered, []string{"keep="}) {
			t.Errorf("answered %q", list[0].answered)
		}
	})
}

// TestNormalisedValueIsShown: what the step made of an accepted value replaces what was typed.
func TestNormalisedValueIsShown(t *testing.T) {
	t.Parallel()
	list := asking(steps.Field{ID: "name", Label: "User name", Kind: steps.TextField})
	list[0].refuse = func(_, value string) error {
		if value != "" {
			list[0].found.Fields = []steps.Field{{ID: "name", Label: "User name", Kind: steps.TextField, Value: value + "@contoso.com"}}
		}
		return nil
	}
	drive(t, Options{}, contoso(), list, func(d *driver) {
		d.write("svc")
		d.press("enter")
		d.shows("> svc@contoso.com")
	})
}

// What is typed to confirm is missing until it is typed: Enter says so, in the footer and when it is pressed.
func TestEmptyTextIsMissing(t *testing.T) {
	t.Parallel()
	list := asking(steps.Field{ID: "tenant", Label: "Domain of this tenant"})
	drive(t, Options{}, contoso(), list, func(d *driver) {
		d.shows("enter see what is missing")
		d.press("enter")
		d.shows("Domain of this tenant is empty. Type it first.")
		if len(list[0].answered) > 0 || !d.m.focus().typing() {
			t.Errorf("answered %q", list[0].answered)
		}
		d.write("contoso.com")
		d.hides("see what is missing")
		d.press("enter")
		if len(list[0].answered) == 0 {
			t.Error("it was not answered")
		}
	})
}
