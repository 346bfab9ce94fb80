package steps_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// What goes wrong before the onboarding, or in the middle of it. Each time somebody is told what to do, and nothing is
// changed that was not announced.

// told fails the test unless the error says what to do, and its text names the words.
func told(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("it was taken")
	}
	p := steps.Explain(err)
	if p.What == "" || p.Next == "" {
		t.Errorf("%v: does not say what happened and what to do: %+v", err, p)
	}
	text := p.What + " " + p.Next + " " + strings.Join(p.Raw, " ")
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%q is not in %q", w, text)
		}
	}
}

// blocked fails the test unless the finding blocks and names the words.
func blocked(t *testing.T, f steps.Finding, words ...string) {
	t.Helper()
	text := finding.Read(f.Text)
	for _, s := range f.Sections {
		for _, fact := range s.Facts {
			text += " " + fact.Label + " " + fact.Value + " " + fact.Note
		}
	}
	if f.Status != steps.Blocked {
		t.Fatalf("it is not blocked: %s", text)
	}
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%q is not in %q", w, text)
		}
	}
}

// still runs a test in virtual time and fails it when the tenant is another afterwards.
func still(t *testing.T, s setup, test func(t *testing.T, r *rehearsal)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, s)
		before := r.tenant.Snapshot()
		test(t, r)
		after := r.tenant.Snapshot()
		after.Applications = before.Applications // consent adds the application that was signed in to
		unchanged(t, before, after)
	})
}

func TestRefusedAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		step         steps.ID
		field, value string
		words        []string
	}{
		"unverified domain":        {steps.Check, "account", "svc@contoso.example", []string{"not verified"}},
		"federated domain":         {steps.Check, "account", "svc@corp.contoso.com", []string{"federated"}},
		"domain of somebody else":  {steps.Check, "domain", "fabrikam.com", []string{"does not have it"}},
		"no user name":             {steps.Check, "account", "", []string{"empty"}},
		"window of a week":         {steps.Check, "window", "10080", []string{"5 and 120"}},
		"window of some time":      {steps.Check, "window", "a while", []string{"number"}},
		"malformed portal":         {steps.RunSetup, "mail", "http://contoso.delegate365.com", []string{"https"}},
		"no portal":                {steps.RunSetup, "mail", "portal", []string{"no address"}},
		"mail without password":    {steps.RunSetup, "mail", "Welcome to Delegate365\nhttps://contoso.delegate365.com/setup\n", []string{"configuration password"}},
		"mail that is not there":   {steps.RunSetup, "mail", "/nowhere/welcome.eml", []string{"path"}},
		"app password with digits": {steps.CaptureAppPassword, "app-password", "abcdefgh12345678", []string{"digits"}},
	} {
		t.Run(name, func(t *testing.T) {
			still(t, setup{}, func(t *testing.T, r *rehearsal) {
				r.pass(steps.SignIn)
				r.inspect(steps.Check)
				told(t, step(c.step).Answer(r.run, c.field, typed(c.field, c.value)), c.words...)
			})
		})
	}
}

func TestTakenNames(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		account string
		words   []string
	}{
		"somebody else's": {"delegate365@contoso.com", []string{"did not make it", "old test account"}},
		"deleted":         {"old.service@contoso.com", []string{"deleted", "30 days"}},
	} {
		t.Run(name, func(t *testing.T) {
			still(t, setup{options: func(o *steps.Options) { o.Account = c.account }}, func(t *testing.T, r *rehearsal) {
				r.pass(steps.SignIn)
				r.inspect(steps.Check)
				r.answer(steps.Check, "plan", "")
				blocked(t, r.inspect(steps.Check), c.words...)
				blocked(t, r.inspect(steps.CreateAccount), c.words...)
			})
		})
	}
}

// An account that is not ours is only used after an explicit yes; then it is used, and none is created beside it.
func TestAdoption(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{options: func(o *steps.Options) { o.Account = "delegate365@contoso.com" }})
		users := len(r.tenant.Snapshot().Users)
		r.pass(steps.SignIn)
		r.inspect(steps.Check)
		r.answer(steps.Check, "plan", "")
		told(t, r.apply(t.Context(), steps.CreateAccount), "meant for Delegate365")
		r.answer(steps.Check, "adopt", "")
		r.pass(steps.Check)
		r.pass(steps.CreateAccount)
		if got := len(r.tenant.Snapshot().Users); got != users {
			t.Errorf("%d users, want %d", got, users)
		}
	})
}

func TestDeletedNameOnPurpose(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{options: func(o *steps.Options) { o.Account = "old.service@contoso.com" }})
		r.pass(steps.SignIn)
		r.inspect(steps.Check)
		r.answer(steps.Check, "create-anyway", "")
		r.pass(steps.Check)
		r.pass(steps.CreateAccount)
		if _, ok := r.tenant.Snapshot().Users["old.service@contoso.com"]; !ok {
			t.Error("it was not created")
		}
	})
}

