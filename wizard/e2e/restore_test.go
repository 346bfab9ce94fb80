package e2e_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
)

// restore closes a window on a computer that has no journal of it: it finds the account in the tenant, shows what will be
// put back, and does that only when told to.
func TestRestore(t *testing.T) {
	t.Parallel()
	for name, says := range map[string]string{"told to": "", "left": "q"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := serve(t, "half-done")
			before := o.get("/beta/users/"+serviceAccount+"/authentication/requirements", nil)
			p := start(t, "demo", "restore", "--connect", o.file)
			for p.out.next(t, "Your choice [1]:", "]:", "p to play this part", "Put MFA back\n") != "Put MFA back\n" {
				if strings.HasSuffix(strings.TrimSpace(p.out.String()), "p to play this part (rehearsal).") {
					p.answer("p")
				} else {
					p.answer("")
				}
			}
			for _, words := range []string{"MFA is off for " + serviceAccount + ", at most since ", "The audit log says that", "1  Sign in, then: Put MFA back", "per-user MFA of " + serviceAccount} {
				if !strings.Contains(p.out.String(), words) {
					t.Errorf("%q is not in:\n%s", words, p.out)
				}
			}
			if why, open := (&windowMonitor{servedTenant: o}).open(); !open || before != 200 {
				t.Fatalf("it was closed before anybody agreed: %s", why)
			}
			p.out.next(t, "Your choice [1]:")
			p.answer(says)
			if says == "q" {
				p.in.Close()
				if code := p.end(); code != exitFailed || !strings.Contains(p.out.String(), "MFA is still off for") {
					t.Errorf("exit code %d:\n%s", code, p.out)
				}
				return
			}
			for p.out.next(t, "p to play this part", "is demanded of "+serviceAccount+" again", "Your choice [1]:") != "is demanded of "+serviceAccount+" again" {
				p.answer("p")
			}
			p.out.next(t, "Your choice [1]:")
			p.answer("")
			if code := p.end(); code != exitDone {
				t.Errorf("exit code %d:\n%s", code, p.out)
			}
			if why, open := (&windowMonitor{servedTenant: o}).open(); open {
				t.Errorf("it is still open: %s", why)
			}
		})
	}
}

// The accounts of earlier runs can't be listed: the one that is named is put back all the same, and the exit code is not that of success.
func TestRestoreThatCouldNotLookEverywhere(t *testing.T) {
	t.Parallel()
	tenant, o := quickly(t, simtenant.Options{Profile: "half-done", DeviceInterval: time.Second})
	tenant.SetFault(func(q *http.Request) *simtest.Fault {
		if !strings.HasSuffix(q.URL.Path, "/v1.0/users") || !strings.Contains(q.URL.RawQuery, "jobTitle") {
			return nil
		}
		return &simtest.Fault{Status: http.StatusForbidden, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"error":{"code":"Authorization_RequestDenied","message":"no"}}`}
	})
	p := start(t, "demo", "restore", "--yes", "--account", serviceAccount, "--connect", o.file)
	code := p.end()
	for _, words := range []string{
		"MFA is demanded of " + serviceAccount + " again", "Not every account of earlier runs could be looked at",
		"error: Could not look at every account of earlier runs.", "hint: Run restore again later.",
	} {
		if !strings.Contains(p.out.String(), words) {
			t.Errorf("%q is not in:\n%s", words, p.out)
		}
	}
	if why, open := (&windowMonitor{servedTenant: o}).open(); code != exitFailed || open {
		t.Errorf("exit code %d, open %t %s:\n%s", code, open, why, p.out)
	}
}
