package steps_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// said is everything that a finding says.
func said(f steps.Finding) string {
	b, _ := json.Marshal(f)
	return string(b)
}

// rowsOf are the rows of a finding by label.
func rowsOf(f steps.Finding) map[string]steps.Fact {
	rows := map[string]steps.Fact{}
	for _, s := range f.Sections {
		for _, row := range s.Facts {
			rows[row.Label] = row
		}
	}
	return rows
}

// newer is a rehearsal on a newer Delegate365.
func newer(t *testing.T, profile string) *rehearsal {
	t.Helper()
	tenant, err := simtest.New(simtenant.Options{Profile: profile, NewerDelegate365: true})
	if err != nil {
		t.Fatal(err)
	}
	return rehearseOn(t, tenant, setup{})
}

// A run that finds the setup done has the portal opened and signed in to, whether its address is known or not: nobody left it open.
func TestPortalIsOpenedAnewAfterSetup(t *testing.T) {
	t.Parallel()
	for _, portal := range []string{"", "https://contoso.delegate365.com"} {
		synctest.Test(t, func(t *testing.T) {
			first := rehearse(t, setup{})
			first.passUntil(steps.EnableAppPasswords)
			if items := first.inspect(steps.EnableAppPasswords).Task.Items; len(items) != 4 || !items[0].Opens || !strings.Contains(items[0].Text, "sign in again") {
				t.Errorf("in the run of the setup: %+v", items)
			}
			first.run.Close()
			r := rehearseOn(t, first.tenant, setup{options: func(o *steps.Options) { o.Portal = portal }})
			r.passUntil(steps.EnableAppPasswords)
			items := r.inspect(steps.EnableAppPasswords).Task.Items
			if len(items) != 4 || items[0].Opens != (portal != "") || strings.Contains(items[0].Text, "sign in again") || items[1].Copy.Reveal() != serviceAccount || !items[2].Copy.IsZero() {
				t.Errorf("portal %q: %+v", portal, items)
			}
		})
	}
}

// Nobody has said which version this is: the plan says so, and the steps ask where the portal is open, without a default.
func TestVersionHasNoDefault(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := &recorder{}
		r := rehearse(t, setup{wrap: calls.wrap})
		r.passUntil(steps.EnableAppPasswords)
		report, err := steps.CheckTenant(t.Context(), r.run, r.report)
		if err != nil {
			t.Fatal(err)
		}
		if a := report.AppPasswords; a.Version != "unknown" || !a.Needed || a.Usable != "may" {
			t.Errorf("the report says %+v", a)
		}
		for _, s := range report.Plan.Steps {
			if s.ID == "enable-app-passwords" && (!strings.Contains(s.What, "only for an older Delegate365") || len(s.Changes) != 1 || s.Changes[0].Certainty != "may") {
				t.Errorf("the plan says %+v", s)
			}
		}
		sent := len(calls.writes())
		for _, id := range []steps.ID{steps.EnableAppPasswords, steps.CaptureAppPassword, steps.HandOver} {
			f := r.inspect(id)
			if f.Status != steps.Waiting || f.Task.Part != steps.PartPortalVersion || !strings.Contains(said(f), "recommended") {
				t.Errorf("%s does not ask: %s", id, said(f))
			}
			if err := step(id).Answer(r.run, "office", graph.NewText("")); err == nil || !strings.Contains(hintOf(err), "menu") {
				t.Errorf("%s takes no answer for one: %v", id, err)
			}
		}
		if n := len(calls.writes()); n != sent || r.tenant.Snapshot().AppPasswords {
			t.Errorf("%d writes before the answer", n-sent)
		}
	})
}

