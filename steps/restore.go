package steps

import (
	"context"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// restore closes an exposure window without the onboarding: one that an earlier run left open, from the journal of this
// computer or as the tenant shows it, or that of an account the operator names.
type restore struct{}

// Restore is the sign-in and the closing of a window that was left open.
func Restore() []Step {
	return []Step{instrumented{signIn{next: phrase.T("Look for an open window"), reads: restoreReads}}, instrumented{restore{}}}
}

// restoreReads are the permissions to read that finding and closing a window takes, and most of its report. To change a Conditional
// Access policy takes Application.Read.All as well
// (https://learn.microsoft.com/graph/api/conditionalaccesspolicy-update#permissions).
var restoreReads = map[string]bool{
	"User.Read": true, "RoleManagement.Read.Directory": true, "Organization.Read.All": true, "Policy.Read.All": true,
	"User.Read.All": true, "UserAuthenticationMethod.Read.All": true, "Application.Read.All": true, "AuditLog.Read.All": true,
}

func (restore) Info() Info {
	return Info{
		ID:    PutMFABack,
		Title: phrase.T("Put MFA back"),
		Why:   finding.Advice("An onboarding that was interrupted can leave the service account Global Administrator without MFA. This puts it back. Anything else is asked first."),
		Actor: You,
		About: time.Minute,
		Help: []string{
			phrase.T("The journal on this computer knows which account was left open, since when, and what was suspended. On another computer the tenant is asked for accounts of this program, and you can name any other."),
			phrase.T("Per-user MFA is turned on first, because that closes the gap at once. Then the account is taken out of the excluded users of each policy that demands MFA. The list is read a moment before, and other people's changes to it stay."),
		},
	}
}

// Inspect says in every finding that no journal is kept, where none can be, that somebody changed it, and that another wizard is at work.
func (s restore) Inspect(ctx context.Context, r *Run, report func(Event)) (Finding, error) {
	f, err := s.find(ctx, r, report)
	if err != nil {
		return f, err
	}
	if said := journalDoubt(r); !said.IsZero() {
		f.Notice = said
	}
	if beside := r.recorder.Beside(); beside != nil && f.Status == Ready {
		f.Notice = f.Notice.And(finding.Computer.Of("wizard", "beside").In("On this machine %s, or has stopped in the middle. MFA is put back all the same; a setup that runs there ends with it.", beside.Error()))
	}
	return f, nil
}

func (restore) find(ctx context.Context, r *Run, report func(Event)) (Finding, error) {
	client, err := r.tenant()
	if err != nil {
		return Finding{}, err
	}
	if done := r.snapshot().restored; done != "" {
		f := nothingLeft(finding.Restored.Of(done, "yes").In("MFA is demanded of %s again. It was read back.", done))
		return offerRemoval(ctx, r, client, f), nil
	}
	left, err := r.window.Look(ctx, client, report)
	if err == nil && left == nil {
		left, err = namedLeftover(ctx, r, client, report)
	}
	switch {
	case err != nil:
		return Finding{}, err
	case left != nil && left.Ask != nil:
		return asked(*left.Ask), nil
	case left != nil && left.Owes():
		takeOver(r, left)
		return leftOpen(r, left), nil
	}
	if f, yes, err := halfOffboarded(ctx, r, client); yes || err != nil {
		return f, err
	}
	if left == nil {
		return askForAccount(r.snapshot()), nil
	}
	r.update(func(m *memory) { m.role.after = left.Facts.User })
	return offerRemoval(ctx, r, client, nothingOpen(left)), nil
}

// namedLeftover is the account that the operator named, as it stands; nil before they did.
func namedLeftover(ctx context.Context, r *Run, client *graph.Client, report func(Event)) (*window.Leftover, error) {
	m := r.snapshot()
	if m.account.domain == "" {
		return nil, nil
	}
	report(Event{Text: phrase.T("Looking for %s", m.account.String())})
	user, err := client.Users.User(ctx, m.account.String())
	if err != nil {
		r.update(func(m *memory) { m.account.domain = "" })
		return nil, &Error{Op: "find %s", Of: []any{m.account.String()}, Hint: phrase.T("Look at the name, and enter it again."), Err: err}
	}
	return r.window.Named(ctx, client, user)
}

func askForAccount(m memory) Finding {
	return Finding{
		Status: Ready,
		Text: []Sentence{
			lookedAt(m),
			finding.Advice("If another account was used, name it."),
		},
		Fields:  []Field{{ID: ansAccount, Label: phrase.T("Service account"), Value: suggestedName + "@" + m.org.DefaultDomain}},
		Actions: []Action{{ID: ActRetry, Label: phrase.T("Look at this account")}, {ID: ActLeave, Label: phrase.T("Leave")}},
	}
}

// lookedAt says what was looked at.
func lookedAt(m memory) Sentence {
	none := finding.Opened.Of("", "none")
	if m.window.Declined {
		return none.In("What the journal on this computer says was left as it is. No window is known from an account in the tenant that this program made.")
	}
	return none.In("No window that an earlier run left open is known: not in the journal on this computer, and not from an account in the tenant that this program made.")
}

func nothingOpen(l *window.Leftover) Finding {
	upn := l.Facts.User.UserPrincipalName
	f := nothingLeft(finding.Role.Of(upn, "no").In("Nothing is open: %s is not Global Administrator.", upn))
	if d, always := mfa.Everywhere(l.Facts.Demands()); always {
		f.Text = []Sentence{finding.Demanded.Of(upn, "yes").In("Nothing is open: MFA is demanded of %s by %s.", upn, d.Named())}
	}
	f.Sections = []Section{{Facts: demandRows(l.Facts, nil)}}
	for i := range f.Sections[0].Facts {
		f.Sections[0].Facts[i].Note = ""
	}
	return f
}

func nothingLeft(text Sentence) Finding {
	return Finding{Status: Done, Text: []Sentence{text}, Actions: []Action{{ID: ActNext, Label: phrase.T("Finish")}}}
}

// Plan is empty: what was left open is shown as it is found.
func (restore) Plan(Situation) Planned { return Planned{} }

func (restore) Apply(ctx context.Context, r *Run, report func(Event)) error {
	m := r.snapshot()
	if m.window.Leftover == nil && !m.role.decided() {
		return putTakenBack(ctx, r, report)
	}
	if m.window.Leftover == nil {
		return applyRole(ctx, r, m.role.after, PutMFABack, report)
	}
	if err := putLeftoverBack(ctx, r, report, PutMFABack); err != nil {
		return err
	}
	r.update(func(now *memory) { now.restored, now.role.after = m.user.UserPrincipalName, m.user })
	return nil
}

func (restore) Answer(r *Run, id string, value graph.Secret) error {
	if answerClaim(r, id) || answerLeftover(r, id) {
		return nil
	}
	if mine, err := answerRole(r, id, value); mine {
		return err
	}
	if id == actLeaveTakenOut {
		r.update(func(m *memory) { m.choices.offboard.stays = true })
		return nil
	}
	if id != ansAccount {
		return unknownAnswer(id)
	}
	name, err := parseAccountName(strings.TrimSpace(value.Reveal()))
	if err != nil {
		return err
	}
	if name.domain == "" {
		name.domain = r.snapshot().org.DefaultDomain
	}
	r.update(func(m *memory) { m.account = name })
	return nil
}
