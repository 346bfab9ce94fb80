package steps

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// Wizard and report come to one verdict, and the wizard goes on with no other than ready. What is to be decided before it goes on is not.
func TestOneVerdict(t *testing.T) {
	t.Parallel()
	ready := readyPosture()
	on, nobody, unread := ready, ready, ready
	unread.defaults = analysis.Read(false, graph.ErrThrottled)
	on.defaults, nobody.roles = analysis.Read(true, nil), analysis.Read[[]graph.Role](nil, nil)
	named := memory{account: serviceName, org: graph.Organization{DefaultDomain: "contoso.com", DisplayName: "Contoso"}}
	named.appPasswords.version = versionNewer
	off, adopted, anyway := named, named, named
	off.defaults.choice, adopted.choices.adopt, anyway.choices.ignoreBin = defaultsOff, "1", true
	robot, gone := foundUser{user: graph.User{ID: "1", DisplayName: "Help desk robot"}}, foundUser{deleted: graph.User{ID: "2"}}
	for name, c := range map[string]struct {
		p     posture
		m     memory
		found foundUser
		want  string
		mark  Mark // of the account's row
		says  string
	}{
		"defaults not read":           {unread, named, foundUser{}, VerdictBlocked, MarkOK, "does not exist yet"},
		"ready":                       {ready, named, foundUser{}, VerdictReady, MarkOK, "does not exist yet"},
		"somebody's account":          {ready, named, robot, VerdictDecide, MarkBlocks, "a new password locks them out, and it becomes Global Administrator, unless"},
		"somebody's, to be used":      {ready, adopted, robot, VerdictReady, MarkNote, "as you chose"},
		"a deleted account":           {ready, named, gone, VerdictDecide, MarkBlocks, "can't be restored as it was"},
		"a deleted one, all the same": {ready, anyway, gone, VerdictReady, MarkNote, "as you chose"},
		"a synced account":            {ready, named, foundUser{user: graph.User{ID: "1", Synced: true}}, VerdictDecide, MarkBlocks, "on-premises"},
		"the account can't be read":   {ready, named, foundUser{err: graph.ErrForbidden}, VerdictBlocked, MarkBlocks, ""},
		"security defaults":           {on, named, foundUser{}, VerdictDecide, MarkOK, ""},
		"security defaults, decided":  {on, off, foundUser{}, VerdictReady, MarkOK, ""},
		"both":                        {on, named, robot, VerdictDecide, MarkBlocks, ""},
		"the account alone of both":   {on, off, robot, VerdictDecide, MarkBlocks, ""},
		"no role":                     {nobody, named, foundUser{}, VerdictBlocked, MarkOK, ""},
		"no role, somebody's account": {nobody, named, robot, VerdictBlocked, MarkBlocks, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c.found.name = serviceName
			c.m.posture, c.m.found, c.m.user = &c.p, &c.found, c.found.user
			var report CheckReport
			report.tell(&c.m)
			f := checked(&c.p, &c.m, c.found)
			if report.Verdict != c.want || (f.Status == Ready) != (c.want == VerdictReady) {
				t.Errorf("the report says %s, want %s; the wizard is %v", report.Verdict, c.want, f.Status)
			}
			if said := report.Said(); !strings.HasPrefix(f.Text[0].String(), said) {
				t.Errorf("the report says %q, the wizard %q", said, f.Text[0])
			}
			i := slices.IndexFunc(report.Rows, func(r ReportRow) bool { return r.ID == rowAccount })
			if row := report.Rows[i]; row.Mark != c.mark.String() || !strings.Contains(row.Note, c.says) {
				t.Errorf("of the account it says %+v", row)
			}
		})
	}
}