// The person sees a newer one: nothing is done for an app password, and the end says that nobody registered a second
// factor.
func TestNewerNeedsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newer(t, "fresh")
		for _, s := range steps.All() {
			r.pass(s.Info().ID)
		}
		after := r.tenant.Snapshot()
		if after.AppPasswords || after.Users[serviceAccount].AppPasswords > 0 {
			t.Error("something was done for an app password")
		}
		f := r.inspect(steps.HandOver)
		rows := rowsOf(f)
		if rows["Second factor"].Mark != steps.MarkNone {
			t.Errorf("the end says of the factor %+v", rows["Second factor"])
		}
		for _, label := range []string{"App password", "App-password setting"} {
			if row, there := rows[label]; there {
				t.Errorf("the end lists what is not there: %+v", row)
			}
		}
	})
}

// Whether a second factor is registered is read at the end, and unknown when it can't be.
func TestFactorIsRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business"})
		for _, s := range steps.All() {
			r.pass(s.Info().ID)
		}
		if row := rowsOf(r.inspect(steps.HandOver))["Second factor"]; row.Mark != steps.MarkNone {
			t.Errorf("the factor is %+v", row)
		}
		fault(r, "GET", "/authentication/methods", 0, forbidden)
		if row := rowsOf(r.inspect(steps.HandOver))["Second factor"]; row.Mark != steps.MarkNote || row.Value != "could not be read" {
			t.Errorf("not read, the factor is %+v", row)
		}
	})
}

// In fresh Exchange Online refuses the app password: after the second test there is an end, and after one that names SMTP AUTH, which is no success; in
// business it is one.
func TestTestOfCredentialsHasAnEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.HandOver)
		r.answer(steps.HandOver, "test-failed", "")
		f := r.inspect(steps.HandOver)
		if f.Actions[0].ID == "tested" || f.Task == nil {
			t.Errorf("after the first failure: %s", said(f))
		}
		r.answer(steps.HandOver, "test-failed", "")
		f = r.inspect(steps.HandOver)
		if strings.Contains(said(f), "Refused here") {
			t.Errorf("the tenant was not read to refuse it: %s", said(f))
		}
		for _, what := range []string{"SMTP AUTH", "names SmtpClientAuthentication", "No mailbox?", "535 5.7.3 is a wrong user name or password", "Remote PowerShell", "app and a certificate"} {
			if !strings.Contains(said(f), what) || strings.Contains(said(f), "An older version?") {
				t.Errorf("it does not say %q: %s", what, said(f))
			}
		}
		ids := []string{}
		for _, a := range f.Actions {
			ids = append(ids, a.ID)
		}
		if !slices.Equal(ids, []string{"finish-untested", "new-app-password", "tested"}) {
			t.Errorf("the ways out are %v", ids)
		}
		r.answer(steps.HandOver, "new-app-password", "")
		r.pass(steps.CaptureAppPassword)
		if f = r.inspect(steps.HandOver); f.Task == nil || !strings.Contains(finding.Read(f.Text), "failed twice") {
			t.Errorf("the new app password is not tested: %s", said(f))
		}
		r.answer(steps.HandOver, "test", "smtp-auth-off")
		if f = r.inspect(steps.HandOver); f.Actions[1].ID != "test-again" || !strings.Contains(finding.Read(f.Text), "failed 3 times") || !strings.Contains(said(f), "off, as the test said") || strings.Contains(said(f), "PowerShell") {
			t.Errorf("after SMTP AUTH was named: %s", said(f))
		}
		if help := strings.Join(step(steps.HandOver).Info().Help, " "); !strings.Contains(said(f), "Another app password will hardly change that") || !strings.Contains(help, "fails without naming SmtpClientAuthentication") || !strings.Contains(help, "one new app password") {
			t.Errorf("the screen says %q, and its help %q", said(f), help)
		}
		r.answer(steps.HandOver, "test-again", "")
		if f = r.inspect(steps.HandOver); f.Task == nil {
			t.Errorf("it is not tested again: %s", said(f))
		}
		r.answer(steps.HandOver, "test", "test-failed")
		r.answer(steps.HandOver, "finish-untested", "")
		f = r.inspect(steps.HandOver)
		if !strings.Contains(said(f), "compare the entries") || strings.Contains(said(f), "see to SMTP AUTH") {
			t.Errorf("SMTP AUTH was named by an earlier test only: %s", said(f))
		}
		if text := finding.Read(f.Text); f.Status != steps.Done || !strings.Contains(text, "failed 4 times") || strings.Contains(text, "is set up for") {
			t.Errorf("it ends with %q", text)
		}
	})
	for profile, says := range map[string]string{"fresh": "failed once", "business": "Delegate365 is set up for"} {
		synctest.Test(t, func(t *testing.T) {
			r := rehearse(t, setup{profile: profile})
			var f steps.Finding
			for _, s := range steps.All() {
				f = r.pass(s.Info().ID)
			}
			if text := finding.Read(f.Text); !strings.Contains(text, says) {
				t.Errorf("%s ends with %q", profile, text)
			}
		})
	}
}

