package steps_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

const ownRole = "Your role"

// insteadOfGlobal are the roles that the check takes in place of Global Administrator.
var insteadOfGlobal = []string{
	graph.UserAdministrator, graph.PrivilegedRoleAdministrator, graph.AuthenticationPolicyAdministrator,
	graph.PrivilegedAuthenticationAdministrator, graph.ConditionalAccessAdministrator,
}

// holds gives the operator a role for so long; zero is for good.
func (r *rehearsal) holds(id string, lasts time.Duration, activated bool) {
	r.t.Helper()
	a := state.RoleAssignment{RoleID: id, Activated: activated}
	if lasts > 0 {
		a.Until = time.Now().Add(lasts)
	}
	if err := r.tenant.Settings.Hold(state.OperatorUPN, a); err != nil {
		r.t.Fatal(err)
	}
}

// holdsInstead gives the operator the other roles for so long, and takes Global Administrator.
func (r *rehearsal) holdsInstead(lasts time.Duration, activated bool) {
	r.t.Helper()
	for _, id := range insteadOfGlobal {
		r.holds(id, lasts, activated)
	}
	if err := r.tenant.SetRole(state.OperatorUPN, state.RoleGlobalAdministrator, false); err != nil {
		r.t.Fatal(err)
	}
}

// A role of the operator's that ends before the window would have to be closed: it is said at the start, and nothing is opened.
// What lasts for longer is enough.
func TestOwnRoleEndsInTheWindow(t *testing.T) {
	t.Parallel()
	const soon, long = 12 * time.Minute, time.Hour
	for name, c := range map[string]struct {
		hold   func(*rehearsal)
		row    string // how it begins; empty is none
		refuse string // what the path of a request that is refused contains
		short  bool
	}{
		"for good":              {},
		"activated":             {func(r *rehearsal) { r.holds(graph.GlobalAdministrator, soon, true) }, "Global Administrator until ", "", true},
		"activated for longer":  {func(r *rehearsal) { r.holds(graph.GlobalAdministrator, long, true) }, "Global Administrator until ", "", false},
		"assigned":              {func(r *rehearsal) { r.holds(graph.GlobalAdministrator, soon, false) }, "Global Administrator until ", "", true},
		"assigned for longer":   {func(r *rehearsal) { r.holds(graph.GlobalAdministrator, long, false) }, "Global Administrator until ", "", false},
		"closing would take it": {func(r *rehearsal) { r.holds(graph.GlobalAdministrator, 31*time.Minute, true) }, "Global Administrator until ", "", true},
		"others for good":       {func(r *rehearsal) { r.holdsInstead(0, false) }, "", "", false},
		"others activated":      {func(r *rehearsal) { r.holdsInstead(soon, true) }, "User Administrator until ", "", true},
		"one of the others": {func(r *rehearsal) {
			r.holdsInstead(0, false)
			r.holds(graph.AuthenticationPolicyAdministrator, soon, true)
		}, "Authentication Policy Administrator until ", "", true},
		"policies by another": {func(r *rehearsal) {
			r.holdsInstead(0, false)
			r.holds(graph.ConditionalAccessAdministrator, soon, true)
			r.holds(graph.SecurityAdministrator, 0, false)
		}, "", "", false},
		"another by a group": {func(r *rehearsal) {
			throughGroup(graph.UserAdministrator)(r)
			r.holds(graph.GlobalAdministrator, soon, true)
		}, "Global Administrator until ", "", true},
		"others outlast it":        {func(r *rehearsal) { r.holdsInstead(0, false); r.holds(graph.GlobalAdministrator, soon, true) }, "", "", false},
		"rules that can't be read": {func(r *rehearsal) { r.holds(graph.GlobalAdministrator, soon, true) }, "Global Administrator until ", "/roleManagementPolicyAssignments", true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: "privileged"})
				if c.hold != nil {
					c.hold(r)
				}
				if c.refuse != "" {
					r.refusing(c.refuse)
				}
				r.pass(steps.SignIn)
				row, said := rowsOf(r.inspect(steps.Check))[ownRole]
				if said != (c.row != "") || !strings.HasPrefix(row.Value, c.row) || c.short != (row.Mark == steps.MarkNote) {
					t.Errorf("the check says %+v", row)
				}
				r.passUntil(steps.AssignAdmin)
				if !c.short {
					r.must(steps.AssignAdmin)
					return
				}
				r.staysShut(steps.AssignAdmin)
				r.holds(graph.GlobalAdministrator, long, true)
				r.must(steps.AssignAdmin)
			})
		})
	}
}

// staysShut applies a step, which has to refuse to open the window, with a way out.
func (r *rehearsal) staysShut(id steps.ID) {
	r.t.Helper()
	before := r.tenant.Snapshot()
	told(r.t, r.apply(r.t.Context(), id), "Nothing was changed", "Activate it for longer or have it assigned for longer")
	now := r.tenant.Snapshot()
	account, was := now.Users[serviceAccount], before.Users[serviceAccount]
	if r.open() || account.PerUserMFA != was.PerUserMFA || len(account.Roles) != len(was.Roles) || now.SecurityDefaults != before.SecurityDefaults || r.excluded() > 0 {
		r.t.Errorf("it was opened: %+v", account)
	}
}

