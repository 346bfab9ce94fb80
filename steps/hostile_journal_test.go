package steps_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// A journal that somebody wrote, read by restore: a name that would speak for the program, hundreds of things owed to ids that are
// paths, other people's or nobody's, and at its end a line without an end. It asks, in the tenant's own names, about what the tenant
// shows; it sends nothing before the answer, and no request for each line.
func TestHostileJournal(t *testing.T) {
	t.Parallel()
	for name, tail := range map[string]string{"whole": "", "with a huge line": strings.Repeat("x", 2<<20)} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				on := rehearse(t, setup{profile: "business"}).tenant
				id, upn, _ := glass(t, on)
				spoken := "x" + hostile
				j, err := journal.Attach(folder, on.Endpoints().TenantID, journal.Author{By: journal.ByWizard, Operator: spoken})
				if err != nil {
					t.Fatal(err)
				}
				account := journal.Account{ID: id, UserPrincipalName: spoken}
				lines := []journal.Entry{{Kind: journal.KindStarted}, {Kind: journal.KindWindowOpened, Account: account, CapSeconds: 1 << 30}}
				for i := range 400 {
					target := fmt.Sprintf("../../users/%d?$select=x#\x1b]0;OWNED\a", i)
					lines = append(lines, journal.Entry{
						Kind: journal.KindIntent, Account: account, Change: journal.Change{Op: "~", Object: spoken, From: spoken, To: spoken},
						Inverse: &journal.Inverse{Kind: journal.InversePolicyExclusion, TargetID: target, Value: id},
					})
				}
				for _, e := range lines {
					if _, err := j.Append(e); err != nil {
						t.Fatal(err)
					}
				}
				if err := j.Close(); err != nil {
					t.Fatal(err)
				}
				if tail != "" {
					path := filepath.Join(folder, on.Endpoints().TenantID+".jsonl")
					f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
					if err == nil {
						_, err = f.WriteString(tail)
						_ = f.Close()
					}
					if err != nil {
						t.Fatal(err)
					}
				}
				before := on.Snapshot()
				calls := &recorder{}
				again := rehearseOn(t, on, setup{wrap: calls.wrap, options: func(o *steps.Options) { o.By, o.Journal = journal.ByRestore, folder }})
				again.pass(steps.SignIn)
				r := restoring{again, steps.Restore()[1]}
				f, err := r.step.Inspect(t.Context(), r.run, r.report)
				if err != nil {
					t.Fatal(err)
				}
				for _, text := range sentences(f) {
					if forged(text, []string{spoken}) {
						t.Errorf("it says %q", text)
					}
				}
				if tail == "" && !strings.Contains(said(f), upn) {
					t.Errorf("it does not name the account as the tenant does: %s", said(f))
				}
				if sent := calls.writes(); len(sent) > 0 {
					t.Errorf("it sent %v", sent)
				}
				if n := len(calls.calls); n > 60 {
					t.Errorf("%d requests for the lines of a journal", n)
				}
				if slices.ContainsFunc(calls.calls, func(c string) bool { return strings.Contains(c, "..") || strings.Contains(c, "OWNED") }) {
					t.Errorf("an id of the journal became a path: %v", calls.calls)
				}
				after := on.Snapshot()
				after.Applications = before.Applications
				unchanged(t, before, after)
			})
		})
	}
}
