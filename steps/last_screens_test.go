package steps_test

import (
	"html"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// paged is the text of a report's page.
func paged(t *testing.T, h steps.HandedReport) string {
	t.Helper()
	page, err := os.ReadFile(h.Page)
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(strings.ReplaceAll(string(page), "<wbr/>", ""), " ")
	return html.UnescapeString(strings.Join(strings.Fields(text), " "))
}

// keeping is a run that keeps a journal in a folder, and writes reports.
func keeping(t *testing.T, profile, folder string) setup {
	t.Helper()
	return setup{profile: profile, options: func(o *steps.Options) { o.Journal, o.Reports.Folder, o.By = folder, t.TempDir(), journal.ByWizard }}
}

// The report of an offboarding says of its own part of the journal that it has no window, and names the one of the onboarding. It has each
// row of the last screen: what Entra keeps, until when, and what the vendor keeps.
func TestOffboardingReportHasWhatTheScreenHas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		first := rehearse(t, keeping(t, "business", folder))
		first.passUntil(steps.HandOver)
		windows := first.hand(report.Finished).Windows
		opened := windows[len(windows)-1].OpenedAt
		first.run.Finish()
		r := rehearseOn(t, first.tenant, keeping(t, "business", folder))
		f := r.take(finding.Offboarded)[finding.Offboarded]
		if f.Sections == nil {
			f = r.sees(finding.Offboarded)
		}
		list := steps.Offboard()
		if err := r.applyOf(t.Context(), list[len(list)-1]); err != nil {
			t.Fatal(err)
		}
		h, _ := steps.Handed(r.run)
		text := paged(t, h)
		for _, want := range []string{
			"The journal of this offboarding has none: nothing in it turned MFA off for the account. It has " + phrase.Count(len(windows), "window", "windows") + " from before, opened last on " + opened.Format("2 Jan 2006, 15:04:05 UTC"),
			"At the vendor's: not in this tenant",
		} {
			if !strings.Contains(text, want) {
				_, two, _ := strings.Cut(text, "2 · The exposure window")
				t.Errorf("the page does not say %q: %.700s", want, two)
			}
		}
		if strings.Contains(text, "Nothing was read that stays") || strings.Contains(text, "at no time Global Administrator") {
			t.Error("it says that nothing stays, or that the account was never without MFA")
		}
		rows := 0
		sections := r.sees(finding.Offboarded).Sections
		for _, row := range sections[len(sections)-1].Facts {
			if strings.HasPrefix(row.Label, "Deleted") {
				rows++
			}
			note, _, _ := strings.Cut(row.Note, ",")
			if !strings.Contains(text, row.Value) || !strings.Contains(text, note) {
				t.Errorf("the page has no %+v", row)
			}
		}
		if rows != 3 {
			t.Errorf("%d things can be restored", rows)
		}
		r.run.Finish()
	})
}

// Of an offboarding that was left half-way, what was not reached is among what stays.
func TestHalfAnOffboardingNamesWhatWasNotReached(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "onboarded"})
		r.take(finding.ForbidAppPasswords)
		r.sees(finding.ForbidAppPasswords)
		terminal := finding.Read(steps.Remains(t.Context(), r.run))
		for _, want := range []string{"Forbid app passwords: not reached. It stays like this: users may create app passwords", "Delete the account: not reached. It stays like this: account " + serviceAccount} {
			if !strings.Contains(terminal, want) {
				t.Errorf("no %q in %s", want, terminal)
			}
		}
		if strings.Contains(terminal, "Remove the apps: not reached") {
			t.Error(terminal)
		}
		r.take("")
		if terminal = finding.Read(steps.Remains(t.Context(), r.run)); strings.Contains(terminal, "not reached") {
			t.Error(terminal)
		}
	})
}

