package wizard

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Where and as what somebody signs in that nobody typed stands on the first screen in sight, whatever a file calls its cloud, beside the
// question for the tenant as well as without.
func holdSetBeforehand(t *testing.T, look func(d *driver, folder string)) {
	t.Helper()
	for name, tenant := range map[string]string{"set-beforehand": "contoso.com", "set-beforehand-domain": ""} {
		synctest.Test(t, func(t *testing.T) {
			run, err := steps.NewRun(steps.Options{
				Cloud:  graph.Cloud{Name: "login.evil.example (Microsoft 365)", Authority: "https://login.evil.example", Graph: "https://graph.evil.example", Custom: true},
				Tenant: tenant, ClientID: "5f5b5c0e-3f0a-4f0e-9b43-1f6f6c0f2a11",
			})
			if err != nil {
				t.Fatal(err)
			}
			from := "--cloud comes from cloud in /home/ada/.config/delegate365-onboard/config.toml."
			if phrase.Spoken() == phrase.German {
				from = "--cloud stammt aus cloud in /home/ada/.config/delegate365-onboard/config.toml."
			}
			steps.Untyped(run, map[string]string{"cloud": from, "client-id": strings.Replace(strings.Replace(from, "--cloud", "--client-id", 1), "cloud in /home/ada/.config/delegate365-onboard/config.toml", "DELEGATE365_CLIENT_ID", 1)})
			m := newModel(Options{Run: run, Steps: steps.All()}, run)
			d := &driver{t: t, m: m, msgs: make(chan tea.Msg), done: make(chan struct{})}
			defer func() {
				m.jobs.life.stop()
				close(d.done)
				synctest.Wait()
			}()
			d.start(m.Init())
			d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
			d.settle()
			look(d, name)
		})
	}
}

func TestSetBeforehandFrames(t *testing.T) {
	t.Parallel()
	holdSetBeforehand(t, func(d *driver, folder string) {
		view := strings.Join(strings.Fields(holdFrame(d.t, d, folder)), " ")
		for _, said := range []string{
			"Cloud: your own, login.evil.example (Microsoft 365)", "Graph at graph.evil.example", "/home/ada/.config/delegate365-onboard/config.toml",
			"5f5b5c0e-3f0a-4f0e-9b43-1f6f6c0f2a11", "DELEGATE365_CLIENT_ID",
		} {
			if !strings.Contains(view, said) {
				d.t.Errorf("%q is not in sight on %s:\n%s", said, folder, d.view())
			}
		}
	})
}

func TestSetBeforehandInGerman(t *testing.T) {
	if phrase.Spoken() != phrase.German {
		t.Skip("run by TestGerman")
	}
	english := onlyEnglish(t)
	holdSetBeforehand(t, func(d *driver, folder string) {
		if words := english(holdFrame(d.t, d, filepath.Join("german", folder))); len(words) > 0 {
			d.t.Errorf("%s has English in it: %q\n%s", folder, words, d.view())
		}
	})
}
