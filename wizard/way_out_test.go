package wizard

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

var checkedAt = regexp.MustCompile(`Check again\s+checked at (\d\d:\d\d:\d\d)`)

// A check that blocks has its way out on the screen: the portal's page beside o, and "Check again" with when that was last.
func TestBlockedChecksHaveAWayOut(t *testing.T) {
	t.Parallel()
	for profile, page := range map[string]string{
		"lapsed":        "o  Conditional Access, Policies",
		"eligible-only": "o  My roles",
	} {
		t.Run(profile, func(t *testing.T) {
			truthWalk{profile: profile}.begin(t, func(d *driver, _ *outside) {
				d.walk(func(*driver, string) {})
				holdFrame(t, d, "blocked-"+profile)
				d.shows(page)
				before := checkedAt.FindStringSubmatch(d.view())
				if before == nil {
					t.Fatalf("nothing says when it was checked:\n%s", d.view())
				}
				d.goTo("Check again")
				d.press("o")
				if !strings.Contains(d.m.note, pages(d.m.current().Found)[0].URL) {
					t.Errorf("o says %q", d.m.note)
				}
				d.press("enter")
				d.wait(20 * time.Second)
				if after := checkedAt.FindStringSubmatch(d.view()); after == nil || after[1] <= before[1] {
					t.Errorf("checked at %s, and after another check: %v\n%s", before[1], after, d.view())
				}
			})
		})
	}
}

// Where a role only has to be activated, a rehearsal plays that, checks again, and goes on; the page's address can be copied.
func TestActivationIsPlayed(t *testing.T) {
	t.Parallel()
	truthWalk{profile: "eligible-only"}.begin(t, func(d *driver, _ *outside) {
		d.walk(func(*driver, string) {})
		d.shows("p play this part (rehearsal)")
		if copied := d.m.copying.offers(d.m); len(copies(copied)) != 1 || copies(copied)[0].Copy.Reveal() != pages(d.m.current().Found)[0].URL {
			t.Errorf("c copies %+v", copied)
		}
		d.press("p")
		d.wait(20 * time.Second)
		d.shows("Played: Check again")
		d.shows("The page said: The role is active until ")
		d.shows("Show the plan")
	})
}

// Security defaults are turned off by this program, and on again, or by nobody: their page is not offered, the choice is, and nobody is
// told to turn them off.
func TestSecurityDefaultsAreDecidedHere(t *testing.T) {
	t.Parallel()
	truthWalk{profile: "security-defaults"}.begin(t, func(d *driver, _ *outside) {
		d.walk(func(*driver, string) {})
		holdFrame(t, d, "blocked-security-defaults")
		d.shows("Blocked until it is decided: Security defaults.")
		d.shows("Use these choices")
		if found := pages(d.m.current().Found); len(found) > 0 {
			t.Errorf("it offers %v", found)
		}
		row := d.m.current().Found.Sections[0].Facts[0]
		if !strings.Contains(row.Note, "Don't turn them off beforehand") {
			t.Errorf("it says %q", row.Note)
		}
	})
}

// goTo puts the focus on the action of this name.
func (d *driver) goTo(label string) {
	d.t.Helper()
	for range d.m.focus().stops() {
		if a, any := d.m.focus().action(); any && a.Label == label && d.m.focus().entry() == nil {
			return
		}
		d.press("tab")
	}
	d.t.Fatalf("there is no action %q:\n%s", label, d.view())
}

// Where several rows have a page, o opens one after the other, and stands beside the next.
func TestPagesAreOpenedInTurn(t *testing.T) {
	t.Parallel()
	facts := []steps.Fact{
		{Label: "You", Value: "no role", Mark: steps.MarkBlocks, Page: steps.Page{Name: "My roles", URL: "https://entra.example/roles"}},
		{Label: "Domains", Value: "none", Mark: steps.MarkBlocks, Page: steps.Page{Name: "Custom domain names", URL: "https://entra.example/domains"}},
	}
	blocked := steps.Finding{
		Status: steps.Blocked, Sections: []steps.Section{{Facts: facts, Folds: true}},
		Actions: []steps.Action{{ID: steps.ActRetry, Label: "Check again"}, {ID: steps.ActLeave, Label: "Leave"}},
	}
	drive(t, Options{}, contoso(), tenSteps(0, blocked), func(d *driver) {
		for _, next := range []string{"My roles", "Custom domain names", "My roles"} {
			d.shows("o  " + next)
			d.press("o")
		}
		if got := strings.Join(d.run.opened, " "); got != "https://entra.example/roles https://entra.example/domains https://entra.example/roles" {
			t.Errorf("opened %s", got)
		}
		if copied := copies(d.m.copying.offers(d.m)); copied[0].Shown != "https://entra.example/roles" {
			t.Errorf("c copies %q, which was not opened last", copied[0].Shown)
		}
		d.press("d")
		d.shows("https://entra.example/domains")
	})
}

// While MFA is off the footer names how to leave, before the details and before a long label, in a window of any width.
func TestLeavingIsNamedWhileMFAIsOff(t *testing.T) {
	t.Parallel()
	seen := 0
	hold := func(d *driver) {
		if _, off := d.m.run.Exposure(); !off || d.m.over.top() != nil || d.m.focus().typing() {
			return
		}
		for w := leastWidth; w <= 120; w++ {
			d.send(tea.WindowSizeMsg{Width: w, Height: 24})
			shown := d.m.keys.bind(d.m).footer(d.m, w-2)
			if seen++; !slices.ContainsFunc(shown, func(b key.Binding) bool { return b.Help().Key == "q" }) || width(footerText(shown)) > w-2 {
				d.t.Fatalf("in %d columns: %q", w, footerText(shown))
			}
		}
		d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	}
	walkReal(t, "fresh", steps.Options{}, func(d *driver, _ string) { hold(d) })
	for _, s := range scenes() {
		drive(t, s.opts, s.run, s.list, func(d *driver) { s.act(d); hold(d) })
	}
	if seen == 0 {
		t.Error("MFA was never off")
	}
}
