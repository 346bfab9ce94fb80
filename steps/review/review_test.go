package review

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

var (
	now       = time.Date(2026, time.December, 18, 9, 0, 0, 0, time.UTC)
	madeAt    = now.Add(-21 * 24 * time.Hour)
	errBroken = &graph.Error{Status: 503, Code: "x", Message: "x"}
)

const ourID = "11111111-1111-1111-1111-111111111111"

// good is a tenant that stands as it should.
func good() Facts {
	f := Facts{
		At: now, Name: "service@contoso.com", Ours: true,
		User:     graph.User{ID: ourID, UserPrincipalName: "service@contoso.com", Enabled: true, Created: madeAt},
		Groups:   analysis.Read([]graph.Group(nil), nil),
		Campaign: analysis.Read(graph.Campaign{State: "default"}, nil),
		Roles: Roles{
			Assigned: analysis.Read([]graph.RoleAssignment{{ID: "a", RoleID: graph.GlobalAdministrator, Scope: "/"}}, nil),
			Held:     analysis.Read([]graph.RoleInstance{{RoleID: graph.GlobalAdministrator, Scope: "/"}}, nil),
		},
		Service: analysis.Read(graph.MFAServicePolicy{AllowAppPasswords: true, AllowAppPasswordsKnown: true}, nil),
		Apps: analysis.Read([]App{{
			App: report.App{ID: "sp", Name: "Delegate365", Permissions: []report.Permission{{API: "Microsoft Graph", Name: "User.Read.All", Kind: "application", All: true}}}, Enabled: true, Here: true,
			Credentials: analysis.Read([]graph.AppCredential{{ID: "c", Ends: now.AddDate(1, 0, 0)}}, nil), Own: analysis.Read([]graph.AppCredential(nil), nil),
		}}, nil),
		Consents: analysis.Read([]Consent(nil), nil),
		Activity: analysis.Read(graph.SignInActivity{Tried: madeAt, Succeeded: now.Add(-time.Hour)}, nil),
		Password: analysis.Read(madeAt.Add(-time.Hour), nil),
	}
	f.Standing = analysis.Facts{
		Account: analysis.Account{ID: ourID, RolesKnown: true, GroupsKnown: true, Roles: []string{graph.GlobalAdministrator}},
		PerUser: analysis.Read(graph.MFAEnforced, nil), SecurityDefaults: analysis.Read(false, nil), Policies: analysis.Read([]graph.Policy(nil), nil),
		Methods: analysis.Read([]graph.AuthMethod{{Kind: "password"}, {Kind: "microsoftAuthenticator"}}, nil),
	}
	return f
}

// said is the report of that tenant.
func said() *report.Report {
	apps := good().Apps.Content()
	return &report.Report{
		MadeAt: madeAt, Account: report.Account{ID: ourID, UserPrincipalName: "service@contoso.com", Roles: []report.Role{{Name: "Global Administrator", TemplateID: graph.GlobalAdministrator}}},
		Vendor: report.Vendor{Apps: []report.App{apps[0].App}},
	}
}

func (f *Facts) app(change func(*App)) {
	apps := slices.Clone(f.Apps.Content())
	change(&apps[0])
	f.Apps = analysis.Read(apps, nil)
}

func policy(name string, change func(*graph.Policy)) graph.Policy {
	p := graph.Policy{
		ID: name, Name: name, State: graph.StateEnabled, Created: madeAt.AddDate(-1, 0, 0), ClientAppTypes: []string{"all"},
		Users: graph.PolicyUsers{IncludeUsers: []string{"All"}}, Applications: graph.PolicyApplications{Include: []string{"All"}}, Grant: &graph.Grant{Operator: "OR", Controls: []string{"mfa"}},
	}
	change(&p)
	return p
}

func (f *Facts) policies(all ...graph.Policy) { f.Standing.Policies = analysis.Read(all, nil) }