// What the setting does to everybody is said before it is changed.
func TestSettingSaysWhatItRequires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.EnableAppPasswords)
		r.answer(steps.EnableAppPasswords, "office", "page")
		f := r.inspect(steps.EnableAppPasswords)
		if f.Status != steps.Ready || !strings.Contains(said(f), "is required to create an app password") {
			t.Errorf("it says %s", said(f))
		}
		if !strings.Contains(said(f), "takes an app password, as you said") || !strings.Contains(said(f), "go on without") || f.Actions[0].Label != "Allow app passwords" {
			t.Errorf("it does not say why it allows them: %s", said(f))
		}
		r.answer(steps.EnableAppPasswords, "by-portal", "")
		if f := r.inspect(steps.EnableAppPasswords); !strings.Contains(said(f), "is required to create an app password") {
			t.Errorf("it says %s", said(f))
		}
	})
}

// A service that takes the PATCH for the whole resets the rest of its settings: what moved is put back, those that nobody
// knows included, and told.
func TestMFASettingsThatMoveArePutBack(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		replaces bool
		refuses  bool // what would put them back
	}{{"merges", false, false}, {"replaces", true, false}, {"replaces and refuses", true, true}} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				folder := t.TempDir()
				r := rehearse(t, setup{options: func(o *steps.Options) { o.Journal = folder }})
				r.tenant.Settings.SetRemembering(60)
				r.tenant.Settings.AddMFAServiceMember("fraudAlert", map[string]any{"isEnabled": true, "code": "0"})
				if c.replaces {
					r.tenant.Settings.ReplaceMFAService()
				}
				r.passUntil(steps.EnableAppPasswords)
				r.answer(steps.EnableAppPasswords, "office", "page")
				before := r.mfaService()
				if c.refuses {
					patches := 0
					r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
						if q.Method != http.MethodPatch || !strings.HasSuffix(q.URL.Path, "/mfaServicePolicy") {
							return nil
						}
						if patches++; patches == 1 {
							return nil
						}
						return &forbidden
					})
				}
				f := r.pass(steps.EnableAppPasswords)
				after := r.mfaService()
				before["allowAppPasswords"] = true
				was, _ := json.Marshal(before)
				is, _ := json.Marshal(after)
				if same := string(was) == string(is); same == c.refuses {
					t.Errorf("the settings were %s and are %s", was, is)
				}
				rows := rowsOf(f)
				row, told := rows["rememberMfaOnTrustedDevice.allowedNumberOfDays"]
				_, alsoTold := rows["fraudAlert.code"]
				if told != c.replaces || alsoTold != c.replaces {
					t.Errorf("it says %s", said(f))
				}
				if c.replaces && (row.Mark == steps.MarkBlocks) != c.refuses {
					t.Errorf("it says of the days %+v", row)
				}
				if c.refuses && f.Actions[len(f.Actions)-1].URL == "" {
					t.Error("it does not say where to set them")
				}
				r.run.Close()
				if text := journalText(t, folder); !strings.Contains(text, "fraudAlert") {
					t.Errorf("the journal does not hold the settings as they were: %s", text)
				}
			})
		})
	}
}

