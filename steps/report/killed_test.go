package report_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// What runs that were killed and started again have in their journals and in Microsoft's log.

func made(t *testing.T, f report.Facts) report.Report {
	t.Helper()
	r, err := report.Make(f)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The journal alone says that an onboarding is finished; that the tenant names the report, or a start that changes nothing, does not
// undo it, and a change does.
func TestFinishedIsTheJournalsToSay(t *testing.T) {
	witness := func(b *book) {
		b.change(t, "14:55:00", "14:55:01", "req-w", journal.Entry{
			Step: "hand-over", Change: journal.Change{Op: "+", Object: "report named"}, Inverse: &journal.Inverse{Kind: journal.InverseUserExtension, TargetID: accountID},
		})
	}
	again := func(b *book) {
		b.write(t, "14:56:00", journal.Entry{Kind: journal.KindStarted})
		b.write(t, "14:56:30", journal.Entry{Kind: journal.KindLeft})
	}
	work := func(b *book) {
		b.change(t, "14:57:00", "14:57:01", "req-x", journal.Entry{Step: "hand-over", Change: journal.Change{Op: "-", Object: "Global Administrator"}, Inverse: &journal.Inverse{Kind: journal.InverseRoleEnd, TargetID: accountID}})
	}
	for name, c := range map[string]struct {
		after   []func(*book)
		how     string
		changes int
	}{
		"killed at once":          {nil, report.Finished, 7},
		"killed after the report": {[]func(*book){witness}, report.Finished, 8},
		"started again and left":  {[]func(*book){witness, again}, report.Finished, 8},
		"changed in the same run": {[]func(*book){witness, work}, report.Killed, 9},
		"changed in the next run": {[]func(*book){witness, again, work}, report.Left, 1},
	} {
		f := facts(t)
		b := &book{lines: slices.Clone(f.Lines)}
		for _, more := range c.after {
			more(b)
		}
		if name == "changed in the next run" {
			b.write(t, "14:58:00", journal.Entry{Kind: journal.KindLeft})
		}
		f.Lines = b.lines
		if r := made(t, f); r.Ended.How != c.how || len(r.Changes) != c.changes {
			t.Errorf("%s: ended %+v after %d changes", name, r.Ended, len(r.Changes))
		}
	}
	for _, how := range []string{report.Finished, report.Killed, report.NotBegun} {
		r := sealedReport(t).Report
		if how == r.Ended.How {
			r.Ended.At = r.Ended.At.Add(1e9)
		}
		r.Ended.How = how
		if check(t, anew(t, r), "").Exit != 1 {
			t.Errorf("ended %+v, which the journal contradicts, holds", r.Ended)
		}
	}
	r := sealedReport(t).Report
	r.Verdict.Onboarding = report.HalfWay
	if check(t, anew(t, r), "").Exit != 1 {
		t.Error("a finished onboarding that is called half-way holds")
	}
}

// byAccount is an entry of the log by the account, on itself unless a target is named.
func byAccount(id, clock, activity string, target ...string) report.Entry {
	on := report.Target{ID: accountID, Name: account}
	if len(target) == 2 {
		on = report.Target{ID: target[0], Name: target[1]}
	}
	return report.Entry{ID: id, At: at(clock), Activity: activity, Result: "success", By: report.Actor{Kind: "user", ID: accountID, Name: account}, Targets: []report.Target{on}}
}

// classes are those of the entries by their ids, the counted left out. The entries come the oldest first.
func classes(t *testing.T, asked map[string]string, entries ...report.Entry) map[string]string {
	t.Helper()
	f := facts(t)
	b := &book{lines: slices.Clone(f.Lines[:len(f.Lines)-1])}
	for _, clock := range []string{"14:52:30", "14:52:40", "14:53:00"} {
		if asked[clock] != "" {
			b.write(t, clock, journal.Entry{Kind: journal.KindAsked, Note: asked[clock]})
		}
	}
	f.Lines = b.lines
	slices.Reverse(entries)
	f.Log.Entries = append(entries, f.Log.Entries...)
	out := map[string]string{}
	for _, e := range made(t, f).Entries {
		out[e.ID] = e.Class
	}
	return out
}

// Where the account has to sign in to Delegate365, Microsoft may have it register a second factor, and that page may make an app
// password: both are explained, as often as that happened, and not before it was asked.
func TestSignInThatRegistersIsExplained(t *testing.T) {
	all := []report.Entry{
		byAccount("early", "14:52:20", "User registered security info"),
		byAccount("factor", "14:52:35", "User registered security info"),
		byAccount("with it", "14:52:36", "Create application password for user"),
		byAccount("asked", "14:53:05", "Create application password for user"),
		byAccount("one more", "14:53:06", "Create application password for user"),
	}
	got := classes(t, map[string]string{"14:52:30": report.AskPortal, "14:53:00": report.AskPassword}, all...)
	for id, class := range map[string]string{"early": report.NoReason, "factor": report.Asked, "with it": report.Asked, "asked": report.Asked, "one more": report.NoReason} {
		if got[id] != class {
			t.Errorf("%s is %q, not %q", id, got[id], class)
		}
	}
	// One that nobody asked for takes nothing from one that was.
	got = classes(t, map[string]string{"14:53:00": report.AskPassword}, byAccount("stranger's", "14:52:36", "Create application password for user"), byAccount("asked", "14:53:05", "Create application password for user"))
	if got["stranger's"] != report.NoReason || got["asked"] != report.Asked {
		t.Errorf("%v", got)
	}
}

// A setup that is run once more takes away what it had made: that is the setup's, in its time and under its names, and section 4
// says that it was removed. One that is made under another name, or taken away after the setup, is not.
func TestSetupThatIsRunTwice(t *testing.T) {
	const first, name = "50000000-0000-4000-8000-0000000000aa", "Delegate365 Setup"
	run := func(name, gone string) map[string]string {
		grant := byAccount("for an API", "14:52:37", "Add delegated permission grant", "00000000-0000-4000-8000-000000000033", "Microsoft Graph")
		grant.Targets[0].Changes = []report.Property{{Name: "ServicePrincipal.ObjectID", New: `"` + first + `"`}}
		return classes(t, map[string]string{"14:52:30": report.AskSetup, "14:53:00": report.AskPassword},
			byAccount("made", "14:52:35", "Add service principal", first, name), byAccount("granted", "14:52:36", "Consent to application", first, name), grant,
			byAccount("gone", gone, "Remove service principal", first, name), byAccount("stays", "14:52:50", "Add service principal", "50000000-0000-4000-8000-000000000005", "Delegate365 Setup"))
	}
	for _, c := range []struct{ name, gone, class string }{
		{name, "14:52:45", report.ByVendor}, {"Backup", "14:52:45", report.NoReason}, {name, "14:58:00", report.NoReason},
	} {
		got := run(c.name, c.gone)
		if got["made"] != c.class || got["granted"] != c.class || got["for an API"] != c.class || got["gone"] != c.class || got["stays"] != report.ByVendor {
			t.Errorf("%s until %s: %v", c.name, c.gone, got)
		}
	}
	f := facts(t)
	f.Around.Between = []*report.Snapshot{snapshot("14:53:00", report.Item{What: report.WhatApp, ID: first, Object: name, Value: "enabled"})}
	if r := made(t, f); !slices.Equal(r.Vendor.Removed, []string{name}) {
		t.Errorf("a later run saw it, and it is gone: removed %q", r.Vendor.Removed)
	}
}

// Of a change whose answer was lost nobody knows whether it was made: it is a doubt, the role may be there, and Privileged Identity
// Management's own entry for it is no misuse.
func TestLostAnswerIsADoubt(t *testing.T) {
	for _, outcome := range []journal.Outcome{journal.Unknown, journal.Applied, journal.Refused, journal.Unsent} {
		lostAnswer(t, outcome)
	}
}

func lostAnswer(t *testing.T, outcome journal.Outcome) {
	t.Helper()
	f := facts(t)
	b := &book{lines: slices.Clone(f.Lines[:4])}
	role := &journal.Inverse{Kind: journal.InverseRoleAssignment, TargetID: accountID, Value: globalRole}
	change := journal.Change{Op: "+", Object: "Global Administrator", From: "not assigned", To: "assigned"}
	n := b.write(t, "14:28:27", journal.Entry{Kind: journal.KindIntent, Step: "assign-admin", Change: change, Inverse: role})
	b.write(t, "14:28:28", journal.Entry{Kind: journal.KindOutcome, Step: "assign-admin", Change: change, Intent: n, Outcome: outcome})
	f.Lines = b.lines
	f.After = snapshot("14:54:58", report.Item{What: report.WhatAccount, ID: accountID, Object: account, Value: "enabled"}, report.Item{What: report.WhatPerUserMFA, ID: accountID, Object: account, Value: "disabled"})
	f.Log.Entries = []report.Entry{{ID: "pim", At: at("14:28:29"), Activity: "Add member to role", Result: "success", By: report.Actor{Kind: "app", Name: "MS-PIM"}, Targets: []report.Target{{ID: accountID, Name: account}}}}
	r := made(t, f)
	perhaps := slices.ContainsFunc(r.Leftovers, func(l report.Leftover) bool { return strings.HasPrefix(l.What, "Perhaps Global Administrator") })
	doubt := slices.ContainsFunc(r.Doubts, func(d report.Doubt) bool { return d.About == "change 2" })
	known, mfa := outcome.Undone(), report.MFAOff
	if known {
		mfa = report.MFAUntouched
	}
	if perhaps == known || doubt == known || r.Verdict.MFA != mfa || (len(r.Unexplained) == 0) == known {
		t.Errorf("%s: leftovers %+v, doubts %+v, MFA %s, unexplained %v", outcome, r.Leftovers, r.Doubts, r.Verdict.MFA, r.Unexplained)
	}
}

// In a window that is open by the journal, only what was asked for in it is explained.
func TestAskedInAnOpenWindow(t *testing.T) {
	for _, c := range []struct{ asked, class string }{{"14:29:30", report.Asked}, {"14:28:00", report.NoReason}} {
		f := facts(t)
		b := &book{}
		b.write(t, "14:20:00", journal.Entry{Kind: journal.KindStarted})
		b.change(t, "14:25:00", "14:25:03", "req-1", journal.Entry{Step: "create-account", Change: journal.Change{Op: "+", Object: account}, Inverse: &journal.Inverse{Kind: journal.InverseUser, TargetID: account}})
		if c.asked < "14:29:00" {
			b.write(t, c.asked, journal.Entry{Kind: journal.KindAsked, Note: report.AskFactor})
		}
		b.write(t, "14:29:00", journal.Entry{Kind: journal.KindWindowOpened, CapSeconds: 1800})
		if c.asked > "14:29:00" {
			b.write(t, c.asked, journal.Entry{Kind: journal.KindAsked, Note: report.AskFactor})
		}
		f.Lines, f.Log.Entries = b.lines, []report.Entry{byAccount("factor", "14:30:00", "User registered security info")}
		if r := made(t, f); len(r.Entries) != 1 || r.Entries[0].Class != c.class {
			t.Errorf("asked at %s: %+v", c.asked, r.Entries)
		}
	}
}

// Policies that Microsoft makes in place of security defaults are its own work, while they are off by this program's doing and at no
// other time; and what this program does to them is found by the policy's id.
func TestMicrosoftsOwnPolicies(t *testing.T) {
	managed := report.Actor{Kind: "app", Name: "Microsoft Managed Policy Manager"}
	eva := report.Actor{Kind: "user", ID: operatorID, Name: operator}
	entry := func(id, clock, activity string, by report.Actor) report.Entry {
		return report.Entry{ID: id, At: at(clock), Activity: activity, Result: "success", By: by, Targets: []report.Target{{ID: policyA, Name: "Microsoft-managed: admins"}}}
	}
	f := facts(t)
	b := &book{}
	b.write(t, "14:20:00", journal.Entry{Kind: journal.KindStarted})
	b.write(t, "14:28:26", journal.Entry{Kind: journal.KindWindowOpened, CapSeconds: 1800})
	b.change(t, "14:29:00", "14:29:02", "req-1", journal.Entry{
		Step: "suspend-mfa", Change: journal.Change{Op: "~", Object: "security defaults", From: "on", To: "off"}, Inverse: &journal.Inverse{Kind: journal.InverseSecurityDefaults, TargetID: tenantID, Value: "on"},
	})
	b.change(t, "14:51:00", "14:51:02", "req-2", journal.Entry{
		Step: "reenable-mfa", Change: journal.Change{Op: "~", Object: "state of Microsoft-managed: admins", From: "on", To: "off"}, Target: &journal.Target{Kind: journal.TargetPolicyState, ID: policyA},
	})
	b.write(t, "14:52:07", journal.Entry{Kind: journal.KindWindowClosed})
	f.Lines, f.Before = b.lines, nil
	f.Log.Entries = []report.Entry{
		entry("late", "15:30:00", "Add conditional access policy", managed), entry("ours", "14:51:01", "Update conditional access policy", eva),
		entry("taken", "14:30:00", "Delete conditional access policy", managed), entry("made", "14:29:05", "Add conditional access policy", managed),
		entry("early", "14:28:30", "Add conditional access policy", managed),
	}
	r := made(t, f)
	got := map[string]string{}
	for _, e := range r.Entries {
		got[e.ID] = e.Class
	}
	for id, class := range map[string]string{"early": report.Somebody, "made": report.ByMicrosoft, "taken": report.NoReason, "ours": report.Ours, "late": report.NoReason} {
		if got[id] != class {
			t.Errorf("%s is %q, not %q", id, got[id], class)
		}
	}
	if c := r.Changes[1]; c.Audit.State != report.Found || c.Object.ID != policyA || c.UndoPage == "" {
		t.Errorf("%+v", c)
	}
}