// Screen, terminal and section 9 have the same to do, whatever Delegate365's test came to.
func TestSameToDoEverywhere(t *testing.T) {
	t.Parallel()
	words := map[string]string{
		"Global Admin": "Ask Delegate365's support whether Global Administrator may be taken away",
		"Test":         "Run the setup of a current Delegate365", "App password": "delete the app password of " + serviceAccount, "In Delegate365": "organisational unit",
		"In the browser": "Sign the service account out", "Password": "Set a password only when somebody needs to sign in as the account",
	}
	for profile, tasks := range map[string]int{"fresh": 7, "business": 4} {
		synctest.Test(t, func(t *testing.T) {
			r := rehearse(t, keeping(t, profile, t.TempDir()))
			for _, s := range steps.All() {
				r.pass(s.Info().ID)
			}
			f := r.inspect(steps.HandOver)
			terminal := finding.Read(steps.Remains(t.Context(), r.run))
			h, _ := steps.Handed(r.run)
			for _, row := range f.Sections[0].Facts {
				in := slices.ContainsFunc(h.Next, func(n report.Next) bool {
					return strings.Contains(n.What, words[row.Label]) && strings.Contains(terminal, ": "+n.What+".")
				})
				if words[row.Label] == "" || !in {
					t.Errorf("%s: %+v: next %+v; on the terminal %s", profile, row, h.Next, terminal)
				}
			}
			if row := rowsOf(f)["Second factor"]; row.Value == "" || !staysIn(h, "Second factor of "+serviceAccount) || !strings.Contains(paged(t, h), "Second factor of "+serviceAccount+" made by the account, as it was asked to") {
				t.Errorf("%s: the screen has the second factor %+v; what the report has: %+v", profile, row, h.Leftovers)
			}
			last := f.Sections[0].Facts[len(f.Sections[0].Facts)-1].Value
			for _, n := range h.Next {
				if by := "Next, by " + phrase.Day(n.By) + ": " + n.What; !n.By.IsZero() && !strings.Contains(terminal, by) {
					t.Errorf("%s: no %q on the terminal: %s", profile, by, terminal)
				}
			}
			dated := 1 // about the role, which the screen has without a date
			if lines := strings.Count(terminal, "Next: ") + strings.Count(terminal, "If needed: ") + dated; lines != tasks || !strings.Contains(last, "give Delegate365 the new one") || !strings.Contains(terminal, "then give Delegate365 the new one") {
				t.Errorf("%s: %d lines: %s; %s", profile, lines, last, terminal)
			}
			page := paged(t, h)
			if words := "Closed by the wizard, which had read that MFA was demanded"; strings.Contains(page, words) != (profile == "business") || strings.Contains(page, "It was watched from before") {
				t.Errorf("%s: %q: not %t", profile, words, profile == "business")
			}
			if h.Verdict.Alarms != nil && (len(h.Verdict.Alarms) > 0) != strings.Contains(h.Verdict.Sentence, "But Delegate365's test of the app password failed once.") {
				t.Errorf("%s: the sentence %q, the alarms %q", profile, h.Verdict.Sentence, h.Verdict.Alarms)
			}
		})
	}
}

// staysIn reports that a report lists it among what stays.
func staysIn(h steps.HandedReport, what string) bool {
	return slices.ContainsFunc(h.Leftovers, func(l report.Leftover) bool { return l.What == what })
}

// That there is no app password is told by its reason: it was chosen, or can't be had. That the portal has the page is known once it was said.
func TestWhyThereIsNoAppPassword(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		profile, row string
		page         bool
		says, unsaid string
	}{
		"chosen after it was said": {profile: "fresh", page: true, row: "left out, as you chose", says: "as you said: it has none to work with", unsaid: "If the portal has"},
		"chosen, nobody can say":   {profile: "fresh", row: "left out, as you chose", says: "If the portal has the page", unsaid: "as you said"},
		"can't be had":             {profile: "security-defaults", page: true, row: "not possible in this tenant", says: "No app password can be created in this tenant", unsaid: "If the portal has"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, _ := watched(t, setup{profile: c.profile}, t.TempDir())
				r.letIn = true
				r.decideUntil(onboardings[c.profile], steps.EnableAppPasswords)
				if c.page {
					r.answer(steps.EnableAppPasswords, "office", "page")
					r.inspect(steps.EnableAppPasswords)
					r.answer(steps.EnableAppPasswords, "without-app-password", "")
				} else {
					r.answer(steps.EnableAppPasswords, "office", "skip")
				}
				r.pass(steps.EnableAppPasswords)
				r.pass(steps.CaptureAppPassword)
				if f := r.inspect(steps.HandOver); f.Status == steps.Waiting {
					r.answer(steps.HandOver, "without-second-factor", "")
				}
				if said := finding.Read(r.inspect(steps.HandOver).Text); strings.Contains(said, "is set up") {
					t.Errorf("it may have no app password to work with: %q", said)
				}
				rows := rowsOf(r.inspect(steps.HandOver))
				for _, label := range []string{"Enable app passwords", "Capture app password"} {
					if rows[label].Value != c.row {
						t.Errorf("%+v", rows[label])
					}
				}
				for where, said := range map[string]string{"terminal": finding.Read(steps.Remains(t.Context(), r.run)), "screen": finding.Read(r.inspect(steps.HandOver).Text)} {
					if !strings.Contains(said, c.says) || strings.Contains(said, c.unsaid) {
						t.Errorf("the %s says %s", where, said)
					}
				}
				if row, listed := rows["Run Delegate365 setup"]; listed {
					t.Errorf("among what was done: %+v", row)
				}
			})
		})
	}
}