// mfaService reads the settings with a client that is none of the program's.
func (r *rehearsal) mfaService() map[string]any {
	r.t.Helper()
	var all map[string]any
	ep := r.tenant.Endpoints()
	token, err := r.tenant.AccessToken(ep.Operator.UserPrincipalName)
	if err != nil {
		r.t.Fatal(err)
	}
	q, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, ep.Graph+"/beta/policies/mfaServicePolicy", nil)
	if err != nil {
		r.t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+token)
	answer, err := (&http.Client{Transport: r.tenant.Transport()}).Do(q)
	if err != nil {
		r.t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(&all); err != nil {
		r.t.Fatal(err)
	}
	delete(all, "@odata.context")
	return all
}

// journalText is all that the journals of a folder hold.
func journalText(t *testing.T, folder string) string { return filed(t, "*.jsonl", folder) }

// filed is all that the files of these folders hold whose names match.
func filed(t *testing.T, names string, folders ...string) string {
	t.Helper()
	var all strings.Builder
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, names))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
	}
	return all.String()
}

// Where no application may have a new client secret, the check says so before the older setup fails of it.
func TestClientSecretsRow(t *testing.T) {
	t.Parallel()
	row := func(r *rehearsal) steps.Fact {
		return rowsOf(r.inspect(steps.Check))["New client secrets"]
	}
	for name, c := range map[string]struct {
		arrange func(*rehearsal)
		mark    steps.Mark
		says    string
	}{
		"allowed":    {func(*rehearsal) {}, steps.MarkOK, "allowed"},
		"restricted": {func(r *rehearsal) { r.tenant.Settings.RestrictClientSecrets(time.Now().Add(-time.Hour)) }, steps.MarkDecide, "certificate"},
		"later":      {func(r *rehearsal) { r.tenant.Settings.RestrictClientSecrets(time.Now().Add(48 * time.Hour)) }, steps.MarkNote, "not from"},
		"not read":   {func(r *rehearsal) { fault(r, "", "/defaultAppManagementPolicy", 0, forbidden) }, steps.MarkNote, "could not be read"},
	} {
		synctest.Test(t, func(t *testing.T) {
			r := rehearse(t, setup{})
			c.arrange(r)
			r.pass(steps.SignIn)
			if f := row(r); f.Mark != c.mark || !strings.Contains(f.Value+f.Note, c.says) {
				t.Errorf("%s: %+v", name, f)
			}
		})
	}
}

// That an app password can be used is never ok in the check; that none can be created blocks once the older one is known.
func TestAppPasswordRow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, profile := range []string{"fresh", "business"} {
			r := rehearse(t, setup{profile: profile})
			r.pass(steps.SignIn)
			if row := rowsOf(r.inspect(steps.Check))["App password"]; row.Mark != steps.MarkNote || !strings.Contains(row.Note, "SMTP AUTH") {
				t.Errorf("%s: %+v", profile, row)
			}
		}
		r := rehearse(t, setup{profile: "phishing-resistant"})
		r.pass(steps.SignIn)
		if row := rowsOf(r.inspect(steps.Check))["App password"]; row.Mark != steps.MarkLook {
			t.Errorf("unknown: %+v", row)
		}
		r.answer(steps.Check, "office", "page")
		if row := rowsOf(r.inspect(steps.Check))["App password"]; row.Mark != steps.MarkBlocks {
			t.Errorf("older: %+v", row)
		}
		r.answer(steps.Check, "office", "")
		r.passUntil(steps.EnableAppPasswords)
		r.answer(steps.EnableAppPasswords, "office", "page")
		f := r.inspect(steps.EnableAppPasswords)
		if f.Status != steps.Blocked || !strings.Contains(said(f), "No app password can be created") {
			t.Errorf("it would allow them for nothing: %s", said(f))
		}
		r.answer(steps.EnableAppPasswords, f.Actions[0].ID, "")
		for _, id := range []steps.ID{steps.EnableAppPasswords, steps.CaptureAppPassword} {
			if f := r.inspect(id); f.Status != steps.NotNeeded || !strings.Contains(said(f), "Phishing-resistant") {
				t.Errorf("%s: %s", id, said(f))
			}
		}
		if f := r.inspect(steps.HandOver); f.Status != steps.Done || !strings.Contains(said(f), "No app password can be created") {
			t.Errorf("the end says %s", said(f))
		}
	})
}

