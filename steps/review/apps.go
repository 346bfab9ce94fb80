package review

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

const (
	appID                  = "app"
	appLabel phrase.Format = "Delegate365 app"
	// soon is how long before a credential ends somebody has to act, and warned when it is said.
	soon   = 30 * 24 * time.Hour
	warned = 90 * 24 * time.Hour
)

// apps are a row for each application of Delegate365's, with one for its credentials, and one for each that is gone.
func apps(f Facts) []Row {
	all, known := f.Apps.Value()
	if !known {
		return []Row{f.unread(appID, phrase.T(appLabel), f.Apps.Err())}
	}
	var rows []Row
	for _, a := range all {
		rows = append(rows, app(f, a), credentials(f, a))
	}
	if f.Report != nil {
		for _, said := range f.Report.Vendor.Apps {
			if !slices.ContainsFunc(all, func(a App) bool { return objectid.Same(a.ID, said.ID) }) {
				rows = append(rows, Row{ID: appID, Label: phrase.T(appLabel), Value: phrase.Name(said.Name), Mark: Drift, Note: phrase.T("The report has it, and it is not there any more. Running setup again makes new ones.")})
			}
		}
	}
	if len(rows) == 0 {
		rows = []Row{{ID: appID, Label: phrase.T(appLabel), Value: phrase.T("none"), Mark: Drift, Note: phrase.T("No application is called Delegate365. Without its apps it can do nothing here.")}}
	}
	return rows
}

func app(f Facts, a App) Row {
	r := Row{ID: appID, Label: phrase.T(appLabel), Mark: OK, Value: phrase.Name(a.Name) + ", " + phrase.Count(len(a.Permissions), "permission", "permissions")}
	if !a.Enabled {
		r.Mark, r.Note = Drift, phrase.T("It is switched off: it gets no token.")
		return r
	}
	if f.Report == nil {
		r.Note = phrase.T("Its permissions are compared with a report only.")
		return r
	}
	i := slices.IndexFunc(f.Report.Vendor.Apps, func(said report.App) bool { return objectid.Same(said.ID, a.ID) })
	if i < 0 {
		r.Mark, r.Note = Drift, phrase.T("The report does not have this app: it came since. Setup run again makes new ones.")
		return r
	}
	more, fewer := minus(a.Permissions, f.Report.Vendor.Apps[i].Permissions), minus(f.Report.Vendor.Apps[i].Permissions, a.Permissions)
	var notes []string
	if len(more) > 0 {
		notes = append(notes, phrase.T("Given since the report: %s.", phrase.JoinFew(more)))
	}
	if len(fewer) > 0 {
		notes = append(notes, phrase.T("Taken since the report: %s.", phrase.JoinFew(fewer)))
	}
	switch {
	case a.Unnamed && len(notes) > 0: // an id and a name are no difference
		r.Mark, r.Note = Unread, phrase.T("The names of its permissions could not all be read, so that they can't be compared.")
	case len(notes) > 0:
		r.Mark, r.Note = Drift, strings.Join(notes, " ")
	default:
		r.Note = phrase.T("As in the report.")
	}
	return r
}

// minus are the permissions of a that b has not, by their names.
func minus(a, b []report.Permission) []string {
	var out []string
	for _, p := range a {
		if !slices.ContainsFunc(b, func(other report.Permission) bool { return other == p }) {
			out = append(out, p.Name+" ("+permissionKind(p)+", "+p.API+")")
		}
	}
	slices.Sort(out)
	return out
}

func permissionKind(p report.Permission) string {
	if p.Kind == "application" {
		return phrase.T("application")
	}
	return phrase.T("delegated")
}

