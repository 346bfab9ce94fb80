package report_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// An onboarding of a tenant with two policies, one of which is somebody's trap for a page: the account is created at 14:25 and
// made an administrator, the window is open from 14:28:26 to 14:52:07, and everything is put back.

const (
	tenantID   = "10000000-0000-4000-8000-000000000001"
	accountID  = "20000000-0000-4000-8000-000000000002"
	operatorID = "30000000-0000-4000-8000-000000000003"
	policyA    = "40000000-0000-4000-8000-00000000000a"
	policyB    = "40000000-0000-4000-8000-00000000000b"
	globalRole = "62e90394-69f5-4237-9190-012177145e10"
	account    = "service.delegate365@contoso.com"
	operator   = "eva@contoso.com"
	portal     = "https://entra.microsoft.com"
	earlier    = "1f2e3d4c1f2e3d4c1f2e3d4c1f2e3d4c1f2e3d4c1f2e3d4c1f2e3d4c1f2e3d4c" // hash of the report before
	trap       = "Block \u202elegacy</script><img src=x onerror=alert(1)>"
)

func at(clock string) time.Time {
	t, err := time.Parse(time.DateTime, "2026-11-27 "+clock)
	if err != nil {
		panic(err)
	}
	return t
}

// book writes a journal's lines.
type book struct {
	lines []string
	by    journal.By
}

func (b *book) write(t *testing.T, clock string, e journal.Entry) int {
	t.Helper()
	e.Seq, e.Prev, e.At = len(b.lines)+1, report.Hash(nil), at(clock)
	if n := len(b.lines); n > 0 {
		e.Prev = report.Hash([]byte(b.lines[n-1]))
	}
	e.Run, e.PID, e.Host, e.Operator, e.Tenant = "run-1", 1, "desk", operator, tenantID
	if e.By = b.by; e.By == "" {
		e.By = journal.ByWizard
	}
	if e.Account == (journal.Account{}) {
		e.Account = journal.Account{ID: accountID, UserPrincipalName: account}
	}
	line, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	b.lines = append(b.lines, string(line))
	return e.Seq
}

// change writes a write and what became of it.
func (b *book) change(t *testing.T, clock, answered, id string, e journal.Entry) {
	t.Helper()
	e.Kind = journal.KindIntent
	n := b.write(t, clock, e)
	b.write(t, answered, journal.Entry{
		Kind: journal.KindOutcome, Step: e.Step, Change: e.Change, Restores: e.Restores, Intent: n, Outcome: journal.Applied, Verified: true, RequestID: id,
	})
}

func exclusion(policy string) *journal.Inverse {
	return &journal.Inverse{Kind: journal.InversePolicyExclusion, TargetID: policy, Value: accountID}
}

// wholeBook is the journal of the onboarding, up to before its end was written.
func wholeBook(t *testing.T, snapshot string) *book {
	t.Helper()
	b := &book{}
	b.write(t, "14:20:00", journal.Entry{Kind: journal.KindStarted})
	b.write(t, "14:24:00", journal.Entry{Kind: journal.KindSnapshot, SHA256: snapshot})
	b.change(t, "14:25:00", "14:25:03", "req-1", journal.Entry{
		Step: "create-account", Change: journal.Change{Op: "+", Object: account, To: "enabled"}, Inverse: &journal.Inverse{Kind: journal.InverseUser, TargetID: account},
	})
	b.write(t, "14:28:26", journal.Entry{Kind: journal.KindWindowOpened, CapSeconds: 1800})
	b.change(t, "14:28:27", "14:28:30", "req-2", journal.Entry{
		Step: "assign-admin", Change: journal.Change{Op: "+", Object: "Global Administrator", From: "not assigned", To: "assigned"},
		Inverse: &journal.Inverse{Kind: journal.InverseRoleAssignment, TargetID: accountID, Value: globalRole},
	})
	for i, p := range []struct{ id, name string }{{policyA, "Require MFA for administrators"}, {policyB, trap}} {
		b.change(t, []string{"14:29:00", "14:29:10"}[i], []string{"14:29:05", "14:29:16"}[i], "req-3", journal.Entry{
			Step: "suspend-mfa", Change: journal.Change{Op: "~", Object: p.name, From: "included", To: "excluded"}, Inverse: exclusion(p.id),
		})
	}
	b.change(t, "14:51:50", "14:51:55", "req-5", journal.Entry{
		Step: "reenable-mfa", Change: journal.Change{Op: "~", Object: account, From: "disabled", To: "enforced"},
		Restores: &journal.Inverse{Kind: journal.InversePerUserMFA, TargetID: accountID, Value: "enforced"},
	})
	for i, p := range []struct{ id, name string }{{policyA, "Require MFA for administrators"}, {policyB, trap}} {
		b.change(t, []string{"14:51:56", "14:52:00"}[i], []string{"14:51:59", "14:52:06"}[i], "req-6", journal.Entry{
			Step: "reenable-mfa", Change: journal.Change{Op: "~", Object: p.name, From: "excluded", To: "included"}, Restores: exclusion(p.id),
		})
	}
	b.write(t, "14:52:07", journal.Entry{Kind: journal.KindWindowClosed, Note: "per-user MFA demands it"})
	return b
}