// An account that can't sign in any more is not sent to look, what can't be seen is the answer, and the person gets no further either.
func TestLockedOutAccountIsNotSentToSignIn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, keeping(t, "phishing-resistant", t.TempDir()))
		r.passUntil(steps.ReenableMFA)
		if f := r.inspect(steps.ReenableMFA); !strings.Contains(said(f), "can't sign in again: it is kept out by ") || strings.Contains(said(f), "to register one") {
			t.Errorf("re-enable says %s", said(f))
		}
		r.passUntil(steps.EnableAppPasswords)
		f := r.inspect(steps.EnableAppPasswords)
		if f.Task != nil || !strings.Contains(said(f), "can't sign in now: it is kept out by ") || !strings.Contains(said(f), "PR02") || f.Fields[0].Value != "skip" {
			t.Errorf("it is sent to sign in: %s", said(f))
		}
		for _, id := range []string{"register-mfa", "app-password"} {
			if got, err := r.person.Play(t.Context(), id, map[string]string{"user-name": serviceAccount}); err == nil {
				t.Errorf("%s: %q", id, got)
			}
		}
		r.answer(steps.EnableAppPasswords, "office", f.Fields[0].Value)
		if f := r.inspect(steps.EnableAppPasswords); f.Status != steps.NotNeeded || strings.Contains(said(f), "as you chose") {
			t.Errorf("after it: %s", said(f))
		}
		r.pass(steps.HandOver)
		f = r.inspect(steps.HandOver)
		made, _ := steps.Handed(r.run)
		terminal := finding.Read(steps.Remains(t.Context(), r.run))
		if task := "Second factor of " + serviceAccount + ": Add a passkey through Microsoft Graph, or disable the account, which stops Delegate365's work"; made.Next[0].What != task || !strings.Contains(terminal, "Next: "+task+".") {
			t.Errorf("the report has %+v, the terminal %s", made.Next[0], terminal)
		}
		if strings.Contains(terminal, "A way: exclude") && strings.Contains(terminal, "can be created in this tenant.") {
			t.Errorf("none can be created, and there is a way: %s", terminal)
		}
		for what, wanted := range map[string]bool{"It can't register one itself": true, "Add a passkey through Microsoft Graph, or disable the account, which stops Delegate365's work": true, "close the private window": true, "sign the service account out": false, "stands before": false} {
			if strings.Contains(said(f), what) != wanted {
				t.Errorf("of %q the end says %s", what, said(f))
			}
		}
	})
}

// The end of the account's own browser session is said before it comes, and two methods where they may be asked for.
func TestSessionEndIsSaidBefore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.ReenableMFA)
		if f := r.inspect(steps.ReenableMFA); !strings.Contains(said(f), "browser session ends") {
			t.Errorf("re-enable says %s", said(f))
		}
		r.passUntil(steps.CaptureAppPassword)
		f := r.inspect(steps.CaptureAppPassword)
		if help := strings.Join(step(steps.CaptureAppPassword).Info().Help, " "); !strings.Contains(help, "sign in there again") || strings.Contains(help, "is signed in") {
			t.Errorf("the help sends to the session that has ended: %s", help)
		}
		if !strings.Contains(said(f), "ended the account's session") || !strings.Contains(said(f), "two methods") {
			t.Errorf("capture says %s", said(f))
		}
	})
}

// registers gives the account an authenticator app, whoever's it is.
func (r *rehearsal) registers() {
	r.t.Helper()
	id := r.tenant.Snapshot().Users[serviceAccount].ID
	if _, err := r.tenant.State.MFA.RegisterMethod(id, state.MethodTOTP, "app", []byte("12345678901234567890")); err != nil {
		r.t.Fatal(err)
	}
}

