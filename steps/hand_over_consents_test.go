package steps_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// When the report is written, what this run added to what was accepted is taken back where somebody chooses so, as the last thing. What
// was accepted before it asked, and what a colleague accepted meanwhile, stays.
func TestConsentsAreTakenBackAtTheEnd(t *testing.T) {
	t.Parallel()
	const before, meanwhile = "User.ReadWrite.All", "Reports.Read.All"
	for name, c := range map[string]struct {
		unread, all bool
		unlogged    bool // Microsoft's log can't be read
		offered     int  // grants to change, before anything else is chosen
	}{
		"what this run added":            {offered: 1},
		"what is known to be this run's": {unlogged: true, offered: 1},
		"all":                            {all: true, offered: 1},
		"not read before":                {unread: true, offered: 1},
		"not known":                      {unread: true, unlogged: true},
		"not known, but all":             {unread: true, unlogged: true, all: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				folder, blind := t.TempDir(), c.unread
				r := rehearse(t, setup{profile: "fresh", options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, t.TempDir() }, wrap: func(next http.RoundTripper) http.RoundTripper {
					return roundTripper(func(q *http.Request) (*http.Response, error) {
						if blind && strings.HasSuffix(q.URL.Path, "/oauth2PermissionGrants") && q.Method == http.MethodGet {
							q = q.Clone(q.Context())
							q.URL.Path = "/v1.0/nothing"
						}
						if c.unlogged && strings.HasSuffix(q.URL.Path, "/auditLogs/directoryAudits") && strings.Contains(q.URL.RawQuery, "delegated") {
							q = q.Clone(q.Context())
							q.URL.Path = "/v1.0/nothing"
						}
						return next.RoundTrip(q)
					})
				}})
				accept := func(scope string) {
					r.tenant.State.Lock()
					defer r.tenant.State.Unlock()
					for _, g := range r.tenant.State.Applications.Grants {
						if sp := r.tenant.State.Applications.ServicePrincipalLocked(g.ClientID); sp != nil && sp.AppID == state.AppCommandLine {
							g.Scopes = append([]string{scope}, g.Scopes...)
						}
					}
				}
				for _, s := range steps.All() {
					r.pass(s.Info().ID)
					switch s.Info().ID {
					case steps.SignIn:
						accept(before)
					case steps.Check:
						blind = false
						accept(meanwhile)
					}
				}
				if _, written := steps.Handed(r.run); !written {
					t.Fatal("there is no report")
				}
				had := r.accepted()
				time.Sleep(10 * time.Minute) // the log has arrived
				r.answer(steps.HandOver, "take-consents", "")
				f := r.inspect(steps.HandOver)
				if len(f.Changes) != c.offered || f.Actions[0].ID == steps.ActApply {
					t.Errorf("offered: %+v, %+v", f.Changes, f.Actions)
				}
				if c.all {
					r.answer(steps.HandOver, "all-consents", "")
					f = r.inspect(steps.HandOver)
					if f.Actions[0].ID != steps.ActApply || f.Notice.IsZero() {
						t.Errorf("what was chosen does not lead on, or nothing is said of the sign-in: %+v, %q", f.Actions, f.Notice)
					}
				}
				if len(f.Changes) == 0 {
					if now := r.accepted(); !slices.Equal(now, had) {
						t.Errorf("accepted now: %q, before: %q", now, had)
					}
					return
				}
				if err := r.apply(t.Context(), steps.HandOver); err != nil {
					t.Fatal(err)
				}
				f = r.inspect(steps.HandOver)
				if said := finding.Read(f.Text); f.Actions[0].ID != steps.ActNext || !strings.HasPrefix(said, "The permissions are taken back, and that was read back.") || strings.ContainsAny(said, "0123456789") {
					t.Errorf("what the changes count is counted again, or not said: %q, %+v", said, f.Actions)
				}
				now := r.accepted()
				want := []string{meanwhile}
				if !c.all {
					want = append(want, before) // accepted before it was read, and by nobody in this run
				}
				if c.unlogged && !c.all {
					want = append(want, "Directory.Read.All") // the sign-in's: nobody can tell
				}
				for _, s := range want {
					if !slices.Contains(now, s) {
						t.Errorf("%s is gone: %q", s, now)
					}
				}
				if !c.unlogged && slices.Contains(now, "Directory.Read.All") {
					t.Error("what the sign-in added is still accepted")
				}
				for _, s := range []string{"RoleManagement.ReadWrite.Directory", "DelegatedPermissionGrant.ReadWrite.All"} {
					if slices.Contains(now, s) {
						t.Errorf("%s is still accepted", s)
					}
				}
				if c.all && len(now) != len(want) {
					t.Errorf("accepted now: %q", now)
				}
				if _, written := steps.Handed(r.run); !written || steps.OwesReport(r.run) {
					t.Error("the report is owed once more")
				}
				time.Sleep(time.Minute)
			})
		})
	}
}

// accepted are the permissions that were accepted for the application that is signed in with.
func (r *rehearsal) accepted() (all []string) {
	r.tenant.State.Lock()
	defer r.tenant.State.Unlock()
	for _, g := range r.tenant.State.Applications.Grants {
		if sp := r.tenant.State.Applications.ServicePrincipalLocked(g.ClientID); sp != nil && sp.AppID == state.AppCommandLine {
			all = append(all, g.Scopes...)
		}
	}
	return all
}
