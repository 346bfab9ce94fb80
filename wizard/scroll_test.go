package wizard

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// longRows are rows of which some want something.
func longRows(wanting ...int) steps.Finding {
	var facts []steps.Fact
	for i := range 60 {
		facts = append(facts, steps.Fact{Label: fmt.Sprintf("Row %02d", i), Value: "off", Mark: steps.MarkOK})
	}
	for _, i := range wanting {
		facts[i].Mark = steps.MarkDecide
	}
	return steps.Finding{
		Status: steps.Ready, Text: finding.Advise("Look."), Sections: []steps.Section{{Facts: facts}},
		Actions: []steps.Action{{ID: steps.ActRetry, Label: "Check again"}},
	}
}

// n goes to the next row that wants something and is not in sight, and after the last to the first again, as the footer says.
func TestJumpToWhatWantsSomething(t *testing.T) {
	t.Parallel()
	drive(t, Options{}, contoso(), tenSteps(0, longRows(5, 30, 58)), func(d *driver) {
		d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
		for _, want := range []string{"next Row 30", "next Row 58", "first Row 05", "next Row 30"} {
			which, want, _ := strings.Cut(want, " ")
			d.shows("n " + which + " to do")
			d.press("n")
			first := ""
			for _, line := range d.m.page().fold(d.m.frame().body.h).window(*d.m.body().scrollable()) {
				if strings.Contains(line, "decide") {
					first = line
					break
				}
			}
			if !strings.Contains(first, want) {
				t.Errorf("n shows %q first, want %s:\n%s", first, want, d.view())
			}
		}
		if !strings.Contains(d.view(), "n next to do") {
			t.Errorf("the footer does not name n:\n%s", d.view())
		}
	})
	drive(t, Options{}, contoso(), tenSteps(0, longRows(5, 40)), func(d *driver) {
		d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
		d.press("space", "space")
		d.shows("Row 40")
		d.shows("below, nothing to do")
		d.shows("n first to do")
		d.press("n")
		d.shows("Row 05")
	})
	drive(t, Options{}, contoso(), tenSteps(0, longRows()), func(d *driver) {
		if d.m.keys.bind(d.m).Jump.Enabled() {
			t.Error("n is offered where nothing wants anything")
		}
	})
}

// page is the body that is on screen, whole.
func (m *Model) page() *page { return m.body().content(m.frame().body.w) }

// Space and PgDn scroll by a page, and the screen names both; into a text that was begun a space is typed.
func TestSpaceScrolls(t *testing.T) {
	t.Parallel()
	drive(t, Options{}, contoso(), tenSteps(0, longRows()), func(d *driver) {
		d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
		d.shows("below, nothing to do (space or pgdn)")
		d.shows("space scroll")
		d.press("space")
		after := d.view()
		d.hides("Row 00")
		d.press("pgup", "pgdown")
		if d.view() != after {
			t.Errorf("PgDn shows\n%s\nand space\n%s", d.view(), after)
		}
		for range 9 {
			d.press("space")
		}
		d.shows("Row 59")
		d.shows("pgup scroll back")
	})
	typed := longRows()
	typed.Fields = []steps.Field{{ID: "name", Label: "Name", Kind: steps.TextField}}
	drive(t, Options{}, contoso(), tenSteps(0, typed), func(d *driver) {
		d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
		before := d.view()
		if d.press("space"); d.view() == before {
			t.Error("before anything is typed, space does not scroll")
		}
		d.write("a b")
		if got := d.m.focus().entry(); got == nil || got.text() != "a b" {
			t.Errorf("typed: %+v", got)
		}
		d.shows("below (pgdn)")
	})
}

// Rows that arrive never move what is on screen.
func TestArrivingRowsDoNotScroll(t *testing.T) {
	t.Parallel()
	drive(t, Options{}, contoso(), tenSteps(0, longRows(30)), func(d *driver) {
		d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
		d.press("space")
		before := d.m.page().fold(d.m.frame().body.h).window(*d.m.body().scrollable())
		d.m.current().Found.Sections[0].Facts = append(d.m.current().Found.Sections[0].Facts, steps.Fact{Label: "Row 60", Value: "off", Mark: steps.MarkOK})
		if now := d.m.page().fold(d.m.frame().body.h).window(*d.m.body().scrollable()); strings.Join(now, "\n") != strings.Join(before, "\n") {
			t.Errorf("it moved:\n%s\nfrom:\n%s", strings.Join(now, "\n"), strings.Join(before, "\n"))
		}
	})
}

// No heading stands at the end of what is in sight: what it is about would stand on another page.
func TestHeadingIsSeenWithWhatItIsAbout(t *testing.T) {
	t.Parallel()
	long := longRows(6)
	long.Sections = append(long.Sections, steps.Section{Title: "Next", Facts: long.Sections[0].Facts})
	drive(t, Options{}, contoso(), tenSteps(0, long), func(d *driver) {
		d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
		p := d.m.page()
		for h := 2; h < len(p.lines); h++ {
			for off := range len(p.lines) - h {
				if in := p.fold(h).sight(off); strings.HasSuffix(ansi.Strip(p.lines[in.to-1]), "Next") {
					t.Errorf("of %d lines from %d on the last is a heading", h, off)
				}
			}
		}
	})
}
