package steps_test

import (
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// Every write of an onboarding is in the journal before it is sent, with what takes it back, and afterwards with what
// became of it.
func TestJournal(t *testing.T) {
	t.Parallel()
	for _, profile := range unstarted {
		t.Run(profile, func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				tenant := ""
				early := &announced{folder: folder, tenant: &tenant, t: t}
				r := rehearse(t, setup{profile: profile, wrap: early.wrap, options: func(o *steps.Options) { o.Journal = folder }})
				tenant = r.tenant.Endpoints().TenantID
				r.passUntil(steps.RunSetup)
				open, yes := read(t, folder, tenant).OpenWindow()
				if !yes || open.Account.UserPrincipalName != serviceAccount {
					t.Errorf("the journal does not know that the window is open: %+v", open)
				}
				if want := r.excluded(); len(open.Inverses) != want {
					t.Errorf("%d inverses for %d exclusions: %+v", len(open.Inverses), want, open.Inverses)
				}
				for _, s := range steps.All()[5:] {
					r.pass(s.Info().ID)
				}
				r.run.Finish()
				kept(t, read(t, folder, tenant))
				if early.writes == 0 {
					t.Error("no write was seen")
				}
			})
		})
	}
}

func read(t *testing.T, folder, tenant string) journal.Log {
	t.Helper()
	log, err := journal.Read(folder, tenant, nil)
	if err != nil || log.Broken != nil || len(log.Torn) > 0 {
		t.Fatalf("%v, %v, %q", err, log.Broken, log.Torn)
	}
	return log
}

// kept holds the journal of a finished onboarding: each intent with a verified outcome, the window closed, nothing
// suspended any more.
func kept(t *testing.T, log journal.Log) {
	t.Helper()
	intents := map[int]bool{}
	for _, e := range log.Entries {
		switch e.Kind {
		case journal.KindIntent:
			intents[e.Seq] = false
			if e.Inverse == nil && e.Restores == nil && !strings.HasPrefix(e.Change.Object, "password") {
				t.Errorf("line %d can't be taken back: %+v", e.Seq, e.Change)
			}
		case journal.KindOutcome:
			intents[e.Intent] = e.Verified && e.Outcome == journal.Applied && e.RequestID != ""
		}
	}
	if len(intents) < 4 {
		t.Errorf("only %d intents", len(intents))
	}
	for seq, done := range intents {
		if !done {
			t.Errorf("line %d has no verified outcome with a request id", seq)
		}
	}
	if open, yes := log.OpenWindow(); yes {
		t.Errorf("the window is still open: %+v", open)
	}
	for _, i := range log.Outstanding() {
		if i.Kind == journal.InversePerUserMFA || i.Kind == journal.InversePolicyExclusion {
			t.Errorf("still suspended: %+v", i)
		}
	}
	if last := log.Entries[len(log.Entries)-1]; last.Kind != journal.KindFinished {
		t.Errorf("it ends with %s", last.Kind)
	}
}

// announced looks into the journal at the moment a write to Graph is sent.
type announced struct {
	t      *testing.T
	folder string
	tenant *string
	mu     sync.Mutex
	writes int
}

func (a *announced) wrap(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(q *http.Request) (*http.Response, error) {
		toGraph := strings.HasPrefix(q.URL.Path, "/v1.0/") || strings.HasPrefix(q.URL.Path, "/beta/")
		if toGraph && q.Method != http.MethodGet && !strings.HasSuffix(q.URL.Path, "/evaluate") {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.writes++
			time.Sleep(time.Millisecond) // what puts something back is written down beside it
			pending := map[int]bool{}
			for _, e := range read(a.t, a.folder, *a.tenant).Entries {
				pending[e.Seq] = e.Kind == journal.KindIntent
				delete(pending, e.Intent)
			}
			if !slices.Contains(slices.Collect(maps.Values(pending)), true) {
				a.t.Errorf("%s %s is sent without a line", q.Method, q.URL.Path)
			}
		}
		return next.RoundTrip(q)
	})
}

// Two wizards on one tenant from one machine: the second is refused, with the first one's process.
func TestSecondWizard(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		keep := func(o *steps.Options) { o.Journal = folder }
		first := rehearse(t, setup{options: keep})
		first.pass(steps.SignIn)
		second := rehearseOn(t, first.tenant, setup{options: keep})
		told(t, second.apply(t.Context(), steps.SignIn), "Another wizard", strconv.Itoa(os.Getpid()))
		first.run.Close()
		second.pass(steps.SignIn)
		second.run.Close()
	})
}

// What can't be written down is not done; what puts MFA back is done all the same.
func TestJournalThatFails(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("an open file can't be replaced by a folder on Windows")
	}
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{options: func(o *steps.Options) { o.Journal = folder }})
		defer r.run.Close()
		r.passUntil(steps.AssignAdmin)
		before := r.tenant.Snapshot()
		spoil(t, folder)
		told(t, r.apply(t.Context(), steps.AssignAdmin), "nothing else is changed", "XDG_STATE_HOME")
		unchanged(t, before, r.tenant.Snapshot())
		if r.open() {
			t.Error("the window is open")
		}
	})
	folder = t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business", options: func(o *steps.Options) { o.Journal = folder }})
		defer r.run.Close()
		r.passUntil(steps.RunSetup)
		spoil(t, folder)
		if err := r.run.CloseExposure(t.Context(), r.report); err != nil || r.open() || r.excluded() != 0 {
			t.Errorf("%v, open %v, %d exclusions left", err, r.open(), r.excluded())
		}
	})
}

// spoil makes every journal in the folder one that can't be written.
func spoil(t *testing.T, folder string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no journal in %s: %v", folder, err)
	}
	for _, f := range files {
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(f, 0o700); err != nil {
			t.Fatal(err)
		}
	}
}
