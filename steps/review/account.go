package review

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

func account(f Facts) Row {
	r := Row{ID: "account", Label: phrase.T("Service account"), Value: f.User.UserPrincipalName, Mark: OK}
	switch {
	case f.User.ID == "":
		r.Value, r.Mark, r.Note = phrase.T("not there"), Drift, phrase.T("No account is called %s. If another one is used, name it with --account.", f.Name)
	case !f.User.Enabled:
		r.Mark, r.Note = Drift, phrase.T("It is disabled: Delegate365 can't sign in as it.")
	case f.User.MustChangePassword:
		r.Mark, r.Note = Drift, phrase.T("Its password has to be changed at the next sign-in, which nothing unattended can do.")
	case f.Report != nil && !strings.EqualFold(f.User.UserPrincipalName, f.Report.Account.UserPrincipalName):
		r.Mark, r.Note = Drift, phrase.T("It has been renamed. The report has %s.", f.Report.Account.UserPrincipalName)
	}
	return r
}

// perUserMFA: app passwords come with enforced alone, and nothing else holds wherever the account signs in; unless something does.
func perUserMFA(f Facts) Row {
	id, label := "per-user-mfa", phrase.T("Per-user MFA")
	state, known := f.Standing.PerUser.Value()
	if !known {
		return f.unread(id, label, f.Standing.PerUser.Err())
	}
	r := Row{ID: id, Label: label, Value: analysis.StateWord(state).Spoken, Mark: OK}
	if state == graph.MFAEnforced {
		return r
	}
	demands := analysis.SetupDemands(f.Standing)
	i := slices.IndexFunc(demands, func(d analysis.Demand) bool {
		return d.Everywhere && d.Policy == nil && d.Kind == analysis.SecurityDefaults
	})
	switch {
	case i >= 0:
		r.Mark, r.Note = Note, phrase.T("Security defaults demand MFA of it in its place.")
	case state == graph.MFAEnabled:
		r.Mark, r.Note = Drift, phrase.T("Until it registers, its password alone is good for old protocols. Enforce it.")
	default:
		r.Mark, r.Note = Drift, phrase.T("It was enforced at the end of the onboarding. Enforce it again, in the per-user MFA page.")
	}
	return r
}

// methodNames are the methods' own names, by the kind that Graph has.
var methodNames = map[string]phrase.Format{
	"microsoftAuthenticator": "Microsoft Authenticator", "softwareOath": "authenticator app with codes", "hardwareOath": "hardware token", "phone": "phone",
	"fido2": "passkey", "windowsHelloForBusiness": "Windows Hello for Business", "platformCredential": "platform credential",
	"temporaryAccessPass": "Temporary Access Pass", "email": "email (password reset only)", "qrCodePin": "QR code",
}

// MethodName is a method's own name, or Graph's where this program does not know the kind.
func MethodName(kind string) string {
	if name, known := methodNames[kind]; known {
		return phrase.T(name)
	}
	return phrase.Name(kind)
}

// NamedMethod is a method, what its owner called it, and when it was registered, as far as Graph says so.
func NamedMethod(m graph.AuthMethod) string {
	said := MethodName(m.Kind)
	if m.Name != "" {
		said += " " + phrase.Name(m.Name)
	}
	if !m.Created.IsZero() {
		said += " (" + phrase.T("since %s", phrase.Day(m.Created.Local())) + ")"
	}
	return said
}

func factors(f Facts) Row {
	id, label := "factors", phrase.T("Registered factors")
	methods, known := f.Standing.Methods.Value()
	if !known {
		return f.unread(id, label, f.Standing.Methods.Err())
	}
	var names []string
	strong, late, dated := false, false, f.Report != nil && !then(f).IsZero()
	for _, m := range methods {
		if m.Kind == "password" {
			continue
		}
		names, strong = append(names, NamedMethod(m)), strong || m.Strong()
		late = late || dated && m.Created.After(then(f))
	}
	r := Row{ID: id, Label: label, Value: phrase.JoinAnd(names), Mark: OK}
	switch {
	case len(names) == 0:
		r.Value, r.Mark = phrase.T("none"), Drift
		r.Note = phrase.T("Whoever signs in first with its password registers the second factor.")
	case !strong:
		r.Mark, r.Note = Drift, phrase.T("None of them answers MFA for good.")
	case late:
		r.Mark, r.Note = Note, phrase.T("At least one was registered after the report was made: see that it is the customer's. Whoever holds it can sign in as this account.")
	case !dated:
		r.Mark, r.Note = Note, phrase.T("See that each is the customer's: whoever holds one can sign in as this account.")
	}
	return r
}

// password says how old the password is. Adding an app password does not count as setting it.
func password(f Facts) Row {
	id, label := "password", phrase.T("Password")
	set, known := f.Password.Value()
	switch {
	case !known:
		return f.unread(id, label, f.Password.Err())
	case set.IsZero():
		return Row{ID: id, Label: label, Value: phrase.T("not known when it was set"), Mark: Note}
	}
	r := Row{ID: id, Label: label, Value: phrase.T("set on %s, %s", day(set), phrase.Count(int(f.At.Sub(set)/(24*time.Hour)), "day ago", "days ago")), Mark: OK}
	if f.Report != nil && set.After(f.Report.MadeAt) {
		r.Mark, r.Note = Note, phrase.T("It was set after the report was made. Where Delegate365 stores the one before, it is wrong now.")
	}
	return r
}

