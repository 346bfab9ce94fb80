package e2e_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// leak is one that is planted, and where the gate has to find it. What a terminal is sent for a frame leaves out the
// characters that stood there already, so that the frames are what is certain to hold a leak.
type leak struct {
	kind    string   // of graph/planted
	in      []string // where the gate finds it, or else this says why it is not there
	stopped bool     // the last line of defence replaces it
}

var leaks = []leak{
	{"frame", []string{"frames"}, true},
	{"frame-base64", []string{"frames"}, true},
	{"frame-hex", []string{"frames"}, true},
	{"frame-reversed", []string{"frames"}, true},
	{"frame-url", []string{"frames"}, true},
	{"frame-split", []string{"frames"}, true},
	{"title", []string{"frames", "terminal"}, true},
	{"log", []string{"run.log"}, true},
	{"log-base64", []string{"run.log"}, true},
	{"log-hex", []string{"run.log"}, true},
	{"journal", []string{".jsonl"}, true},
	{"error", []string{"terminal"}, true},
	{"environ", []string{"processes"}, false},
	{"argument", []string{"processes"}, false},
	{"temp", []string{"temp/planted"}, false},
	{"state", []string{"state/planted"}, false},
}

// Each leak that can be made is planted, once with the last line of defence taken away and once with it. The gate finds
// each of them in the first case, and in the second what that line can't see; of the others it is told, and nothing is seen.
func TestLeakGateFails(t *testing.T) {
	t.Parallel()
	path, err := planted()
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range leaks {
		for _, blind := range []bool{true, false} {
			name := l.kind
			if blind {
				name += ", blind"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				found, h := l.play(t, path, blind, int64(7200+i))
				if l.stopped && !blind && len(found) > 0 {
					t.Errorf("the last line of defence lets through %q", found)
				}
				for _, place := range l.in {
					if seen := slices.ContainsFunc(found, func(f string) bool { return strings.Contains(f, place) }); !seen && (blind || !l.stopped) {
						t.Errorf("nothing is found in %s; all that is found: %q", place, found)
					}
				}
				said := strings.Contains(string(h["terminal"]), "a secret was about to be shown; please report this")
				if want := l.stopped && !blind; said != want {
					t.Errorf("the last line of defence says so at the end: %t", said)
				}
				t.Logf("%d found, such as %q", len(found), found[:min(1, len(found))])
			})
		}
	}
}

// play runs an onboarding with the leak in it, as far as the account with its password, and a line of the journal more: by then it was drawn.
func (l leak) play(t *testing.T, path string, blind bool, seed int64) (found []string, h traces) {
	t.Helper()
	e := newLeakRun(t, "fresh", path, seed)
	order := l.kind
	if blind {
		order += " blind"
	}
	if err := os.WriteFile(e.program+".plant", []byte(order), 0o600); err != nil {
		t.Fatal(err)
	}
	e.begin(nil, "demo", "--connect", e.file, "--autopilot", "--pace", "0")
	e.reaches(9, e.screen.ended)
	e.screen.endBy("term")
	e.code = e.screen.endWithin(finishWithin)
	h = e.collect()
	found, _ = h.find(e.tenant.Secrets())
	return found, h
}

var goroutine = regexp.MustCompile(`goroutine \d+ \[|panic: |fatal error: `)

// A panic with a secret in it, in every place that can panic while MFA is off: nothing of it is seen, the terminal is as it
// was, the exit code says that the program is broken, and MFA is back.
func TestPanicPlanted(t *testing.T) {
	t.Parallel()
	path, err := planted()
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct {
		where string
		code  int // a guard's own is seen by nobody
	}{{"view", 2}, {"command", 2}, {"guard", 0}, {"main", 2}} {
		t.Run(c.where, func(t *testing.T) {
			t.Parallel()
			fresh := newTerminal(t)
			e := newLeakRun(t, "fresh", path, int64(7300+i))
			if err := os.WriteFile(e.program+".plant", []byte("panic-"+c.where+" blind"), 0o600); err != nil {
				t.Fatal(err)
			}
			e.begin(nil, "demo", "--connect", e.file, "--autopilot", "--pace", "0")
			e.code = e.screen.endWithin(finishWithin)
			if e.code != c.code {
				t.Errorf("exit code %d:\n%s", e.code, e.screen.term)
			}
			e.screen.sane(fresh)
			if why, open := (&windowMonitor{servedTenant: e.servedTenant}).open(); open {
				t.Errorf("MFA is off: %s", why)
			}
			h := e.collect()
			found, size := h.find(e.tenant.Secrets())
			if len(found) > 0 {
				t.Errorf("%q", found)
			}
			if text := goroutine.Find(h["terminal"]); text != nil {
				t.Errorf("the terminal shows %q", text)
			}
			if log := string(h["file "+e.log]); c.where != "main" && c.where != "guard" && !strings.Contains(log, `"msg":"panic"`) {
				t.Error("the log knows of no panic")
			}
			for began := time.Now(); len(processes(t, e.program)) > 0; time.Sleep(scanEvery) {
				if time.Since(began) > goneWithin {
					t.Fatal("a process is left")
				}
			}
			t.Logf("exit code %d; searched %d bytes, %d found", e.code, size, len(found))
		})
	}
}
