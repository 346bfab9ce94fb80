package wizard

import (
	"context"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
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
