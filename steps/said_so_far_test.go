package steps_test

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// Once something was changed, no screen says any more that nothing was, however one comes back to it.
func TestNothingWrittenOnlyWhileItIsTrue(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"fresh", "half-done"} {
		synctest.Test(t, func(t *testing.T) {
			r := rehearse(t, setup{profile: profile})
			r.pass(steps.SignIn)
			if f := r.inspect(steps.SignIn); !strings.Contains(said(f), "This run has written nothing yet") {
				t.Errorf("%s: before anything was written: %s", profile, said(f))
			}
			r.passUntil(steps.AssignAdmin)
			for _, id := range []steps.ID{steps.SignIn, steps.Check} {
				text := finding.Read(r.inspect(id).Text)
				if strings.Contains(strings.ToLower(text), "nothing") || !strings.Contains(text, "written") {
					t.Errorf("%s: %s says after a change: %s", profile, id, text)
				}
			}
		})
	}
}

// A run that keeps reports and has changed nothing says why it writes none.
func TestNoReportOfNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "onboarded", options: func(o *steps.Options) { o.Journal, o.Reports.Folder = t.TempDir(), t.TempDir() }})
		planned := ""
		for _, s := range steps.All() {
			if s.Info().ID == steps.Check {
				r.inspect(steps.Check)
				r.answer(steps.Check, "plan", "")
				planned = rowsOf(r.inspect(steps.Check))["Hand over"].Value
			}
			r.pass(s.Info().ID)
		}
		f, stays := r.inspect(steps.HandOver), finding.Read(steps.Remains(t.Context(), r.run))
		rows := rowsOf(f)
		if r.run.Changed() || rows["MFA"].Value != "not turned off by this run" {
			t.Fatalf("it has changed something: %s, of MFA %+v", stays, rows["MFA"])
		}
		if strings.Contains(planned, "report") {
			t.Errorf("planned is %q", planned)
		}
		for where, said := range map[string]string{"the last screen": finding.Read(f.Text), "the terminal": stays} {
			if !strings.Contains(said, "No report is written: this program has changed nothing in this run.") {
				t.Errorf("%s does not say that there is no report: %s", where, said)
			}
		}
		// An app password is nobody's change of these, and somebody made it.
		const person = "The app password that was entered here was made by a person."
		besides := r.run.Aftermath().Besides
		for where, said := range map[string]string{"the last screen": finding.Read(f.Text), "the terminal": stays, "who leaves": besides} {
			if strings.Count(said, person) != 1 {
				t.Errorf("%s is not told who made the app password: %s", where, said)
			}
		}
	})
}

// The screen, what stays on the terminal, and the report say that a password was accepted: none can be read back. The terminal says that
// all of it was a rehearsal.
func TestNoPasswordIsSaidToBeReadBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "half-done", options: func(o *steps.Options) {
			o.Reports.Rehearsal, o.Journal, o.Reports.Folder = true, t.TempDir(), t.TempDir()
		}})
		r.passUntil(steps.AssignAdmin)
		said := finding.Read(steps.Remains(t.Context(), r.run))
		if !strings.Contains(said, "to a new one, accepted; no password can be read back") || !strings.HasPrefix(said, "REHEARSAL") {
			t.Errorf("it says %q", said)
		}
		h := r.hand(report.Left)
		r.run.Close()
		page, err := os.ReadFile(h.Page)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range h.Changes {
			password := strings.HasPrefix(c.Object.Name, "password of ")
			if c.Verified == nil || (c.Verified.Layer == report.LayerAnswer) != password || (c.Verified.Layer == report.LayerTenant) == password {
				t.Errorf("%s is shown by %+v", c.Object.Name, c.Verified)
			}
			if said := "accepted " + c.Verified.At.Format("15:04:05") + "; no password can be read back"; password && !strings.Contains(string(page), said) {
				t.Errorf("the page does not say %q", said)
			}
		}
	})
	password := steps.Change{Object: "password of service@contoso.com"}
	role := steps.Change{Object: "role Global Administrator"}
	for want, changes := range map[string][]steps.Change{
		"read back": {role}, "accepted; no password can be read back": {password}, "read back; the password accepted": {role, password},
	} {
		if got := steps.ReadBack(changes...); got != want {
			t.Errorf("%+v: %q, not %q", changes, got, want)
		}
	}
}