// What stays on the terminal says of what is left what the last screen says, with the word of what wants something, and no more; and of an
// account that was there before that it was.
func TestTerminalSaysWhatTheScreenSays(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"privileged", "fresh", "onboarded"} {
		synctest.Test(t, func(t *testing.T) {
			r := rehearse(t, setup{profile: profile, options: func(o *steps.Options) { o.Journal, o.Reports.Folder = t.TempDir(), t.TempDir() }})
			for _, s := range steps.All() {
				r.pass(s.Info().ID)
			}
			f := r.inspect(steps.HandOver)
			terminal, listed, open, beside := finding.Read(steps.Remains(t.Context(), r.run)), 0, 0, 0
			for _, s := range f.Sections {
				for _, row := range s.Facts {
					said := s.Title + ": " + row.Label + ", " + row.Value
					switch s.Title {
					case "Left in the tenant":
						listed++
						if who, role, _ := strings.Cut(said, ", Global Admin"); role == "" && who != said { // on the terminal that is a line of its own
							beside, said = beside+1, who
						}
					case "The account now":
					case "Next":
						if row.Label != "Global Admin" { // it stands there instead of among what is left
							continue
						}
						listed, row.Mark, said = listed+1, steps.MarkDecide, "Left in the tenant: Global Administrator, assigned, without an end"
					default:
						continue
					}
					if row.Mark >= steps.MarkDecide {
						open++
						said = strings.TrimSuffix(said+" ("+row.Mark.Word()+"). "+row.Note, ". ")
					}
					if !strings.Contains(terminal, said) {
						t.Errorf("%s: %q is not in %s", profile, said, terminal)
					}
				}
			}
			if beside != map[bool]int{false: 1}[profile == "privileged"] {
				t.Errorf("%s: %d accounts are Global Administrator among what is left", profile, beside)
			}
			if strings.Count(terminal, "Left in the tenant: ") != listed || listed < 4 || (open == 0) != (profile == "privileged") { // its role ends, and nobody can keep it
				t.Errorf("%s: of %d rows, %d open: %s", profile, listed, open, terminal)
			}
			if profile == "privileged" {
				time.Sleep(time.Hour) // the role has ended
				if terminal = finding.Read(steps.Remains(t.Context(), r.run)); !strings.Contains(terminal, "The account now: Global Administrator, not assigned any more (look). Without it") {
					t.Error(terminal)
				}
			}
			if profile == "onboarded" && (!strings.Contains(terminal, "has changed nothing") || !strings.Contains(terminal, "MFA is on for") || !strings.Contains(terminal, "Next: ")) {
				t.Error(terminal)
			}
		})
	}
	for profile, before := range map[string]bool{"taken": true, "fresh": false} {
		synctest.Test(t, func(t *testing.T) {
			r := rehearse(t, setup{profile: profile})
			r.pass(steps.SignIn)
			if r.inspect(steps.Check); before {
				r.answer(steps.Check, "adopt", "")
			}
			r.passUntil(steps.AssignAdmin)
			r.inspect(steps.AssignAdmin)
			terminal := finding.Read(steps.Remains(t.Context(), r.run))
			if said := "Left in the tenant: Service account, " + serviceAccount; !strings.Contains(terminal, said) || strings.Contains(terminal, said+"; it was there before.") != before {
				t.Errorf("%s: %s", profile, terminal)
			}
		})
	}
}

// A second report is announced as what it is, a change of what the account names, and has of the first one's that it was replaced.
func TestSecondReportReplacesTheFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, f := atReport(t, "business", t.TempDir())
		if c := f.Changes[0]; c.Op != steps.Add {
			t.Errorf("the first: %+v", c)
		}
		if err := r.apply(t.Context(), steps.HandOver); err != nil {
			t.Fatal(err)
		}
		first, _ := steps.Handed(r.run)
		r.answer(steps.HandOver, "role-decide", "")
		r.answer(steps.HandOver, "role-keep", "")
		if f = r.inspect(steps.HandOver); f.Fields[0].ID != "role-reason" || !strings.Contains(f.Fields[0].Help, "customer's report, as decided by") {
			t.Fatalf("%+v", f.Fields)
		}
		r.answer(steps.HandOver, "role-reason", "the vendor asked for it")
		f = r.inspect(steps.HandOver)
		if c := f.Changes[0]; f.Actions[0].ID != steps.ActApply || c.Op != steps.Modify || c.From != report.Fingerprint(first.SHA256) {
			t.Fatalf("the second: %+v", f)
		}
		if err := r.apply(t.Context(), steps.HandOver); err != nil {
			t.Fatal(err)
		}
		r.answer(steps.HandOver, "role-decide", "")
		r.answer(steps.HandOver, "role-keep", "")
		third, err := r.run.WriteReport(t.Context(), report.Finished)
		if err != nil {
			t.Fatal(err)
		}
		var names []report.Change
		for _, c := range third.Changes {
			if c.Object.Kind == string(journal.InverseUserExtension) {
				names = append(names, c)
			}
		}
		if len(names) != 2 || names[0].ReplacedBy != names[1].N || names[0].Kept || names[1].ReplacedBy != 0 || !names[1].Kept {
			t.Errorf("%+v", names)
		}
		if text := paged(t, third); !strings.Contains(text, "replaced later by #") {
			t.Error("the page does not say so")
		}
	})
}
