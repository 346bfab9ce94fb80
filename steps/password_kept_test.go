package steps

import (
	"slices"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// An account at work keeps its password unless somebody has to sign in as it in this run; before it is replaced, what that ends is said, and
// at the end what is left to do.
func TestPasswordIsReplacedOnlyWhereItIsNeeded(t *testing.T) {
	t.Parallel()
	change := fit
	change.MustChangePassword = true
	for name, c := range map[string]struct {
		user    graph.User
		setup   setupChoice
		version portalVersion
		choice  passwordChoice
		sets    bool
		ends    bool // it is said what ends with the old one
		keeps   bool // keeping it is offered instead
	}{
		"setup kept, version unknown":        {fit, setupKeep, versionUnknown, passwordAsNeeded, false, false, false},
		"setup kept, newer":                  {fit, setupKeep, versionNewer, passwordAsNeeded, false, false, false},
		"setup kept, newer, chosen":          {fit, setupKeep, versionNewer, passwordReplaced, true, true, true},
		"setup kept, older":                  {fit, setupKeep, versionOlder, passwordAsNeeded, true, true, true},
		"setup kept, older, kept":            {fit, setupKeep, versionOlder, passwordKept, false, false, false},
		"setup run again":                    {fit, setupRun, versionUnknown, passwordAsNeeded, true, false, false},
		"setup run again, whatever was said": {fit, setupRun, versionNewer, passwordKept, true, false, false},
		"setup kept, to be changed":          {change, setupKeep, versionNewer, passwordAsNeeded, true, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			var m memory
			m.user, m.found = c.user, &foundUser{user: c.user}
			m.setup.choice, m.appPasswords.version, m.choices.password = c.setup, c.version, c.choice
			f := existingFinding(c.user, &m)
			if sets := len(f.Changes) == 1; sets != c.sets || sets == (f.Status == Done) {
				t.Errorf("%v, %+v", f.Status, f.Changes)
			}
			if p := (createAccount{}).Plan(Situation{memory: &m}); p.Needed != c.sets || !c.sets && !strings.Contains(p.What, "its password stays") {
				t.Errorf("the plan has %+v", p)
			}
			if said := f.Notice.String(); strings.Contains(said, "also where Delegate365 still has it") != c.ends || strings.Contains(said, "You paste it into") != (c.setup == setupRun) {
				t.Errorf("before it: %q", said)
			}
			if offered := slices.ContainsFunc(f.Actions, func(a Action) bool { return a.ID == string(passwordKept) }); offered != c.keeps {
				t.Errorf("it offers %+v", f.Actions)
			}
			if lacks, blocks := lacksPassword(&m, c.user); blocks != (c.setup == setupRun) || blocks && lacks.Actions[0].ID != setNew().ID {
				t.Errorf("before setup: %+v", lacks)
			}
			if shown := orSetNew(&m, Finding{}); len(shown.Actions) != 1 || !signInPassword(&m).Copy.IsZero() {
				t.Errorf("at a page that asks for it: %+v", shown)
			}
			if c.sets {
				m.secrets.password, m.secrets.replaced = graph.NewSecret("Kx8-"), true
			}
			left, next := finding.Read(leftToGive(&m)), nextSteps(&Run{}, &m, leftNow{})
			if todo := strings.Contains(left, "Left to do"); todo != c.ends || todo != strings.Contains(next[0].Label, "new password") {
				t.Errorf("at the end: %q, %+v", left, next)
			}
		})
	}
}

// What is preset follows the version, and nothing is asked where setup is run.
func TestPasswordPreset(t *testing.T) {
	t.Parallel()
	var m memory
	m.user, m.found, m.setup.choice = fit, &foundUser{user: fit}, setupKeep
	if fields := passwordFields(&m); len(fields) != 1 || fields[0].Value != string(passwordKept) {
		t.Errorf("%+v", fields)
	}
	m.appPasswords.version = versionOlder
	if fields := passwordFields(&m); fields[0].Value != string(passwordReplaced) {
		t.Errorf("of an older one: %+v", fields)
	}
	m.setup.choice = setupRun
	if fields := passwordFields(&m); fields != nil {
		t.Errorf("where setup is run: %+v", fields)
	}
}
