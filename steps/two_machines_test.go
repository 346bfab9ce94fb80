package steps_test

import (
	"testing"
	"testing/synctest"

	"delegate365-onboard/steps"
)

// Two wizards on two machines walk one tenant side by side, step by step. Neither has the other's journal: the tenant
// decides, and nothing is doubled.
func TestTwoMachines(t *testing.T) {
	for _, profile := range unstarted {
		t.Run(profile, func(t *testing.T) {
			folders := []string{t.TempDir(), t.TempDir()}
			synctest.Test(t, func(t *testing.T) {
				first, _ := watched(t, setup{profile: profile}, folders[0])
				before := first.tenant.Snapshot()
				calls := &recorder{}
				second := rehearseOn(t, first.tenant, setup{wrap: calls.wrap, options: func(o *steps.Options) { o.Journal = folders[1] }})
				second.person = first.person
				for _, s := range steps.All() {
					id := s.Info().ID
					first.pass(id)
					if id == steps.CaptureAppPassword {
						second.answer(id, "has-app-password", "")
					}
					second.pass(id)
				}
				first.run.Close(true)
				second.run.Close(true)
				onboarded(t, before, first.tenant.Snapshot())
				for _, call := range calls.writes() {
					if call == "POST /v1.0/users" || call == "POST /v1.0/roleManagement/directory/roleAssignments" {
						t.Errorf("the second wizard sent %s", call)
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

// Two wizards create the account at the same moment: there is one, and one of them is told so.
func TestTwoMachinesAtOnce(t *testing.T) {
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
