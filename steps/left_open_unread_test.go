package steps_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// refusing answers the requests that it is asked about with an error of Graph's.
func refusing(status int, code string, is func(*http.Request) bool) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(q *http.Request) (*http.Response, error) {
			if !is(q) {
				return next.RoundTrip(q)
			}
			return &http.Response{
				StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Request: q,
				Body: io.NopCloser(strings.NewReader(`{"error":{"code":"` + code + `","message":"no"}}`)),
			}, nil
		})
	}
}

// listsTitled reports the search for the accounts of this program.
func listsTitled(q *http.Request) bool {
	return strings.HasSuffix(q.URL.Path, "/v1.0/users") && strings.Contains(q.URL.RawQuery, "jobTitle")
}

// listing has the search name one more account, before all others, of which every read is refused.
func listing(status int, code string) func(http.RoundTripper) http.RoundTripper {
	const id = "aaaaaaaa-0000-4000-8000-000000000001"
	refused := refusing(status, code, func(q *http.Request) bool { return strings.Contains(q.URL.RequestURI(), id) })
	return func(next http.RoundTripper) http.RoundTripper {
		next = refused(next)
		return roundTripper(func(q *http.Request) (*http.Response, error) {
			a, err := next.RoundTrip(q)
			if err != nil || !listsTitled(q) {
				return a, err
			}
			body, err := io.ReadAll(a.Body)
			body = bytes.Replace(body, []byte(`"value":[`), []byte(`"value":[{"id":"`+id+`","userPrincipalName":"old.delegate365@contoso.com","jobTitle":"`+steps.Marker+`","createdDateTime":"1999-01-01T00:00:00Z"},`), 1)
			a.Body, a.ContentLength = io.NopCloser(bytes.NewReader(body)), -1
			return a, err
		})
	}
}

// mark gives accounts the mark of this program's, as anybody can who may write job titles.
func (r *rehearsal) mark(n int) {
	r.t.Helper()
	for i := range n {
		upn := fmt.Sprintf("a%d@contoso.com", i)
		r.tenant.AddUser(upn, "Delegate365 Service", "Squatted-2026-Word")
		r.asOperator("PATCH", "/v1.0/users/"+upn, `{"jobTitle":"`+steps.Marker+`"}`)
	}
}

// decides takes what restore decides where nobody is asked, to its end.
func (r restoring) decides() (steps.Finding, error) {
	r.t.Helper()
	for range 12 {
		f, err := r.step.Inspect(r.t.Context(), r.run, r.report)
		if err != nil {
			return f, err
		}
		d, can := steps.DecideRestore(f)
		switch {
		case !can:
			r.t.Fatalf("nobody decides %+v", f)
		case d.Over || d.Action.ID == steps.ActNext:
			return f, nil
		case d.Action.ID == steps.ActApply:
			err = r.applyOf(r.t.Context(), r.step)
		default:
			err = r.step.Answer(r.run, d.Action.ID, graph.Secret{})
		}
		if err != nil {
			return f, err
		}
	}
	r.t.Fatal("it comes to no end")
	return steps.Finding{}, nil
}