// lastSignIn: silence is no fault, because Delegate365 may work through its apps alone.
func lastSignIn(f Facts) Row {
	id, label := "last-sign-in", phrase.T("Last sign-in")
	a, known := f.Activity.Value()
	if !known {
		r := f.unread(id, label, f.Activity.Err())
		if r.Mark == NotSeen {
			r.Note = phrase.T("Only a tenant with Entra ID P1 or P2 says it.")
		}
		return r
	}
	r := Row{ID: id, Label: label, Value: phrase.T("none that Microsoft names"), Mark: OK}
	switch {
	case !a.Succeeded.IsZero():
		r.Value = phrase.T("succeeded on %s", day(a.Succeeded))
	case !a.Tried.IsZero():
		r.Value, r.Mark, r.Note = phrase.T("tried on %s", day(a.Tried)), Note, phrase.T("None has succeeded, as far as Microsoft says.")
	}
	if a.Tried.After(a.Succeeded) && !a.Succeeded.IsZero() && a.Tried.Sub(a.Succeeded) > time.Minute {
		r.Mark, r.Note = Note, phrase.T("The last one by a person, on %s, is not the last that succeeded: it may have failed.", day(a.Tried))
	}
	return r
}

// roles are Global Administrator, which is always a row, and any other one.
func roles(f Facts) []Row {
	id, label := "role", phrase.T("Global Administrator")
	assigned, known := f.Roles.Assigned.Value()
	if !known {
		return []Row{f.unread(id, label, f.Roles.Assigned.Err())}
	}
	held := f.Roles.Held.Content()
	rows := []Row{globalAdministrator(f, Row{ID: id, Label: label}, assigned, held)}
	for _, a := range assigned {
		if a.RoleID == graph.GlobalAdministrator && a.Scope == "/" {
			continue
		}
		r := Row{ID: "other-role", Label: phrase.T("Another role"), Value: roleName(a), Mark: Note, Note: phrase.T("The onboarding gives Global Administrator alone. Look whether it needs this one.")}
		if f.Report != nil && !slices.ContainsFunc(f.Report.Account.Roles, reportRole(a.RoleID)) {
			r.Mark, r.Note = Drift, phrase.T("It was given after the report was made.")
		}
		rows = append(rows, r)
	}
	label = phrase.T("A role that it can activate")
	if err := f.Roles.Eligible.Err(); err != nil && !errors.Is(err, graph.ErrUnlicensed) { // nobody is eligible there
		rows = append(rows, f.unread("eligible-role", label, err))
	}
	for _, e := range f.Roles.Eligible.Content() {
		rows = append(rows, Row{
			ID: "eligible-role", Label: label, Value: roleName(graph.RoleAssignment{RoleID: e.TemplateID, Scope: "/"}), Mark: Drift,
			Note: phrase.T("The onboarding gives none like that: whoever signs in as the account has it at any time."),
		})
	}
	return rows
}

// roleNames are those that administer what the onboarding is about.
// https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
var roleNames = map[string]phrase.Format{
	graph.GlobalAdministrator: "Global Administrator", graph.PrivilegedRoleAdministrator: "Privileged Role Administrator",
	graph.PrivilegedAuthenticationAdministrator: "Privileged Authentication Administrator", graph.UserAdministrator: "User Administrator",
	graph.AuthenticationPolicyAdministrator: "Authentication Policy Administrator", graph.AuthenticationAdministrator: "Authentication Administrator",
	graph.ConditionalAccessAdministrator: "Conditional Access Administrator", graph.SecurityAdministrator: "Security Administrator",
	graph.GlobalReader: "Global Reader", "29232cdf-9323-42fd-ade2-1d097af3e4de": "Exchange Administrator",
}

func roleName(a graph.RoleAssignment) string {
	name := phrase.T(roleNames[a.RoleID])
	if name == "" {
		name = phrase.T("role %s", a.RoleID)
	}
	if a.Scope != "/" {
		name = phrase.T("%s over %s", name, a.Scope)
	}
	return name
}

func globalAdministrator(f Facts, r Row, assigned []graph.RoleAssignment, held []graph.RoleInstance) Row {
	is := func(role, scope string) bool { return objectid.Same(role, graph.GlobalAdministrator) && scope == "/" }
	direct := slices.ContainsFunc(assigned, func(a graph.RoleAssignment) bool { return is(a.RoleID, a.Scope) })
	i := slices.IndexFunc(held, func(h graph.RoleInstance) bool { return is(h.RoleID, h.Scope) })
	before := f.Report != nil && slices.ContainsFunc(f.Report.Account.Roles, reportRole(graph.GlobalAdministrator))
	r.Mark = OK
	switch err := f.Roles.Held.Err(); {
	case err != nil && !errors.Is(err, graph.ErrUnlicensed): // whether it ends, or comes through a group, stands there alone
		r = f.unread(r.ID, r.Label, err)
	case !direct && i < 0:
		r.Value = phrase.T("not assigned")
		if before {
			r.Note = phrase.T("It was taken since the report was made.")
		}
	case i >= 0 && !held[i].Ends.IsZero() && held[i].Ends.Before(f.At):
		r.Value, r.Mark = phrase.T("still there, although it ended on %s", day(held[i].Ends)), Drift
		r.Note = phrase.T("Entra keeps the last active Global Administrator. Remove it by hand, once another one is there.")
	case i >= 0 && !held[i].Ends.IsZero():
		r.Value = phrase.T("until %s UTC, then Entra removes it", day(held[i].Ends)+held[i].Ends.UTC().Format(" 15:04"))
	case i >= 0 && !direct:
		r.Value, r.Mark, r.Note = phrase.T("through a group"), Note, phrase.T("The onboarding assigns it directly.")
	default:
		r.Value, r.Mark = phrase.T("permanent"), Note
		r.Note = phrase.T("Delegate365 needs it for setup; whether it needs it after that, only the vendor can say. Remove it where it does not.")
	}
	if f.Report != nil && !before && (direct || i >= 0) {
		r.Mark, r.Note = Drift, phrase.T("The report does not have it: it was given since.")
	}
	return r
}