func TestRows(t *testing.T) {
	if rows, verdict := Of(good()); verdict != AsItShouldBe || slices.ContainsFunc(rows, func(r Row) bool { return r.Mark == Unread || r.Mark == Drift }) {
		t.Fatalf("%s: %+v", verdict, rows)
	}
	withReport := func(f *Facts) { f.Report = said() }
	for name, c := range map[string]struct {
		change    func(*Facts)
		row, mark string
		says      string
		verdict   string // empty: as it should be
	}{
		"gone":         {change: func(f *Facts) { f.User = graph.User{} }, row: "account", mark: Drift, says: "--account"},
		"disabled":     {change: func(f *Facts) { f.User.Enabled = false }, row: "account", mark: Drift, says: "disabled"},
		"must change":  {change: func(f *Facts) { f.User.MustChangePassword = true }, row: "account", mark: Drift, says: "unattended"},
		"renamed":      {change: func(f *Facts) { withReport(f); f.User.UserPrincipalName = "other@contoso.com" }, row: "account", mark: Drift, says: "renamed"},
		"enabled only": {change: func(f *Facts) { f.Standing.PerUser = analysis.Read(graph.MFAEnabled, nil) }, row: "per-user-mfa", mark: Drift, says: "Enforce it"},
		"security defaults": {change: func(f *Facts) {
			f.Standing.PerUser, f.Standing.SecurityDefaults = analysis.Read(graph.MFADisabled, nil), analysis.Read(true, nil)
		}, row: "per-user-mfa", mark: Note, says: "Security defaults"},
		"mfa unread":           {change: func(f *Facts) { f.Standing.PerUser = analysis.Read(graph.MFAState(""), errBroken) }, row: "per-user-mfa", mark: Unread, verdict: NotKnown},
		"only email":           {change: func(f *Facts) { f.Standing.Methods = analysis.Read([]graph.AuthMethod{{Kind: "email"}}, nil) }, row: "factors", mark: Drift, says: "for good"},
		"whose factor":         {change: func(*Facts) {}, row: "factors", mark: Note, says: "the customer's"},
		"factor of the report": {change: withReport, row: "factors", mark: OK},
		"factor since": {change: func(f *Facts) {
			withReport(f)
			f.Standing.Methods = analysis.Read([]graph.AuthMethod{{Kind: "fido2", Name: "Key of the provider", Created: f.Report.MadeAt.Add(time.Hour)}}, nil)
		}, row: "factors", mark: Note, says: "after the report"},
		"factor of a report of the future": {change: func(f *Facts) {
			withReport(f)
			f.Report.MadeAt = now.AddDate(1, 0, 0)
			f.Standing.Methods = analysis.Read([]graph.AuthMethod{{Kind: "fido2", Created: now}}, nil)
		}, row: "factors", mark: Note, says: "that each is the customer's"},
		"role taken": {change: func(f *Facts) { f.Roles = Roles{Assigned: analysis.Read([]graph.RoleAssignment(nil), nil)} }, row: "role", mark: OK},
		"role until": {change: func(f *Facts) {
			f.Roles.Held = analysis.Read([]graph.RoleInstance{{RoleID: graph.GlobalAdministrator, Scope: "/", Ends: now.Add(time.Hour)}}, nil)
		}, row: "role", mark: OK, says: ""},
		"role kept by Entra": {change: func(f *Facts) {
			f.Roles.Held = analysis.Read([]graph.RoleInstance{{RoleID: graph.GlobalAdministrator, Scope: "/", Ends: now.Add(-time.Hour)}}, nil)
		}, row: "role", mark: Drift, says: "last active"},
		"role given since": {change: func(f *Facts) { withReport(f); f.Report.Account.Roles = nil }, row: "role", mark: Drift, says: "given since"},
		"can activate it": {change: func(f *Facts) {
			f.Roles = Roles{Assigned: analysis.Read([]graph.RoleAssignment(nil), nil), Eligible: analysis.Read([]graph.Role{{TemplateID: graph.GlobalAdministrator}}, nil)}
		}, row: "eligible-role", mark: Drift, says: "at any time"},
		"what it can activate unread": {change: func(f *Facts) { f.Roles.Eligible = analysis.Read([]graph.Role(nil), errBroken) }, row: "eligible-role", mark: Unread, verdict: NotKnown},
		"nobody can activate":         {change: func(f *Facts) { f.Roles.Eligible = analysis.Read([]graph.Role(nil), graph.ErrUnlicensed) }, row: "role", mark: Note},
		"no P2":                       {change: func(f *Facts) { f.Roles.Held = analysis.Read([]graph.RoleInstance(nil), graph.ErrUnlicensed) }, row: "role", mark: Note, says: "only the vendor"},
		"setting off":                 {change: func(f *Facts) { f.Service = analysis.Read(graph.MFAServicePolicy{AllowAppPasswordsKnown: true}, nil) }, row: "app-password-setting", mark: Note, says: "go on working"},
		"setting unseen":              {change: func(f *Facts) { f.Service = analysis.Read(graph.MFAServicePolicy{}, errBroken) }, row: "app-password-setting", mark: NotSeen},
		"no apps":                     {change: func(f *Facts) { f.Apps = analysis.Read([]App(nil), nil) }, row: "app", mark: Drift},
		"app gone":                    {change: func(f *Facts) { withReport(f); f.Apps = analysis.Read([]App(nil), nil) }, row: "app", mark: Drift, says: "not there any more"},
		"app off":                     {change: func(f *Facts) { f.app(func(a *App) { a.Enabled = false }) }, row: "app", mark: Drift, says: "switched off"},
		"another app":                 {change: func(f *Facts) { withReport(f); f.app(func(a *App) { a.ID = "other" }) }, row: "app", mark: Drift, says: "came since"},
		"permission taken":            {change: func(f *Facts) { withReport(f); f.app(func(a *App) { a.Permissions = nil }) }, row: "app", mark: Drift, says: "Taken since the report: User.Read.All"},
		"names unread":                {change: func(f *Facts) { withReport(f); f.app(func(a *App) { a.Permissions, a.Unnamed = nil, true }) }, row: "app", mark: Unread, verdict: NotKnown},
		"credential over":             {change: func(f *Facts) { f.At = now.AddDate(2, 0, 0) }, row: "credentials", mark: Drift, says: "can't sign in"},
		"credential ends":             {change: func(f *Facts) { f.At = now.AddDate(1, 0, -29) }, row: "credentials", mark: Drift, says: "within 30 days"},
		"credential warns":            {change: func(f *Facts) { f.At = now.AddDate(1, 0, -80) }, row: "credentials", mark: Note, says: "within 90 days"},
		"the vendor's": {change: func(f *Facts) {
			f.app(func(a *App) { a.Credentials = analysis.Read([]graph.AppCredential(nil), graph.ErrNone) })
		}, row: "credentials", mark: OK, says: "vendor's tenant"},
		"somebody's": {change: func(f *Facts) {
			f.app(func(a *App) {
				a.Credentials, a.Own = analysis.Read([]graph.AppCredential(nil), graph.ErrNone), analysis.Read([]graph.AppCredential{{Ends: now.AddDate(1, 0, 0)}}, nil)
			})
		}, row: "credentials", mark: Drift, says: "acts as Delegate365"},
		"credentials unread": {change: func(f *Facts) {
			f.app(func(a *App) { a.Credentials = analysis.Read([]graph.AppCredential(nil), errBroken) })
		}, row: "credentials", mark: Unread, verdict: NotKnown},
		"credential given since": {change: func(f *Facts) {
			f.app(func(a *App) {
				a.Credentials = analysis.Read([]graph.AppCredential{{ID: "c", Starts: madeAt, Ends: now.AddDate(1, 0, 0)}, {ID: "d", Starts: madeAt.Add(48 * time.Hour), Ends: now.AddDate(1, 0, 0)}}, nil)
			})
		}, row: "credentials", mark: Drift, says: "given a credential since"},
		"report of the future": {change: func(f *Facts) {
			withReport(f)
			f.Report.MadeAt = now.AddDate(1, 0, 0)
			f.policies(policy("P", func(p *graph.Policy) { p.Created, p.Grant.Controls = now, []string{"block"} }))
		}, row: "policy", mark: Drift, says: "is not known"},
		"consents to write": {change: func(f *Facts) {
			f.Consents = analysis.Read([]Consent{{Client: "Tools", Scopes: []string{"User.Read", "User.ReadWrite.All"}, TenantWide: true}}, nil)
		}, row: "consents", mark: Note, says: "User.ReadWrite.All"},
		"excluded": {change: func(f *Facts) {
			f.policies(policy("P", func(p *graph.Policy) { p.Users.ExcludeUsers = []string{ourID} }))
		}, row: "exclusion", mark: Drift, says: "Since when is not known"},
		"excluded, changed": {change: func(f *Facts) {
			f.policies(policy("P", func(p *graph.Policy) { p.Users.ExcludeUsers, p.Modified = []string{ourID}, now.Add(-time.Hour) }))
		}, row: "exclusion", mark: Drift, says: "last changed on 18 Dec 2026"},
		"excluded from another provider's factor": {change: func(f *Facts) {
			f.policies(policy("P", func(p *graph.Policy) {
				p.Users.ExcludeUsers, p.Grant = []string{ourID}, &graph.Grant{Operator: "OR", Custom: []string{"RequireDuoMfa"}}
			}))
		}, row: "exclusion", mark: Drift, says: "The policy demands MFA"},
		"excluded from a control of next year": {change: func(f *Facts) {
			f.policies(policy("P", func(p *graph.Policy) {
				p.Users.ExcludeUsers, p.Grant.Controls = []string{ourID}, []string{"mfaOrPasskey"}
			}))
		}, row: "exclusion", mark: Drift, says: "Whether the policy demands MFA is not known"},
		"excluded from a policy in a state of next year": {change: func(f *Facts) {
			f.policies(policy("P", func(p *graph.Policy) { p.Users.ExcludeUsers, p.State = []string{ourID}, "enabledInStages" }))
		}, row: "exclusion", mark: Drift, says: "Whether the policy demands MFA is not known"},
		"excluded from a block": {change: func(f *Facts) {
			f.policies(policy("P", func(p *graph.Policy) { p.Users.ExcludeUsers, p.Grant.Controls = []string{ourID}, []string{"block"} }))
		}, row: "exclusion", mark: Note, says: "demands no MFA"},
		"excluded on purpose": {change: func(f *Facts) {
			withReport(f)
			f.Report.Leftovers = []report.Leftover{{Kind: "policy-exclusion", ID: "P", What: "in other words"}}
			f.policies(policy("P", func(p *graph.Policy) { p.Users.ExcludeUsers = []string{ourID} }))
		}, row: "exclusion", mark: Note, says: "The report has it"},
		"excluded by role": {change: func(f *Facts) {
			f.policies(policy("P", func(p *graph.Policy) { p.Users.ExcludeRoles = []string{graph.GlobalAdministrator} }))
		}, row: "exclusion", mark: Note, says: "a role of its own"},
		"campaign": {change: func(f *Facts) {
			f.Campaign = analysis.Read(graph.Campaign{Exclude: []graph.CampaignTarget{{ID: ourID}}}, nil)
		}, row: "exclusion", mark: Drift},
		"campaign unread": {change: func(f *Facts) { f.Campaign = analysis.Read(graph.Campaign{}, errBroken) }, row: "exclusion", mark: Unread, verdict: NotKnown},
		"groups unread": {change: func(f *Facts) {
			f.Groups = analysis.Read([]graph.Group(nil), errBroken)
			f.policies(policy("P", func(p *graph.Policy) { p.Users.ExcludeGroups = []string{ourID} }))
		}, row: "exclusion", mark: Unread, verdict: NotKnown},
		"everybody excluded": {change: func(f *Facts) {
			f.policies(policy("P", func(p *graph.Policy) { p.Users.ExcludeRoles = []string{"All"} }))
		}, row: "exclusion", mark: Note, says: "a role of its own"},
		"how it is held unread": {change: func(f *Facts) { f.Roles.Held = analysis.Read([]graph.RoleInstance(nil), errBroken) }, row: "role", mark: Unread, verdict: NotKnown},
		"policies unread":       {change: func(f *Facts) { f.Standing.Policies = analysis.Read([]graph.Policy(nil), errBroken) }, row: "exclusion", mark: Unread, verdict: NotKnown},
		"policies unlicensed":   {change: func(f *Facts) { f.Standing.Policies = analysis.Read([]graph.Policy(nil), graph.ErrUnlicensed) }, row: "policies", mark: OK},
		"policy asks since":     {change: func(f *Facts) { f.policies(policy("P", func(p *graph.Policy) { p.Created = now })) }, row: "policy", mark: Note, says: "asks for MFA"},
		"policy blocks since": {change: func(f *Facts) {
			f.policies(policy("P", func(p *graph.Policy) { p.Created, p.Grant.Controls = now, []string{"block"} }))
		}, row: "policy", mark: Drift, says: "blocks the sign-in"},
		"device or MFA": {change: func(f *Facts) {
			f.policies(policy("P", func(p *graph.Policy) { p.Created, p.Grant.Controls = now, []string{"mfa", "compliantDevice"} }))
		}, row: "policy", mark: Note},
		"device and MFA": {change: func(f *Facts) {
			f.policies(policy("P", func(p *graph.Policy) {
				p.Created, p.Grant.Operator, p.Grant.Controls = now, "AND", []string{"mfa", "compliantDevice"}
			}))
		}, row: "policy", mark: Drift},
		"policy of an old one's name": {change: func(f *Facts) {
			f.policies(policy("P", func(*graph.Policy) {}), policy("Q", func(p *graph.Policy) { p.Name, p.Created, p.Grant.Controls = "P", now, []string{"block"} }))
		}, row: "policy", mark: Drift, says: "blocks the sign-in"},
		"policy stood then": {change: func(f *Facts) { f.policies(policy("P", func(p *graph.Policy) {})) }, row: "policies", mark: OK, says: `"P"`},
		"then not known": {change: func(f *Facts) {
			f.Ours = false
			f.policies(policy("P", func(p *graph.Policy) { p.Grant.Controls = []string{"block"} }))
		}, row: "policy", mark: Drift, says: "is not known"},
		"no licence":         {change: func(f *Facts) { f.Activity = analysis.Read(graph.SignInActivity{}, graph.ErrUnlicensed) }, row: "last-sign-in", mark: NotSeen},
		"never":              {change: func(f *Facts) { f.Activity = analysis.Read(graph.SignInActivity{}, nil) }, row: "last-sign-in", mark: OK},
		"only tried":         {change: func(f *Facts) { f.Activity = analysis.Read(graph.SignInActivity{Tried: now}, nil) }, row: "last-sign-in", mark: Note},
		"password set since": {change: func(f *Facts) { withReport(f); f.Password = analysis.Read(now, nil) }, row: "password", mark: Note, says: "wrong now"},
		"SMTP AUTH is off":   {change: func(f *Facts) { f.At = now.AddDate(0, 1, 0) }, row: "date", mark: Note, says: "switched it on again"},
	} {
		t.Run(name, func(t *testing.T) {
			f := good()
			c.change(&f)
			rows, verdict := Of(f)
			want := c.verdict
			if c.mark == Drift {
				want = Drifted
			} else if want == "" {
				want = AsItShouldBe
			}
			if verdict != want {
				t.Errorf("%s, want %s", verdict, want)
			}
			if !slices.ContainsFunc(rows, func(r Row) bool { return r.ID == c.row && r.Mark == c.mark && strings.Contains(r.Note, c.says) }) {
				t.Errorf("no row %s %s that says %q: %+v", c.row, c.mark, c.says, rows)
			}
		})
	}
}