// A search for the accounts of earlier runs that stumbles keeps no window open that the journal knows, that the operator names, or
// that the search has found all the same. What could not be looked at is said, and is no success.
func TestRestoreWhereTheSearchStumbles(t *testing.T) {
	t.Parallel()
	listRefused, listDown := refusing(403, "Authorization_RequestDenied", listsTitled), refusing(503, "serviceUnavailable", listsTitled)
	for name, c := range map[string]struct {
		journal, named bool
		marked         int
		wrap           func(http.RoundTripper) http.RoundTripper
		open           bool   // nothing told it which account
		doubt          string // what could not be looked at
	}{
		"nothing wrong, journal":    {journal: true},
		"nothing wrong":             {},
		"many marked, journal":      {journal: true, marked: 101, doubt: "There are more of them than are read"},
		"many marked, named":        {named: true, marked: 101, doubt: "There are more of them than are read"},
		"many marked":               {marked: 101, doubt: "There are more of them than are read"},
		"list refused, journal":     {journal: true, wrap: listRefused, doubt: "look for accounts of earlier runs. Your account may not do this"},
		"list refused, named":       {named: true, wrap: listRefused, doubt: "look for accounts of earlier runs. Your account may not do this"},
		"list refused":              {wrap: listRefused, open: true, doubt: "look for accounts of earlier runs. Your account may not do this"},
		"list down, journal":        {journal: true, wrap: listDown, doubt: "did not answer properly"},
		"list down, named":          {named: true, wrap: listDown, doubt: "did not answer properly"},
		"another was deleted":       {wrap: listing(404, "Request_ResourceNotFound")},
		"another can't be read":     {wrap: listing(403, "accessDenied"), doubt: "read what demands MFA of old.delegate365@contoso.com. Your account may not do this"},
		"another, and the journal":  {journal: true, wrap: listing(403, "accessDenied"), doubt: "old.delegate365@contoso.com"},
		"another, and it was named": {named: true, wrap: listing(403, "accessDenied"), doubt: "old.delegate365@contoso.com"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && c.marked > 0 && !c.journal {
				t.Skip("a hundred accounts once more")
			}
			folder, other := t.TempDir(), ""
			synctest.Test(t, func(t *testing.T) {
				first := abandoned(t, "business", folder)
				first.mark(c.marked)
				if c.journal {
					other = folder
				}
				r := rehearseOn(t, first.tenant, setup{wrap: c.wrap, options: func(o *steps.Options) {
					o.By, o.Journal = journal.ByRestore, other
					if c.named {
						o.Account = serviceAccount
					}
				}})
				r.pass(steps.SignIn)
				defer r.run.Close()
				f, err := restoring{r, steps.Restore()[1]}.decides()
				if err != nil {
					t.Fatal(err)
				}
				if open := r.excluded() > 0 || r.mfa() != "enforced"; open != c.open {
					t.Errorf("MFA %s, %d exclusions, after %q", r.mfa(), r.excluded(), finding.Read(f.Text))
				}
				missed := steps.NotLookedAt(r.run)
				if said := f.Notice.String(); !strings.Contains(said, c.doubt) || (said != "") != (c.doubt != "") || (missed != nil) != (c.doubt != "") {
					t.Errorf("it says %q, and ends with %v", said, missed)
				}
				if missed == nil {
					return
				}
				if p := steps.Explain(missed); !strings.Contains(p.Next, "--account") || strings.Contains(strings.Join(p.Raw, " "), "HTTP 0") {
					t.Errorf("%+v", p)
				}
			})
		})
	}
}

// Where nothing is found and not everything was looked at, restore does not say where nothing is open.
func TestRestoreSaysHowFarItLooked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business", wrap: refusing(403, "Authorization_RequestDenied", listsTitled), options: func(o *steps.Options) { o.By = journal.ByRestore }})
		r.pass(steps.SignIn)
		defer r.run.Close()
		if f := (restoring{r, steps.Restore()[1]}).says("as far as this could look"); len(f.Fields) != 1 {
			t.Errorf("it asks for no account: %+v", f)
		}
	})
}

