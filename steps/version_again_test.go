package steps_test

import (
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// Whoever said the wrong version is asked again: nothing was changed for it yet.
func TestVersionIsAskedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "fresh"})
		r.passUntil(steps.EnableAppPasswords)
		r.answer(steps.EnableAppPasswords, "office", "page")
		if f := r.inspect(steps.EnableAppPasswords); f.Status != steps.Ready {
			t.Fatalf("%+v", f)
		}
		r.answer(steps.EnableAppPasswords, steps.ActBack, "")
		if f := r.inspect(steps.EnableAppPasswords); len(f.Fields) != 1 || f.Fields[0].ID != "office" {
			t.Fatalf("it does not ask again: %+v", f)
		}
		r.answer(steps.EnableAppPasswords, "office", "none")
		if f := r.inspect(steps.EnableAppPasswords); f.Status == steps.Ready || len(f.Changes) > 0 {
			t.Errorf("%+v", f)
		}
		r.run.Close()
	})
}