// Without a person, a refusal is a permission that is missing, and not what the operator may do.
func TestUnreadWithoutAPerson(t *testing.T) {
	f := good()
	f.AppOnly, f.Standing.Methods = true, analysis.Read([]graph.AuthMethod(nil), errors.Join(graph.ErrForbidden))
	if r := factors(f); r.Mark != Unread || r.Note != "The application lacks a permission for it." {
		t.Errorf("%+v", r)
	}
}

// The date of an exclusion is that of the entry which brought the account in, and of no other.
func TestSince(t *testing.T) {
	f := good()
	p := policy("P", func(p *graph.Policy) { p.Users.ExcludeUsers = []string{ourID} })
	entry := func(policy, old, now string) graph.AuditRecord {
		return graph.AuditRecord{At: madeAt, ByName: "ada", Targets: []graph.AuditTarget{{ID: policy, Changes: []graph.AuditChange{{Name: "ConditionalAccessPolicy", Old: old, New: now}}}}}
	}
	for name, c := range map[string]struct {
		entry graph.AuditRecord
		want  string
	}{
		"came in":        {entry("P", `{"excludeUsers":[]}`, `{"excludeUsers":["`+ourID+`"]}`), `Since 27 Nov 2026, by "ada".`},
		"was in already": {entry("P", ourID, ourID), "Since when is not known."},
		"went out":       {entry("P", ourID, ""), "Since when is not known."},
		"other policy":   {entry("Q", "", ourID), "Since when is not known."},
	} {
		f.Updates = analysis.Read([]graph.AuditRecord{c.entry}, nil)
		if got := since(f, &p); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}