// The policies can't be read, or not all of them, or not the registration campaign, so that nobody knows whether one excludes an account of this
// program, or the one that was named: that is a doubt, and stays one where something else of it was put back.
func TestRestoreWhereThePoliciesAreUnread(t *testing.T) {
	t.Parallel()
	const robot = "robot.m365@contoso.com"
	const policies = "/conditionalAccess/policies"
	refused := func(ending string) func(http.RoundTripper) http.RoundTripper {
		return refusing(403, "AccessDenied", func(q *http.Request) bool { return strings.HasSuffix(q.URL.Path, ending) })
	}
	noBeta := refusing(404, "ResourceNotFound", func(q *http.Request) bool {
		return strings.HasPrefix(q.URL.Path, "/beta/") && strings.HasSuffix(q.URL.Path, policies)
	})
	noCampaign := func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(q *http.Request) (*http.Response, error) {
			a, err := next.RoundTrip(q)
			if err == nil && strings.HasSuffix(q.URL.Path, campaignPath) {
				body, _ := io.ReadAll(a.Body)
				a.Body, a.ContentLength = io.NopCloser(bytes.NewReader(bytes.Replace(body, []byte(`"registrationEnforcement"`), []byte(`"other"`), 1))), -1
			}
			return a, err
		})
	}
	for name, c := range map[string]struct {
		account string
		since   time.Duration // MFA was put back by hand: a read may lag
		wrap    func(http.RoundTripper) http.RoundTripper
	}{
		"ours": {serviceAccount, time.Hour, refused(policies)}, "ours, a moment ago": {serviceAccount, 0, refused(policies)}, "another": {robot, time.Hour, refused(policies)},
		"ours, some hidden": {serviceAccount, time.Hour, noBeta}, "another, some hidden": {robot, time.Hour, noBeta},
		"ours, no campaign": {serviceAccount, time.Hour, noCampaign}, "another, no campaign": {robot, time.Hour, noCampaign},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				first := abandoned(t, "business", t.TempDir())
				first.tenant.AddUser(robot, "Robot", "Squatted-2026-Word")
				for _, each := range []string{serviceAccount, robot} {
					first.asOperator("PATCH", "/beta/users/"+each+"/authentication/requirements", `{"perUserMfaState":"enforced"}`)
				}
				time.Sleep(c.since)
				r := rehearseOn(t, first.tenant, setup{
					wrap:    c.wrap,
					options: func(o *steps.Options) { o.By, o.Account = journal.ByRestore, c.account },
				})
				r.pass(steps.SignIn)
				defer r.run.Close()
				f, err := restoring{r, steps.Restore()[1]}.decides()
				if said := f.Notice.String(); err != nil || strings.Count(said, "read what demands MFA of "+c.account) != 1 || steps.NotLookedAt(r.run) == nil {
					t.Errorf("%q, %q, %v", finding.Read(f.Text), said, err)
				}
			})
		})
	}
}

// restore goes on where one is put back: with another account that an earlier run left excluded, and with the one that was named.
func TestRestorePutsEachBack(t *testing.T) {
	t.Parallel()
	const another, third = "a0@contoso.com", "c@contoso.com"
	for name, journaled := range map[string]bool{"the journal": true, "the tenant": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder, kept := t.TempDir(), ""
			synctest.Test(t, func(t *testing.T) {
				first := abandoned(t, "business", folder)
				first.mark(1)
				first.tenant.AddUser(third, "Robot", "Squatted-2026-Word")
				policies := first.tenant.PolicyIDs("CA01")
				for _, upn := range []string{another, third} {
					if err := first.tenant.ExcludeBehindBack(policies[0], upn); err != nil {
						t.Fatal(err)
					}
				}
				time.Sleep(time.Hour)
				if journaled {
					kept = folder
				}
				r := rehearseOn(t, first.tenant, setup{options: func(o *steps.Options) { o.By, o.Journal, o.Account = journal.ByRestore, kept, third }})
				r.pass(steps.SignIn)
				f, err := restoring{r, steps.Restore()[1]}.decides()
				if err != nil {
					t.Fatal(err)
				}
				for _, upn := range []string{serviceAccount, another, third} {
					if !strings.Contains(finding.Read(f.Text), "MFA is demanded of "+upn+" again") {
						t.Errorf("%s is not in %q", upn, finding.Read(f.Text))
					}
					if n := excludes(r.tenant, upn); n > 0 {
						t.Errorf("%d policies exclude %s", n, upn)
					}
				}
				if err := steps.NotLookedAt(r.run); err != nil {
					t.Error(err)
				}
				r.run.Finish()
			})
		})
	}
}

// The account of the journal can't be read. Another that an earlier run left is put back all the same, and then that one is an error.
func TestRestoreWhereTheAccountOfTheJournalIsUnread(t *testing.T) {
	t.Parallel()
	const another = "a0@contoso.com"
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		first := abandoned(t, "business", folder)
		first.mark(1)
		if err := first.tenant.ExcludeBehindBack(first.tenant.PolicyIDs("CA01")[0], another); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		id := first.tenant.Snapshot().Users[serviceAccount].ID
		r := rehearseOn(t, first.tenant, setup{
			wrap: refusing(403, "accessDenied", func(q *http.Request) bool {
				return strings.Contains(q.URL.Path, id) || strings.Contains(q.URL.RawQuery, id)
			}),
			options: func(o *steps.Options) { o.By, o.Journal = journal.ByRestore, folder },
		})
		r.pass(steps.SignIn)
		defer r.run.Close()
		if _, err := (restoring{r, steps.Restore()[1]}).decides(); !errors.Is(err, graph.ErrForbidden) || excludes(r.tenant, another) > 0 {
			t.Errorf("%v, %d policies exclude %s", err, excludes(r.tenant, another), another)
		}
	})
}

