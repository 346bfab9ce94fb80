package wizard

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// lying is a step of which a finding is changed before it is shown.
type lying struct {
	steps.Step
	lie func(*steps.Finding)
}

func (s lying) Inspect(ctx context.Context, r *steps.Run, report func(steps.Event)) (steps.Finding, error) {
	f, err := s.Step.Inspect(ctx, r, report)
	if err == nil {
		s.lie(&f)
	}
	return f, err
}

// says has a step claim something, in the words of whoever lies.
func says(id steps.ID, status steps.Status, c finding.Claim) map[steps.ID]func(*steps.Finding) {
	return map[steps.ID]func(*steps.Finding){id: func(f *steps.Finding) {
		if f.Status == status {
			f.Text = append(slices.Clone(f.Text), c.In("A lie."))
		}
	}}
}

// tells has a step say nothing but the claim.
func tells(id steps.ID, status steps.Status, c finding.Claim) map[steps.ID]func(*steps.Finding) {
	return map[steps.ID]func(*steps.Finding){id: func(f *steps.Finding) {
		if f.Status == status {
			f.Text = []finding.Sentence{c.In("A lie.")}
		}
	}}
}

// row has a step change a row.
func row(id steps.ID, label string, change func(*steps.Fact)) map[steps.ID]func(*steps.Finding) {
	return map[steps.ID]func(*steps.Finding){id: func(f *steps.Finding) {
		for _, section := range f.Sections {
			for i := range section.Facts {
				if section.Facts[i].Label == label {
					change(&section.Facts[i])
				}
			}
		}
	}}
}

// lyingRun is a run that tells the wizard something else than it is.
type lyingRun struct {
	onboarding
	lie func(steps.Exposure, bool) (steps.Exposure, bool)
	n   func(int) int
}

func (r lyingRun) Exposure() (steps.Exposure, bool) {
	e, open := r.onboarding.Exposure()
	if r.lie == nil {
		return e, open
	}
	return r.lie(e, open)
}

func (r lyingRun) Aftermath() steps.Aftermath {
	a := r.onboarding.Aftermath()
	if r.n != nil {
		a.Written = steps.Tally{Shown: r.n(a.Written.Shown)}
	}
	return a
}

const upn = "service.delegate365@contoso.com"

