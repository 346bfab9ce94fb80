package steps_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// says fails the test unless the finding has the words, and lacks those that begin with an exclamation mark.
func says(t *testing.T, f steps.Finding, words ...string) {
	t.Helper()
	text := said(f)
	for _, w := range words {
		unwanted, not := strings.CutPrefix(w, "!")
		if strings.Contains(text, unwanted) == not {
			t.Errorf("%q: %t in %q", unwanted, !not, text)
		}
	}
}

// plannedRole is the plan of the step that assigns the role.
func (r *rehearsal) plannedRole() string {
	r.t.Helper()
	for _, row := range r.planRows() {
		if row.Label == "Assign Global Admin" {
			return row.Value
		}
	}
	r.t.Fatal("the plan has no such step")
	return ""
}

func (r *rehearsal) planRows() []steps.Fact {
	r.answer(steps.Check, "plan", "")
	return r.inspect(steps.Check).Sections[0].Facts
}

// What the plan says of the role is what the tenant does: for the window and a repetition, or as long as the tenant's rules
// let it; and it ends by itself only where somebody else is Global Administrator for longer.
func TestRoleEndsByItself(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		profile string
		change  func(*testing.T, *simtest.Tenant)
		planned string
		lasts   time.Duration // zero is without an end
		stays   bool          // Entra keeps it
	}{
		"no licence":           {profile: "business", planned: "assign Global Administrator to it"},
		"shorter than window":  {profile: "privileged", planned: "for 20 min: then Entra removes it", lasts: 20 * time.Minute},
		"nobody else":          {profile: "privileged-alone", planned: "for 20 min: after that it has to be removed by hand", lasts: 20 * time.Minute, stays: true},
		"Microsoft's defaults": {profile: "business", change: privileged(nil), planned: "for 1 h 00 min: then Entra removes it", lasts: time.Hour},
		"rules without weeks":  {profile: "business", change: privileged(func(p *state.RolePolicy) { p.Assign.Longest = "P15D" }), planned: "for 1 h 00 min", lasts: time.Hour},
		"activation is hard": {profile: "business", change: privileged(func(p *state.RolePolicy) {
			p.Activate = state.ActivationRules{Longest: "PT1H", Approval: true, Context: "c1", Ticket: true, MFA: true}
		}), planned: "for 1 h 00 min", lasts: time.Hour},
		"too short a rule": {profile: "business", change: privileged(func(p *state.RolePolicy) { p.Assign.Longest = "PT4M" }), planned: "assign Global Administrator to it"},
		"another one ends sooner": {profile: "business", change: func(t *testing.T, tenant *simtest.Tenant) {
			privileged(nil)(t, tenant)
			for _, upn := range []string{state.OperatorUPN, "breakglass@contoso.onmicrosoft.com"} {
				if err := errors.Join(tenant.SetRole(upn, state.RoleGlobalAdministrator, false), tenant.Settings.AssignFor(upn, 40*time.Minute)); err != nil {
					t.Fatal(err)
				}
			}
		}, planned: "after that it has to be removed by hand", lasts: time.Hour, stays: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bodies := &written{}
				r := rehearse(t, setup{profile: c.profile, wrap: bodies.wrap})
				if c.change != nil {
					c.change(t, r.tenant)
				}
				r.pass(steps.SignIn)
				if planned := r.plannedRole(); !strings.Contains(planned, c.planned) || c.lasts == 0 && planned != c.planned {
					t.Errorf("planned: %q, want %q", planned, c.planned)
				}
				planned := r.plannedRole()
				r.passUntil(steps.AssignAdmin)
				for _, row := range r.inspect(steps.Check).Sections[0].Facts {
					if row.Label == "Assign Global Admin" && row.Value != planned {
						t.Errorf("accepted is %q, and %q was planned", row.Value, planned)
					}
				}
				r.mailed()
				before := r.inspect(steps.AssignAdmin)
				if c.lasts > 0 {
					says(t, before, "first five minutes", "assigned for ")
				} else {
					says(t, before, "!five minutes", "!licence", "!assigned for ")
				}
				after := r.pass(steps.AssignAdmin)
				end, held := r.tenant.Settings.RoleEnds(serviceAccount)
				if !held || end.IsZero() != (c.lasts == 0) {
					t.Fatalf("held %t, until %v", held, end)
				}
				if c.lasts == 0 {
					says(t, after, "assigned, active, whole tenant")
					return
				}
				if got := time.Until(end); got > c.lasts || got < c.lasts-time.Minute {
					t.Errorf("it lasts another %v", got)
				}
				clock := clockOf(end)
				switch {
				case c.stays:
					says(t, before, "Entra will keep it", "!Entra removes it")
					says(t, after, "until "+clock+" and longer: Entra will keep it", "!then Entra removes it")
				default:
					says(t, before, "Entra removes it", "!Entra will keep it")
					says(t, after, "until "+clock+", then Entra removes it")
				}
				if bodies.weeks() {
					t.Error("a body has weeks in it")
				}
				time.Sleep(c.lasts + time.Minute)
				if _, held := r.tenant.Settings.RoleEnds(serviceAccount); held != c.stays {
					t.Errorf("past its end it is held: %t", held)
				}
			})
		})
	}
}

// privileged licenses a tenant for Privileged Identity Management, and changes the rules of the role.
func privileged(change func(*state.RolePolicy)) func(*testing.T, *simtest.Tenant) {
	return func(t *testing.T, tenant *simtest.Tenant) {
		if err := tenant.Settings.BuyPremium("P2"); err != nil {
			t.Fatal(err)
		}
		if change != nil {
			tenant.Settings.SetRolePolicy(change)
		}
	}
}

