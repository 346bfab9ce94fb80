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

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// What an auditor asks is answered by the page's text alone, each under its heading, as the tenant says it.
func TestAuditorsQuestions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business", options: func(o *steps.Options) { o.Journal, o.Reports.Folder = t.TempDir(), t.TempDir() }})
		outside := monitored(r.tenant)
		r.passUntil(steps.HandOver)
		outside.stop()
		h := r.hand(report.Finished)
		page, err := os.ReadFile(h.Page)
		if err != nil {
			t.Fatal(err)
		}
		s := r.tenant.Snapshot()
		user := s.Users[serviceAccount]
		apps := slices.DeleteFunc(slices.Clone(s.Applications), func(a string) bool { return !strings.HasPrefix(a, "Delegate365") })
		if len(outside.exposed) == 0 || len(apps) == 0 || len(user.Roles) != 1 {
			t.Fatalf("exposed at %d moments, applications %q, roles %q", len(outside.exposed), apps, user.Roles)
		}
		policies := []string{}
		for name := range s.Policies {
			if slices.ContainsFunc(h.Changes, func(c report.Change) bool { return c.Object.ID == s.Policies[name].ID }) {
				policies = append(policies, name)
			}
		}
		window := h.Windows[len(h.Windows)-1]
		if first := outside.exposed[0]; first.Before(h.Windows[0].OpenedAt) {
			t.Errorf("exposed at %s, and the first window says %s", first, h.Windows[0].OpenedAt)
		}
		for _, q := range []struct {
			question, heading string
			answers           []string
		}{
			{"1 is MFA on, and how do you know", "", []string{"MFA is on for " + serviceAccount, "per-user MFA is " + user.PerUserMFA, "read from the tenant on"}},
			{"2 how long was it off", "2 ·", []string{window.OpenedAt.Format("15:04:05"), window.ClosedAt.Format("15:04:05"), "By Microsoft's own entries"}},
			{"2 who could have used that", "5 ·", []string{"Not explained by this onboarding: none", "Sign-ins of the account"}},
			{"3 what was changed, by whom, from what to what", "3 ·", append([]string{"not assigned → assigned", "request ", "Directory_"}, policies...)},
			{"4 was anything else changed", "6 ·", append([]string{"Global Administrators", "MFA service setting"}, apps...)},
			{"5 who was the operator, with which rights", "1 ·", []string{h.Operator.UserPrincipalName, "Global Administrator", "Policy.ReadWrite.ConditionalAccess", "Microsoft Graph Command Line Tools"}},
			{"6 which third party has access to what", "4 ·", append([]string{"Directory.ReadWrite.All", "for everybody in the tenant", "secret, until"}, apps...)},
			{"7 what privileged access remains, why", "7 ·", []string{user.Roles[0] + ", assigned to " + serviceAccount, "Delegate365's setup needs it"}},
			{"7 until when", "9 ·", []string{"Global Administrator", "Renew the secret"}},
			{"8 how do I undo it", "7 ·", []string{"remove the account's assignment"}},
			{"9 is it unaltered, complete, and whose", "10 ·", []string{h.SHA256, "It does not say who made it", "minisign -V", "does not hold everything"}},
			{"10 what was not checked, where are the originals", "10 ·", []string{"What could not be read", "A change ticket", "Audit logs"}},
		} {
			part := pageUnder(t, string(page), q.heading)
			for _, answer := range q.answers {
				if !strings.Contains(part, answer) {
					t.Errorf("%s: %q is not in %q", q.question, answer, part)
				}
			}
		}
	})
}

// pageUnder is the page's text under one heading; without one, what stands before the first.
func pageUnder(t *testing.T, page, heading string) string {
	t.Helper()
	_, part, _ := strings.Cut(page, "<main>")
	if heading != "" {
		var found bool
		if _, part, found = strings.Cut(page, "<h2>"+heading); !found {
			t.Fatalf("no heading %q", heading)
		}
	}
	part, _, _ = strings.Cut(part, "<h2>")
	return html.UnescapeString(strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(strings.ReplaceAll(part, "<wbr/>", ""), " ")), " "))
}

// What restore put back has a report that says so.
func TestReportOfARestoredRun(t *testing.T) {
	t.Parallel()
	for _, point := range []steps.ID{steps.RunSetup, steps.ReenableMFA} {
		t.Run(string(point), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				folder := t.TempDir()
				first := rehearse(t, setup{profile: "business", options: func(o *steps.Options) { o.Journal = folder }})
				first.passUntil(point)
				first.run.Close() // without a guard
				time.Sleep(3 * time.Minute)
				r := rehearseOn(t, first.tenant, setup{options: func(o *steps.Options) { o.Journal, o.By, o.Reports.Folder = folder, journal.ByRestore, t.TempDir() }})
				for _, s := range steps.Restore() {
					restored(r, s)
				}
				h := r.hand(report.PutBack)
				r.run.Finish()
				truth(t, h, r.tenant)
				if h.Ended.How != report.PutBack || h.MadeBy != string(journal.ByRestore) || h.Windows[len(h.Windows)-1].ClosedBy != string(journal.ByRestore) || h.Verdict.MFA != report.MFAOn {
					t.Errorf("ended %+v, made by %s, windows %+v", h.Ended, h.MadeBy, h.Windows)
				}
				if again := r.again(folder); again.Ended.How != report.PutBack {
					t.Errorf("by the command report: ended %+v", again.Ended)
				}
			})
		})
	}
}

// restored takes a step of restore to its end.
func restored(r *rehearsal, s steps.Step) {
	r.t.Helper()
	for range 20 {
		f, err := s.Inspect(r.t.Context(), r.run, r.report)
		if err != nil {
			r.t.Fatal(err)
		}
		switch f.Actions[0].ID {
		case steps.ActNext:
			return
		case steps.ActApply:
			if f.Task != nil {
				_ = r.apply(r.t.Context(), s.Info().ID)
				continue
			}
			report, wait := (&operator{rehearsal: r}).accompany()
			err := s.Apply(r.t.Context(), r.run, report)
			if played := wait(err); err != nil || played != nil {
				r.t.Fatal(err, played)
			}
		default:
			if err := s.Answer(r.run, f.Actions[0].ID, graph.Secret{}); err != nil {
				r.t.Fatal(err)
			}
		}
	}
	r.t.Fatal("it does not come to its end")
}
