package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// tenant is a simulated tenant in this process, and the folder of who onboards it.
type tenant struct {
	*simtest.Tenant
	server *simtenant.Server
	id     string
	folder string
	file   string // its addresses, as demo --connect takes them
	output strings.Builder
}

func (y *yard) tenant(profile, folder string) (*tenant, error) {
	made, err := simtenant.New(simtenant.Options{Profile: profile, Pace: time.Second})
	if err != nil {
		return nil, err
	}
	t := &tenant{Tenant: simtest.Of(made)}
	t.WatchSecrets()
	if t.server, err = made.Serve(); err != nil {
		return nil, err
	}
	base, err := os.MkdirTemp(y.folder, profile+"-")
	if err != nil {
		return nil, err
	}
	t.folder = filepath.Join(base, folder)
	if err := os.MkdirAll(t.folder, 0o755); err != nil {
		return nil, err
	}
	ep := t.server.Endpoints()
	t.id, t.file = ep.TenantID, filepath.Join(t.folder, "tenant.json")
	addresses, err := json.Marshal(ep)
	if err != nil {
		return nil, err
	}
	return t, os.WriteFile(t.file, addresses, 0o600)
}

func (t *tenant) close() { _ = t.server.Close() }

// args are those of an onboarding of this tenant that plays itself in plain lines.
func (t *tenant) args(more ...string) []string {
	return append([]string{"demo", "--connect", windows(t.file), "--accessible", "--log", windows(filepath.Join(t.folder, "log.jsonl")), "--report", windows(filepath.Join(t.folder, "report"))}, more...)
}

// exposed reports an account that is Global Administrator, and of which nothing demands MFA any more. Policies of the profiles that
// are killed here demand nothing.
func (t *tenant) exposed() bool {
	for _, u := range t.Snapshot().Users {
		if strings.Contains(u.DisplayName, "Delegate365") && len(u.Roles) > 0 && u.PerUserMFA == "disabled" {
			return true
		}
	}
	return false
}

// waitUntil looks until something is so.
func waitUntil(within time.Duration, what string, so func() bool) error {
	for began := time.Now(); !so(); time.Sleep(20 * time.Millisecond) {
		if time.Since(began) > within {
			return fmt.Errorf("not so within %s: %s", within, what)
		}
	}
	return nil
}

// journal is what the run wrote down.
func (t *tenant) journal() (journal.Log, error) {
	l, err := journal.Read(t.file+".journal", t.id, nil)
	if err == nil && l.Broken != nil {
		err = fmt.Errorf("the journal is broken: %w", l.Broken)
	}
	return l, err
}

// finished checks an onboarding that came to its end.
func (t *tenant) finished() error {
	l, err := t.journal()
	if err != nil {
		return err
	}
	if _, open := l.OpenWindow(); open || t.exposed() {
		return fmt.Errorf("the window is open")
	}
	if last := l.Entries[len(l.Entries)-1]; last.Kind != journal.KindFinished && last.Kind != journal.KindSealed {
		return fmt.Errorf("the journal ends with %s", last.Kind)
	}
	for _, ending := range []string{".html", ".json", ".minisig"} {
		if found, _ := filepath.Glob(filepath.Join(t.folder, "report", "*"+ending)); len(found) == 0 {
			return fmt.Errorf("the report has no %s", ending)
		}
	}
	return nil
}

// search looks for every secret of the tenant in all that the run left: output, files, arguments, environments.
func (y *yard) search(t *tenant) error {
	traces := map[string][]byte{"the output": []byte(t.output.String())}
	for _, folder := range []string{filepath.Join(t.folder, "report"), t.file + ".journal"} {
		if err := filesBelow(folder, traces); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	if data, err := os.ReadFile(filepath.Join(t.folder, "log.jsonl")); err == nil {
		traces["the log"] = data
	}
	y.mu.Lock()
	defer y.mu.Unlock()
	for _, s := range y.seen {
		traces[fmt.Sprintf("process %d", s.PID)] = []byte(s.Command + "\n" + strings.Join(s.Environ, "\n"))
	}
	secrets := t.Secrets()
	if len(secrets) < 3 {
		return fmt.Errorf("there are %d secrets only", len(secrets))
	}
	y.secrets += len(secrets)
	var hits []string
	for where, data := range traces {
		y.searched += len(data)
		for _, s := range secrets {
			for _, form := range []string{s.Text, base64.StdEncoding.EncodeToString([]byte(s.Text))} {
				if strings.Contains(string(data), form) {
					hits = append(hits, s.Kind+" in "+where)
				}
			}
		}
	}
	y.found += len(hits)
	if len(hits) > 0 {
		return fmt.Errorf("found: %s", strings.Join(hits, "; "))
	}
	return nil
}
