package wizard

import (
	"slices"
	"strings"
	"testing"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// TestFooterKeysWork: every key that the footer names does something, on every screen.
func TestFooterKeysWork(t *testing.T) {
	t.Parallel()
	for _, i := range fewerUpTo(len(scenes())) {
		t.Run(scenes()[i].name, func(t *testing.T) {
			for _, name := range footerKeys(t, scenes()[i]) {
				again := scenes()[i]
				drive(t, again.opts, again.run, again.list, func(d *driver) {
					again.act(d)
					view, gens := d.view(), d.m.jobs.gens
					d.press(name)
					if d.view() == view && d.m.jobs.gens == gens && !d.quit && len(d.run.opened) == 0 {
						t.Errorf("the footer names %q, which does nothing:\n%s", name, view)
					}
				})
			}
		})
	}
}

func footerKeys(t *testing.T, s scene) []string {
	var names []string
	drive(t, s.opts, s.run, s.list, func(d *driver) {
		s.act(d)
		for _, b := range d.m.keys.bind(d.m).footer(d.m, 200) {
			names = append(names, b.Keys()[0])
		}
	})
	if len(names) == 0 {
		t.Error("the footer is empty")
	}
	return names
}

// TestDisabledKeysDoNothing: what is not enabled is not matched, whatever is on screen.
func TestDisabledKeysDoNothing(t *testing.T) {
	t.Parallel()
	drive(t, Options{}, contoso(), tenSteps(4, suspend), func(d *driver) {
		to(4)(d)
		before := d.view()
		for _, k := range []string{"o", "c", "p", "tab", "left", "right", "x", "z"} {
			d.press(k)
		}
		if got := d.view(); got != before {
			t.Errorf("a key that is not named changed the screen:\n%s", got)
		}
	})
}

// TestFooterDropsTheLeastNeeded: Enter and the way out stay when nothing else fits.
func TestFooterDropsTheLeastNeeded(t *testing.T) {
	t.Parallel()
	drive(t, Options{}, contoso(), tenSteps(5, setupTask), func(d *driver) {
		to(5)(d)
		k := d.m.keys.bind(d.m)
		wide := len(k.footer(d.m, 200))
		for w := 200; w > 30; w-- {
			shown := k.footer(d.m, w)
			if len(shown) > wide {
				t.Fatalf("%d keys in %d columns, more than in 200", len(shown), w)
			}
			for _, must := range []key.Binding{k.Enter, k.Back} {
				if !slices.ContainsFunc(shown, func(b key.Binding) bool { return b.Help() == must.Help() }) {
					t.Fatalf("in %d columns %q is gone: %q", w, must.Help().Key, footerText(shown))
				}
			}
		}
	})
}

// TestFooterUsesItsRoom: no key is left out that has room, and how to leave is named before the details.
func TestFooterUsesItsRoom(t *testing.T) {
	t.Parallel()
	for _, s := range scenes() {
		drive(t, s.opts, s.run, s.list, func(d *driver) {
			s.act(d)
			k := d.m.keys.bind(d.m)
			for w := 40; w < 120; w++ {
				shown := k.footer(d.m, w)
				names := func(b key.Binding) bool {
					return slices.ContainsFunc(shown, func(s key.Binding) bool { return s.Help() == b.Help() })
				}
				for _, b := range k.footer(d.m, 300) {
					if left := w - width(footerText(shown)) - len(footerGap) - width(footerText([]key.Binding{b})); !names(b) && left >= 0 {
						t.Fatalf("%s: in %d columns %q has room, and is left out of %q", s.name, w, b.Help().Key, footerText(shown))
					}
				}
				leaves := names(k.Quit) || names(k.Back) && k.Back.Help().Desc == k.Quit.Help().Desc
				if k.Quit.Enabled() && k.Quit.Help().Desc != "" && names(k.Details) && !leaves {
					t.Fatalf("%s: in %d columns %q names the details and not how to leave", s.name, w, footerText(shown))
				}
			}
		})
	}
}

// TestFooterLeadsToTheAnswer: where a choice is asked for beneath instructions, Tab is named, and before what stands beside these.
func TestFooterLeadsToTheAnswer(t *testing.T) {
	t.Parallel()
	asks := setupTask
	asks.Fields = []steps.Field{{ID: "said", Label: "What it said", Kind: steps.ChoiceField, Options: []steps.Option{{ID: "no", Label: "no"}, {ID: "yes", Label: "yes"}}}}
	drive(t, Options{}, contoso(), tenSteps(5, asks), func(d *driver) {
		to(5)(d)
		d.shows("tab answer")
		shown := footerText(d.m.keys.bind(d.m).footer(d.m, 48))
		if !strings.Contains(shown, "tab answer") || strings.Contains(shown, "c copy") {
			t.Errorf("in 48 columns the footer is %q", shown)
		}
		d.press("tab")
		if d.m.focus().entry() == nil {
			t.Errorf("Tab does not lead to the answer:\n%s", d.view())
		}
	})
}

// TestScrollingReachesTheEnd: the arrows scroll what is longer than its place, and the focus stays on the action.
func TestScrollingReachesTheEnd(t *testing.T) {
	t.Parallel()
	drive(t, Options{}, contoso(), tenSteps(4, suspend), func(d *driver) {
		to(4)(d)
		d.send(tea.WindowSizeMsg{Width: 44, Height: 12})
		d.hides("MFA for admins")
		for range 40 {
			d.press("down")
		}
		d.shows("MFA for admins")
		d.shows("above")
		if d.m.focus().place() != 0 {
			t.Error("scrolling moved the focus")
		}
		lists := func(b key.Binding) bool {
			return slices.ContainsFunc(d.m.keys.all(d.m), func(l key.Binding) bool { return l.Help() == b.Help() })
		}
		if k := d.m.keys.bind(d.m); lists(k.Down) || lists(k.PageDown) || !lists(k.Up) {
			t.Errorf("at the end, down is listed: %t, and up: %t", lists(k.Down) || lists(k.PageDown), lists(k.Up))
		}
		for range 10 {
			d.press("pgup")
		}
		d.shows("below")
		d.hides("above")
	})
}
