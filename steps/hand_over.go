package steps

import (
	"context"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// handOver enters the app password in Delegate365, tests it, and says what was done and what stays.
type handOver struct{}

func (handOver) Info() Info {
	return Info{
		ID:    HandOver,
		Title: "Hand over",
		Why:   "Delegate365 gets the account and its app password, and tests them against Exchange Online.",
		Actor: You,
		About: 2 * time.Minute,
		Help: []string{
			"In Delegate365, open Administration, then Office 365 account. Enter the service account and the app password, not the account's own password. Choose Save, then Test credentials.",
			"If the test fails, check the user name, and create a new app password. A test can also fail because the tenant has SMTP AUTH switched off.",
			"If your Delegate365 has no page Office 365 account, it works with an app and a certificate, and needs no app password.",
		},
	}
}

const (
	actTested   = "tested"
	actNoPage   = "no-such-page"
	actNewOne   = "new-app-password"
	accountPage = "Administration / Office 365 account"
)

func (s handOver) Inspect(_ context.Context, r *Run, _ func(Event)) (Finding, error) {
	_, user, err := r.account()
	if err != nil {
		return Finding{}, err
	}
	m := r.see()
	if m.tested || m.office == officeNone {
		return s.summary(r, m), nil
	}
	if m.appPassword.IsZero() && !m.appSkipped {
		return Finding{
			Status:  Blocked,
			Text:    []string{"There is no app password to hand over. Create a new one in the step before."},
			Actions: []Action{{ID: ActGo + string(CaptureAppPassword), Label: "Go to Capture app password"}, {ID: actNoPage, Label: "Delegate365 has no such page"}},
		}, nil
	}
	items := []Item{
		{ID: "open", Text: "In Delegate365, open " + accountPage, Opens: m.portal.Base() != ""},
		{ID: "password", Text: "If it asks you to sign in: the account's own password", Copy: m.password},
		{ID: "user-name", Text: "Paste the user name", Copy: graph.NewText(user.UserPrincipalName), Shown: user.UserPrincipalName},
		{ID: "app-password", Text: "Paste the app password (not the own password)", Copy: m.appPassword},
		{ID: "save", Text: "Choose Save"},
		{ID: "test", Text: "Choose Test credentials: it says that the Exchange account is valid"},
	}
	return Finding{
		Status: Waiting,
		Task: &Task{
			Part: PartTestCredentials, Where: "In the private window, as " + user.UserPrincipalName, URL: m.portal.Base(), Private: true, Items: items,
			Watched: "This program can't see that page: say what the test said.",
		},
		Actions: []Action{
			{ID: actTested, Label: "Test credentials succeeded"},
			{ID: actNewOne, Label: "It failed: create a new app password"},
			{ID: actNoPage, Label: "There is no such page"},
		},
	}, nil
}

// summary is the last screen: what was done, what stays, and how long the account was without MFA.
func (handOver) summary(r *Run, m memory) Finding {
	text := "Delegate365 is set up for " + m.org.DisplayName + ". The secrets of this run are wiped when you leave."
	if !m.tested {
		text += " It has no page for credentials, so there were none to test."
	}
	return Finding{
		Status: Done,
		Text:   []string{text},
		Sections: []Section{
			{Title: "Done", Facts: doneRows(m)},
			{Title: "Without MFA", Facts: exposureRows(m)},
			{Title: "Left in the tenant, on purpose", Facts: leftRows(r, m)},
		},
		Actions: []Action{{ID: ActNext, Label: "Finish"}},
	}
}

// doneRows are the steps with what each changed in this run, and whether the tenant was read to show it.
func doneRows(m memory) []Fact {
	var rows []Fact
	for _, step := range All()[2:] {
		row := Fact{Label: step.Info().Title, Value: "no change by this program", Mark: MarkOK}
		verified, open := 0, 0
		for _, e := range m.record {
			switch {
			case e.Step != step.Info().ID || e.Outcome == graph.Refused:
			case e.Verified:
				verified++
				row.Value = clock(e.At) + "  " + count(verified, "change", "changes") + ", read back"
			default:
				open++
			}
		}
		if open > 0 {
			row.Mark, row.Note = MarkNote, count(open, "answer was", "answers were")+" lost on the way; the step read the tenant again before it went on."
		}
		rows = append(rows, row)
	}
	return rows
}

func exposureRows(m memory) []Fact {
	var rows []Fact
	for _, e := range m.closed {
		rows = append(rows, Fact{
			Label: clock(e.Opened) + " to " + clock(e.Closed), Value: span(e.Closed.Sub(e.Opened)) + " of " + span(e.Cap), Mark: MarkOK,
			Note: "Closed: " + e.By + ".",
		})
	}
	if m.exposure != nil {
		rows = append(rows, Fact{Label: "Since " + clock(m.exposure.Opened), Value: "still open", Mark: MarkBlocks, Note: "Go back to Re-enable MFA."})
	}
	if len(rows) == 0 {
		rows = append(rows, Fact{Label: "In this run", Value: "never", Mark: MarkOK})
	}
	return rows
}

// leftRows are the things that stay, and what removing each would take.
func leftRows(r *Run, m memory) []Fact {
	rows := []Fact{
		{Label: "Service account", Value: m.user.UserPrincipalName, Note: "Delegate365 works as this account. Deleting it ends that."},
		{Label: "Global Administrator", Value: "assigned to it", Note: "Whether it may be removed after setup is not known. Ask the vendor; removing it takes one click in Roles."},
		{Label: "Delegate365 apps", Value: "with their permissions", Note: "Under Enterprise applications. Deleting them ends Delegate365's access."},
		{Label: "App password", Value: "of the service account", Note: "Deleted by the account itself on its security info page. A new user password does not end it."},
		{Label: "App-password setting", Value: "allowed", Note: "In the MFA service settings. Delete the app passwords before you turn it off."},
	}
	if id := r.opts.ClientID; id == "" || id == DefaultClientID {
		rows = append(rows, Fact{Label: "Your consent", Value: "Microsoft Graph Command Line Tools", Note: "Under Enterprise applications, Permissions. Remove it there if nobody else uses the tool."})
	}
	return rows
}

// Apply changes nothing: the operator enters the app password in Delegate365.
func (handOver) Apply(context.Context, *Run, func(Event)) error { return nil }

// Undo changes nothing.
func (handOver) Undo(context.Context, *Run, func(Event)) error { return nil }

func (handOver) Answer(r *Run, id string, _ graph.Secret) error {
	switch id {
	case actTested:
		r.set(func(m *memory) { m.tested = true })
	case actNoPage:
		return r.answerOffice(string(officeNone))
	case actNewOne:
		r.set(func(m *memory) {
			m.appPassword.Wipe()
			m.appPassword, m.appSkipped = graph.Secret{}, false
		})
	default:
		return unknownAnswer(id)
	}
	return nil
}