// A second report of a run replaces the first where the account names it, and what stays on the terminal says so, in any language.
func TestWhatTheAccountNamedBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder = t.TempDir(), t.TempDir() }})
		for _, s := range steps.All() {
			r.pass(s.Info().ID)
		}
		first, _ := steps.Handed(r.run)
		phrase.Speak(phrase.German)
		defer phrase.Speak(phrase.English)
		second, err := r.run.WriteReport(t.Context(), report.Finished)
		if err != nil || second.NotWitnessed != nil {
			t.Fatal(err, second.NotWitnessed)
		}
		want := "vorher " + report.Fingerprint(first.SHA256) + ", nachher " + report.Fingerprint(second.SHA256)
		if said := finding.Read(steps.Remains(t.Context(), r.run)); !strings.Contains(said, want) {
			t.Errorf("%q is not in %s", want, said)
		}
	})
}

// What stays on the terminal has the state of per-user MFA in the language of all the rest.
func TestWhatStaysIsSaidInOneLanguage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.AssignAdmin)
		phrase.Speak(phrase.German)
		defer phrase.Speak(phrase.English)
		if said := finding.Read(steps.Remains(t.Context(), r.run)); !strings.Contains(said, "die MFA pro Benutzer ist deaktiviert") {
			t.Error(said)
		}
	})
}

// What stays on the terminal counts as the report does, and says of the last screen's own change that it came after it. The last screen
// does not say once more what the report has.
func TestTerminalCountsAsTheReportDoes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder = t.TempDir(), t.TempDir() }})
		for _, s := range steps.All() {
			r.pass(s.Info().ID)
		}
		h, written := steps.Handed(r.run)
		made, _ := h.Made(report.Change.InLog)
		want := "This run has made " + strconv.Itoa(made) + " changes in \"Contoso\", and 1 change once its report was closed (times in UTC"
		if text := finding.Read(steps.Remains(t.Context(), r.run)); !written || !strings.HasPrefix(text, want) || strings.Contains(text, "Without MFA in this run") {
			t.Errorf("the report has %d: %s", made, text)
		}
		if text := strings.Join(h.ReportSaid(), "\n"); strings.Contains(text, "it begins where") {
			t.Error(text)
		}
		for _, s := range r.inspect(steps.HandOver).Sections {
			if strings.HasPrefix(s.Title, "Done") || s.Title == "Without MFA in this run" {
				t.Errorf("%s is said beside the report: %+v", s.Title, s.Facts)
			}
		}
	})
	synctest.Test(t, func(t *testing.T) {
		journal, reports := t.TempDir(), t.TempDir()
		options := func(o *steps.Options) { o.Journal, o.Reports.Folder = journal, reports }
		first := rehearse(t, setup{options: options})
		first.passUntil(steps.AssignAdmin)
		first.run.Close()
		r := rehearseOn(t, first.tenant, setup{options: options})
		r.passUntil(steps.SuspendMFA)
		if err := r.run.CloseExposure(t.Context(), r.report); err != nil {
			t.Fatal(err)
		}
		h := r.hand(report.Left)
		r.run.Close()
		made, _ := h.Made(report.Change.InLog)
		if text := strings.Join(h.ReportSaid(), "\n"); !strings.Contains(text, "The report has "+strconv.Itoa(made)+" changes: it begins where the onboarding began, not with this run.") {
			t.Error(text)
		}
	})
}