// An account that is Global Administrator already, as a run that was interrupted leaves it, is suspended under the same condition; and so
// are security defaults, which reach the whole tenant.
func TestOwnRoleEndsWhenSuspending(t *testing.T) {
	t.Parallel()
	for profile, c := range map[string]profileWalk{"privileged": {}, "security-defaults": defaultsOff} {
		t.Run(profile, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: profile})
				r.letIn = true
				if profile != "privileged" {
					privileged(nil)(t, r.tenant)
				}
				r.passUntil(steps.Check)
				r.decide(c, steps.Check)
				r.pass(steps.Check)
				r.pass(steps.CreateAccount)
				if err := r.tenant.SetRole(serviceAccount, state.RoleGlobalAdministrator, true); err != nil {
					t.Fatal(err)
				}
				r.holds(graph.GlobalAdministrator, 12*time.Minute, true)
				r.pass(steps.AssignAdmin)
				r.mailed()
				r.inspect(steps.SuspendMFA)
				r.decide(c, steps.SuspendMFA)
				r.staysShut(steps.SuspendMFA)
				r.holds(graph.GlobalAdministrator, time.Hour, true)
				r.must(steps.SuspendMFA)
				if !r.open() {
					t.Error("it is not open")
				}
			})
		})
	}
}

// decide gives the answers of a walk.
func (r *rehearsal) decide(w profileWalk, id steps.ID) {
	r.t.Helper()
	for _, d := range w.decide[id] {
		r.answer(id, d.field, d.value)
	}
}

// A window that is closed opens anew only for as long as the role still lasts.
func TestOwnRoleEndsBeforeASecondWindow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "privileged"})
		r.holds(graph.GlobalAdministrator, 40*time.Minute, true)
		r.passUntil(steps.RunSetup)
		time.Sleep(2 * time.Minute)
		if err := r.apply(t.Context(), steps.ReenableMFA); err != nil {
			t.Fatal(err)
		}
		time.Sleep(8 * time.Minute)
		r.inspect(steps.SuspendMFA)
		told(t, r.apply(t.Context(), steps.SuspendMFA), "Nothing was changed", "Activate it for longer")
		if r.mfa() == string(graph.MFADisabled) || r.open() {
			t.Error("it was opened")
		}
	})
}

// Where nobody can read until when the operator's role lasts, the check says so, and nothing is opened without their yes.
func TestOwnRoleEndThatCantBeRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		hold func(*rehearsal)
		why  string
	}{
		"refused": {func(r *rehearsal) { r.refusing("/roleAssignmentScheduleInstances") }, ""},
		"not licensed, it says": {func(r *rehearsal) {
			unlicensed := answer(http.StatusBadRequest, "AadPremiumLicenseRequired")
			r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
				if !strings.HasSuffix(q.URL.Path, "/roleAssignmentScheduleInstances") {
					return nil
				}
				return &unlicensed
			})
		}, ""},
		"through a group":     {throughGroup(graph.GlobalAdministrator), "You have it through a group"},
		"another, by a group": {func(r *rehearsal) { r.holdsInstead(0, false); throughGroup(graph.UserAdministrator)(r) }, "You have it through a group"},
		"by itself as well": {func(r *rehearsal) {
			throughGroup(graph.GlobalAdministrator)(r)
			r.holds(graph.GlobalAdministrator, 12*time.Minute, true)
		}, "You have it through a group"},
		"perhaps by a group as well": {func(r *rehearsal) {
			r.holds(graph.GlobalAdministrator, 12*time.Minute, true)
			r.refusing("/transitiveMemberOf/microsoft.graph.group")
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: "privileged"})
				c.hold(r)
				r.pass(steps.SignIn)
				f := r.inspect(steps.Check)
				row := rowsOf(f)[ownRole]
				if row.Value != "until when it lasts can't be read" || row.Mark != steps.MarkDecide || !strings.Contains(row.Note, c.why) || row.Note == "" {
					t.Errorf("the check says %+v", row)
				}
				if said := finding.Read(f.Text); f.Actions[0].ID != "role-lasts" || !strings.Contains(said, "neither you nor the guard could put MFA back") {
					t.Errorf("the check does not ask: %s %+v", said, f.Actions)
				}
				r.answer(steps.Check, "plan", "") // nobody has said so
				r.passUntil(steps.AssignAdmin)
				r.mailed()
				if f = r.inspect(steps.AssignAdmin); f.Status != steps.Blocked || f.Actions[1].ID != "role-lasts" {
					t.Fatalf("nobody is asked: %+v", f)
				}
				says(t, f, "Until when your role lasts can't be read", c.why)
				told(t, r.apply(t.Context(), steps.AssignAdmin), "Nothing was changed", "Until when your role lasts can't be read")
				if _, held := r.tenant.Settings.RoleEnds(serviceAccount); held || r.open() {
					t.Error("it was opened without a yes")
				}
				r.answer(steps.AssignAdmin, "role-lasts", "")
				r.pass(steps.AssignAdmin)
				if f := r.inspect(steps.SuspendMFA); f.Status != steps.Ready {
					t.Errorf("it asks again: %+v", f)
				}
				r.pass(steps.SuspendMFA)
			})
		})
	}
	synctest.Test(t, func(t *testing.T) { // neither could be read: it is asked before the first write, and once
		r := rehearse(t, setup{profile: "fresh"})
		r.refusing("/subscribedSkus", "/roleAssignmentScheduleInstances")
		r.pass(steps.SignIn)
		if f := r.inspect(steps.Check); f.Actions[0].ID != "role-lasts" {
			t.Fatalf("nobody is asked: %+v", f)
		}
		r.answer(steps.Check, "role-lasts", "")
		if f := r.inspect(steps.Check); f.Sections[0].Title != "Plan" {
			t.Errorf("what comes next is %+v", f)
		}
		r.passUntil(steps.SuspendMFA)
		r.pass(steps.SuspendMFA)
	})
	synctest.Test(t, func(t *testing.T) { // no licence could be read, and Microsoft says that there is none
		r := rehearse(t, setup{profile: "fresh"})
		r.refusing("/subscribedSkus")
		r.pass(steps.SignIn)
		if row, said := rowsOf(r.inspect(steps.Check))[ownRole]; said {
			t.Errorf("the check says %+v", row)
		}
		r.passUntil(steps.AssignAdmin)
		r.pass(steps.AssignAdmin)
	})
}

