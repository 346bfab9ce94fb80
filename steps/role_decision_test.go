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
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// Wizard and guard are killed, and the network is gone: nobody closes the window. Entra ends the role by itself, and with it
// what stood open; where ours is the last lasting one it does not, as was said before.
func TestNobodyIsLeftToEndTheRole(t *testing.T) {
	t.Parallel()
	for profile, stays := range map[string]bool{"privileged": false, "privileged-alone": true} {
		t.Run(profile, func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				first := rehearse(t, setup{profile: profile, options: func(o *steps.Options) { o.Journal = folder }})
				first.passUntil(steps.AssignAdmin)
				first.mailed()
				before := said(first.inspect(steps.AssignAdmin))
				if strings.Contains(before, "Entra will keep it") != stays || strings.Contains(before, "Entra removes it") == stays {
					t.Errorf("it said before: %s", before)
				}
				first.passUntil(steps.RunSetup)
				first.run.Close()
				time.Sleep(25 * time.Minute)
				account := first.tenant.Snapshot().Users[serviceAccount]
				if account.PerUserMFA != "disabled" || first.excluded() == 0 {
					t.Fatalf("somebody closed the window: %+v", account)
				}
				if held := len(account.Roles) > 0; held != stays {
					t.Errorf("it is Global Administrator: %t", held)
				}
				r := restoringOn(t, first.tenant, folder)
				r.says("")
				r.puts(serviceAccount)
			})
		})
	}
}

// Killed within five minutes of the assignment, and after them: MFA is back at once, and the role is gone as soon as
// Privileged Identity Management lets it go.
func TestRestoreTakesTheRoleAway(t *testing.T) {
	t.Parallel()
	killed, open := 0, 0
	for _, at := range []time.Duration{10 * time.Second, 4 * time.Minute, 6 * time.Minute} {
		t.Run(at.String(), func(t *testing.T) {
			folder := t.TempDir()
			killed, open = killed+1, open+1
			synctest.Test(t, func(t *testing.T) {
				first := rehearse(t, setup{profile: "privileged", options: func(o *steps.Options) { o.Journal = folder }})
				first.passUntil(steps.SuspendMFA)
				assigned := time.Now()
				first.pass(steps.SuspendMFA)
				time.Sleep(time.Until(assigned.Add(at)))
				first.run.Close()

				r := restoringOn(t, first.tenant, folder)
				r.says("")
				began := time.Now()
				if err := r.applyOf(t.Context(), r.step); err != nil {
					t.Fatal(err)
				}
				closed(t, r.rehearsal, folder)
				if took := time.Since(began); took > time.Minute {
					t.Errorf("MFA was back after %v", took)
				}
				f := r.says("MFA is demanded of")
				if f.Actions[0].ID != steps.ActNext || f.Actions[len(f.Actions)-1].ID != "role-remove" {
					t.Fatalf("it does not offer to take the role away: %+v", f.Actions)
				}
				r.answerTo(r.step, "role-remove", "")
				r.says("UNKNOWN")
				if err := r.applyOf(t.Context(), r.step); err != nil {
					t.Fatal(err)
				}
				if _, held := r.tenant.Settings.RoleEnds(serviceAccount); held || time.Since(assigned) > 8*time.Minute {
					t.Errorf("held %t, %v after it was assigned", held, time.Since(assigned))
				}
				if f := r.says("MFA is demanded of"); slices.ContainsFunc(f.Actions, func(a steps.Action) bool { return a.ID == "role-remove" }) {
					t.Error("what is gone is offered again")
				}
				log := read(t, folder, r.tenant.Endpoints().TenantID)
				if slices.ContainsFunc(log.Outstanding(), func(i journal.Inverse) bool { return i.Kind == journal.InverseRoleAssignment }) {
					t.Error("the journal says that the role is still to be taken back")
				}
				if !t.Failed() {
					open--
				}
			})
		})
	}
	t.Logf("killed %d, open %d", killed, open)
}

