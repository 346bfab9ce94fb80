package steps_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// Two wizards on two machines walk one tenant side by side, step by step. Neither has the other's journal: the tenant
// decides, and nothing is doubled.
func TestTwoMachines(t *testing.T) {
	t.Parallel()
	for _, profile := range unstarted {
		t.Run(profile, func(t *testing.T) {
			folders := []string{t.TempDir(), t.TempDir()}
			synctest.Test(t, func(t *testing.T) {
				calls := &recorder{}
				first, _ := watched(t, setup{profile: profile, wrap: calls.wrap}, folders[0])
				before := first.tenant.Snapshot()
				second := rehearseOn(t, first.tenant, setup{options: func(o *steps.Options) { o.Journal = folders[1] }})
				second.person = first.person
				// The second one creates and suspends; the first one takes the account over and runs setup.
				for _, s := range steps.All()[:5] {
					second.pass(s.Info().ID)
					first.pass(s.Info().ID)
				}
				for _, s := range steps.All()[5:] {
					id := s.Info().ID
					first.pass(id)
					switch id {
					case steps.RunSetup: // the second one does not have the account's password any more
					case steps.CaptureAppPassword:
						second.answer(id, "has-app-password", "")
					default:
						second.pass(id)
					}
				}
				first.run.Finish()
				second.run.Finish()
				onboarded(t, before, first.tenant.Snapshot())
				for _, call := range calls.writes() {
					if call == "POST /v1.0/users" || call == "POST /v1.0/roleManagement/directory/roleAssignments" {
						t.Errorf("the one that came after sent %s", call)
					}
				}
				for _, folder := range folders {
					if w, open := read(t, folder, first.tenant.Endpoints().TenantID).OpenWindow(); open {
						t.Errorf("a journal says that it is open: %+v", w)
					}
				}
			})
		})
	}
}

// A wizard on a second machine says that the account was made just now by none of its own, and may be in somebody's hands; one on the
// same machine, or a day later, does not.
func TestSecondMachineSaysSo(t *testing.T) {
	t.Parallel()
	const words = "on another computer just now"
	here, there := t.TempDir(), t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		first := rehearse(t, setup{options: func(o *steps.Options) { o.Journal = here }})
		first.passUntil(steps.AssignAdmin)
		first.run.Close()
		for _, c := range []struct {
			folder string
			after  time.Duration
			want   bool
		}{{there, 0, true}, {here, 0, false}, {there, 55 * time.Minute, true}, {there, 10 * time.Minute, false}} {
			time.Sleep(c.after)
			r := rehearseOn(t, first.tenant, setup{options: func(o *steps.Options) { o.Journal = c.folder }})
			r.pass(steps.SignIn)
			row := rowsOf(r.inspect(steps.Check))["Service account"]
			if got := strings.Contains(row.Note, words); got != c.want || got != (row.Mark == steps.MarkDecide) {
				t.Errorf("%s later, in the folder of the first %v: %+v", c.after, c.folder == here, row)
			}
			r.run.Close()
		}
	})
	synctest.Test(t, func(t *testing.T) {
		first := rehearse(t, setup{})
		first.passUntil(steps.RunSetup)
		for _, want := range []bool{true, false} {
			r := rehearseOn(t, first.tenant, setup{options: func(o *steps.Options) { o.Journal = there }})
			r.pass(steps.SignIn)
			if text := finding.Read(r.inspect(steps.Check).Text); strings.Contains(text, words) != want || !strings.Contains(text, "MFA is off for") && !strings.Contains(text, "MFA has been off for") {
				t.Errorf("want %v: %s", want, text)
			}
			r.run.Close()
			time.Sleep(time.Hour)
		}
	})
}

// Two wizards create the account at the same moment: there is one, and one of them is told so.
func TestTwoMachinesAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first := rehearse(t, setup{})
		second := rehearseOn(t, first.tenant, setup{})
		both := []*rehearsal{first, second}
		for _, r := range both {
			r.passUntil(steps.CreateAccount)
			r.inspect(steps.CreateAccount)
		}
		done := make(chan error)
		for _, r := range both {
			go func() { done <- r.apply(t.Context(), steps.CreateAccount) }()
		}
		var failed []error
		for range both {
			if err := <-done; err != nil {
				failed = append(failed, err)
			}
		}
		accounts := 0
		for upn := range first.tenant.Snapshot().Users {
			if upn == serviceAccount {
				accounts++
			}
		}
		if len(failed) > 1 || accounts != 1 {
			t.Errorf("%d accounts; %v", accounts, failed)
		}
	})
}
