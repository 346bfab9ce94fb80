package e2e_test

import (
	"strings"
	"testing"
)

// A rehearsal on a bad day, by itself, in a pipe: what goes wrong is said, tried again, and in the end it is finished. The
// worst days, which take longer than a test may, are walked in virtual time in package steps.
func TestBadDayInAPipe(t *testing.T) {
	t.Parallel()
	p := start(t, "demo", "--autopilot", "--pace", "0", "--fault", "429-bare,truncated,revoked,consent-refused,clock-skew", "--seed", "8")
	p.in.Close()
	if code := p.end(); code != exitDone {
		t.Errorf("exit code %d:\n%s", code, p.out)
	}
	said := p.out.String()
	for _, words := range []string{"play the part sign-in", "could not be read", "asked us to wait", "What to do:", "Finished."} {
		if !strings.Contains(said, words) {
			t.Errorf("%q is not in:\n%s", words, said)
		}
	}
}
