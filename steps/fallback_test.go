package steps_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// What the onboarding does where Microsoft refuses one way of knowing or doing a thing.

var forbidden = simtest.Fault{
	Status: http.StatusForbidden, Header: http.Header{"Content-Type": {"application/json"}},
	Body: `{"error":{"code":"AccessDenied","message":"You cannot perform the requested operation, required scopes are missing in the token.","innerError":{"request-id":"r"}}}`,
}

// Where the policies are refused, what-if stands in for them.
func TestWhatIfInPlaceOfPolicies(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business"})
		r.passUntil(steps.SuspendMFA)
		hits := fault(r, "GET", "/conditionalAccess/policies", 0, forbidden)
		if f := r.inspect(steps.SuspendMFA); hits.Load() == 0 || f.Status != steps.Ready || len(f.Changes) != 2 {
			t.Errorf("%d changes, want 2: %+v", len(f.Changes), f.Changes)
		}
	})
}

// Both refused: nothing can be known, and it says so instead of guessing.
func TestNeitherWayOfReadingPolicies(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business"})
		r.passUntil(steps.SuspendMFA)
		r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
			if strings.Contains(q.URL.Path, "/conditionalAccess/") {
				return &forbidden
			}
			return nil
		})
		_, err := step(steps.SuspendMFA).Inspect(t.Context(), r.run, r.report)
		told(t, err, "may not do this")
	})
}

// The undocumented call is refused: the portal is the way, and where the setting can be read that notices it.
func TestAppPasswordsInPortal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.EnableAppPasswords)
		r.answer(steps.EnableAppPasswords, "office", "page")
		fault(r, "PATCH", "/mfaServicePolicy", 0, forbidden)
		told(t, r.apply(t.Context(), steps.EnableAppPasswords), "portal")
		f := r.inspect(steps.EnableAppPasswords)
		if f.Status != steps.Waiting || f.Task == nil || f.Task.Part != steps.PartServiceSettings || f.Poll == 0 {
			t.Fatalf("it does not wait for the portal: %+v", f)
		}
		r.play(steps.EnableAppPasswords, f)
		if f := r.inspect(steps.EnableAppPasswords); f.Status != steps.Done {
			t.Errorf("it does not notice the portal: %+v", f)
		}
	})
}

// Neither read nor set: the operator's word counts, and is shown as that, with the audit entry when there is one.
func TestAppPasswordsByWord(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.EnableAppPasswords)
		r.answer(steps.EnableAppPasswords, "office", "page")
		fault(r, "", "/mfaServicePolicy", 0, simtest.Fault{
			Status: http.StatusNotFound, Header: http.Header{"Content-Type": {"application/json"}},
			Body: `{"error":{"code":"BadRequest","message":"Resource not found for the segment 'mfaServicePolicy'.","innerError":{"request-id":"r"}}}`,
		})
		f := r.inspect(steps.EnableAppPasswords)
		if f.Status != steps.Waiting || f.Actions[0].Label != "I have done this" {
			t.Fatalf("it does not ask: %+v", f)
		}
		r.play(steps.EnableAppPasswords, f)
		r.answer(steps.EnableAppPasswords, f.Actions[0].ID, "")
		f = r.inspect(steps.EnableAppPasswords)
		fact := f.Sections[0].Facts[0]
		if f.Status != steps.Done || fact.Mark != steps.MarkNote || !strings.Contains(fact.Value, "as you said") || !strings.Contains(fact.Note, "audit log shows") {
			t.Errorf("%+v", f)
		}
	})
}

// The operator saw setup complete and the tenant shows nothing: it does not pretend, and goes on watching.
func TestSetupNotSeen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{options: func(o *steps.Options) { o.Portal = "https://contoso.delegate365.com/setup" }})
		r.passUntil(steps.RunSetup)
		if f := r.inspect(steps.RunSetup); f.Status != steps.Waiting || f.Task.URL != "https://contoso.delegate365.com/setup" {
			t.Fatalf("%+v", f)
		}
		r.answer(steps.RunSetup, "setup-done", "")
		f := r.inspect(steps.RunSetup)
		if f.Status != steps.Waiting || f.Poll == 0 || !strings.Contains(finding.Read(f.Text), "no new app is seen") {
			t.Errorf("%+v", f)
		}
	})
}

// A portal on another host is used only after a yes, also when it was named on the command line.
func TestForeignPortal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{options: func(o *steps.Options) { o.Portal = "https://delegate365.example.org" }})
		r.passUntil(steps.AssignAdmin)
		blocked(t, r.inspect(steps.AssignAdmin), "delegate365.example.org")
		r.answer(steps.AssignAdmin, "use-portal", "")
		r.pass(steps.AssignAdmin)
		r.pass(steps.SuspendMFA)
		if f := r.inspect(steps.RunSetup); f.Status != steps.Waiting || f.Task.URL != "https://delegate365.example.org/setup" {
			t.Errorf("%+v", f)
		}
	})
}

// A saved mail is as good as a pasted one.
func TestSavedMail(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.RunSetup)
		r.answer(steps.RunSetup, "mail", r.mail)
		f := r.inspect(steps.RunSetup)
		if f.Task == nil || f.Task.Items[1].Copy.IsZero() {
			t.Errorf("the configuration password is not there to copy: %+v", f)
		}
	})
}
