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

// beside has a colleague accept a permission for the same application, as Microsoft's page does.
func (r *rehearsal) beside(scope string) {
	r.tenant.State.Lock()
	defer r.tenant.State.Unlock()
	a := r.tenant.State.Applications
	for _, g := range a.Grants {
		sp := a.ServicePrincipalLocked(g.ClientID)
		if sp == nil || sp.AppID != state.AppCommandLine {
			continue
		}
		before := slices.Clone(g.Scopes)
		g.Scopes = append(g.Scopes, scope)
		for _, u := range r.tenant.State.Directory.Users {
			if strings.HasPrefix(strings.ToLower(u.UPN), "o'brien") {
				a.AuditGrantLocked(u, "Add delegated permission grant", g, before, g.Scopes)
			}
		}
	}
}

// Somebody accepts something for the same application while what this run added is taken back. What comes before the last reading stays.
// What comes after that and before the write can't: it is named, as soon as Microsoft's log has it.
func TestConsentBesideIsKeptOrNamed(t *testing.T) {
	t.Parallel()
	const theirs = "Calendars.Read"
	for _, where := range []string{"after the reading of the plan", "before the last reading", "after the last reading"} {
		t.Run(where, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var r *rehearsal
				armed, reads, given := false, 0, false
				give := func() {
					if armed && !given {
						given = true
						r.beside(theirs)
					}
				}
				r = rehearse(t, setup{profile: "onboarded", wrap: func(next http.RoundTripper) http.RoundTripper {
					return roundTripper(func(q *http.Request) (*http.Response, error) {
						grants := strings.HasSuffix(q.URL.Path, "/oauth2PermissionGrants")
						if writes := strings.Contains(q.URL.Path, "/oauth2PermissionGrants/"); writes && where == "after the last reading" {
							give()
						}
						answer, err := next.RoundTrip(q)
						if armed && grants && q.Method == http.MethodGet {
							if reads++; reads == map[string]int{"after the reading of the plan": 1, "before the last reading": 2}[where] {
								give()
							}
						}
						return answer, err
					})
				}})
				r.take(finding.TakeBackConsents)
				s := steps.Offboard()[slices.IndexFunc(steps.Offboard(), func(s steps.Step) bool { return s.Info().ID == finding.TakeBackConsents })]
				if f, err := s.Inspect(t.Context(), r.run, r.report); err != nil || f.Status != steps.Ready {
					t.Fatalf("%v: %+v", err, f)
				}
				armed = true
				if err := r.applyOf(t.Context(), s); err != nil || !given {
					t.Fatalf("given %v: %v", given, err)
				}
				kept := slices.Contains(r.accepted(), theirs)
				if want := where != "after the last reading"; kept != want {
					t.Errorf("theirs is there: %v, accepted now %q", kept, r.accepted())
				}
				for _, late := range []bool{false, true} {
					if late {
						time.Sleep(10 * time.Minute)
					}
					last := steps.Offboard()[len(steps.Offboard())-1]
					f, err := last.Inspect(t.Context(), r.run, r.report)
					if err != nil {
						t.Fatal(err)
					}
					row, named := rowsOf(f)["Accepted meanwhile"]
					if want := late && !kept; named != want || named && row.Value != theirs {
						t.Errorf("late %v: named %v, %+v", late, named, row)
					}
				}
			})
		})
	}
}