// The plan announces what is put back in this tenant, and nothing else.
func TestPlanPutsBackOnlyWhatIsTaken(t *testing.T) {
	t.Parallel()
	for profile, want := range map[string]bool{"fresh": false, "business": true} {
		synctest.Test(t, func(t *testing.T) {
			r := rehearse(t, setup{profile: profile})
			r.pass(steps.SignIn)
			report, err := steps.CheckTenant(t.Context(), r.run, r.report)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range report.Plan.Steps {
				if s.ID == "reenable-mfa" && strings.Contains(s.What, "exclusions") != want {
					t.Errorf("%s: %q", profile, s.What)
				}
			}
		})
	}
}

// What has to be answered before the plan is asked where the check first says so, and is not called optional.
func TestCheckAsksForTheNameAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "taken"})
		r.pass(steps.SignIn)
		f := r.inspect(steps.Check)
		if text := finding.Read(f.Text); f.Status != steps.Blocked || !strings.Contains(text, "Blocked until it is decided: Service account.") || strings.Contains(text, "Ready") {
			t.Errorf("the check says %q", text)
		}
		if len(f.Fields) != 1 || f.Fields[0].Optional || f.Actions[0].Label != "Use this name" || f.Actions[1].ID != "adopt" {
			t.Errorf("it asks for %+v, with %+v", f.Fields, f.Actions)
		}
		r.answer(steps.Check, "adopt", "")
		if f := r.inspect(steps.Check); f.Actions[0].ID != steps.ActApply {
			t.Errorf("after the answer: %s", said(f))
		}
	})
}

// The plan names what is lifted, or may be, as many as it counts, and what is then lifted is among them.
func TestPlanNamesWhatItLifts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business"})
		r.pass(steps.SignIn)
		r.inspect(steps.Check)
		r.answer(steps.Check, "plan", "")
		f := r.inspect(steps.Check)
		named := rowsOf(f)["Perhaps"].Value
		if row := rowsOf(f)["Suspend MFA"]; !strings.Contains(row.Value, "perhaps lift "+strconv.Itoa(strings.Count(named, "\"")/2)+" demands") {
			t.Errorf("%q: it names %s", row.Value, named)
		}
		r.passUntil(steps.SuspendMFA)
		for _, c := range r.inspect(steps.SuspendMFA).Changes {
			if !strings.Contains(named, "\""+strings.TrimPrefix(c.Object, "excluded users of ")+"\"") {
				t.Errorf("%q is changed, and the plan names %s", c.Object, named)
			}
		}
	})
}

// Whoever chooses another name is asked for it at once, and not led back to the same refusal.
func TestAnotherNameIsAskedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "taken"})
		r.pass(steps.SignIn)
		r.inspect(steps.Check)
		r.answer(steps.Check, "plan", "")
		f := r.inspect(steps.Check)
		if f.Status != steps.Blocked || len(f.Fields) != 1 || f.Fields[0].Value != "" {
			t.Fatalf("the check asks for no other name: %s", said(f))
		}
		if err := step(steps.Check).Answer(r.run, f.Fields[0].ID, graph.NewText("service.delegate365")); err == nil {
			t.Error("the same name is taken again")
		}
		r.answer(steps.Check, f.Fields[0].ID, "service.other")
		r.pass(steps.Check)
		if f := r.inspect(steps.CreateAccount); f.Status != steps.Ready {
			t.Errorf("after another name: %s", said(f))
		}
	})
}

// Where security defaults are turned off for the whole tenant, help does not say that other accounts are not touched.
func TestHelpSaysWhomItReaches(t *testing.T) {
	t.Parallel()
	for profile, everybody := range map[string]bool{"security-defaults": true, "business": false} {
		synctest.Test(t, func(t *testing.T) {
			r := rehearse(t, setup{profile: profile})
			r.letIn = true
			r.decideUntil(onboardings[profile], steps.SuspendMFA)
			f := r.inspect(steps.SuspendMFA)
			if help := strings.Join(f.Help, " "); strings.Contains(help, "for everybody in contoso.com") != everybody || strings.Contains(help, "Other accounts are not touched") {
				t.Errorf("%s: its help is %q", profile, help)
			}
		})
	}
}