// decided is a rehearsal on its last screen, which offers to decide about the role.
func decided(t *testing.T, profile string, folder string) *rehearsal {
	t.Helper()
	r := rehearse(t, setup{profile: profile, options: func(o *steps.Options) { o.Journal = folder }})
	if profile == "business" {
		privileged(nil)(t, r.tenant)
	}
	for _, s := range steps.All() {
		r.pass(s.Info().ID)
	}
	return r
}

// Where the account had the role before, the sign-in for taking it away says that, and not that it is assigned.
func TestSignInSaysThatTheRoleIsRemoved(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := decided(t, "half-done", t.TempDir())
		r.settle("role-remove")
		before := len(r.events)
		if err := r.apply(t.Context(), steps.HandOver); err != nil {
			t.Fatal(err)
		}
		asked := ""
		for _, e := range r.events[before:] {
			asked += e.Text + "\n"
		}
		if !strings.Contains(asked, "Asking for permission to remove Global Administrator") {
			t.Errorf("the sign-in is for something else: %s", asked)
		}
	})
}

// Where nothing was changed there is no report: the field for the reason promises none.
func TestReasonPromisesNoReportWhereNoneIsWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		profile, want string
		reports       bool
	}{{"onboarded", "No report has it", true}, {"business", "It goes into the customer's report", true}, {"business", "This run writes no report.", false}} {
		profile, want := c.profile, c.want
		synctest.Test(t, func(t *testing.T) {
			r := rehearse(t, setup{profile: profile, options: func(o *steps.Options) {
				if o.Journal = t.TempDir(); c.reports {
					o.Reports.Folder = t.TempDir()
				}
			}})
			for _, s := range steps.All() {
				r.pass(s.Info().ID)
			}
			if f := r.settle("role-keep"); len(f.Fields) != 1 || !strings.Contains(f.Fields[0].Help, want) {
				t.Errorf("%s: it asks %+v", profile, f.Fields)
			}
		})
	}
}

// settle takes a decision about the role.
func (r *rehearsal) settle(answers ...string) steps.Finding {
	r.t.Helper()
	for _, id := range append([]string{"role-decide"}, answers...) {
		field, value, _ := strings.Cut(id, "=")
		r.answer(steps.HandOver, field, value)
	}
	return r.inspect(steps.HandOver)
}

// A role that nobody can keep ends with or without a decision: there is one way to let it, and it leaves nothing to decide.
func TestRoleThatEndsAnywayIsNotLeftUndecided(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business", options: func(o *steps.Options) { o.Journal, o.Reports.Folder = t.TempDir(), t.TempDir() }})
		privileged(func(p *state.RolePolicy) { p.Assign.EndRequired = true })(t, r.tenant)
		r.passUntil(steps.HandOver)
		f := r.inspect(steps.HandOver)
		for f.Task != nil {
			r.play(steps.HandOver, f)
			r.answer(steps.HandOver, "tested", "")
			f = r.inspect(steps.HandOver)
		}
		if f.Actions[0].Label != "Write the report, and let the role end" || f.Actions[1].ID != "role-remove" {
			t.Errorf("it offers %+v", f.Actions)
		}
		r.must(steps.HandOver)
		if row := rowsOf(r.inspect(steps.HandOver))["Global Administrator"]; row.Mark == steps.MarkDecide {
			t.Errorf("after the report: %+v", row)
		}
	})
}

