package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A mail that calls a name or a word of the journal the configuration password does what one with a wrong password does: setup does
// not come to its end, and all that is said, written down and reported of it is whole. The mail is read before any name is known.
func TestMailNamesNoPassword(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"a wrong password": "Zz9-other-4kQ", "the account": "service.delegate365@contoso.com", "the tenant": "", "a state": "enforced",
		"opened": "window-opened", "closed": "window-closed", "a kind": "per-user-mfa",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := serve(t, "fresh")
			if value == "" {
				value = o.ep.TenantID
			}
			mail, reports := filepath.Join(t.TempDir(), "mail.txt"), t.TempDir()
			if err := os.WriteFile(mail, fmt.Appendf(nil, "%s/setup\nConfiguration password: %s\n", o.ep.Delegate365, value), 0o600); err != nil {
				t.Fatal(err)
			}
			p := start(t, "demo", "--connect", o.file, "--mail", mail, "--autopilot", "--accessible", "--pace", "0", "--report", reports)
			p.in.Close()
			if code := p.end(); code != exitFailed {
				t.Errorf("exit code %d", code)
			}
			said := p.out.String()
			for _, file := range []string{filepath.Join(o.file+".journal", "*.jsonl"), filepath.Join(reports, "*.json")} {
				paths, err := filepath.Glob(file)
				if err != nil || len(paths) != 1 {
					t.Fatalf("%s: %v, %v, after:\n%s", file, paths, err, said)
				}
				wrote, err := os.ReadFile(paths[0])
				if err != nil {
					t.Fatal(err)
				}
				said += string(wrote)
			}
			for _, words := range []string{"MFA is off for service.delegate365@contoso.com", "MFA is back.", `"kind":"window-opened"`, `"kind":"window-closed"`, "and nothing unexplained"} {
				if !strings.Contains(said, words) {
					t.Errorf("%q is not in:\n%s", words, said)
				}
			}
			if strings.Contains(said, "***") || strings.Contains(said, value) && value == "Zz9-other-4kQ" {
				t.Errorf("something is hidden, or shown:\n%s", said)
			}
		})
	}
}
