package wizard

import (
	"context"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// The header keeps what is done here and the tenant; it is the operator that is shortened. Before anybody has signed in, the name stands alone.
func TestHeaderKeepsTheTitle(t *testing.T) {
	t.Parallel()
	person := playerFunc(func(context.Context, string, map[string]string) (string, error) { return "", nil })
	for want, run := range map[string]*fakeRun{
		"Delegate365 offboarding · rehearsal":                                            {person: person},
		"Delegate365 offboarding · rehearsal admin@contoso.onmicrosoft.c… · contoso.com": {person: person, operator: "admin@contoso.onmicrosoft.com", tenant: "contoso.com"},
		"Delegate365 offboarding admin@contoso.onmicrosoft.com · contoso.com":            {operator: "admin@contoso.onmicrosoft.com", tenant: "contoso.com"},
		"Delegate365 offboarding · rehearsal delegate365… · subsidiary-of-contoso.onmi…": {person: person, operator: longName, tenant: "subsidiary-of-contoso.onmicrosoft.com"},
	} {
		drive(t, Options{Title: "Delegate365 offboarding"}, run, tenSteps(0, steps.Finding{Status: steps.Ready}), func(d *driver) {
			if got, _, _ := strings.Cut(d.view(), "\n"); words(got) != want {
				t.Errorf("%q, want %q", got, want)
			}
			d.send(tea.WindowSizeMsg{Width: 44, Height: 24})
			if got, _, _ := strings.Cut(d.view(), "\n"); (run.person != nil) != strings.Contains(got, "rehearsal") {
				t.Errorf("in 44 columns %q", got)
			}
		})
	}
}

// A step that nobody needs is not needed; of one that was declined, whose finding says so in brief, the title says that it is left out.
func TestDeclinedStepIsLeftOut(t *testing.T) {
	t.Parallel()
	for want, brief := range map[string]finding.Sentence{"not needed": {}, "left out": finding.Advice("You chose so.")} {
		f := steps.Finding{Status: steps.NotNeeded, Text: finding.Advise("It goes without."), Brief: brief, Sections: stands, Actions: []steps.Action{{ID: steps.ActNext, Label: "Continue"}}}
		drive(t, Options{}, contoso(), tenSteps(7, f), func(d *driver) {
			to(7)(d)
			for _, word := range []string{"not needed", "left out"} {
				if strings.Contains(d.view(), word) != (word == want) {
					t.Errorf("the title says not %q:\n%s", want, d.view())
				}
			}
		})
	}
}

// The key that plays a part names what it does where that is to paste the mail.
func TestKeyNamesThePartItPlays(t *testing.T) {
	t.Parallel()
	person := playerFunc(func(context.Context, string, map[string]string) (string, error) { return "", nil })
	for part, pastes := range map[string]bool{steps.PartWelcomeMail: true, steps.PartSetup: false} {
		f := steps.Finding{
			Status: steps.Waiting, Task: &steps.Task{Part: part, Items: []steps.Item{{ID: "do", Text: "Do it"}}},
			Actions: []steps.Action{{ID: steps.ActRetry, Label: "Check now"}},
		}
		drive(t, Options{}, &fakeRun{person: person}, tenSteps(0, f), func(d *driver) {
			d.shows("p  play this part")
			if strings.Contains(d.view(), "play this part: paste the mail") != pastes {
				t.Errorf("%s: \n%s", part, d.view())
			}
		})
	}
}