// A second factor that was there before any screen asked for one is not called the customer's, neither where it is found nor at the end.
func TestUnaskedFactorIsNotOurs(t *testing.T) {
	t.Parallel()
	for _, asked := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			r := rehearse(t, setup{})
			r.passUntil(steps.EnableAppPasswords)
			r.answer(steps.EnableAppPasswords, "office", "page")
			r.pass(steps.EnableAppPasswords)
			if asked {
				r.inspect(steps.CaptureAppPassword)
			}
			r.registers()
			row := rowsOf(r.inspect(steps.CaptureAppPassword))["Second factor"]
			if doubted := row.Mark == steps.MarkLook && row.Note != ""; doubted == asked {
				t.Errorf("asked for %t: %+v", asked, row)
			}
		})
	}
}

// Where no app password is needed, the last step asks for a second factor before anything else. Whoever goes on without is told at the end
// that there is none, on the screen and on the terminal.
func TestNobodyIsHandedAnAccountWithoutFactorUnasked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newer(t, "fresh")
		r.passUntil(steps.HandOver)
		f := r.inspect(steps.HandOver)
		if f.Status != steps.Waiting || f.Task == nil || f.Task.Part != steps.PartRegisterMFA || f.Actions[len(f.Actions)-1].ID != "without-second-factor" {
			t.Fatalf("%+v", f)
		}
		if !f.Task.Items[0].Opens || f.Task.Items[2].Copy.IsZero() {
			t.Errorf("neither page nor password: %+v", f.Task.Items)
		}
		r.answer(steps.HandOver, "without-second-factor", "")
		f = r.inspect(steps.HandOver)
		row := rowsOf(f)["Second factor"]
		if f.Status != steps.Done || row.Mark != steps.MarkLook || !strings.Contains(row.Note, "disable the account") || !strings.Contains(said(f), "HAS NO SECOND FACTOR") {
			t.Errorf("%+v", f)
		}
		if said := finding.Read(steps.Remains(t.Context(), r.run)); !strings.Contains(said, "HAS NO SECOND FACTOR") {
			t.Errorf("the terminal says %s", said)
		}
	})
}

// An app password that is held is not asked for again, and no heading stands without rows.
func TestNothingIsAskedOrHeadedInVain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, keeping(t, "fresh", t.TempDir()))
		r.passUntil(steps.EnableAppPasswords)
		r.answer(steps.EnableAppPasswords, "office", "page")
		r.pass(steps.EnableAppPasswords)
		if f := r.inspect(steps.CaptureAppPassword); len(f.Fields) != 1 {
			t.Errorf("it takes no app password: %+v", f.Fields)
		}
		r.answer(steps.CaptureAppPassword, "app-password", "bcdfghjklmnpqrst")
		if f := r.inspect(steps.CaptureAppPassword); len(f.Fields) != 0 || rowsOf(f)["App password"].Mark != steps.MarkOK {
			t.Errorf("what is held is asked for: %+v", f)
		}
		r.pass(steps.CaptureAppPassword)
		r.answer(steps.HandOver, report.TestSucceeded, "")
		r.answer(steps.HandOver, "role-keep", "")
		r.answer(steps.HandOver, "role-reason", "the vendor asked for it")
		f := r.inspect(steps.HandOver)
		if f.Status != steps.Ready || slices.ContainsFunc(f.Sections, func(s steps.Section) bool { return len(s.Facts) == 0 }) {
			t.Errorf("a heading without rows: %+v", f)
		}
	})
}

