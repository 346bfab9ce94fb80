package e2e_test

import (
	"cmp"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// After each kill, and after the start that finishes the onboarding, the newest report is held against the tenant as it is seen
// from outside.

// reports is the folder of the onboarder's.
func (o *onboarder) reports() string { return o.file + ".reports" }

// newest is the report that was written last, with its path; nil where there is none.
func (o *onboarder) newest() (*report.Report, string) {
	o.t.Helper()
	paths, err := filepath.Glob(filepath.Join(o.reports(), "*.json"))
	if err != nil {
		o.t.Fatal(err)
	}
	var last *report.Report
	at := ""
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			o.t.Fatal(err)
		}
		r, _, err := report.Decode(data)
		if err != nil { // a supplement
			continue
		}
		if last == nil || !r.MadeAt.Before(last.MadeAt) && len(r.Journal.Lines) >= len(last.Journal.Lines) {
			last, at = &r, path
		}
	}
	return last, at
}

// reported counts a report whose claims were held against the tenant, and whether one of them is false.
func (f *killTrial) reported(o *onboarder, when string) {
	o.t.Helper()
	r, path := o.newest()
	if r == nil {
		return
	}
	f.reports++
	wrong := false
	holds := func(claim string, said, is any) {
		if said != is {
			wrong = true
			o.t.Errorf("%s: the report says of %s %v, and the tenant %v: %s", when, claim, said, is, r.Verdict.Sentence)
		}
	}
	var user struct{ ID string }
	there := o.get("/v1.0/users/"+cmp.Or(f.account, serviceAccount), &user) == http.StatusOK
	var mfa struct{ PerUserMfaState string }
	admin := false
	if there {
		o.get("/beta/users/"+user.ID+"/authentication/requirements", &mfa)
		admin = slices.Contains(o.roles(user.ID), globalAdministrator)
	}
	on := mfa.PerUserMfaState == "enforced" || mfa.PerUserMfaState == "enabled" || there && o.asks(user.ID, admin)
	left := func(what string) bool {
		return slices.ContainsFunc(r.Leftovers, func(l report.Leftover) bool { return strings.HasPrefix(l.What, what) })
	}
	if r.Verdict.Onboarding != report.Nothing {
		holds("MFA being on", r.Verdict.MFA == report.MFAOn, on && r.Verdict.MFA != report.MFAUntouched)
		holds("the account", left("Service account"), there)
		if !left("Perhaps Global Administrator") { // it was not read back: either may become so
			holds("the role", left("Global Administrator"), admin)
		}
	}
	l := o.entries()
	_, open := l.OpenWindow()
	holds("an open window", r.Verdict.Windows == report.WindowsOpen, open)
	finished := slices.ContainsFunc(l.Entries, func(e journal.Entry) bool { return e.Kind == journal.KindFinished && e.By == journal.ByWizard })
	holds("being finished", r.Verdict.Onboarding == report.Finished, finished)
	if r.Verdict.Onboarding == report.Finished && f.line > 0 {
		o.onboarded()
	}
	files, err := report.Open(path)
	if err != nil {
		o.t.Fatal(err)
	}
	if v, _, err := report.Verify(files, "", report.Program{}); err != nil || v.Failed() {
		wrong = true
		o.t.Errorf("%s: it does not hold: %v %+v", when, err, v)
	}
	for _, e := range r.Entries {
		if e.Class == report.NoReason {
			wrong = true
			o.t.Errorf("%s: a false alarm: %+v", when, e)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		o.t.Errorf("%s: %v %v", path, info, err)
	}
	if wrong {
		f.wrong++
		o.tell(l, r)
	}
}

// tell writes down what a false report was made from.
func (o *onboarder) tell(l journal.Log, r *report.Report) {
	o.t.Helper()
	for _, e := range l.Entries {
		o.t.Logf("%s %s %s %s", e.At.Format(time.StampMilli), nameOf(e), e.Note, e.Outcome)
	}
	for _, e := range r.Entries {
		o.t.Logf("%s %s by %s: %s", e.At.Format(time.Stamp), e.Activity, e.By.Name, e.Class)
	}
}

// afterKill holds what the guard or the wizard left, and then what the command report makes of it.
func (f *killTrial) afterKill(o *onboarder) {
	o.t.Helper()
	guarded := false
	for _, e := range o.entries().Entries {
		guarded = guarded || e.Kind == journal.KindWindowClosed && e.By == journal.ByGuard
	}
	if r, _ := o.newest(); guarded && r == nil {
		o.t.Errorf("the guard closed the window, and wrote no report")
	}
	f.reported(o, "killed")
	time.Sleep(replicasTake)
	cmd := runnable(o.t, o.program, "demo", "report", "--connect", o.file, "--report", o.reports())
	cmd.Env = world(o.t)
	out, _ := cmd.CombinedOutput()
	changed := slices.ContainsFunc(o.entries().Entries, func(e journal.Entry) bool { return e.Kind == journal.KindIntent })
	if code := cmd.ProcessState.ExitCode(); code == exitFailed && changed || code == exitUsage {
		o.t.Errorf("report: exit code %d\n%s", code, out)
	}
	f.reported(o, "report")
}