func TestOperatorWithoutRole(t *testing.T) {
	t.Parallel()
	still(t, setup{}, func(t *testing.T, r *rehearsal) {
		r.pass(steps.SignIn) // an administrator has accepted the permissions for everybody
		r.answer(steps.SignIn, "other-account", "")
		r.operator("somebody@contoso.com")
		r.pass(steps.SignIn)
		blocked(t, r.inspect(steps.Check), "You", "Global Administrator")
		if err := r.tenant.DeleteUserBehindBack("somebody@contoso.com"); err != nil {
			t.Fatal(err)
		}
	})
}

// operator makes the person sign in as a new account without any role.
func (r *rehearsal) operator(upn string) {
	ep := r.tenant.Endpoints()
	ep.Operator.UserPrincipalName, ep.Operator.Password = upn, "Correct-Horse-7"
	r.tenant.AddUser(upn, "New Operator", ep.Operator.Password)
	r.person = r.tenant.NewPerson(&http.Client{Transport: r.tenant.Transport()}, ep)
}

func TestSecurityDefaultsBlock(t *testing.T) {
	t.Parallel()
	still(t, setup{}, func(t *testing.T, r *rehearsal) {
		r.pass(steps.SignIn)
		r.tenant.SetSecurityDefaults(true)
		blocked(t, r.inspect(steps.Check), "Security defaults", "on")
		r.tenant.SetSecurityDefaults(false)
	})
}

func TestWrongTenant(t *testing.T) {
	t.Parallel()
	still(t, setup{options: func(o *steps.Options) { o.Tenant = "11111111-2222-3333-4444-555555555555" }}, func(t *testing.T, r *rehearsal) {
		told(t, r.apply(t.Context(), steps.SignIn), "tenant")
	})
}

func TestConsentRefused(t *testing.T) {
	t.Parallel()
	t.Run("at sign-in", func(t *testing.T) {
		still(t, setup{}, func(t *testing.T, r *rehearsal) {
			r.tenant.SignIns.RefuseConsent("Policy.Read.All")
			told(t, r.apply(t.Context(), steps.SignIn), "permissions")
		})
	})
	t.Run("to write", func(t *testing.T) {
		still(t, setup{}, func(t *testing.T, r *rehearsal) {
			r.pass(steps.SignIn)
			r.tenant.SignIns.RefuseConsent("User.ReadWrite.All")
			r.inspect(steps.Check)
			r.answer(steps.Check, "accept", "")
			told(t, r.apply(t.Context(), steps.Check), "Nothing was changed", "only an administrator")
		})
	})
}

// Nobody types the code. After its 15 minutes the step says so.
func TestSignInClosed(t *testing.T) {
	t.Parallel()
	still(t, setup{}, func(t *testing.T, r *rehearsal) {
		begin := time.Now()
		err := step(steps.SignIn).Apply(t.Context(), r.run, func(steps.Event) {})
		told(t, err, "closed or took too long")
		if waited := time.Since(begin); waited < 10*time.Minute || waited > 20*time.Minute {
			t.Errorf("it waited %s", waited)
		}
	})
}

// A tenant that refuses one way of signing in is told so, and the other way is the primary action.
func TestRefusedWayOffersTheOther(t *testing.T) {
	t.Parallel()
	still(t, setup{}, func(t *testing.T, r *rehearsal) {
		r.tenant.SignIns.BlockDeviceCode(true)
		r.refused = true
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if err := r.apply(ctx, steps.SignIn); err != nil {
			t.Fatal(err)
		}
		f := r.inspect(steps.SignIn)
		text := finding.Read(f.Text)
		if f.Status != steps.Ready || !strings.Contains(text, "AADSTS53003") || f.Actions[0].Label != "Sign in in the browser" {
			t.Errorf("%q, %+v", text, f.Actions)
		}
	})
}

// fault plays a fault on calls of Graph that match: the first so many of them, or all when that is 0.
func fault(r *rehearsal, method, path string, first int64, f simtest.Fault) *atomic.Int64 {
	hits := new(atomic.Int64)
	r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
		graphCall := strings.HasPrefix(q.URL.Path, "/v1.0/") || strings.HasPrefix(q.URL.Path, "/beta/")
		if !graphCall || (method != "" && q.Method != method) || !strings.HasSuffix(q.URL.Path, path) {
			return nil
		}
		if n := hits.Add(1); first > 0 && n > first {
			return nil
		}
		return &f
	})
	return hits
}

func TestThrottlingThatLasts(t *testing.T) {
	t.Parallel()
	still(t, setup{}, func(t *testing.T, r *rehearsal) {
		r.pass(steps.SignIn)
		r.pass(steps.Check)
		hits := fault(r, "POST", "/users", 0, simtest.Fault{
			Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"9"}, "Content-Type": {"application/json"}},
			Body: `{"error":{"code":"TooManyRequests","message":"Too many requests.","innerError":{"request-id":"r"}}}`,
		})
		told(t, r.apply(t.Context(), steps.CreateAccount), "few minutes", "TooManyRequests")
		if n := hits.Load(); n < 2 || n > 10 {
			t.Errorf("it was sent %d times", n)
		}
		seen := false
		for _, e := range r.events {
			seen = seen || e.Wait != nil && e.Wait.Text == "Microsoft asked us to wait"
		}
		if !seen {
			t.Error("nobody saw that Microsoft asked to wait")
		}
	})
}

