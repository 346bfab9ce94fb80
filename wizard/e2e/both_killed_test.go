package e2e_test

import (
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// leftOpen is what the next start says when a window was left open.
var leftOpen = regexp.MustCompile(`MFA has been off for ` + regexp.QuoteMeta(serviceAccount) + ` since \d+ \w+ \d\d:\d\d UTC\S* \(\d`)

// Wizard and guard are killed together while MFA is off, as when the power goes: nothing can close the window but the
// next start, and that begins there.
func TestBothKilled(t *testing.T) {
	t.Parallel()
	o := newOnboarder(t, "fresh")
	s := o.start()
	s.passUntil("Setup says it is completed")
	s.wait("MFA OFF")
	guard, err := os.FindProcess(o.guard())
	if err != nil {
		t.Fatal(err)
	}
	stop(s.cmd.Process) // as in a power cut: neither sees the other's end
	if err := guard.Kill(); err != nil {
		t.Fatal(err)
	}
	s.endBy("kill")
	s.end()
	time.Sleep(replicasTake)
	if left := processes(t, o.program); len(left) > 0 {
		t.Fatalf("processes are left: %v", left)
	}
	look := &windowMonitor{servedTenant: o.servedTenant}
	if why, open := look.open(); !open {
		t.Fatalf("nobody was left to close the window, but: %s", why)
	}
	before := o.changes()

	s = o.start()
	s.wait("Sign in in the browser")
	s.key(enter)
	s.wait("Read what is asked for")
	s.key("p")
	s.wait("MFA has been off for", "Put MFA back")
	if text := strings.Join(strings.Fields(s.term.String()), " "); !leftOpen.MatchString(text) {
		t.Errorf("%q is not on screen:\n%s", leftOpen, s.term)
	}
	if why, open := look.open(); !open {
		t.Errorf("the window was closed before anybody agreed: %s", why)
	}
	s.passUntil("Accept the plan")
	if why, open := look.open(); open {
		t.Errorf("the account is %s", why)
	}
	if after := o.changes()[len(before):]; len(after) == 0 || after[0] != "Update per-user multifactor authentication state" {
		t.Errorf("the second start did not put MFA back first: %q", after)
	}
	s.passUntil("failed once")
	s.passUntil("Both of you: keep these six groups")
	if code := s.end(); code != exitDone {
		t.Errorf("exit code %d:\n%s", code, s.term)
	}
	o.onboarded()
	o.verified()
}

// guard is the process that guards the window, as the journal says.
func (o *onboarder) guard() int {
	o.t.Helper()
	for _, e := range slices.Backward(o.entries().Entries) {
		if e.By == journal.ByGuard && e.Kind == journal.KindStarted {
			return e.PID
		}
	}
	o.t.Fatal("no guard has started")
	return 0
}

// changes are what the tenant's audit log says was done, oldest first, without what people accept as they sign in.
func (o *servedTenant) changes() (activities []string) {
	o.t.Helper()
	var log struct {
		Value []struct{ ActivityDisplayName, Category string }
	}
	for o.get("/v1.0/auditLogs/directoryAudits?$top=999", &log) == http.StatusTooManyRequests { // the program reads the log too
		time.Sleep(2 * time.Second)
	}
	for _, entry := range slices.Backward(log.Value) {
		if entry.Category != "ApplicationManagement" && entry.ActivityDisplayName != "Add app role assignment grant to user" {
			activities = append(activities, entry.ActivityDisplayName)
		}
	}
	return activities
}