// The screen on which the report is written asks about the role, where Enter says that it stays undecided, and again where a decision was
// begun and not taken.
func TestRoleIsAskedBeforeTheReport(t *testing.T) {
	t.Parallel()
	const undecided = "Write the report, and leave the role undecided"
	for name, c := range map[string]struct {
		timed   bool
		ways    []string
		answers []string
		said    string
		enter   string
	}{
		"left open":   {false, []string{"role-keep", "role-remove"}, nil, "UNKNOWN", undecided},
		"gone back":   {false, []string{"role-keep", "role-remove"}, []string{"role-keep", steps.ActBack}, "UNKNOWN", undecided},
		"kept":        {false, []string{"role-keep", "role-remove"}, []string{"role-keep", "role-reason=the vendor asks for it"}, "stays Global Administrator, as it was", "Write the report"},
		"let end":     {true, []string{"role-end", "role-keep", "role-remove"}, []string{"role-end"}, "", "Write the report"},
		"ends anyhow": {true, []string{"role-end", "role-keep", "role-remove"}, nil, "UNKNOWN", undecided},
		"removed":     {false, []string{"role-keep", "role-remove"}, []string{"role-remove", steps.ActApply}, "", "Write the report"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: "business", options: func(o *steps.Options) { o.Journal, o.Reports.Folder = t.TempDir(), t.TempDir() }})
				if c.timed {
					privileged(nil)(t, r.tenant)
				}
				r.passUntil(steps.HandOver)
				f := r.inspect(steps.HandOver)
				for f.Task != nil {
					r.play(steps.HandOver, f)
					r.answer(steps.HandOver, "tested", "")
					f = r.inspect(steps.HandOver)
				}
				var ways []string
				for _, a := range f.Actions[1 : len(f.Actions)-1] {
					ways = append(ways, a.ID)
				}
				if f.Actions[0].Label != undecided || !slices.Equal(ways, c.ways) || rowsOf(f)["Global Administrator"].Mark != steps.MarkDecide {
					t.Fatalf("%+v, %+v", f.Actions, f.Sections)
				}
				for _, id := range c.answers {
					if id == steps.ActApply {
						r.must(steps.HandOver)
					} else {
						field, value, _ := strings.Cut(id, "=")
						r.answer(steps.HandOver, field, value)
					}
					f = r.inspect(steps.HandOver)
				}
				if said := finding.Read(f.Text); f.Actions[0].ID != steps.ActApply || f.Actions[0].Label != c.enter || !strings.Contains(said, c.said) || c.said == "" && strings.Contains(said, "UNKNOWN") {
					t.Errorf("%s: %+v", said, f.Actions)
				}
				r.must(steps.HandOver)
				if f = r.inspect(steps.HandOver); f.Task == nil || f.Status != steps.Done {
					t.Errorf("after the report: %+v", f)
				}
			})
		})
	}
}

