package steps_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// checked signs in and shows the plan, with the check's report.
func (r *rehearsal) checked() (steps.CheckReport, steps.Finding) {
	r.t.Helper()
	r.pass(steps.SignIn)
	r.inspect(steps.Check)
	report, err := steps.CheckTenant(r.t.Context(), r.run, r.report)
	if err != nil {
		r.t.Fatal(err)
	}
	r.answer(steps.Check, "plan", "")
	return report, r.inspect(steps.Check)
}

func stepOf(t *testing.T, p steps.ReportPlan, id steps.ID) steps.ReportStep {
	t.Helper()
	i := slices.IndexFunc(p.Steps, func(s steps.ReportStep) bool { return s.ID == string(id) })
	if i < 0 {
		t.Fatalf("no step %s", id)
	}
	return p.Steps[i]
}

func noteOf(r steps.CheckReport, id string) string {
	for _, row := range r.Rows {
		if row.ID == id {
			return row.Note
		}
	}
	return ""
}

// Where setup has run, nothing is suspended: nothing is put back, there are no minutes without MFA, and no row asks for what does not come.
func TestPlanWhereSetupHasRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "onboarded"})
		report, f := r.checked()
		back := stepOf(t, report.Plan, steps.ReenableMFA)
		if back.Needed || len(back.Changes) > 0 || report.Plan.WindowMinutes != 0 || report.Plan.WithoutMFA() != "MFA stays on." {
			t.Errorf("%+v, %d minutes: %s", back, report.Plan.WindowMinutes, report.Plan.WithoutMFA())
		}
		if slices.ContainsFunc(f.Fields, func(f steps.Field) bool { return f.ID == "window" }) {
			t.Error("it asks for the minutes without MFA")
		}
		if !f.Notice.IsZero() {
			t.Errorf("nothing is changed, and it asks for permissions: %q", f.Notice)
		}
		if note := noteOf(report, "delegate365-apps"); !strings.Contains(note, "The plan keeps its apps") {
			t.Errorf("of its apps: %q", note)
		}
		if note := noteOf(report, "conditional-access"); strings.Contains(note, "excluded") || !strings.Contains(note, "stays so") {
			t.Errorf("of the policies: %q", note)
		}
		r.answer(steps.Check, "setup", "run")
		if f := r.inspect(steps.Check); !slices.ContainsFunc(f.Fields, func(f steps.Field) bool { return f.ID == "window" }) {
			t.Error("with setup it does not ask for the minutes without MFA")
		}
		r.answer(steps.Check, "setup", "keep")
		r.inspect(steps.Check)
		r.answer(steps.Check, "accept", "")
		r.pass(steps.Check)
		r.pass(steps.CreateAccount)
		r.pass(steps.AssignAdmin)
		for _, row := range r.inspect(steps.SuspendMFA).Sections[0].Facts {
			if row.Mark != steps.MarkOK || strings.Contains(row.Note, "exclude") || strings.Contains(row.Note, "turn off") {
				t.Errorf("at Suspend MFA: %+v", row)
			}
		}
	})
}

// What the token has already is not announced as asked for.
func TestPlanAsksForNothingGranted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "onboarded"})
		r.checked()
		r.answer(steps.Check, "password", "new-password")
		if said := r.inspect(steps.Check).Notice.String(); strings.Contains(said, "putting MFA back") || !strings.Contains(said, "Microsoft then asks you") {
			t.Errorf("before the plan is accepted: %q", said)
		}
		r.answer(steps.Check, "accept", "")
		r.pass(steps.Check)
		r.answer(steps.Check, steps.ActBack, "")
		r.answer(steps.Check, "plan", "")
		if f := r.inspect(steps.Check); !f.Notice.IsZero() || f.Status != finding.Ready {
			t.Errorf("all is granted: %q", f.Notice)
		}
	})
}

// Where no app password can be had, the plan makes none.
func TestPlanWithoutAppPassword(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "security-defaults"})
		r.letIn = true
		report, _ := r.checked()
		if s := stepOf(t, report.Plan, steps.EnableAppPasswords); !s.Needed || s.LeftOut || len(s.Changes) > 0 || s.What != "asks for the version; no app password can be created here" {
			t.Errorf("nobody has said the version: %+v", s)
		}
		if s := stepOf(t, report.Plan, steps.CaptureAppPassword); s.Needed || !s.LeftOut || s.What != "no app password can be created here" {
			t.Errorf("%+v", s)
		}
		r.answer(steps.Check, "office", "none")
		report, err := steps.CheckTenant(t.Context(), r.run, r.report)
		for _, id := range []steps.ID{steps.EnableAppPasswords, steps.CaptureAppPassword} {
			if s := stepOf(t, report.Plan, id); err != nil || s.Needed || s.LeftOut {
				t.Errorf("a newer one: %v %+v", err, s)
			}
		}
		if s := stepOf(t, report.Plan, steps.HandOver); strings.Contains(s.What, "app password") {
			t.Errorf("at the end: %q", s.What)
		}
	})
}

// Of two limits the smaller is named as what counts, and how both relate, wherever one of them is.
func TestPlanNamesTheSmallerLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "privileged", options: func(o *steps.Options) { o.Portal = "https://contoso.delegate365.com/setup" }})
		report, f := r.checked()
		const smaller = "MFA may be off for 30 min, but setup has only 20 min of them"
		said := []string{noteOf(report, "time-bound-role"), finding.Read(f.Text)}
		if report.Plan.WindowMinutes != 30 || report.Plan.SetupMinutes != 20 || !strings.Contains(report.Plan.WithoutMFA(), "of which setup has 20") {
			t.Errorf("%d and %d minutes: %s", report.Plan.WindowMinutes, report.Plan.SetupMinutes, report.Plan.WithoutMFA())
		}
		if !strings.Contains(said[0], "an administrator assigns it, this program none") {
			t.Errorf("of the licence: %q", said[0])
		}
		r.answer(steps.Check, "accept", "")
		r.pass(steps.Check)
		r.pass(steps.CreateAccount)
		said = append(said, finding.Read(r.inspect(steps.AssignAdmin).Text))
		r.pass(steps.AssignAdmin)
		said = append(said, r.inspect(steps.SuspendMFA).Notice.String())
		for i, s := range said {
			if !strings.Contains(s, smaller) {
				t.Errorf("%d: %q", i, s)
			}
		}
	})
}
