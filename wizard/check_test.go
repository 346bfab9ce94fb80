package wizard

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// sizes are those that every screen is drawn at.
var sizes = []struct {
	name string
	w, h int
}{
	{"120x40", 120, 40},
	{"80x24", 80, 24},
	{"60x18", 60, 18},
	{"44x12", 44, 12},
}

// checkFrame holds what is on screen against the rules that every frame keeps, at the model's own size.
func checkFrame(t *testing.T, m *Model) {
	t.Helper()
	f := m.frame()
	view := ansi.Strip(m.View().Content)
	checkView(t, view, f.w, f.h)
	if f.sentence.h > 0 {
		return
	}
	checkPrimary(t, m, view)
	checkActions(t, m, view)
	checkFold(t, m)
	checkPinned(t, m, view)
	checkReachable(t, m)
	checkChanges(t, m)
	checkItems(t, m)
	checkWayOut(t, m)
}

// checkView: no line is wider than the window and there are no more lines than it has.
func checkView(t *testing.T, view string, w, h int) {
	t.Helper()
	lines := strings.Split(view, "\n")
	if len(lines) > h {
		t.Errorf("%d lines in a window of %d", len(lines), h)
	}
	for i, line := range lines {
		if got := ansi.StringWidth(line); got > w {
			t.Errorf("line %d is %d columns wide in a window of %d: %q", i+1, got, w, line)
		}
	}
}

// checkPrimary: the primary action is on screen, whatever has the focus.
func checkPrimary(t *testing.T, m *Model, view string) {
	t.Helper()
	actions := m.focus().actions()
	if len(actions) > 0 && actions[0].ID == walker.ActItem { // it stands among the instructions
		item := m.current().Item(m.task())
		words := strings.Fields(clean(m.task().Items[item].Text))
		if want := fmt.Sprintf("%d  %s", item+1, words[0]); !strings.Contains(view, want) {
			t.Errorf("the instruction to follow now, %q, is not on screen:\n%s", want, view)
		}
		actions = actions[1:]
	}
	if len(actions) > 0 && !strings.Contains(view, clean(actions[0].Label)) {
		t.Errorf("the primary action %q is not on screen:\n%s", actions[0].Label, view)
	}
}

// checkActions: each action is on screen, or it is said how many there are; and what is cut ends with an ellipsis.
func checkActions(t *testing.T, m *Model, view string) {
	t.Helper()
	actions := m.focus().actions()
	if len(actions) > 0 && actions[0].ID == walker.ActItem {
		actions = actions[1:]
	}
	if _, announced, _ := strings.Cut(phrase.T("%d of %d, tab for more", 0, len(actions)), "0"); strings.Contains(view, announced) {
		return
	}
	for _, a := range actions {
		label, cut := clean(a.Label), false
		for n := len([]rune(label)) / 2; n < len([]rune(label)) && !cut; n++ {
			cut = strings.Contains(view, string([]rune(label)[:n])+m.look.glyphs.Ellipsis)
		}
		if !strings.Contains(view, label) && !cut {
			t.Errorf("the action %q is neither on screen nor announced:\n%s", label, view)
		}
	}
}

// checkFold: at 80x24 what has to be read before Enter, and what has to be typed, is in sight without scrolling, as far as it has room.
func checkFold(t *testing.T, m *Model) {
	t.Helper()
	f, s := m.frame(), m.current()
	if f.w != usualWidth || f.h != usualHeight || m.over.top() != nil || m.flow.walk.State != walker.Found || s.scroll != byItself || s.Found == nil {
		return
	}
	page := m.body().content(f.body.w)
	shown := ansi.Strip(strings.Join(page.fold(f.body.h).window(m.body().offset(page, f.body.h)), "\n"))
	body := squash(shown)
	if page.focal.to-page.focal.from <= f.body.h-(page.pin.to-page.pin.from) {
		for _, c := range s.Found.Changes {
			if !strings.Contains(body, squash(clean(c.Spoken().Object))) {
				t.Errorf("the change %q is below the fold:\n%s", c.Object, shown)
			}
		}
	}
	if i := s.form.firstOpen(); i < len(s.form.entries) && !m.flow.walk.LookingBack() && !strings.Contains(body, squash(clean(s.form.entries[i].field.Label))) {
		t.Errorf("the field %q is to be filled, and below the fold:\n%s", s.form.entries[i].field.Label, shown)
	}
	checkAsked(t, m, shown)
	if i := s.Item(m.task()); i >= 0 && !strings.Contains(body, squash(clean(m.task().Items[i].Text))) {
		t.Errorf("the instruction %q is below the fold:\n%s", m.task().Items[i].Text, shown)
	}
}