// written keeps the bodies of writes.
type written struct{ tape }

func (w *written) weeks() bool {
	return slices.ContainsFunc(w.exchanges, func(x exchange) bool {
		return x.method == http.MethodPost && strings.Contains(string(x.sent), `"duration":"P`) && strings.ContainsAny(strings.Split(string(x.sent), `"duration":"`)[1][:6], "WY")
	})
}

// The operator may have it without an end, unless the tenant's rules ask for one.
func TestRoleForGood(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business"})
		privileged(nil)(t, r.tenant)
		r.pass(steps.SignIn)
		r.answer(steps.Check, "role", "for-good")
		if planned := r.plannedRole(); planned != "assign Global Administrator to it" {
			t.Errorf("planned: %q", planned)
		}
		r.passUntil(steps.SuspendMFA)
		if end, held := r.tenant.Settings.RoleEnds(serviceAccount); !held || !end.IsZero() {
			t.Errorf("held %t, until %v", held, end)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "privileged"})
		r.pass(steps.SignIn)
		r.planRows()
		if f := r.inspect(steps.Check); slices.ContainsFunc(f.Fields, func(x steps.Field) bool { return x.ID == "role" }) {
			t.Error("a choice is offered that the rules refuse")
		}
	})
}

// 201 is not the role. Whatever becomes of the request, nothing untrue is said, and what was refused is known to be.
func TestRoleRequestStatus(t *testing.T) {
	t.Parallel()
	for status, c := range map[string]struct{ fails, open bool }{
		"Provisioned": {}, "Granted": {true, true}, "PendingApproval": {true, true}, "Denied": {true, false}, "Failed": {true, false},
	} {
		t.Run(status, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: "privileged"})
				r.passUntil(steps.AssignAdmin)
				stuck := status
				if stuck == "Provisioned" {
					stuck = ""
				}
				r.tenant.Settings.SetProvisioning(40*time.Second, stuck)
				err := r.apply(t.Context(), steps.AssignAdmin)
				if (err != nil) != c.fails {
					t.Fatalf("it says %v", err)
				}
				if !c.fails {
					return
				}
				if r.open() != c.open { // a role that may come yet keeps it open
					t.Errorf("the window is open: %t", r.open())
				}
				says(t, r.inspect(steps.AssignAdmin), "!is Global Administrator.")
				r.tenant.Settings.SetProvisioning(0, "")
				if status == "Granted" || status == "PendingApproval" { // an equal request is followed, and not carried out
					if err := r.apply(t.Context(), steps.AssignAdmin); err == nil {
						t.Error("a request that waits counts as carried out")
					}
				}
			})
		})
	}
}

// A colleague's assignment is left as it is, whenever it ends, and shown as what it is.
func TestForeignRoleStays(t *testing.T) {
	t.Parallel()
	for name, lasts := range map[string]time.Duration{"for good": 0, "sooner": 10 * time.Minute, "later": 5 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := &recorder{}
				r := rehearse(t, setup{profile: "privileged", wrap: calls.wrap})
				r.passUntil(steps.AssignAdmin)
				r.inspect(steps.AssignAdmin)
				if err := r.tenant.Settings.AssignFor(serviceAccount, lasts); err != nil {
					t.Fatal(err)
				}
				time.Sleep(10 * time.Second)
				if end, _ := r.tenant.Settings.RoleEnds(serviceAccount); lasts > 0 {
					says(t, r.pass(steps.AssignAdmin), "until "+clockOf(end))
				} else {
					says(t, r.pass(steps.AssignAdmin), "assigned, active, whole tenant")
				}
				if slices.ContainsFunc(calls.writes(), func(w string) bool { return strings.Contains(w, "roleAssignment") }) {
					t.Errorf("it wrote %v", calls.writes())
				}
			})
		})
	}
}

// One that was assigned for later, behind both lists, is found by the refusal, and is not taken for ours.
func TestRoleAssignedForLater(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "privileged"})
		r.passUntil(steps.AssignAdmin)
		r.tenant.Settings.SetProvisioning(time.Hour, "")
		if err := r.tenant.Settings.AssignFor(serviceAccount, 3*time.Hour); err != nil {
			t.Fatal(err)
		}
		r.tenant.Settings.ForgetRequests()
		err := r.apply(t.Context(), steps.AssignAdmin)
		if !errors.Is(err, graph.ErrConflict) || !strings.Contains(steps.Explain(err).Next, "It is left as it is") {
			t.Errorf("it says %v: %s", err, steps.Explain(err).Next)
		}
	})
}

// A role that ended before setup was done is said to have ended, and can be assigned again.
func TestRoleEndsBeforeSetup(t *testing.T) {
	t.Parallel()
	for _, at := range []steps.ID{steps.SuspendMFA, steps.RunSetup} {
		t.Run(string(at), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: "privileged"})
				r.passUntil(at)
				time.Sleep(21 * time.Minute)
				f := r.inspect(at)
				says(t, f, "has ended by itself at")
				if f.Status != steps.Blocked || f.Actions[0].ID != steps.ActGo+string(steps.AssignAdmin) {
					t.Errorf("there is no way on: %+v", f)
				}
				for _, s := range steps.All()[3:] {
					r.pass(s.Info().ID)
				}
				if r.open() {
					t.Error("the window is open at the end")
				}
			})
		})
	}
}
