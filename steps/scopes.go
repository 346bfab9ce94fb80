package steps

import (
	"context"
	"slices"

	"delegate365-onboard/graph"
)

// scope is a delegated permission and why it is asked for, as the consent page and this program's screens name it.
// Least privilege per call is Microsoft's own list (microsoft-graph-devx-content, permissions.json).
type scope struct{ name, why string }

// The permissions asked for at sign-in: all of them read only.
var readScopes = []scope{
	{"User.Read", "who you are"},
	{"User.Read.All", "whether the service account exists"},
	{"Organization.Read.All", "the tenant's name"},
	{"Domain.Read.All", "which domains the account can use"},
	{"LicenseAssignment.Read.All", "whether Conditional Access is licensed"},
	{"RoleManagement.Read.Directory", "your roles and the account's"},
	{"Policy.Read.All", "what demands MFA"},
	{"UserAuthenticationMethod.Read.All", "which methods the account registered"},
	{"Application.Read.All", "the Delegate365 apps"},
	{"Directory.Read.All", "the permissions granted to them"},
	{"AuditLog.Read.All", "the audit entries that prove each change"},
	{"SecurityEvents.Read.All", "the Secure Score"},
}

// The permissions that change something, each asked for by the first step that needs it.
var (
	writeUsers    = scope{"User.ReadWrite.All", "create the service account"}
	writePassword = scope{"User-PasswordProfile.ReadWrite.All", "set a new password for the service account"}
	writeAsUser   = scope{"Directory.AccessAsUser.All", "reset the password of an account that is already an administrator"}
	writeRoles    = scope{"RoleManagement.ReadWrite.Directory", "assign Global Administrator"}
	writeMFA      = scope{"Policy.ReadWrite.AuthenticationMethod", "set per-user MFA and allow app passwords"}
	writePolicies = scope{"Policy.ReadWrite.ConditionalAccess", "exclude the account from policies, and take that back"}
)

func scopeNames(scopes []scope) []string {
	names := make([]string, len(scopes))
	for i, s := range scopes {
		names[i] = s.name
	}
	return names
}

func scopeFacts(scopes []scope) []Fact {
	facts := make([]Fact, len(scopes))
	for i, s := range scopes {
		facts[i] = Fact{Label: s.name, Value: s.why}
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
	granted := client.Granted()
	missing := slices.DeleteFunc(slices.Clone(scopes), func(s scope) bool { return slices.Contains(granted, s.name) })
	if len(missing) == 0 {
		return nil
	}
	report(Event{Text: "Asking for permission to " + joinAnd(whys(missing))})
	err = client.Require(ctx, r.prompt(report, missing), scopeNames(missing)...)
	if err != nil {
		return &Error{
			Op:   "get permission to " + joinAnd(whys(missing)),
			Hint: "Nothing was changed. Try again, and accept the permissions on Microsoft's page; an administrator of the tenant has to do it.",
			Err:  err,
		}
	}
	return nil
}

func whys(scopes []scope) []string {
	out := make([]string, len(scopes))
	for i, s := range scopes {
		out[i] = s.why
	}
	return out
}

// prompt shows the page or the code that a sign-in waits for. With asked, it is a consent in mid-run.
func (r *Run) prompt(report func(Event), asked []scope) graph.Prompt {
	who := r.see().identity.UserPrincipalName
	where := "In your own browser, with your own admin account"
	if who != "" {
		where = "In your own browser, as " + who
	}
	first := "Sign in with your own admin account, not the service account"
	if len(asked) > 0 {
		first = "Sign in again as " + who + " and accept: " + joinAnd(whys(asked))
	}
	return graph.Prompt{
		OpenURL: func(url string) error {
			task := Task{Part: PartSignIn, Where: where, URL: url, Items: []Item{
				{ID: "open", Text: "Open Microsoft's sign-in page", Opens: true, Done: r.OpenURL(url) == nil},
				{ID: "sign-in", Text: first},
				{ID: "accept", Text: "Read what is asked for, and accept"},
			}, Watched: "Microsoft tells this program as soon as you are done."}
			report(Event{Task: &task})
			return nil
		},
		ShowCode: func(code graph.Code) {
			task := Task{Part: PartDeviceLogin, Where: where, URL: code.URL, Code: code.UserCode, Items: []Item{
				{ID: "open", Text: "Open " + code.URL, Opens: true},
				{ID: "code", Text: "Enter the code", Copy: graph.NewSecret(code.UserCode), Shown: code.UserCode},
				{ID: "sign-in", Text: first},
				{ID: "accept", Text: "Read what is asked for, and accept"},
			}, Watched: "Microsoft is asked every few seconds. The code is good until " + clock(code.Expires) + "."}
			report(Event{Task: &task})
		},
	}
}
