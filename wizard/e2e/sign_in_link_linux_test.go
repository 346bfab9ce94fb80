package e2e_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
)

// A browser is given a link that leads on to the sign-in, and no state; what is on screen, to be copied, is the address itself.
func TestNoCommandLineHasTheSignIn(t *testing.T) {
	t.Parallel()
	tenant, o := quickly(t, simtenant.Options{})
	given := filepath.Join(t.TempDir(), "given")
	browser := filepath.Join(t.TempDir(), "somebrowser")
	if err := os.WriteFile(browser, []byte("#!/bin/sh\necho \"$*\" >"+given+".new && mv "+given+".new "+given+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	p := startWith(t, []string{"SSL_CERT_FILE=" + o.ep.CA, "BROWSER=" + browser}, "check", "--cloud", o.file, "--tenant", o.ep.TenantID)
	p.in.Close()
	p.out.next(t, "was asked to open the page")
	var link []byte
	for begun := time.Now(); len(link) == 0 && time.Since(begun) < time.Minute; time.Sleep(20 * time.Millisecond) {
		link, _ = os.ReadFile(given)
	}
	page := strings.TrimSpace(string(link))
	if !strings.HasPrefix(page, "http://localhost:") || strings.ContainsAny(page, "?= ") {
		t.Errorf("the browser is given %q", page)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Get(page)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	to := resp.Header.Get("Location")
	if !strings.HasPrefix(to, o.ep.Authority) || !strings.Contains(to, "state=") || !strings.Contains(p.out.String(), to) {
		t.Fatalf("it leads to %q:\n%s", to, p.out)
	}
	if _, err := tenant.NewPerson(o.http, o.ep).Play(t.Context(), "sign-in", map[string]string{"url": to}); err != nil {
		t.Fatal(err)
	}
	if code := p.end(); code != exitDone {
		t.Errorf("exit code %d:\n%s", code, p.out)
	}
}
