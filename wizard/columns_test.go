package wizard

import (
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// From 120 columns the check and the plan have two: nothing of them is below, where one column would be longer than its place.
func TestTwoColumns(t *testing.T) {
	t.Parallel()
	inTwoColumns(t)
}

func TestTwoColumnsInGerman(t *testing.T) {
	if phrase.Spoken() != phrase.German {
		t.Skip("run by TestGerman")
	}
	inTwoColumns(t)
}

func inTwoColumns(t *testing.T) {
	t.Helper()
	for _, profile := range []string{"fresh", "business"} {
		t.Run(profile, func(t *testing.T) {
			onReal(t, profile, steps.Options{}, func(d *driver) {
				d.walk(func(d *driver, name string) {
					if name != "check-ready" && name != "check-plan" {
						return
					}
					d.send(tea.WindowSizeMsg{Width: 120, Height: 40})
					checkFrame(t, d.m)
					if phrase.Spoken() == phrase.English {
						golden(t, filepath.Join("testdata", "two-columns-"+profile, name+".txt"), d.view())
					}
					if p, room := d.m.page(), d.m.frame().body.h; !p.two || len(p.lines) > room {
						t.Errorf("%s: two columns %t, %d lines in %d", name, p.two, len(p.lines), room)
					}
					whole := strings.Join(strings.Fields(d.view()), " ")
					for _, section := range d.m.current().Found.Sections {
						for _, fact := range section.Facts {
							if !strings.Contains(squash(whole), squash(fact.Label)) {
								t.Errorf("%s: %s is not in sight", name, fact.Label)
							}
						}
					}
					for _, field := range d.m.current().Found.Fields {
						if !strings.Contains(whole, field.Label) {
							t.Errorf("%s: %s is not in sight", name, field.Label)
						}
					}
					d.send(tea.WindowSizeMsg{Width: 119, Height: 40})
					if d.m.page().two {
						t.Error("119 columns have two")
					}
					d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
				})
			})
		})
	}
}