// Nor is it where the older one gets no app password, and a policy may keep the account from registering, but does not surely. The report has it
// as the screens and the terminal do, also of an account that is no administrator any more; and tells nobody to delete an account that this
// program did not make.
func TestAccountWithoutFactorIsSaidAlike(t *testing.T) {
	t.Parallel()
	for _, removed := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			r := rehearse(t, keeping(t, "taken", t.TempDir()))
			r.pass(steps.SignIn)
			r.inspect(steps.Check)
			r.decideUntil(onboardings["taken"], steps.EnableAppPasswords)
			r.answer(steps.EnableAppPasswords, "office", "page")
			r.inspect(steps.EnableAppPasswords)
			r.answer(steps.EnableAppPasswords, "without-app-password", "")
			r.pass(steps.CaptureAppPassword)
			if f := r.inspect(steps.HandOver); f.Task == nil || f.Task.Part != steps.PartRegisterMFA {
				t.Fatalf("it asks for no second factor: %s", said(f))
			}
			r.answer(steps.HandOver, "without-second-factor", "")
			if before := said(r.inspect(steps.HandOver)); !strings.Contains(before, "Register one now on its security info page") || strings.Contains(before, "can't register") {
				t.Errorf("before the report: %s", before)
			}
			if removed {
				r.answer(steps.HandOver, "role-remove", "")
				if err := r.apply(t.Context(), steps.HandOver); err != nil {
					t.Fatal(err)
				}
			}
			r.pass(steps.HandOver)
			const task = "Register a second factor for " + serviceAccount + ", or disable it meanwhile, which stops Delegate365's work"
			f := r.inspect(steps.HandOver)
			if next := f.Sections[0].Facts[0]; next.Label != "Second factor" || !strings.Contains(next.Value, "register one") {
				t.Errorf("removed %t: what is next on the screen: %+v", removed, f.Sections[0])
			}
			terminal := finding.Read(steps.Remains(t.Context(), r.run))
			if !strings.Contains(terminal, "Next: "+task+".") {
				t.Errorf("removed %t: the terminal: %s", removed, terminal)
			}
			h, _ := steps.Handed(r.run)
			if len(h.Next) == 0 || h.Next[0].What != task || !strings.Contains(h.Verdict.Sentence, "But it has no second factor.") {
				t.Errorf("removed %t: the report: %s; next %+v", removed, h.Verdict.Sentence, h.Next)
			}
			for _, l := range h.Leftovers {
				if l.Kind == string(journal.InverseUser) && (strings.Contains(l.Undo, "delete") || !strings.HasPrefix(l.Risk, "It has no second factor.")) {
					t.Errorf("removed %t: the account stays: %+v", removed, l)
				}
			}
			if strings.Contains(said(f)+terminal, "Deleting it ends that") {
				t.Errorf("it says to delete it: %s", terminal)
			}
		})
	}
}

// So it is with a newer Delegate365, whose steps ask for no factor before the last one; and one that was seen once is not asked for again
// when a read that lags shows none.
func TestUnaskedFactorOfANewerDelegate365(t *testing.T) {
	t.Parallel()
	for _, asked := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			r := newer(t, "fresh")
			r.pass(steps.SignIn)
			r.answer(steps.Check, "office", "none")
			r.passUntil(steps.HandOver)
			if asked {
				r.inspect(steps.HandOver)
			}
			r.registers()
			row := rowsOf(r.inspect(steps.HandOver))["Second factor"]
			if doubted := row.Mark == steps.MarkLook && strings.Contains(row.Note, "customer's phone"); doubted == asked {
				t.Errorf("asked for %t: %+v", asked, row)
			}
			r.tenant.State.Lock()
			r.tenant.State.Directory.UserByUPNLocked(serviceAccount).Factors.Methods = nil
			r.tenant.State.Unlock()
			f := r.inspect(steps.HandOver)
			if f.Task != nil || strings.Contains(said(f), "HAS NO SECOND FACTOR") || rowsOf(f)["Second factor"].Mark != steps.MarkNote {
				t.Errorf("a read that shows none any more: %+v", f)
			}
		})
	}
}

// While a second factor is waited for nothing but that is read.
func TestWaitingForAFactorReadsOnlyThat(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := &recorder{}
		tenant, err := simtest.New(simtenant.Options{NewerDelegate365: true})
		if err != nil {
			t.Fatal(err)
		}
		r := rehearseOn(t, tenant, setup{wrap: calls.wrap})
		r.passUntil(steps.HandOver)
		r.inspect(steps.HandOver)
		before := len(calls.calls)
		r.inspect(steps.HandOver)
		if asked := len(calls.calls) - before; asked != 1 {
			t.Errorf("it asks %d times", asked)
		}
	})
}
