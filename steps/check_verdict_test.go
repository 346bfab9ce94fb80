package steps

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
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
		"somebody's account":          {ready, named, robot, VerdictDecide, MarkBlocks, "a new password locks them out, and it would become Global Administrator"},
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
		"Blocked until it is decided: A. To decide later: B and C.":                       {Verdict: VerdictDecide},
		"Blocked: the onboarding can't go on like this. See A. To decide later: B and C.": {Verdict: VerdictBlocked},
	} {
		report.Rows = []ReportRow{{Label: "A", Mark: "blocks"}, {Label: "B", Mark: "decide"}, {Label: "C", Mark: "decide"}}
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