// After setup the role is decided. Each way is announced, read back and journaled with what takes it back.
func TestRoleIsDecided(t *testing.T) {
	t.Parallel()
	t.Run("ends", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := decided(t, "business", "")
			end, _ := r.tenant.Settings.RoleEnds(serviceAccount)
			says(t, r.inspect(steps.HandOver), "until "+clockOf(end)+", then Entra removes it")
			f := r.settle()
			says(t, f, "UNKNOWN")
			if f.Actions[0].ID != "role-end" {
				t.Errorf("its end is not the first thing offered: %+v", f.Actions)
			}
			if f := r.settle("role-end"); f.Status != steps.Done {
				t.Errorf("%+v", f)
			}
			time.Sleep(2 * time.Hour)
			f = r.inspect(steps.HandOver)
			says(t, f, "not assigned any more")
			for _, section := range f.Sections {
				for _, row := range section.Facts {
					if row.Value == "not assigned any more" && section.Title != "The account now" {
						t.Errorf("it is said under %q", section.Title)
					}
				}
			}
		})
	})
	t.Run("not now", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := decided(t, "fresh", "")
			for _, asked := range []string{"role-decide", "take-consents"} {
				before := r.inspect(steps.HandOver)
				r.answer(steps.HandOver, asked, "")
				f := r.inspect(steps.HandOver)
				if !slices.ContainsFunc(f.Actions, func(a steps.Action) bool { return a.ID == steps.ActBack }) {
					t.Errorf("%s: Esc has nothing to go back by: %+v", asked, f.Actions)
				}
				r.answer(steps.HandOver, steps.ActBack, "")
				if f := r.inspect(steps.HandOver); f.Actions[0] != before.Actions[0] {
					t.Errorf("%s: back leads elsewhere: %+v", asked, f.Actions)
				}
			}
		})
	})
	t.Run("is kept, and never ended", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := decided(t, "fresh", "")
			before := len(r.tenant.Requests())
			f := r.settle("role-keep", "role-reason=the vendor asks for it")
			if f.Status != steps.Done || len(f.Changes) > 0 {
				t.Fatalf("%+v", f)
			}
			says(t, f, `kept, because: \"the vendor asks for it\"`)
			says(t, f, "stays Global Administrator, as it was.")
			r.must(steps.HandOver) // which writes the report next, and nothing about the role
			for _, q := range r.tenant.Requests()[before:] {
				if q.Method != http.MethodGet {
					t.Errorf("%s %s", q.Method, q.Path)
				}
			}
		})
	})
	t.Run("is kept, and the report says why", func(t *testing.T) {
		for profile, write := range map[string]bool{"fresh": false, "business": true} {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: profile, options: func(o *steps.Options) { o.Journal, o.Reports.Folder = t.TempDir(), t.TempDir() }})
				if write {
					privileged(nil)(t, r.tenant)
				}
				for _, s := range steps.All() {
					r.pass(s.Info().ID)
				}
				before, written := steps.Handed(r.run)
				if !written || before.RoleKept != nil {
					t.Fatalf("written %t: %+v", written, before.RoleKept)
				}
				f := r.settle("role-keep", "role-reason=the vendor asks for it")
				if write {
					r.must(steps.HandOver)
					f = r.inspect(steps.HandOver)
				}
				if f.Status != steps.Ready {
					t.Fatalf("no report is owed: %s", said(f))
				}
				if strings.Contains(said(f), "do it first") {
					t.Errorf("it is decided, and is to be decided first: %s", said(f))
				}
				r.must(steps.HandOver)
				h, written := steps.Handed(r.run)
				if k := h.RoleKept; !written || k == nil || k.Reason != "the vendor asks for it" || k.By == "" || k.Claim.Line == 0 {
					t.Errorf("written %t: %+v", written, k)
				}
				if v := r.verified(h); v.Failed() {
					t.Errorf("%+v", v.Checks)
				}
				if f := r.settle("role-keep"); f.Status != steps.Done {
					t.Errorf("the same reason makes another report owed: %s", said(f))
				}
			})
		}
	})
	t.Run("is kept, and ends after all", func(t *testing.T) {
		folder := t.TempDir()
		synctest.Test(t, func(t *testing.T) {
			r := decided(t, "business", folder)
			r.settle("role-keep")
			if err := step(steps.HandOver).Answer(r.run, "role-reason", graph.NewText(" ")); err == nil {
				t.Error("no reason is taken for one")
			}
			f := r.settle("role-keep", "role-reason=the vendor asks for it")
			if len(f.Changes) != 1 || f.Changes[0].To != "assigned, without an end" {
				t.Fatalf("%+v", f)
			}
			r.must(steps.HandOver)
			if end, held := r.tenant.Settings.RoleEnds(serviceAccount); !held || !end.IsZero() {
				t.Errorf("held %t, until %v", held, end)
			}
			says(t, r.inspect(steps.HandOver), `kept, because: \"the vendor asks for it\"`)
			owes := func() bool {
				return slices.ContainsFunc(read(t, folder, r.tenant.Endpoints().TenantID).Outstanding(), func(i journal.Inverse) bool { return i.Kind == journal.InverseRoleEnd })
			}
			if !owes() {
				t.Error("the journal does not know the end that was taken away")
			}
			r.settle("role-end")
			r.must(steps.HandOver)
			if end, held := r.tenant.Settings.RoleEnds(serviceAccount); !held || end.IsZero() || owes() {
				t.Errorf("held %t, until %v, owes its end: %t", held, end, owes())
			}
		})
	})
	t.Run("is not kept against the tenant's rules", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := decided(t, "privileged", t.TempDir())
			f := r.settle()
			if slices.ContainsFunc(f.Actions, func(a steps.Action) bool { return a.ID == "role-keep" }) {
				t.Errorf("it offers %+v", f.Actions)
			}
			says(t, f, "only with an end")
			r, _ = atReport(t, "privileged", t.TempDir())
			r.must(steps.HandOver)
			f = r.inspect(steps.HandOver)
			says(t, f, "then Entra removes it; as decided")
			says(t, f, "Decide otherwise about Global Administrator")
			if terminal := finding.Read(steps.Remains(t.Context(), r.run)); !strings.Contains(terminal, "then Entra removes it; as decided") {
				t.Errorf("the terminal does not confirm it: %s", terminal)
			}
			if f = r.settle(); strings.Contains(finding.Read(f.Text), "reason to keep it") || !strings.Contains(finding.Read(f.Text), "the report is written anew") {
				t.Errorf("with the report written, it says %s", finding.Read(f.Text))
			}
		})
	})
	for profile, timed := range map[string]bool{"fresh": false, "business": true} {
		t.Run("is removed in "+profile, func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				r := decided(t, profile, folder)
				if f := r.settle(); (f.Actions[0].ID == "role-end") != timed {
					t.Errorf("it offers %+v", f.Actions)
				}
				f := r.settle("role-remove")
				if len(f.Changes) != 1 || f.Changes[0].Op != steps.Remove || f.Actions[0].ID != steps.ActApply {
					t.Fatalf("%+v", f)
				}
				r.must(steps.HandOver)
				if _, held := r.tenant.Settings.RoleEnds(serviceAccount); held {
					t.Error("it is still Global Administrator")
				}
				end := r.inspect(steps.HandOver)
				says(t, end, "not assigned any more")
				for _, section := range end.Sections {
					if section.Title == "Left in the tenant" && slices.ContainsFunc(section.Facts, func(f steps.Fact) bool { return f.Label == "Global Administrator" }) {
						t.Error("a role that was removed is left in the tenant")
					}
				}
				r.run.Finish()
				for _, e := range read(t, folder, r.tenant.Endpoints().TenantID).Entries {
					if e.Kind == journal.KindIntent && e.Inverse == nil && e.Restores == nil && !strings.HasPrefix(e.Change.Object, "password") {
						t.Errorf("line %d can't be taken back: %+v", e.Seq, e.Change)
					}
				}
			})
		})
	}
}