// What was untrue once, put back one by one, and one lie of each kind of claim, are noticed.
func TestLiesAreNoticed(t *testing.T) {
	t.Parallel()
	fresh, halfDone := truthWalk{profile: "fresh"}, truthWalk{profile: "half-done"}
	defaults := truthWalks()["security-defaults, decided"]
	lies := map[string]struct {
		walk truthWalk
		lies map[steps.ID]func(*steps.Finding)
		run  lyingRun
		fate func(o *outside, d *driver, name string)
		kind string // of the claim that is noticed
	}{
		// What was seen on screens, by the letters of that list.
		"a, what was not done is ok":                 {walk: fresh, lies: map[steps.ID]func(*steps.Finding){steps.HandOver: has("Done", steps.Fact{Label: "Run Delegate365 setup", Mark: steps.MarkOK})}, kind: "fact Done"},
		"a, an app password that is not there":       {walk: truthWalks()["fresh, newer"], lies: map[steps.ID]func(*steps.Finding){steps.HandOver: has("Left in the tenant", steps.Fact{Label: "App password", Value: "of the service account"})}, kind: "fact Left in the tenant"},
		"b, nothing has been written":                {walk: halfDone, lies: says(steps.Check, steps.Done, finding.Written.Of("", "0")), kind: "sentence written"},
		"c, the same after going back":               {walk: fresh, lies: says(steps.Check, steps.Done, finding.Written.Of("", "0")), kind: "sentence written"},
		"d, a colleague's exclusion":                 {walk: truthWalk{profile: "business"}, lies: says(steps.ReenableMFA, steps.Ready, finding.Excluded.Of(upn, "not by this run")), kind: "sentence excluded"},
		"f, the whole tenant looks like one account": {walk: defaults, run: lyingRun{lie: func(e steps.Exposure, open bool) (steps.Exposure, bool) { e.Everybody = ""; return e, open }}, kind: "status line"},
		"g, the plan leaves the return out":          {walk: defaults, lies: row(steps.Check, "Re-enable MFA", func(f *steps.Fact) { f.Value = "per-user MFA enforced" }), kind: "fact Plan"},
		"g, and has exclusions that nobody makes":    {walk: fresh, lies: row(steps.Check, "Re-enable MFA", func(f *steps.Fact) { f.Value += "; take the exclusions back" }), kind: "fact Plan"},
		"h, four times the limit is ok":              {walk: halfDone, lies: map[steps.ID]func(*steps.Finding){steps.HandOver: overlongIsOK}, kind: "fact Found without MFA"},
		"i, four changes for one":                    {walk: fresh, lies: row(steps.HandOver, "Enable app passwords", func(f *steps.Fact) { f.Value = strings.Replace(f.Value, "1 change", "4 changes", 1) }), kind: "fact Done"},
		"j, what was done where nothing was":         {walk: fresh, run: lyingRun{n: func(int) int { return 1 }}, kind: "dialog stays done"},
		"j, nothing done where something was":        {walk: fresh, run: lyingRun{n: func(int) int { return 0 }}, kind: "dialog nothing done"},
		"k, announced again":                         {walk: fresh, lies: map[steps.ID]func(*steps.Finding){steps.EnableAppPasswords: announcesAgain}, kind: "announced change"},
		"l, suspended after the limit": {walk: truthWalks()["business, at its cap"], kind: "rail", fate: func(_ *outside, d *driver, name string) {
			if name == "run-setup-setup" {
				d.wait(6 * time.Minute)
				d.m.over.ask(nil)
				d.start(d.m.flow.visit(d.m, d.m.flow.walk.Viewing())) // as Continue did
				d.wait(3 * time.Second)
			}
		}},

		// What stands at the top of the screen after it.
		"passed": {walk: fresh, lies: tells(steps.SignIn, steps.Done, finding.SignedIn.Of("nobody@contoso.com", "yes")), kind: "passed signed-in"},
		"a passed change": {walk: fresh, kind: "passed change", fate: func(o *outside, d *driver, _ string) {
			for _, stop := range d.m.flow.walk.Passed() {
				for i := range stop.Applied {
					stop.Applied[i].To = "nothing"
				}
			}
			o.look(d)
		}},

		// One of each kind of claim.
		"verdict":       {walk: fresh, lies: says(steps.Check, steps.Ready, finding.Verdict.Of("", "blocked")), kind: "sentence verdict"},
		"accepted":      {walk: fresh, lies: says(steps.Check, steps.Ready, finding.Accepted.Of("", "yes")), kind: "sentence accepted"},
		"signed in":     {walk: fresh, lies: says(steps.SignIn, steps.Done, finding.SignedIn.Of("nobody@contoso.com", "yes")), kind: "sentence signed-in"},
		"demanded":      {walk: fresh, lies: says(steps.SuspendMFA, steps.Done, finding.Demanded.Of(upn, "yes")), kind: "sentence demanded"},
		"demanding":     {walk: fresh, lies: says(steps.SuspendMFA, steps.Done, finding.Demanding.Of(upn, "2")), kind: "sentence demanding"},
		"standing":      {walk: fresh, lies: says(steps.SuspendMFA, steps.Done, finding.Standing.Of("CA01", "")), kind: "sentence standing"},
		"role":          {walk: fresh, lies: says(steps.CreateAccount, steps.Done, finding.Role.Of("helpdesk@contoso.com", "yes")), kind: "sentence role"},
		"per-user MFA":  {walk: fresh, lies: says(steps.SuspendMFA, steps.Done, finding.PerUser.Of(upn, "enforced")), kind: "sentence per-user-mfa"},
		"defaults":      {walk: fresh, lies: says(steps.Check, steps.Done, finding.Defaults.Of("contoso.com", "on")), kind: "sentence defaults"},
		"excluded":      {walk: fresh, lies: says(steps.SuspendMFA, steps.Done, finding.Excluded.Of(upn, "yes")), kind: "sentence excluded"},
		"app passwords": {walk: fresh, lies: says(steps.Check, steps.Done, finding.AppPasswords.Of("", "allowed")), kind: "sentence app-passwords"},
		"factor":        {walk: fresh, lies: says(steps.CreateAccount, steps.Done, finding.Factor.Of(upn, "registered")), kind: "sentence factor"},
		"exists":        {walk: fresh, lies: says(steps.Check, steps.Done, finding.Exists.Of(upn+".example", "yes")), kind: "sentence exists"},
		"apps":          {walk: fresh, lies: says(steps.SuspendMFA, steps.Done, finding.Apps.Of("", "2")), kind: "sentence apps"},
		"opened":        {walk: fresh, lies: says(steps.SuspendMFA, steps.Done, finding.Opened.Of(upn, "none")), kind: "sentence opened"},
		"restored":      {walk: fresh, lies: says(steps.SuspendMFA, steps.Done, finding.Restored.Of(upn, "yes")), kind: "sentence restored"},
		"sent":          {walk: fresh, lies: says(steps.SignIn, steps.Done, finding.Sent.Of("per-user MFA", "1 try")), kind: "sentence sent"},
		"made":          {walk: fresh, lies: says(steps.SuspendMFA, steps.Done, finding.Made.Of("per-user MFA of "+upn, "enforced")), kind: "sentence made"},
		"remaining":     {walk: fresh, lies: says(steps.SuspendMFA, steps.Done, finding.Remaining.Of("App password", "")), kind: "sentence remaining"},
		"word":          {walk: fresh, lies: says(steps.CreateAccount, steps.Done, finding.Word.Of("test", "failed")), kind: "sentence word"},
		"unread":        {walk: truthWalk{profile: "business"}, lies: says(steps.SignIn, steps.Ready, finding.Unread.Of("policies", "")), kind: "sentence unread"},
		"no such kind":  {walk: fresh, lies: says(steps.SignIn, steps.Done, finding.Kind("new").Of("", "")), kind: "sentence new"},
		"a count":       {walk: halfDone, lies: map[steps.ID]func(*steps.Finding){steps.SuspendMFA: func(f *steps.Finding) { f.Actions = relabelled(f.Actions) }}, kind: "action"},
		"silence":       {walk: fresh, run: lyingRun{lie: func(e steps.Exposure, _ bool) (steps.Exposure, bool) { return e, false }}, kind: "status line"},
	}
	for _, name := range fewer(t, slices.Sorted(maps.Keys(lies)), "f, the whole tenant looks like one account", "j, what was done where nothing was", "passed", "verdict", "a count", "silence") {
		c := lies[name]
		t.Run(name, func(t *testing.T) {
			c.walk.lies, c.walk.run = c.lies, &c.run
			if c.fate != nil {
				c.walk.fate = c.fate
			}
			c.walk.begin(t, func(d *driver, o *outside) {
				o.until = c.kind
				c.walk.stroll(d, o)
				if !o.enough() {
					t.Errorf("nobody notices: of %d claims these are wrong: %v", o.claims, o.wrong)
				}
			})
		})
	}
}

// has adds a row to a section.
func has(title string, row steps.Fact) func(*steps.Finding) {
	return func(f *steps.Finding) {
		for i := range f.Sections {
			if titled(f.Sections[i]) == title {
				f.Sections[i].Facts = append(f.Sections[i].Facts, row)
			}
		}
	}
}

func overlongIsOK(f *steps.Finding) {
	for _, s := range f.Sections {
		if s.Title == "Found without MFA" {
			for i := range s.Facts {
				s.Facts[i].Mark = steps.MarkOK
			}
		}
	}
}

// announcesAgain is what a read that lags makes of a step that is done.
func announcesAgain(f *steps.Finding) {
	if f.Status == steps.Done {
		f.Status, f.Changes = steps.Ready, []steps.Change{{Op: steps.Modify, Object: "users may create app passwords, in the whole tenant", From: "no", To: "yes"}}
	}
}

func relabelled(actions []steps.Action) []steps.Action {
	out := slices.Clone(actions)
	for i := range out {
		out[i].Label = strings.Replace(out[i].Label, "Apply 3 changes", "Apply 2 changes", 1)
	}
	return out
}