// Of each row that blocks the report says what frees it, and of no other.
func TestWhatFreesRows(t *testing.T) {
	t.Parallel()
	m := memory{account: serviceName, org: graph.Organization{DefaultDomain: "contoso.com", DisplayName: "Contoso"}}
	p := readyPosture()
	p.roles, p.defaults, p.policies = analysis.Read[[]graph.Role](nil, nil), analysis.Read(true, nil), analysis.Read[[]graph.Policy](nil, graph.ErrNotFound)
	m.posture, m.found = &p, &foundUser{name: serviceName}
	want := map[string]string{rowYou: TakesMend, rowDefaults: TakesChoice, rowPolicy: TakesReading}
	tell := func() {
		var report CheckReport
		report.tell(&m)
		for _, row := range report.Rows {
			if row.Takes != want[row.ID] {
				t.Errorf("%s takes %q, want %q", row.ID, row.Takes, want[row.ID])
			}
			if may := strings.Contains(row.Note, "Your role may list them"); row.ID == rowPolicy && may == (want[rowYou] == TakesMend) {
				t.Errorf("of the policies it says %q", row.Note)
			}
		}
	}
	tell()
	p, m.found.err = readyPosture(), graph.ErrForbidden
	p.policies = analysis.Read[[]graph.Policy](nil, graph.ErrNotFound)
	want = map[string]string{rowAccount: TakesReading, rowPolicy: TakesReading}
	tell()
}

// The verdict names what is to be decided, whatever else stops the onboarding.
func TestVerdictNamesAll(t *testing.T) {
	t.Parallel()
	for want, report := range map[string]CheckReport{
		"Blocked until it is decided: A. To decide later: B and C.":                        {Verdict: VerdictDecide},
		"Blocked: the onboarding can't go on like this. Why: A. To decide later: B and C.": {Verdict: VerdictBlocked},
		"Ready: nothing read here blocks it. To look at: A.":                               {Verdict: VerdictReady, Rows: []ReportRow{{Label: "A", Mark: "look"}}},
	} {
		if report.Rows == nil {
			report.Rows = []ReportRow{{Label: "A", Mark: "blocks"}, {Label: "B", Mark: "decide"}, {Label: "C", Mark: "decide"}}
		}
		if said := report.Said(); said != want {
			t.Errorf("it says %q, want %q", said, want)
		}
	}
}

// A row is told once, when all that it says has been read; and a name that was looked up after the check says when.
func TestRowsAreReadWhole(t *testing.T) {
	t.Parallel()
	p := posture{score: analysis.Read(graph.SecureScore{Current: 1, Max: 2}, nil), at: time.Now()}
	scored := func() Mark {
		rows := tenantRows(&p, &memory{})
		return rows[slices.IndexFunc(rows, func(f Fact) bool { return f.ID == rowScored })].Mark
	}
	if scored() != MarkPending {
		t.Error("the score is told before what it rests on was read")
	}
	if p.controls = analysis.Read[[]graph.SecureScoreControl](nil, graph.ErrForbidden); scored() != MarkNote {
		t.Error("the score is not told once what it rests on could not be read")
	}
	for after, want := range map[time.Duration]bool{-time.Second: false, time.Minute: true} {
		row := accountRow(&p, &memory{account: serviceName}, foundUser{name: serviceName, at: p.at.Add(after)})
		if got := strings.Contains(row.Note, "Looked up at "); got != want {
			t.Errorf("%s after the check: %q", after, row.Note)
		}
	}
}

// A policy in a state that nobody knows here is neither counted as on nor taken for off.
func TestPolicyInAnUnknownStateIsSaid(t *testing.T) {
	t.Parallel()
	p := readyPosture()
	policies := []graph.Policy{{Name: "On", State: graph.StateEnabled}, {Name: "Off", State: graph.StateDisabled}, {Name: "Paused", State: "paused"}}
	f := sayPolicies(policies, &p, &memory{account: serviceName})
	if f.Value != "3 policies, 1 on, 1 not known" || f.Mark < MarkNote || !strings.Contains(f.Note, `"Paused"`) || strings.Contains(f.Note, `"Off"`) {
		t.Errorf("%+v", f)
	}
	if f = sayPolicies(policies[:2], &p, &memory{account: serviceName}); f.Value != "2 policies, 1 on" || strings.Contains(f.Note, "not known") {
		t.Errorf("%+v", f)
	}
}

