package steps

import (
	"context"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// scope is a delegated permission and why it is asked for, as the consent page and this program's screens name it.
// Least privilege per call is Microsoft's own list (microsoft-graph-devx-content, permissions.json).
type scope = finding.Permission

// The permissions asked for at sign-in: all of them read only.
var readScopes = []scope{
	{Name: "User.Read", Why: "You and your roles"},
	{Name: "RoleManagement.Read.Directory", Why: "You and your roles"},
	{Name: "Organization.Read.All", Why: "The tenant"},
	{Name: "Domain.Read.All", Why: "The tenant"},
	{Name: "LicenseAssignment.Read.All", Why: "Its licences"},
	{Name: readScore, Why: "Its Secure Score"},
	{Name: "Policy.Read.All", Why: "What demands MFA"},
	{Name: "User.Read.All", Why: "The service account"},
	{Name: "UserAuthenticationMethod.Read.All", Why: "The service account"},
	{Name: "Application.Read.All", Why: "Delegate365's apps"},
	{Name: "Directory.Read.All", Why: "Delegate365's apps"},
	{Name: "AuditLog.Read.All", Why: "Proof of each change"},
}

const readScore = "SecurityEvents.Read.All"

// The permissions that change something, asked for once the plan is accepted, or by the step that turns out to need one.
var (
	writeUsers    = scope{Name: "User.ReadWrite.All", Why: "create the service account"}
	changeUsers   = scope{Name: "User.ReadWrite.All", Why: "change the service account"}
	writePassword = scope{Name: "User-PasswordProfile.ReadWrite.All", Why: "set a new password for the service account"}
	writeAsUser   = scope{Name: "Directory.AccessAsUser.All", Why: "reset the password of an account that is already an administrator"}
	writeRoles    = scope{Name: "RoleManagement.ReadWrite.Directory", Why: "assign Global Administrator"}
	removeRoles   = scope{Name: writeRoles.Name, Why: "remove Global Administrator"}
	changeRoleEnd = scope{Name: writeRoles.Name, Why: "change when Global Administrator ends"}
)

// permissionFacts are the permissions by their names, each with what it is for.
func permissionFacts(scopes []scope) []Fact {
	var facts []Fact
	for _, s := range scopes {
		facts = append(facts, Fact{Label: s.Name, Value: phrase.T(s.Why)})
	}
	return facts
}

// scopeFacts are the permissions by what they are for.
func scopeFacts(scopes []scope) []Fact {
	var facts []Fact
	for _, s := range scopes {
		if n := len(facts); n > 0 && facts[n-1].Label == phrase.T(s.Why) {
			facts[n-1].Value += ", " + s.Name
			continue
		}
		facts = append(facts, Fact{Label: phrase.T(s.Why), Value: s.Name})
	}
	return facts
}

// require makes sure that the token carries the scopes. Where the operator has to consent, it shows the task to do so
// and waits.
func (r *Run) require(ctx context.Context, report func(Event), scopes ...scope) error {
	client, err := r.tenant()
	if err != nil {
		return err
	}
	lacking := mfa.Lacking(client, scopes)
	if len(lacking) == 0 {
		return nil
	}
	report(Event{Text: phrase.T("Asking for permission to %s", mfa.Whys(lacking))})
	if err := client.Require(ctx, r.prompt(ctx, report, lacking), mfa.Names(lacking)...); err != nil {
		return mfa.NotGiven(lacking, err)
	}
	r.window.HandOver(ctx, client) // what is lifted next is put back with it, whoever does
	report(Event{Text: phrase.T("Accepted")})
	return nil
}

// prompt shows the page or the code that a sign-in waits for. With asked, it is a consent in mid-run.
func (r *Run) prompt(ctx context.Context, report func(Event), asked []scope) graph.Prompt {
	who := r.snapshot().identity.UserPrincipalName
	where := phrase.T("In your own browser, with your own admin account")
	if who != "" {
		where = phrase.T("In your own browser, as %s", who)
	}
	first := phrase.T("Sign in with your own admin account, not the service account")
	if len(asked) > 0 {
		first = phrase.T("Sign in again as %s, so that this program can: %s", who, mfa.Whys(asked))
	}
	return graph.Prompt{
		Tell: func(words graph.Words) string { return problem.Tell(words) },
		Lead: leads(r),
		OpenURL: func(url string) error {
			page, _, _ := strings.Cut(url, "?")
			redact.Own(page)
			said, err := r.Open(ctx, url, false)
			task := Task{Part: PartSignIn, Where: where, URL: url, Opened: said, Items: []Item{
				{ID: "open", Text: phrase.T("Open Microsoft's sign-in page"), Opens: true, Done: err == nil},
				{ID: "sign-in", Text: first},
				{ID: "accept", Text: phrase.T("Read what is asked for, and accept")},
			}, Watched: phrase.T("Microsoft tells this program as soon as you are done.")}
			report(Event{Task: &task})
			return nil
		},
		ShowCode: func(code graph.Code) {
			redact.Own(code.URL, code.UserCode)
			task := Task{Part: PartDeviceLogin, Where: where, URL: code.URL, Code: code.UserCode, Items: []Item{
				{ID: "open", Text: phrase.T("Open %s", code.URL), Opens: true},
				{ID: "code", Text: phrase.T("Enter the code"), Copy: graph.NewText(code.UserCode), Shown: code.UserCode},
				{ID: "sign-in", Text: first},
				{ID: "accept", Text: phrase.T("Read what is asked for, and accept")},
			}, Watched: phrase.T("Microsoft is asked every few seconds. The code is good until %s.", phrase.Clock(code.Expires))}
			report(Event{Task: &task})
		},
	}
}
