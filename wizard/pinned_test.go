package wizard

import (
	"errors"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// typedBeneath is a step that wants a word typed beneath a text of so many lines.
func typedBeneath(lines int) []*fakeStep {
	found := steps.Finding{
		Status:  steps.Ready,
		Changes: []steps.Change{{Op: steps.Modify, Object: "security defaults of the whole tenant contoso.com", From: "on", To: "off"}},
		Fields:  []steps.Field{{ID: "tenant", Label: "Domain of this tenant", Kind: steps.TextField, Help: "Type contoso.com to confirm that the whole tenant is meant."}},
		Actions: []steps.Action{{ID: steps.ActApply, Label: "Turn them off"}},
	}
	for range lines {
		found.Text = append(found.Text, finding.Advise("Turning them off reaches everybody in the tenant.")...)
	}
	return tenSteps(4, found)
}

// refusedBeneath is that step, which refuses what is typed.
func refusedBeneath(lines int) []*fakeStep {
	return refusing(typedBeneath(lines), "tenant", &steps.Error{
		Op: "take this as the tenant's domain: it is not contoso.com", Hint: "Type contoso.com, the domain of the tenant that you are signed in to.", Err: errors.New("no"),
	})
}

// What is to be typed is said beside the field that has the focus, however long the page is, and so is why it was refused.
func TestWhatIsToBeTypedIsInSight(t *testing.T) {
	t.Parallel()
	for _, lines := range fewerUpTo(16) {
		drive(t, Options{}, contoso(), refusedBeneath(lines), func(d *driver) {
			to(4)(d)
			d.shows("Type contoso.com to confirm that the whole tenant is meant.")
			d.acceptTyped("contoso")
			d.shows("it is not contoso.com")
			d.shows("Type contoso.com to confirm that the whole tenant is meant.")
		})
	}
}

// Enter hands over what was typed as soon as what it accepts was in sight, and in the next try at once.
func TestEnterHandsOverWhatWasTyped(t *testing.T) {
	t.Parallel()
	for _, size := range sizes {
		for _, lines := range fewerUpTo(16) {
			list := refusedBeneath(lines)
			drive(t, Options{}, contoso(), list, func(d *driver) {
				to(4)(d)
				d.send(tea.WindowSizeMsg{Width: size.w, Height: size.h})
				d.acceptTyped("contoso")
				d.write(".com")
				d.press("enter")
				if got := len(list[4].answered); got != 2 {
					t.Errorf("%s, under %d lines: handed over %d times, want 2:\n%s", size.name, lines, got, d.view())
				}
			})
		}
	}
}

// acceptTyped types a text, reads on as long as Enter does, and hands it over.
func (d *driver) acceptTyped(text string) {
	d.write(text)
	for d.m.keys.enterDoes(d.m) == "read on" {
		d.press("enter")
	}
	d.press("enter")
}