// checkAsked: what has the focus, or else the first thing that a step waits for or that is to be pasted, can be seen with each of its
// choices.
func checkAsked(t *testing.T, m *Model, shown string) {
	t.Helper()
	s := m.current()
	if m.flow.walk.LookingBack() {
		return
	}
	lines := strings.Split(shown, "\n")
	holds := func(text string) bool {
		return slices.ContainsFunc(lines, func(line string) bool { return strings.Contains(line, clean(text)) })
	}
	for _, e := range s.form.entries {
		focus := m.focus().entry()
		waits := s.Found.Status == steps.Waiting || s.Found.Status == steps.Blocked
		if focus != nil && focus != e || focus == nil && !waits && e.field.Kind != steps.PasteField && e.field.Kind != steps.SecretField {
			continue
		}
		if !holds(e.field.Label) {
			t.Errorf("%q is asked for, and below the fold:\n%s", e.field.Label, shown)
		}
		for i, o := range e.field.Options {
			if i < mostOptions && !holds(o.Label) {
				t.Errorf("the answer %q to %q is below the fold:\n%s", o.Label, e.field.Label, shown)
			}
		}
		return
	}
}

// checkPinned: something has the focus, and an entry that has it is on screen, however far the body is scrolled.
func checkPinned(t *testing.T, m *Model, view string) {
	t.Helper()
	if n := m.focus().stops(); n > 0 && m.focus().place() >= n {
		t.Errorf("the focus is on place %d of %d", m.focus().place()+1, n)
	}
	e := m.focus().entry()
	if e == nil {
		return
	}
	f := m.frame()
	page := m.body().content(f.body.w)
	line := strings.TrimSpace(ansi.Strip(page.lines[page.pin.from]))
	if !strings.Contains(view, line) {
		t.Errorf("the focused field %q is not on screen:\n%s", line, view)
	}
	for off := range len(page.lines) {
		if !strings.Contains(ansi.Strip(strings.Join(page.fold(f.body.h).window(off), "\n")), line) {
			t.Errorf("scrolled to line %d, the focused field %q is out of sight", off, line)
		}
	}
}

// checkReachable: every line of the body comes on screen by scrolling, and what is out of sight is said to be.
func checkReachable(t *testing.T, m *Model) {
	t.Helper()
	f := m.frame()
	page := m.body().content(f.body.w)
	seen := map[string]bool{}
	for off := range max(len(page.lines)-f.body.h, 0) + 1 {
		for _, line := range page.fold(f.body.h).window(off) {
			seen[line] = true
		}
	}
	for _, line := range page.lines {
		if !seen[line] {
			t.Errorf("no scrolling shows %q", ansi.Strip(line))
		}
	}
	if len(page.lines) > f.body.h && page.fold(f.body.h).beyond(m.body().offset(page, f.body.h)) == "" {
		t.Error("the body is longer than its place and does not say so")
	}
}

// checkChanges: each change is there whole, word by word, however it is wrapped.
func checkChanges(t *testing.T, m *Model) {
	t.Helper()
	s := m.current()
	if m.over.top() != nil || m.flow.walk.State != walker.Found || s.Found == nil {
		return
	}
	body := squash(ansi.Strip(strings.Join(m.body().content(m.frame().body.w).lines, "\n")))
	for _, c := range s.Found.Changes {
		if want := squash(clean(c.Spoken().Object) + m.look.values(c.Spoken())); !strings.Contains(body, want) {
			t.Errorf("the change %q is cut", want)
		}
	}
}

// checkWayOut: the footer names a key that leads out, except while MFA is being put back.
func checkWayOut(t *testing.T, m *Model) {
	t.Helper()
	if d := m.over.closing(); m.flow.walk.State == walker.Ended || d != nil && (d.problem.What == "" || d.purpose == atCap) {
		return
	}
	k := m.keys.bind(m)
	shown := k.footer(m, m.frame().keys.w)
	out := slices.ContainsFunc(shown, func(b key.Binding) bool {
		return slices.Contains(b.Keys(), "esc") || slices.Contains(b.Keys(), "ctrl+c")
	})
	if !out {
		t.Errorf("the footer names no way out: %q", footerText(shown))
	}
}

// TestCheckFrameFinds proves that the checks can fail.
func TestCheckFrameFinds(t *testing.T) {
	t.Parallel()
	drive(t, Options{}, &fakeRun{}, []*fakeStep{{
		info:  steps.Info{Title: "Suspend MFA"},
		found: steps.Finding{Status: steps.Ready, Actions: []steps.Action{{ID: steps.ActApply, Label: "Apply 1 change"}}},
	}}, func(d *driver) {
		d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
		checkFrame(t, d.m)
		inner := &testing.T{}
		checkView(inner, strings.Repeat("x", 81), 80, 24)
		if !inner.Failed() {
			t.Error("a line of 81 columns passed")
		}
		inner = &testing.T{}
		checkView(inner, strings.Repeat("\n", 24), 80, 24)
		if !inner.Failed() {
			t.Error("25 lines passed")
		}
		inner = &testing.T{}
		checkPrimary(inner, d.m, "nothing")
		if !inner.Failed() {
			t.Error("a screen without its primary action passed")
		}
	})
}
