package e2e_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// finishWithin is how long an onboarding that plays itself may take: Conditional Access allows one request a second.
const finishWithin = 5 * time.Minute

// onboarder is a copy of the program of its own, so that its processes are known by their name, and a tenant.
type onboarder struct {
	*servedTenant
	program string
}

func newOnboarder(t *testing.T, profile string) *onboarder {
	t.Helper()
	return &onboarder{serve(t, profile), copyOf(t, program(t))}
}

// copyOf is the program under a path of its own.
func copyOf(t *testing.T, original string) string {
	t.Helper()
	folder, err := os.MkdirTemp(binaryFolder, "")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, filepath.Base(original))
	if err := os.Link(original, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// start starts an onboarding.
func (o *onboarder) start(args ...string) *screen {
	o.t.Helper()
	return openScreenOf(o.t, o.program, nil, append([]string{"demo", "--connect", o.file}, args...)...)
}

// autopilot starts an onboarding that plays itself.
func (o *onboarder) autopilot() *screen {
	o.t.Helper()
	return o.start("--autopilot", "--pace", "0", "--report", o.reports())
}

func (o *onboarder) folder() string { return o.file + ".journal" }

func (o *onboarder) journal() string { return filepath.Join(o.folder(), o.ep.TenantID+".jsonl") }

// entries are the journal's.
func (o *onboarder) entries() journal.Log {
	o.t.Helper()
	l, err := journal.Read(o.folder(), o.ep.TenantID, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	return l
}

// finished reports whether the journal says that an onboarding was.
func (o *onboarder) finished() bool {
	o.t.Helper()
	return slices.ContainsFunc(o.entries().Entries, func(e journal.Entry) bool { return e.Kind == journal.KindFinished })
}

// verified checks that the journal is whole and knows no open window, and returns its entries.
func (o *onboarder) verified() []journal.Entry {
	o.t.Helper()
	l := o.entries()
	if l.Broken != nil || len(l.Torn) > 0 || len(l.Entries) == 0 {
		o.t.Errorf("the journal is not whole after %d lines: broken %v, torn %q", len(l.Entries), l.Broken, l.Torn)
	}
	if w, open := l.OpenWindow(); open {
		o.t.Errorf("the journal says that the window of %s is open since %s", w.Account.UserPrincipalName, w.Opened)
	}
	return l.Entries
}

// reaches waits until the journal has a line, and reports whether it ever had.
func (o *onboarder) reaches(line int, ended <-chan struct{}) bool {
	o.t.Helper()
	var size int64
	for {
		over := false
		select {
		case <-ended:
			over = true
		default:
		}
		if info, err := os.Stat(o.journal()); err == nil && info.Size() != size {
			size = info.Size()
			data, err := os.ReadFile(o.journal())
			if err != nil {
				o.t.Fatal(err)
			}
			if bytes.Count(data, []byte("\n")) >= line {
				return true
			}
		}
		if over {
			return false
		}
		time.Sleep(time.Millisecond)
	}
}

// uninterrupted is the journal of an onboarding that nobody kills.
func uninterrupted(t *testing.T, profile string) []journal.Entry {
	o := newOnboarder(t, profile)
	began := time.Now()
	s := o.autopilot()
	if code := s.endWithin(finishWithin); code != exitDone {
		t.Fatalf("exit code %d:\n%s", code, s.term)
	}
	took := time.Since(began)
	o.onboarded()
	entries := o.verified()
	t.Logf("%s: %d lines in %.1f s", profile, len(entries), took.Seconds())
	return entries
}
