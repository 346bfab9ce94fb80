package steps_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// What an offboarding says before it does it.

func offboardStep(id steps.ID) steps.Step {
	list := steps.Offboard()
	return list[slices.IndexFunc(list, func(s steps.Step) bool { return s.Info().ID == id })]
}

// sees is how an offboarding's step stands.
func (r *rehearsal) sees(id steps.ID) steps.Finding {
	r.t.Helper()
	f, err := offboardStep(id).Inspect(r.t.Context(), r.run, r.report)
	if err != nil {
		r.t.Fatal(err)
	}
	return f
}

// labels are those of details or sections, with the titles.
func labels(sections []steps.Section) (out []string) {
	for _, s := range sections {
		out = append(out, s.Title)
		for _, f := range s.Facts {
			out = append(out, f.Label)
		}
	}
	return out
}

// The first screen says what happens, and its help does not speak of an account that is yet to come.
func TestOffboardingBegins(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "onboarded"})
		f := r.sees(steps.SignIn)
		if text := finding.Read(f.Text); !strings.HasPrefix(text, "This program takes out ") || !slices.Contains(labels(f.Sections), "The vendor") || !slices.Contains(labels(f.Details), "Proof of each change") {
			t.Errorf("%+v", f)
		}
		for name, list := range map[string][]steps.Step{"offboard": steps.Offboard(), "restore": steps.Restore(), "": steps.All()} {
			if help := strings.Join(list[0].Info().Help, " "); strings.Contains(help, "does not exist yet") != (name == "") {
				t.Errorf("%s: %s", name, help)
			}
		}
	})
}

// The plan names what goes, tells apart what Microsoft is asked for now and later, and says when it was accepted.
func TestOffboardingPlanNamesAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "onboarded"})
		r.take(finding.OffboardPlan)
		f := r.sees(finding.OffboardPlan)
		rows, text := rowsOf(f), finding.Read(f.Text)
		if note := rows["Remove the apps"].Note; !strings.Contains(note, `"Delegate365"`) || !strings.Contains(note, `"Delegate365 Automation"`) {
			t.Errorf("the apps' row says %q", note)
		}
		if row := rows["Per-user MFA"]; !strings.HasPrefix(row.Note, "It goes with the account.") {
			t.Errorf("%+v", row)
		}
		if strings.Contains(text, "once for everything") || !strings.Contains(text, "and again where you decide so, to take back what was accepted") || strings.Contains(text, "is accepted") {
			t.Error(text)
		}
		if row := rows["Accepted already"]; !strings.Contains(row.Value, "User.ReadWrite.All") {
			t.Errorf("%+v", row)
		}
		if all := labels(f.Details); !slices.Contains(all, "account "+serviceAccount) || !slices.Contains(all, "users may create app passwords, in the whole tenant") {
			t.Errorf("details: %q", all)
		}
		if err := r.applyOf(t.Context(), offboardStep(finding.OffboardPlan)); err != nil {
			t.Fatal(err)
		}
		if text := finding.Read(r.sees(finding.OffboardPlan).Text); !strings.HasPrefix(text, "The plan is accepted") {
			t.Error(text)
		}
		if row := rowsOf(r.sees(finding.ForbidAppPasswords))["App passwords of the account"]; row.Mark != steps.MarkOK {
			t.Errorf("%+v", row)
		}
		r.answerTo(offboardStep(finding.DeleteAccount), "leave-it", "")
		if row := rowsOf(r.sees(finding.ForbidAppPasswords))["App passwords of the account"]; row.Mark != steps.MarkDecide || row.Value != "by hand" {
			t.Errorf("of an account that stays: %+v", row)
		}
		if row := rowsOf(r.sees(finding.OffboardPlan))["Per-user MFA"]; !strings.HasPrefix(row.Note, "It stays") {
			t.Errorf("of an account that stays: %+v", row)
		}
	})
}

// What is chosen of the consents is what Enter takes back then. It says how many, names each, and says what it is asked for and takes beyond.
func TestChosenConsentsLeadOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "onboarded"})
		r.take(finding.TakeBackConsents)
		f := r.sees(finding.TakeBackConsents)
		if f.Actions[0].ID != "leave-it" || f.Actions[1].Label != "Take back only what this run added: 3" || f.Actions[2].Label != "Take back all this program asks for: 19" || f.Changes[0].From != "18 permissions and one for this" || f.Changes[0].To != "3 taken back, 16 kept" {
			t.Errorf("%+v %+v", f.Changes, f.Actions)
		}
		step := offboardStep(finding.TakeBackConsents)
		r.answerTo(step, "all-consents", "")
		f = r.sees(finding.TakeBackConsents)
		if f.Actions[0] != (steps.Action{ID: steps.ActApply, Label: "Take back all this program asks for: 19"}) || f.Changes[0].To != "none of them" || len(f.Details[0].Facts) != 18 {
			t.Errorf("%+v %+v %+v", f.Changes, f.Actions, f.Details)
		}
		if text := f.Notice.String(); !strings.Contains(text, "take back what was accepted for this program") {
			t.Error(text)
		}
		r.answerTo(step, "all-consents", "")
		if f = r.sees(finding.TakeBackConsents); f.Actions[0].Label != "Take back only what this run added: 3" {
			t.Errorf("%+v", f.Actions)
		}
		if err := r.applyOf(t.Context(), step); err != nil {
			t.Fatal(err)
		}
		f = r.sees(finding.Offboarded)
		if done := rowsOf(f)["permissions of the application that you signed in with, for everybody in the tenant"]; done.Value != "3 taken back, 16 kept, was 19 permissions" {
			t.Errorf("what was announced and what was done differ: %+v", done)
		}
		still := rowsOf(f)["Still accepted"]
		if still.Value != "16 permissions" || !strings.Contains(still.Note, "RoleManagement.ReadWrite.Directory") || strings.Contains(still.Note, "DelegatedPermissionGrant") {
			t.Errorf("of what stays accepted: %+v", still)
		}
	})
}

