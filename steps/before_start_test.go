package steps_test

import (
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// The setup page that the operator was told to open, before the window is, isn't asked for again while it is.
func TestOpenedByHandStaysOpened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.RunSetup)
		r.answer(steps.RunSetup, "mail", r.mail)
		page := r.inspect(steps.RunSetup).Task.URL
		for _, c := range []struct {
			address string
			done    bool
		}{{"https://example.com/setup", false}, {page, true}} {
			r.run.Opened(c.address)
			if open := r.inspect(steps.RunSetup).Task.Items[0]; !open.Opens || open.Done != c.done {
				t.Errorf("after %s: %+v", c.address, open)
			}
		}
	})
}