func TestPasswordRefused(t *testing.T) {
	t.Parallel()
	still(t, setup{}, func(t *testing.T, r *rehearsal) {
		r.pass(steps.SignIn)
		r.pass(steps.Check)
		fault(r, "POST", "/users", 0, simtest.Fault{Status: http.StatusBadRequest, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"error":{"code":"Request_BadRequest","message":"The specified password does not comply with password complexity requirements. Please provide a different password.","innerError":{"request-id":"r"}}}`})
		told(t, r.apply(t.Context(), steps.CreateAccount), "another password", "complexity requirements")
	})
}

func TestNetworkGone(t *testing.T) {
	t.Parallel()
	t.Run("before a read", func(t *testing.T) {
		still(t, setup{}, func(t *testing.T, r *rehearsal) {
			r.pass(steps.SignIn)
			fault(r, "", "", 0, simtest.Fault{DropBefore: true})
			f, err := step(steps.Check).Inspect(t.Context(), r.run, r.report)
			if err == nil {
				blocked(t, f, "could not be read")
			}
		})
	})
	t.Run("before a write", func(t *testing.T) {
		still(t, setup{}, func(t *testing.T, r *rehearsal) {
			r.pass(steps.SignIn)
			r.pass(steps.Check)
			fault(r, "", "", 0, simtest.Fault{DropBefore: true})
			told(t, r.apply(t.Context(), steps.CreateAccount), "network")
		})
	})
}

// The answer to a write is lost after it was carried out. It is not sent again: the tenant is read, and shows it.
func TestAnswerLost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		profile      string
		step         steps.ID
		method, path string
	}{
		{"business", steps.CreateAccount, "POST", "/users"},
		{"fresh", steps.AssignAdmin, "POST", "/roleAssignments"},
		{"business", steps.SuspendMFA, "PATCH", ""},
		{"business", steps.ReenableMFA, "PATCH", "/requirements"},
		{"business", steps.ReenableMFA, "PATCH", ""},
		{"business", steps.EnableAppPasswords, "PATCH", "/mfaServicePolicy"},
		{"business", steps.CaptureAppPassword, "PATCH", "/requirements"},
	} {
		t.Run(string(c.step)+c.path, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := &recorder{}
				r := rehearse(t, setup{profile: c.profile, wrap: calls.wrap})
				before := r.tenant.Snapshot()
				for _, s := range steps.All() {
					if s.Info().ID == c.step {
						fault(r, c.method, c.path, 1, simtest.Fault{DropAfter: true})
					}
					r.pass(s.Info().ID)
				}
				r.tenant.SetFault(nil)
				onboarded(t, before, r.tenant.Snapshot())
				if sent := slices.DeleteFunc(calls.writes(), func(call string) bool { return call != "POST /v1.0/users" }); len(sent) != 1 {
					t.Errorf("%d creations were sent", len(sent))
				}
			})
		})
	}
}

// Leaving with the window open puts MFA back, and says so only after it was read back.
func TestCloseExposure(t *testing.T) {
	t.Parallel()
	for _, profile := range straight {
		t.Run(profile, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: profile})
				r.passUntil(steps.RunSetup)
				if _, open := r.run.Exposure(); !open {
					t.Fatal("it is not open")
				}
				fault(r, "", "", 0, simtest.Fault{DropBefore: true})
				if err := r.run.CloseExposure(t.Context(), r.report); err == nil {
					t.Error("it says that it closed the window without a network")
				}
				if _, open := r.run.Exposure(); !open {
					t.Error("it forgot that the window is open")
				}
				r.tenant.SetFault(nil)
				if err := r.run.CloseExposure(t.Context(), r.report); err != nil {
					t.Fatal(err)
				}
				if _, open := r.run.Exposure(); open {
					t.Error("it is still open")
				}
				after := r.tenant.Snapshot()
				account := after.Users[serviceAccount]
				if account.PerUserMFA != "enforced" {
					t.Errorf("per-user MFA is %s", account.PerUserMFA)
				}
				for name, p := range after.Policies {
					for _, id := range p.Users.ExcludeUsers {
						if id == account.ID {
							t.Errorf("%s still excludes it", name)
						}
					}
				}
			})
		})
	}
}

// Signed in nowhere, no step pretends to know anything.
func TestNotSignedIn(t *testing.T) {
	t.Parallel()
	run, err := steps.NewRun(steps.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range steps.All()[1:] {
		_, err := s.Inspect(t.Context(), run, func(steps.Event) {})
		if !errors.Is(err, graph.ErrUnauthorized) {
			t.Errorf("%s: %v", s.Info().ID, err)
		}
	}
}

func TestRefusedOptions(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]steps.Options{
		"account": {Account: "no such@name@"},
		"portal":  {Portal: "http://contoso.delegate365.com"},
		"window":  {Cap: time.Second},
	} {
		_, err := steps.NewRun(o)
		if err == nil || hintOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