func snapshot(clock string, items ...report.Item) *report.Snapshot {
	return &report.Snapshot{Schema: report.SnapshotSchema, At: at(clock), Items: items, Unread: []report.Doubt{}}
}

// facts are those of the onboarding, finished at 14:55.
func facts(t *testing.T) report.Facts {
	t.Helper()
	policies := []report.Item{
		{What: report.WhatPolicy, ID: policyA, Object: "Require MFA for administrators", Value: "enabled"}, {What: report.WhatPolicy, ID: policyB, Object: trap, Value: "enabled"},
	}
	before := snapshot("14:24:00", policies...)
	raw, err := before.Encode()
	if err != nil {
		t.Fatal(err)
	}
	b := wholeBook(t, report.Hash(raw))
	b.write(t, "14:54:57", journal.Entry{Kind: journal.KindFinished, Step: "hand-over"})
	app := report.Item{What: report.WhatApp, ID: "50000000-0000-4000-8000-000000000005", Object: "Delegate365 Setup", Value: "enabled"}
	now := snapshot("14:54:58", append(policies, app,
		report.Item{What: report.WhatAccount, ID: accountID, Object: account, Value: "enabled"},
		report.Item{What: report.WhatPerUserMFA, ID: accountID, Object: account, Value: "enforced"},
		report.Item{What: report.WhatRole, ID: globalRole, Object: "Global Administrator", Value: "assigned"},
	)...)
	return report.Facts{
		ID: "60000000-0000-4000-8000-000000000006", MadeAt: at("14:55:00"), MadeBy: journal.ByWizard, Step: "hand-over",
		Tenant:   report.Tenant{ID: tenantID, DisplayName: "Contoso", DefaultDomain: "contoso.com", Cloud: "global", Licence: "p1"},
		Operator: report.Operator{ID: operatorID, UserPrincipalName: operator, Roles: []string{"Global Administrator"}, ClientID: "14d82eec-204b-4c2f-b7e8-296a70dab67e", ClientName: "Microsoft Graph Command Line Tools", Scopes: []string{"User.Read", "Policy.Read.All"}},
		Program:  report.Program{Version: "1.2.3", Commit: "abc", OS: "linux", Arch: "amd64"},
		Lines:    b.lines, Before: before, BeforeHash: report.Hash(raw), After: now,
		Log:     report.Reading{At: at("14:54:59"), From: at("14:15:00"), Kept: 30 * 24 * time.Hour, Operator: operatorID, Entries: logOf()},
		SignIns: report.SignIns{Read: true},
		Apps:    []report.App{{ID: app.ID, AppID: "70000000-0000-4000-8000-000000000007", Name: app.Object, Permissions: []report.Permission{{API: "Microsoft Graph", Name: "User.ReadWrite.All", Kind: "application", All: true}}}},
		Score: &report.Score{
			Current: 41.5, Max: 90, ReadAt: at("14:54:58"),
			NotMet: []report.NotMet{{Title: "Ensure multifactor authentication is enabled for all users", Gain: 9, Page: portal + "/#view/methods"}},
		},
		Doubts: []report.Doubt{{About: "the weather", Why: "it could not be read", Claim: &report.Claim{Layer: report.LayerTenant, At: at("14:54:59"), RequestID: "req-403"}}},
		Around: report.Around{
			Previous: earlier, Place: "step 10 of 10",
			Pages: report.Pages{User: portal + "/#view/user", MFA: portal + "/#view/mfa", Settings: portal + "/#view/settings", Policies: portal + "/#view/policies"},
		},
	}
}

// logOf is what had arrived of Microsoft's log by then: all but what closed the window.
func logOf() []report.Entry {
	person := report.Actor{Kind: "user", ID: operatorID, Name: operator}
	entry := func(id, clock, activity, target string) report.Entry {
		return report.Entry{
			ID: "Directory_" + id, At: at(clock), Activity: activity, Result: "success", CorrelationID: "c-" + id, By: person,
			Targets: []report.Target{{ID: target, Name: target, Changes: []report.Property{}}},
		}
	}
	all := []report.Entry{
		entry("4", "14:29:11", "Update conditional access policy", policyB), entry("3", "14:29:01", "Update conditional access policy", policyA),
		entry("2", "14:28:28", "Add member to role", accountID), entry("1", "14:25:01", "Add user", account),
	}
	return all
}

func sealedReport(t *testing.T) report.Sealed {
	t.Helper()
	r, err := report.Make(facts(t))
	if err != nil {
		t.Fatal(err)
	}
	s, err := report.Close(r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