// An account of this program that is named is looked at as closely as one that was found: since when it is without MFA, and that security
// defaults are off.
func TestRestoreOfOneThatIsNamedLooksAtAllOfIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first := rehearse(t, setup{})
		first.passUntil(steps.RunSetup)
		first.tenant.SetSecurityDefaults(true)
		first.asOperator("PATCH", "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy", `{"isEnabled":false}`)
		first.run.Close()
		time.Sleep(time.Hour)
		r := rehearseOn(t, first.tenant, setup{options: func(o *steps.Options) { o.By, o.Account = journal.ByRestore, serviceAccount }})
		r.pass(steps.SignIn)
		n := restoring{r, steps.Restore()[1]}
		n.says("The audit log says that")
		n.says("Security defaults are off for everybody")
		n.puts(serviceAccount)
		if !r.tenant.Snapshot().SecurityDefaults {
			t.Error("security defaults are still off")
		}
	})
}

// The exclusions of an account that was named stay where somebody says that they were meant.
func TestRestoreKeepsTheExclusionsOfOneThatIsNamed(t *testing.T) {
	t.Parallel()
	const robot = "robot.m365@contoso.com"
	synctest.Test(t, func(t *testing.T) {
		tenant := build(t, setup{profile: "business"})
		tenant.AddUser(robot, "Robot", "Squatted-2026-Word")
		if err := tenant.ExcludeBehindBack(tenant.PolicyIDs("CA01")[0], robot); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		r := rehearseOn(t, tenant, setup{options: func(o *steps.Options) { o.By, o.Account = journal.ByRestore, robot }})
		r.pass(steps.SignIn)
		defer r.run.Close()
		n := restoring{r, steps.Restore()[1]}
		n.says("excluded from policies")
		if err := n.step.Answer(r.run, "keep-exclusions", graph.Secret{}); err != nil {
			t.Fatal(err)
		}
		if f := n.says("Nothing is open"); f.Status != steps.Done || excludes(tenant, robot) != 1 {
			t.Errorf("%+v", f)
		}
	})
}

// excludes counts the policies that exclude an account.
func excludes(on *simtest.Tenant, upn string) (n int) {
	s := on.Snapshot()
	for _, p := range s.Policies {
		n += strings.Count(strings.Join(p.Users.ExcludeUsers, " "), s.Users[upn].ID)
	}
	return n
}

// Every start closes what the journal knows and what the tenant shows, whatever the search can't look at, and the check says in a row what
// that was.
func TestStartWhereTheSearchStumbles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		journal bool
		marked  int
		wrap    func(http.RoundTripper) http.RoundTripper
	}{
		"many marked, journal":  {journal: true, marked: 101},
		"many marked":           {marked: 101},
		"list down, journal":    {journal: true, wrap: refusing(503, "serviceUnavailable", listsTitled)},
		"another can't be read": {wrap: listing(403, "accessDenied")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && c.marked > 0 && !c.journal {
				t.Skip("a hundred accounts once more")
			}
			folder, kept := t.TempDir(), ""
			synctest.Test(t, func(t *testing.T) {
				first := abandoned(t, "business", folder)
				first.mark(c.marked)
				if c.journal {
					kept = folder
				}
				r := rehearseOn(t, first.tenant, setup{wrap: c.wrap, options: func(o *steps.Options) { o.Journal = kept }})
				r.pass(steps.SignIn)
				defer r.run.Close()
				r.inspect(steps.Check)
				if err := r.apply(t.Context(), steps.Check); err != nil || r.excluded() > 0 || r.mfa() != "enforced" {
					t.Fatalf("%v, MFA %s, %d exclusions", err, r.mfa(), r.excluded())
				}
				if row := rowOf(r.inspect(steps.Check), "Exposure window"); row.Value != "not known" || !strings.Contains(row.Note, "Not every account of earlier runs could be looked at") {
					t.Errorf("%+v", row)
				}
			})
		})
	}
}