// An account that surely can't register a second factor is told so, with why, wherever it is to register one.
func TestBarredFromRegistering(t *testing.T) {
	t.Parallel()
	blocks := graph.Policy{ID: "1", Name: "No registration", State: graph.StateEnabled, Users: graph.PolicyUsers{IncludeUsers: []string{"All"}}}
	blocks.Applications.UserActions, blocks.Grant = []string{"urn:user:registersecurityinfo"}, &graph.Grant{Operator: "OR", Controls: []string{"block"}}
	for name, c := range map[string]struct {
		methods  graph.AuthenticationMethodsPolicy
		policies []graph.Policy
		want     string
	}{
		"nothing":           {graph.AuthenticationMethodsPolicy{}, nil, ""},
		"blocked":           {graph.AuthenticationMethodsPolicy{}, []graph.Policy{blocks}, `"No registration"`},
		"migrated, none":    {graph.AuthenticationMethodsPolicy{Migration: "migrationComplete", Enabled: []string{"email", "temporaryAccessPass"}}, nil, "methods policy"},
		"migrated, another": {graph.AuthenticationMethodsPolicy{Migration: "migrationComplete", Enabled: []string{"email", "fido2"}}, nil, ""},
		"migrating":         {graph.AuthenticationMethodsPolicy{Migration: "migrationInProgress"}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := readyPosture()
			p.methods, p.policies = analysis.Read(c.methods, nil), analysis.Read(c.policies, nil)
			m := &memory{account: serviceName, posture: &p}
			why := barred(m)
			if (why == "") != (c.want == "") || !strings.Contains(why, c.want) {
				t.Fatalf("barred: %q", why)
			}
			if allow := c.want == "methods policy"; c.want != "" && strings.HasPrefix(string(addable(m)), "Have a method allowed") != allow {
				t.Errorf("an administrator can: %q", addable(m))
			}
			powered := foundUser{user: graph.User{ID: "1", JobTitle: Marker, Enabled: true}}
			powered.facts.Administrator, m.choices.methods.read = true, analysis.Read[[]graph.AuthMethod](nil, nil)
			if row := accountRow(&p, &memory{account: serviceName, choices: m.choices}, powered); strings.Contains(row.Note, "can't register one itself") != (c.want != "") || strings.Contains(row.Note, "whoever first signs in") != (c.want == "") {
				t.Errorf("the check says %q", row.Note)
			}
			said := finding.Read(captureAppPassword{}.register(&Run{}, m, nil).Text)
			items := registration(&Run{}, m)
			if last := items[len(items)-1].Text; strings.Contains(said, "It can't register one itself") != (c.want != "") || !strings.Contains(said, c.want) || strings.HasPrefix(last, "Once it can") != (c.want != "") {
				t.Errorf("it says %q, and %q", said, last)
			}
		})
	}
}

// What the check read to refuse an app password is said where Delegate365's test of one has failed, and a test that named SMTP AUTH was none of
// PowerShell.
func TestFailedTestIsToldByWhatWasRead(t *testing.T) {
	t.Parallel()
	refuses := graph.Policy{ID: "1", Name: "No legacy", State: graph.StateEnabled, Users: graph.PolicyUsers{IncludeUsers: []string{"All"}}, ClientAppTypes: []string{"other", "exchangeActiveSync"}, Grant: &graph.Grant{Operator: "OR", Controls: []string{"block"}}}
	refuses.Applications.Include = []string{"All"}
	for _, read := range [][]graph.Policy{nil, {refuses}} {
		for _, named := range []bool{false, true} {
			p := readyPosture()
			p.policies = analysis.Read(read, nil)
			m := &memory{account: serviceName, posture: &p, org: graph.Organization{Created: time.Date(2024, time.May, 1, 0, 0, 0, 0, time.UTC)}}
			m.appPasswords.smtpOff = named
			said := ""
			s := testedEnough(m).Sections[0]
			for _, row := range s.Facts {
				said += row.Label + ": " + row.Note + "\n"
			}
			if (s.Title == "What else it can be") == (s.Facts[0].Mark == MarkLook) {
				t.Errorf("read %d, named %t: %s stands below %q", len(read), named, s.Facts[0].Label, s.Title)
			}
			if strings.Contains(said, `"No legacy" refuses legacy authentication`) != (read != nil) || strings.Contains(said, "PowerShell") == named || strings.Contains(said, "as this one was in May 2024") == named {
				t.Errorf("read %d, named %t:\n%s", len(read), named, said)
			}
		}
	}
}
