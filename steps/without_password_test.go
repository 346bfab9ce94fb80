package steps_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// Why there is no app password, and what to do about it, is said alike by the last screen, the terminal and every report, and a run that goes on
// asks nobody again.
func TestNoAppPasswordReachesEveryReport(t *testing.T) {
	t.Parallel()
	const todo = "Run the setup of a current Delegate365"
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		r, _ := watched(t, setup{profile: "security-defaults", options: func(o *steps.Options) { o.Reports.Folder = t.TempDir() }}, folder)
		r.letIn = true
		r.decideUntil(onboardings["security-defaults"], steps.EnableAppPasswords)
		r.answer(steps.EnableAppPasswords, "office", "page")
		r.inspect(steps.EnableAppPasswords)
		r.answer(steps.EnableAppPasswords, "without-app-password", "")
		r.pass(steps.EnableAppPasswords)
		r.run.Close()

		r, _ = watchedOn(t, r.tenant, setup{options: func(o *steps.Options) { o.Reports.Folder = t.TempDir() }}, folder)
		r.letIn = true
		r.decideUntil(onboardings["security-defaults"], steps.EnableAppPasswords)
		for _, id := range []steps.ID{steps.EnableAppPasswords, steps.CaptureAppPassword} {
			if f := r.pass(id); f.Status != steps.NotNeeded || !strings.Contains(said(f), "security defaults are on") || !strings.Contains(said(f), "as you said") {
				t.Errorf("the run that goes on: %s", said(f))
			}
		}
		if f := r.inspect(steps.HandOver); f.Status == steps.Waiting {
			r.answer(steps.HandOver, "without-second-factor", "")
		}
		first := r.hand(report.Finished)
		if row := rowsOf(r.inspect(steps.HandOver))["Delegate365"]; !strings.Contains(row.Value, "run the setup of a current one") {
			t.Errorf("the last screen: %+v", row)
		}
		if text := finding.Read(r.inspect(steps.HandOver).Text); strings.Contains(text, "No app password was made") || !strings.Contains(text, "as you said: it has none to work with") {
			t.Errorf("the last screen says twice, or not at all, that there is none: %s", text)
		}
		if terminal := finding.Read(steps.Remains(t.Context(), r.run)); !strings.Contains(terminal, "No app password can be created in this tenant") || !strings.Contains(terminal, "Next: "+todo+".") {
			t.Errorf("the terminal: %s", terminal)
		}
		r.run.Close()
		for name, made := range map[string]steps.HandedReport{"first": first, "anew": r.again(folder)} {
			if w := made.Without; w == nil || w.Why != report.WithoutDefaults || !w.Older {
				t.Errorf("%s: %+v", name, w)
			}
			if !slices.ContainsFunc(made.Next, func(n report.Next) bool { return n.What == todo }) {
				t.Errorf("%s: what to do %+v", name, made.Next)
			}
			if page := paged(t, made); !strings.Contains(page, "while security defaults are on, none can be created in this tenant") {
				t.Errorf("%s: its page does not say why", name)
			}
			if v := r.verified(made); v.Failed() {
				t.Errorf("%s: %+v", name, v.Checks)
			}
		}
	})
}

// What was granted to the application before is not the operator's consent.
func TestGrantedBeforeIsTold(t *testing.T) {
	t.Parallel()
	for profile, before := range map[string]bool{"eligible-only": true, "fresh": false} {
		synctest.Test(t, func(t *testing.T) {
			r, _ := watched(t, setup{profile: profile, options: func(o *steps.Options) { o.Reports.Folder = t.TempDir() }}, t.TempDir())
			r.pass(steps.SignIn)
			if meanwhile := onboardings[profile].meanwhile; meanwhile != nil {
				r.inspect(steps.Check)
				meanwhile(r)
			}
			for _, d := range onboardings[profile].decide[steps.Check] {
				r.answer(steps.Check, d.field, d.value)
			}
			r.pass(steps.Check)
			r.pass(steps.CreateAccount)
			h := r.hand(report.Left)
			if slices.Contains(h.Operator.Before, "Domain.ReadWrite.All") != before || slices.Contains(h.Operator.Before, "User.Read.All") || h.Operator.ActivatedUntil.IsZero() == before {
				t.Errorf("%s: %+v", profile, h.Operator)
			}
		})
	}
}