// A step that took something out says so, and one that was left says how what it is about stands.
func TestOffboardingSaysHowItStands(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "onboarded"})
		if text := finding.Read(r.take(finding.ForbidAppPasswords)[finding.RemoveRole].Text); !strings.Contains(text, "Remove Global Admin: this run has made 1 change. Nothing else was found") {
			t.Error(text)
		}
		if text := finding.Read(r.sees(finding.EndExclusions).Text); !strings.Contains(text, "End exclusions: nothing was found") {
			t.Error(text)
		}
		r.answerTo(offboardStep(finding.ForbidAppPasswords), "leave-it", "")
		if row := rowsOf(r.sees(finding.Offboarded))["Forbid app passwords"]; row.Note != "It stays like this: users may create app passwords, in the whole tenant: yes." {
			t.Errorf("%+v", row)
		}
		r.answerTo(offboardStep(finding.RemoveApps), "leave-it", "")
		if text := finding.Read(r.sees(finding.RemoveApps).Text); !strings.Contains(text, "this run has made 2 changes. The rest is left") {
			t.Error(text)
		}
	})
}

// What Enter deletes is named by the changes that are announced: the registration as well.
func TestAnnouncedAppsNameTheirRegistration(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "onboarded"})
		r.take(finding.RemoveApps)
		f := r.sees(finding.RemoveApps)
		for i, c := range f.Changes {
			id, found := strings.CutPrefix(c.To, "deleted, with the registration of the application ")
			if !found || !strings.Contains(f.Sections[0].Facts[i].Note, id) {
				t.Errorf("%+v", c)
			}
		}
		if len(f.Changes) != 2 {
			t.Errorf("%+v", f.Changes)
		}
	})
}

// The last screen counts what was done. The report says where what stays is listed, and does not count what the screen counts otherwise.
func TestOffboardedCounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "onboarded"})
		r.leaves = finding.ForbidAppPasswords
		if text := finding.Read(r.take("")[finding.Offboarded].Text); !strings.Contains(text, "This run has made 5 changes. ") {
			t.Error(text)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		r := rehearseOn(t, build(t, setup{profile: "onboarded"}), setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder = t.TempDir(), t.TempDir() }})
		r.leaves = finding.ForbidAppPasswords
		r.take(finding.TakeBackConsents)
		if said := r.hand(report.Offboarded).Verdict.Sentence; !strings.Contains(said, "What stays: section 7.") {
			t.Error(said)
		}
		r.run.Close()
	})
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "onboarded"})
		r.take(finding.OffboardPlan)
		if text := finding.Read(r.sees(finding.Offboarded).Text); !strings.Contains(text, "This run has taken nothing out.") {
			t.Error(text)
		}
	})
}

// What is asked for to take consents back goes with them, also where Microsoft keeps it as a grant of its own.
func TestAskedConsentIsTakenBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const asked = "DelegatedPermissionGrant.ReadWrite.All"
		var r *rehearsal
		moved := false
		r = rehearse(t, setup{profile: "onboarded", wrap: func(next http.RoundTripper) http.RoundTripper {
			return roundTripper(func(q *http.Request) (*http.Response, error) {
				if q.Method != http.MethodGet && strings.Contains(q.URL.Path, "/oauth2PermissionGrants/") && !moved {
					moved = true
					r.tenant.State.Lock()
					apps := r.tenant.State.Applications
					for _, g := range apps.Grants {
						if sp := apps.ServicePrincipalLocked(g.ClientID); sp != nil && sp.AppID == state.AppCommandLine {
							own := *g
							own.ID, own.PrincipalID, own.Scopes = "own", "6c0d9f4e-0000-4000-8000-000000000001", []string{asked}
							apps.Grants = append(apps.Grants, &own)
							break
						}
					}
					r.tenant.State.Unlock()
				}
				return next.RoundTrip(q)
			})
		}})
		r.take(finding.TakeBackConsents)
		if err := r.applyOf(t.Context(), offboardStep(finding.TakeBackConsents)); err != nil {
			t.Fatal(err)
		}
		if !moved {
			t.Fatal("no consent was taken back")
		}
		if row := rowsOf(r.sees(finding.Offboarded))["Still accepted"]; strings.Contains(row.Note, asked) {
			t.Errorf("%+v", row)
		}
	})
}