// must applies what was announced.
func (r *rehearsal) must(id steps.ID) {
	r.t.Helper()
	if err := r.apply(r.t.Context(), id); err != nil {
		r.t.Fatal(err)
	}
}

// Whatever is answered to the removal, it is never called removed while either list has it.
func TestRoleIsNeverCalledRemoved(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]simtest.Fault{
		"refused": answer(http.StatusForbidden, "Authorization_RequestDenied"), "not there": answer(http.StatusBadRequest, "RoleAssignmentDoesNotExist"),
		"broken": answer(http.StatusInternalServerError, "InternalServerError"), "a rule": answer(http.StatusBadRequest, "RoleAssignmentRequestPolicyValidationFailed"),
		"lost": {DropAfter: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := decided(t, "business", "")
				r.settle("role-remove")
				r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
					if q.Method == http.MethodPost && strings.HasSuffix(q.URL.Path, "/roleAssignmentScheduleRequests") {
						return &f
					}
					return nil
				})
				err := r.apply(t.Context(), steps.HandOver)
				r.tenant.SetFault(nil)
				_, held := r.tenant.Settings.RoleEnds(serviceAccount)
				if held != (err != nil) {
					t.Errorf("held %t, and it says %v", held, err)
				}
				if held {
					says(t, r.inspect(steps.HandOver), "!not assigned any more")
				}
			})
		})
	}
}

// The last assigned Global Administrator can't be taken away, and that is said.
func TestLastRoleIsNotRemoved(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := decided(t, "privileged-alone", "")
		says(t, r.inspect(steps.HandOver), "Entra will keep it")
		time.Sleep(6 * time.Minute)
		r.settle("role-remove")
		err := r.apply(t.Context(), steps.HandOver)
		if err == nil || !strings.Contains(steps.Explain(err).Next, "Make somebody else one") {
			t.Errorf("it says %v: %s", err, steps.Explain(err).Next)
		}
		if err := errors.Join(r.tenant.SetRole("helpdesk@contoso.com", state.RoleGlobalAdministrator, true)); err != nil {
			t.Fatal(err)
		}
		r.must(steps.HandOver)
		if _, held := r.tenant.Settings.RoleEnds(serviceAccount); held {
			t.Error("it is still Global Administrator beside another one")
		}
	})
}
