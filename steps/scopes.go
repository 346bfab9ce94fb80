package steps

import (
	"context"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// scope is a delegated permission and why it is asked for, as the consent page and this program's screens name it.
// Least privilege per call is Microsoft's own list (microsoft-graph-devx-content, permissions.json).
type scope struct{ name, why string }

// The permissions asked for at sign-in: all of them read only.
var readScopes = []scope{
	{"User.Read", "You and your roles"},
	{"RoleManagement.Read.Directory", "You and your roles"},
	{"Organization.Read.All", "The tenant"},
	{"Domain.Read.All", "The tenant"},
	{"LicenseAssignment.Read.All", "Its licences"},
	{readScore, "Its Secure Score"},
	{"Policy.Read.All", "What demands MFA"},
	{"User.Read.All", "The service account"},
	{"UserAuthenticationMethod.Read.All", "The service account"},
	{"Application.Read.All", "Delegate365's apps"},
	{"Directory.Read.All", "Delegate365's apps"},
	{"AuditLog.Read.All", "Proof of each change"},
}

// scopesToRead are those of readScopes that the run's cloud knows.
func (r *Run) scopesToRead() []scope {
	return slices.DeleteFunc(slices.Clone(readScopes), func(s scope) bool {
		return s.name == readScore && !r.opts.Cloud.HasSecureScore()
	})
}

const readScore = "SecurityEvents.Read.All"

// The permissions that change something, asked for once the plan is accepted, or by the step that turns out to need one.
var (
	writeUsers    = scope{"User.ReadWrite.All", "create the service account"}
	writePassword = scope{"User-PasswordProfile.ReadWrite.All", "set a new password for the service account"}
	writeAsUser   = scope{"Directory.AccessAsUser.All", "reset the password of an account that is already an administrator"}
	writeRoles    = scope{"RoleManagement.ReadWrite.Directory", "assign Global Administrator"}
	writeMFA      = scope{"Policy.ReadWrite.AuthenticationMethod", "set per-user MFA and the app-password setting"}
	writeDefaults = scope{"Policy.ReadWrite.SecurityDefaults", "turn security defaults off while setup runs, and on again"}
	writePolicies = scope{"Policy.ReadWrite.ConditionalAccess", "exclude the account from policies, and take that back"}
)

func scopeNames(scopes []scope) []string {
	names := make([]string, len(scopes))
	for i, s := range scopes {
		names[i] = s.name
	}
	return names
}

// permissionFacts are the permissions by their names, each with what it is for.
func permissionFacts(scopes []scope) []Fact {
	var facts []Fact
	for _, s := range scopes {
		facts = append(facts, Fact{Label: s.name, Value: s.why})
	}
	return facts
}

// scopeFacts are the permissions by what they are for.
func scopeFacts(scopes []scope) []Fact {
	var facts []Fact
	for _, s := range scopes {
		if n := len(facts); n > 0 && facts[n-1].Label == s.why {
			facts[n-1].Value += ", " + s.name
			continue
		}
		facts = append(facts, Fact{Label: s.why, Value: s.name})
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
	if len(missing) == 0 && (len(scopes) == 0 || !client.Lapsed()) {
		return nil
	}
	if len(missing) == 0 {
		missing = scopes // the sign-in is asked for again, with what it is needed for
	}
	report(Event{Text: "Asking for permission to " + phrase.JoinAnd(whys(missing))})
	err = client.Require(ctx, r.prompt(ctx, report, missing), scopeNames(missing)...)
	if err != nil {
		return &Error{
			Op:   "get permission to " + phrase.JoinAnd(whys(missing)),
			Hint: "Nothing was changed by that. " + Explain(err).Next,
			Err:  err,
		}
	}
	report(Event{Text: "Accepted"})
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
func (r *Run) prompt(ctx context.Context, report func(Event), asked []scope) graph.Prompt {
	who := r.see().identity.UserPrincipalName
	where := "In your own browser, with your own admin account"
	if who != "" {
		where = "In your own browser, as " + who
	}
	first := "Sign in with your own admin account, not the service account"
	if len(asked) > 0 {
		first = "Sign in again as " + who + " and accept: " + phrase.JoinAnd(whys(asked))
	}
	return graph.Prompt{
		OpenURL: func(url string) error {
			said, err := r.Open(ctx, url, false)
			task := Task{Part: PartSignIn, Where: where, URL: url, Opened: said, Items: []Item{
				{ID: "open", Text: "Open Microsoft's sign-in page", Opens: true, Done: err == nil},
				{ID: "sign-in", Text: first},
				{ID: "accept", Text: "Read what is asked for, and accept"},
			}, Watched: "Microsoft tells this program as soon as you are done."}
			report(Event{Task: &task})
			return nil
		},
		ShowCode: func(code graph.Code) {
			task := Task{Part: PartDeviceLogin, Where: where, URL: code.URL, Code: code.UserCode, Items: []Item{
				{ID: "open", Text: "Open " + code.URL, Opens: true},
				{ID: "code", Text: "Enter the code", Copy: graph.NewText(code.UserCode), Shown: code.UserCode},
				{ID: "sign-in", Text: first},
				{ID: "accept", Text: "Read what is asked for, and accept"},
			}, Watched: "Microsoft is asked every few seconds. The code is good until " + phrase.Clock(code.Expires) + "."}
			report(Event{Task: &task})
		},
	}
}
