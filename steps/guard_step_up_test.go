package steps_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// A guard can't give a stronger sign-in. Where the tenant asks for one before a policy is changed, it closes the window all the
// same, leaves the exclusions by name, and ends.

// policyWrites are the changes of policies among calls.
func policyWrites(calls []string) (n int) {
	for _, call := range calls {
		if strings.Contains(call, "/conditionalAccess/policies/") {
			n++
		}
	}
	return n
}

// leftByName are the policies that the journal says stay as they are.
func leftByName(log journal.Log) (names []string) {
	for _, e := range log.Entries {
		if e.Outcome == journal.Refused && strings.Contains(e.Note, "stronger sign-in") {
			names = append(names, strings.TrimPrefix(e.Change.Object, "excluded users of "))
		}
	}
	return names
}

// Nobody saw it coming: each policy is tried in one round. The next start begins with what was left, where the operator steps up.
func TestGuardLeavesProtectedExclusions(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{profile: "business"}, folder)
		r.passUntil(steps.RunSetup)
		excluded := r.excluded()
		r.tenant.Settings.ProtectActions(true)
		begin := time.Now()
		if err := w.kill(r); err != nil {
			t.Errorf("the guard ends with %v", err)
		}
		if took := time.Since(begin); took > 2*time.Minute {
			t.Errorf("it ends after %s", took)
		}
		state := r.tenant.Snapshot().Users[serviceAccount].PerUserMFA
		if r.excluded() != excluded || excluded == 0 || state != "enforced" {
			t.Errorf("%d of %d exclusions, per-user MFA %s", r.excluded(), excluded, state)
		}
		if n := policyWrites(w.calls.writes()); n > 2*excluded { // a challenge is answered once, with the newest token
			t.Errorf("it tried %d times to change %d policies", n, excluded)
		}
		log := read(t, folder, r.tenant.Endpoints().TenantID)
		names := leftByName(log)
		if len(names) != excluded || !slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, "CA01") }) {
			t.Errorf("written down as left: %q", names)
		}
		next := rehearseOn(t, r.tenant, setup{options: func(o *steps.Options) { o.Journal = folder }})
		next.pass(steps.SignIn)
		if f := next.inspect(steps.Check); !strings.Contains(finding.Read(f.Text), "excluded from policies") {
			t.Errorf("the next start begins with %q", f.Text)
		}
		if err := next.apply(t.Context(), steps.Check); err != nil || next.excluded() != 0 {
			t.Errorf("%v, %d exclusions are left", err, next.excluded())
		}
	})
}

// Told beforehand, it does not try those that its token can't change; it does with one that can.
func TestGuardIsToldOfAStepUp(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{profile: "protected-actions"}, folder)
		r.passUntil(steps.RunSetup)
		order := w.last().order
		if order.StepUp != "c1" {
			t.Fatalf("the guard was told of %q", order.StepUp)
		}
		excluded := r.excluded()
		weak, err := r.tenant.AccessToken(r.tenant.Endpoints().Operator.UserPrincipalName)
		if err != nil {
			t.Fatal(err)
		}
		strong := order.Token
		order.Journal = ""
		var calls recorder
		for _, token := range []graph.Token{{Text: graph.NewSecret(weak), Expires: strong.Expires}, strong} {
			worker := hired(t, order, token, &calls, r)
			if err := worker.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			if token != strong && (policyWrites(calls.writes()) != 0 || r.excluded() != excluded) {
				t.Errorf("it tried: %v", calls.writes())
			}
			worker.Done()
		}
		if n := r.excluded(); n != 0 {
			t.Errorf("%d exclusions are left by a guard that could", n)
		}
		r.run.Close()
		w.end()
	})
}

// hired is a guard's worker that owes what the account is excluded from.
func hired(t *testing.T, o guard.Order, token graph.Token, calls *recorder, r *rehearsal) guard.Worker {
	t.Helper()
	tokens := &graph.Relay{}
	tokens.Set(token)
	var owed []journal.Inverse
	snapshot := r.tenant.Snapshot()
	for _, part := range []string{"CA01", "CA02", "Multifactor"} {
		for _, id := range r.tenant.PolicyIDs(part) {
			owed = append(owed, journal.Inverse{Kind: journal.InversePolicyExclusion, TargetID: id, Value: snapshot.Users[serviceAccount].ID})
		}
	}
	worker, err := window.NewCloser(calls.wrap(r.tenant.Transport()))(o, tokens, func() []journal.Inverse { return owed })
	if err != nil {
		t.Fatal(err)
	}
	return worker
}

// Before policies are changed the screen says that the stronger sign-in comes first; it is given before the first exclusion,
// and the guard gets the token that it brings.
func TestStepUpBeforeSuspending(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, w := watched(t, setup{profile: "protected-actions"}, folder)
		r.passUntil(steps.AssignAdmin)
		r.tenant.SignIns.ForgetStepUps()
		time.Sleep(2 * time.Hour)
		r.inspect(steps.CreateAccount) // the token is renewed, without it
		r.pass(steps.AssignAdmin)
		f := r.inspect(steps.SuspendMFA)
		if !strings.Contains(f.Notice.String(), "You give it first") {
			t.Errorf("it says %q", f.Notice)
		}
		before := r.prompts()
		r.pass(steps.SuspendMFA)
		if got := r.prompts() - before; got != 1 {
			t.Errorf("%d prompts", got)
		}
		if err := w.kill(r); err != nil {
			t.Error(err)
		}
		closed(t, r, folder)
	})
}

// What could not be read is said: the guard may not be able to. A policy that names an authentication context is the second hint;
// without one in any policy, nothing can ask for it.
func TestStepUpNotRead(t *testing.T) {
	t.Parallel()
	for profile, words := range map[string]string{"protected-actions": "1 authentication context (c1)", "business": ""} {
		t.Run(profile, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tenant, err := simtest.New(simtenant.Options{Profile: profile, Without: []simtenant.Lack{{Name: "resource-actions", Status: 403}}})
				if err != nil {
					t.Fatal(err)
				}
				r := rehearseOn(t, tenant, setup{})
				r.pass(steps.SignIn)
				row := rowsOf(r.inspect(steps.Check))["Conditional Access"]
				if strings.Contains(row.Note, "authentication context") != (words != "") || !strings.Contains(row.Note, words) {
					t.Errorf("the check says %+v", row)
				}
				r.passUntil(steps.AssignAdmin)
				r.mailed()
				f := r.inspect(steps.AssignAdmin)
				if strings.Contains(f.Notice.String(), "Run restore then") != (words != "") || !strings.Contains(f.Notice.String(), words) {
					t.Errorf("it says %q", f.Notice)
				}
			})
		})
	}
}
