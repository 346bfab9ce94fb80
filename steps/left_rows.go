package steps

import (
	"errors"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// What an onboarding leaves is one list: the last screen shows it, and the terminal says it.

// accountRows are what the account is without, or keeps, and is nothing that stays.
func accountRows(m *memory, now leftNow) []Fact {
	var rows []Fact
	if now.role.Err() == nil && !now.role.Content().held {
		rows = append(rows, roleStands(m, now.role.Content(), nil))
	}
	if now.factor.none {
		rows = append(rows, now.factor.row)
	}
	return append(rows, keptPassword(m)...)
}

// heldRows are what the account has that stays with it.
func heldRows(m *memory, now leftNow) []Fact {
	var rows []Fact
	if held, err := now.role.Content(), now.role.Err(); err != nil || held.held {
		rows = append(rows, roleStands(m, held, err))
	}
	if factor := now.factor.row; !now.factor.none {
		if factor.Mark == MarkOK {
			factor.Mark = MarkNone
		}
		rows = append(rows, factor)
	}
	return rows
}

// leftRows are the things that stay, as they are read, and what removing each would take. The last screen and the terminal both have them
// from here.
func leftRows(r *Run, m *memory, now leftNow) []Fact {
	account := Fact{Label: phrase.T(accountLabel), Value: m.user.UserPrincipalName, Note: phrase.T("Delegate365 works as this account. Deleting it ends that.")}
	if !ours(m.user) {
		account.Note = phrase.T("Delegate365 works as this account. Disabling it ends that.")
	}
	switch err := now.user.Err(); {
	case errors.Is(err, graph.ErrNotFound):
		account.Value, account.Mark, account.Note = phrase.T("%s is not there", m.user.UserPrincipalName), MarkLook, phrase.T("It was deleted meanwhile, or the tenant does not show it just now.")
	case err != nil:
		account.Value, account.Mark = phrase.T("%s, not read now", m.user.UserPrincipalName), MarkNote
	case !now.user.Content().Enabled:
		account.Value, account.Mark = phrase.T("%s, disabled", m.user.UserPrincipalName), MarkLook
	}
	rows := append(heldRows(m, now), account, leftApps(now))
	gone := errors.Is(now.user.Err(), graph.ErrNotFound)
	if !gone && (!m.secrets.appPassword.IsZero() || m.appPasswords.appSkipped) {
		rows = append(rows, Fact{Label: phrase.T("App password"), Value: phrase.T("of the service account"), Note: phrase.T("Deleted by an administrator in the per-user MFA page, or by the account itself on its security info page. A new user password does not end it.")})
	}
	if value := allowedNow(m, now); value != "" {
		rows = append(rows, Fact{Label: phrase.T("App-password setting"), Value: value, Note: phrase.T("In the MFA service settings, for everybody in the tenant. Delete the app passwords before you turn it off.")})
	}
	if id := r.opts.ClientID; (id == "" || objectid.Same(id, graph.DefaultClientID)) && !m.consentsGone() {
		label := phrase.T("Your consent")
		if len(m.signedIn.before) > 0 {
			label = phrase.T("Consents")
		}
		rows = append(rows, Fact{Label: label, Value: phrase.T("Microsoft Graph Command Line Tools"), Note: phrase.T("Under Enterprise applications, Permissions. Remove it there if nobody else uses the tool.")})
	}
	if m.handed.named != "" {
		rows = append(rows, Fact{Label: phrase.T("Open extension"), Value: phrase.T("of the account, names the report; read back"), Note: phrase.T("It ends with the account.")})
	}
	return rows
}

// heldBefore reports that the account was there before this program, and its role as well, as far as the row is about it.
func heldBefore(r *Run, m *memory, row Fact) bool {
	switch {
	case m.user.ID == "" || ours(m.user):
		return false
	case row.Label == phrase.T(roleLabel):
		return len(m.changes(AssignAdmin)) == 0 && !roleIsOurs(r, m.user)
	}
	return row.Label == phrase.T(accountLabel)
}

const appsLabel phrase.Format = "Delegate365 apps"

func leftApps(now leftNow) Fact {
	row := Fact{Label: phrase.T(appsLabel), Value: phrase.T("none seen"), Mark: MarkLook, Note: phrase.T("Without them Delegate365 has no access.")}
	apps := now.apps.Content()
	granted := !slices.ContainsFunc(apps, func(a app) bool { return len(a.grants) == 0 })
	switch {
	case now.apps.Err() != nil:
		row.Value, row.Mark, row.Note = phrase.T("could not be read"), MarkNote, ""
	case len(apps) > 0 && granted:
		row.Value, row.Mark, row.Note = phrase.T("%s, with permissions", phrase.Count(len(apps), "app", "apps")), MarkNone, phrase.T("Under Enterprise applications. Deleting them ends Delegate365's access.")
	case len(apps) > 0:
		row.Value, row.Note = phrase.T("%s, not all with permissions", phrase.Count(len(apps), "app", "apps")), phrase.T("Under Enterprise applications. Look at their permissions there.")
	}
	return row
}

// allowedNow is how the setting stands; empty where it forbids app passwords, or nobody knows of it.
func allowedNow(m *memory, now leftNow) string {
	switch {
	case now.setting.Err() == nil && now.setting.Content().AllowAppPasswords:
		return phrase.T("allowed")
	case now.setting.Err() != nil && m.allowedHere():
		return phrase.T("allowed by this run; not read now")
	case now.setting.Err() != nil && m.appPasswords.appWord:
		return phrase.T("allowed, as you said")
	}
	return ""
}

// leftSaid are the same rows on the terminal. Once the last screen was there, what wants something has its mark, and why. Before that, what
// setup has not made yet is not missed; and that there is no second factor has a sentence of its own, where this run changed something.
func leftSaid(r *Run, m *memory, now leftNow) (out []Sentence) {
	over := m.handed.at == HandOver
	value := func(row Fact) string {
		said := row.Value
		if heldBefore(r, m, row) {
			said += "; " + phrase.T("it was there before")
		}
		if row.Mark < MarkDecide || !over {
			return said
		}
		said += " (" + row.Mark.Word() + ")"
		if row.Note != "" {
			said += ". " + strings.TrimSuffix(row.Note, ".")
		}
		return said
	}
	saidAlready := len(noFactor(r, m.user, now)) > 0 || m.handed.factorSaid == m.user.UserPrincipalName
	for _, row := range accountRows(m, now) {
		if !over && row.Mark == MarkLook || row.Label == now.factor.row.Label && now.factor.none && saidAlready && len(m.changes("")) > 0 {
			continue
		}
		out = append(out, finding.Remaining.Of(row.Label, row.Value).In("The account now: %s, %s.", row.Label, value(row)))
	}
	for _, row := range leftRows(r, m, now) {
		if !over && row.Label == phrase.T(appsLabel) && now.apps.Err() == nil && len(now.apps.Content()) == 0 {
			continue
		}
		out = append(out, finding.Remaining.Of(row.Label, row.Value).In("Left in the tenant: %s, %s.", row.Label, value(row)))
	}
	return out
}
