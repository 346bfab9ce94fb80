package e2e_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

const (
	closedWithin = 5 * time.Second        // of the kill
	lookEvery    = 50 * time.Millisecond  // until then
	goneWithin   = time.Minute            // of the kill, the program and its guard
	replicasTake = 2 * time.Second        // in the tenant of profile business
	scanEvery    = 250 * time.Millisecond // for processes
)

// killTrial is what becomes of an onboarding that is killed.
type killTrial struct {
	point
	program string
	open    bool // the window was not closed in time, or not for good

	account        string // user name of the account, where it is not the suggested one
	reports, wrong int    // that were held against the tenant, and claimed something false
}

// play kills an onboarding, sees the window closed, and starts it again.
func (f *killTrial) play(t *testing.T) {
	o := newOnboarder(t, f.profile)
	f.program = o.program
	fresh := newTerminal(t)
	s := o.autopilot()
	if !o.reaches(f.line, s.ended) {
		t.Fatalf("it ended before line %d:\n%s", f.line, s.term)
	}
	killed := time.Now()
	s.endBy(f.way)
	closed, why := f.watch(o, s, killed)
	l := o.entries()
	t.Logf("%-8s line %2d %-32s %-5s closed after %4d ms: %s", f.profile, f.line, nameOf(l.Entries[f.line-1]), f.way, closed.Milliseconds(), why)

	if f.way != "kill" && f.way != "close" {
		s.sane(fresh)
	}
	if l.Broken != nil || l.Torn != nil && f.way != "kill" {
		t.Errorf("the journal: broken %v, torn %q", l.Broken, l.Torn)
	}
	f.afterKill(o)
	f.again(o, l.Torn)
	f.reported(o, "finished")
}

// nameOf is a line in few words.
func nameOf(e journal.Entry) string {
	text := string(e.Kind)
	if e.By != journal.ByWizard {
		text += " by " + string(e.By)
	}
	if e.Step != "" {
		text += " " + e.Step
	}
	return text
}

func (s *screen) endBy(way string) {
	switch way {
	case "int":
		_ = s.cmd.Process.Signal(os.Interrupt)
	case "term":
		_ = s.cmd.Process.Signal(syscall.SIGTERM)
	case "hup":
		_ = s.cmd.Process.Signal(syscall.SIGHUP)
	case "kill":
		_ = s.cmd.Process.Kill()
	case "close":
		_ = s.pty.Close()
	}
}

// watch looks at the tenant until nothing of the program is left, and once more when the replicas have settled. It
// returns how long after the kill the window was seen closed, for good: 0 when it never was open.
func (f *killTrial) watch(o *onboarder, s *screen, killed time.Time) (closed time.Duration, why string) {
	o.t.Helper()
	look := &windowMonitor{servedTenant: o.servedTenant}
	var open bool
	for scanned := killed; ; {
		was := open
		why, open = look.open()
		since := time.Since(killed)
		if was && !open {
			closed = since
		}
		if open && since > closedWithin {
			o.t.Fatalf("%.1f s after the kill the account is %s; on screen:\n%s", since.Seconds(), why, s.term)
		}
		if time.Since(scanned) >= scanEvery {
			scanned = time.Now()
			left := processes(o.t, o.program)
			if len(left) == 0 {
				break
			}
			if since > goneWithin {
				o.t.Fatalf("%s after the kill processes are left: %v; on screen:\n%s", goneWithin, left, s.term)
			}
		}
		time.Sleep(lookEvery)
	}
	if code := s.end(); f.way != "kill" && f.way != "close" && !o.finished() && code != exitLeft {
		o.t.Errorf("exit code %d:\n%s", code, s.term)
	}
	time.Sleep(replicasTake)
	was := open
	if why, open = (&windowMonitor{servedTenant: o.servedTenant}).open(); open {
		o.t.Fatalf("after the end of the program the account is %s", why)
	}
	if was {
		closed = time.Since(killed)
	}
	f.open = false
	return closed, why
}

// again starts the killed onboarding once more, and sees it finished.
func (f *killTrial) again(o *onboarder, torn []byte) {
	o.t.Helper()
	s := o.autopilot()
	if code := s.endWithin(finishWithin); code != exitDone {
		o.t.Fatalf("the second start ends with exit code %d:\n%s", code, s.term)
	}
	o.onboarded()
	o.verified()
	aside, err := filepath.Glob(o.journal() + ".torn-*")
	if err != nil {
		o.t.Fatal(err)
	}
	if (len(aside) > 0) != (torn != nil) {
		o.t.Errorf("torn was %q, and set aside is %q", torn, aside)
	}
	if left := processes(o.t, o.program); len(left) > 0 {
		o.t.Errorf("after the second start processes are left: %v", left)
	}
}