func throughGroup(id string) func(*rehearsal) {
	return func(r *rehearsal) {
		r.t.Helper()
		if err := r.tenant.Settings.HoldThroughGroup(state.OperatorUPN, id); err != nil {
			r.t.Fatal(err)
		}
	}
}

// A read that fails for a moment is not asked about once it is answered; and where no role ends by itself, nothing is asked of Microsoft.
func TestOwnRoleEndIsReadOnce(t *testing.T) {
	t.Parallel()
	for profile, want := range map[string][3]int{"business": {}, "privileged": {1, 1, 1}} {
		t.Run(profile, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asked := 0
				r := rehearse(t, setup{profile: profile, wrap: func(next http.RoundTripper) http.RoundTripper {
					return roundTripper(func(q *http.Request) (*http.Response, error) {
						if strings.HasSuffix(q.URL.Path, "/roleAssignmentScheduleInstances") && strings.Contains(q.URL.Query().Get("$filter"), "principalId") {
							asked++
						}
						return next.RoundTrip(q)
					})
				}})
				r.pass(steps.SignIn)
				var counts [3]int
				for i, id := range []steps.ID{steps.Check, steps.AssignAdmin, steps.SuspendMFA} {
					r.passUntil(id)
					asked = 0
					r.pass(id)
					counts[i] = asked
				}
				if counts != want {
					t.Errorf("asked %v times, want %v", counts, want)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "privileged"})
		r.refusing("/roleAssignmentScheduleInstances")
		r.passUntil(steps.AssignAdmin)
		r.tenant.SetFault(nil)
		r.must(steps.AssignAdmin)
	})
}

// An account that somebody made Global Administrator without MFA, and that is taken over, has a window which closes before the
// operator's role ends.
func TestFoundWindowClosesBeforeOwnRoleEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "fresh"})
		privileged(nil)(t, r.tenant)
		r.tenant.AddUser(serviceAccount, "Somebody", "Before-2026-Onboarding")
		if err := r.tenant.SetRole(serviceAccount, state.RoleGlobalAdministrator, true); err != nil {
			t.Fatal(err)
		}
		r.holds(graph.GlobalAdministrator, 12*time.Minute, false)
		r.pass(steps.SignIn)
		r.inspect(steps.Check)
		r.answer(steps.Check, "adopt", "")
		r.inspect(steps.Check)
		if open, is := r.run.Exposure(); !is || open.Cap > 10*time.Minute {
			t.Errorf("open %t, for %s", is, open.Cap)
		}
	})
}

// A computer whose clock is slow takes the operator's role to last for longer than it does: Microsoft's clock counts.
func TestOwnRoleByMicrosoftsClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "privileged", wrap: func(tenant http.RoundTripper) http.RoundTripper {
			return anHourAhead{tenant}
		}})
		r.holds(graph.GlobalAdministrator, 80*time.Minute, true)
		r.passUntil(steps.Check)
		if row := rowsOf(r.inspect(steps.Check))[ownRole]; !strings.Contains(row.Note, "That is too soon") {
			t.Errorf("the check says %+v", row)
		}
		r.pass(steps.Check)
		r.pass(steps.CreateAccount)
		r.staysShut(steps.AssignAdmin)
	})
}

// anHourAhead is a tenant whose clock is an hour ahead of this computer's.
type anHourAhead struct{ http.RoundTripper }

func (a anHourAhead) RoundTrip(q *http.Request) (*http.Response, error) {
	answer, err := a.RoundTripper.RoundTrip(q)
	if err == nil {
		answer.Header.Set("Date", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
	}
	return answer, err
}