// credentials says when what an application signs in with ends. Of a vendor's own application only the vendor can say it.
func credentials(f Facts, a App) Row {
	r := Row{ID: "credentials", Label: phrase.T("Credentials of %s", phrase.Name(a.Name)), Mark: OK}
	own, read := f.credentialsOf(a)
	switch {
	case read != nil && errors.Is(read, graph.ErrNone) && len(own) == 0:
		r.Value, r.Note = phrase.T("the vendor's to renew"), phrase.T("The application is registered in the vendor's tenant, where alone they can be read.")
		return r
	case read != nil && !errors.Is(read, graph.ErrNone):
		return f.unread(r.ID, r.Label, read)
	case len(own) == 0:
		r.Value, r.Mark, r.Note = phrase.T("none"), Drift, phrase.T("It can't sign in without one.")
		return r
	}
	ends := own[0].Ends
	for _, c := range own {
		if !c.Ends.IsZero() && (ends.IsZero() || c.Ends.After(ends)) {
			ends = c.Ends
		}
	}
	r.Value = phrase.T("%s, good until %s", phrase.Count(len(own), "credential", "credentials"), day(ends))
	switch left := ends.Sub(f.At); {
	case ends.IsZero():
		r.Value, r.Mark = phrase.Count(len(own), "credential", "credentials"), Note
		r.Note = phrase.T("Microsoft does not say when they end.")
	case left <= 0:
		r.Value, r.Mark, r.Note = phrase.T("ended on %s", day(ends)), Drift, phrase.T("Delegate365 can't sign in with it any more. Run its setup again, or ask the vendor.")
	case left <= soon:
		r.Mark, r.Note = Drift, phrase.T("It ends within 30 days. Run Delegate365's setup again, or ask the vendor, before that.")
	case left <= warned:
		r.Mark, r.Note = Note, phrase.T("It ends within 90 days.")
	}
	if began := then(f); !began.IsZero() && slices.ContainsFunc(own, func(c graph.AppCredential) bool { return c.Starts.After(began) }) {
		r.Mark, r.Note = Drift, strings.TrimSpace(r.Note+" "+phrase.T("It was given a credential since the onboarding: ask the vendor whether that is its own. Whoever holds it acts as Delegate365."))
	}
	if added := a.Own.Content(); len(added) > 0 {
		r.Mark, r.Note = Drift, strings.TrimSpace(r.Note+" "+phrase.T("Somebody gave the app a credential of its own in this tenant: whoever holds it acts as Delegate365."))
	}
	return r
}

// credentialsOf are all that the application can sign in with here; the error is that of the registration, or of the principal.
func (f Facts) credentialsOf(a App) ([]graph.AppCredential, error) {
	own := slices.Clone(a.Own.Content())
	if err := a.Own.Err(); err != nil {
		return own, err
	}
	return append(own, a.Credentials.Content()...), a.Credentials.Err()
}

// consents are what the client that this program signs in with may still do in the tenant.
func consents(f Facts) Row {
	id, label := "consents", phrase.T("Consents of this program")
	all, known := f.Consents.Value()
	if !known {
		return f.unread(id, label, f.Consents.Err())
	}
	var scopes, writing []string
	wide := false
	for _, c := range all {
		wide = wide || c.TenantWide
		for _, s := range c.Scopes {
			if slices.Contains(scopes, s) {
				continue
			}
			scopes = append(scopes, s)
			if strings.Contains(s, "Write") || strings.Contains(s, "AccessAsUser") {
				writing = append(writing, s)
			}
		}
	}
	r := Row{ID: id, Label: label, Value: phrase.Count(len(scopes), "permission", "permissions"), Mark: OK}
	switch {
	case len(scopes) == 0:
		r.Value = phrase.T("none")
	case len(writing) > 0:
		slices.Sort(writing)
		r.Mark, r.Note = Note, phrase.T("Among them, to change something: %s. Where nothing else of the customer's relies on them, take them back: Enterprise applications, %s, Permissions.", phrase.JoinAnd(writing), phrase.Name(all[0].Client))
	}
	if wide && len(scopes) > 0 {
		r.Note = strings.TrimSpace(phrase.T("They hold for everybody who signs in to %s here.", phrase.Name(all[0].Client)) + " " + r.Note)
	}
	return r
}
