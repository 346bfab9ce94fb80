package steps

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
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
	if said := missedSaid(r.snapshot()).And(journalDoubt(r)); !said.IsZero() {
		f.Notice = said
	}
	if beside, is := errors.AsType[*journal.HeldError](r.recorder.Beside()); is && f.Status == Ready {
		f.Notice = f.Notice.And(finding.Computer.Of("wizard", "beside").In("On this machine another wizard is at work (process %d), or has stopped in the middle. MFA is put back all the same; a setup that runs there ends with it.", beside.PID))
	}
	return f, nil
}

func (restore) find(ctx context.Context, r *Run, report func(Event)) (Finding, error) {
	client, err := r.tenant()
	if err != nil {
		return Finding{}, err
	}
	back := r.snapshot().restored
	var named *window.Leftover
	var unknown error // why there is no account of the name
	left, err := r.window.Look(ctx, window.Search{Client: client, Report: report, PutBack: back, Named: func(ctx context.Context) (*window.Leftover, error) {
		user, err := namedAccount(ctx, r, client, report)
		if unknown = err; err == nil && user.ID != "" {
			named, err = window.Named(ctx, client, user)
		}
		return named, err
	}})
	switch {
	case err != nil && errors.Is(err, unknown):
		r.update(func(m *memory) { m.account.domain = "" }) // it is asked for again
		return Finding{}, err
	case err != nil:
		return Finding{}, err
	case left != nil && left.Ask != nil:
		return asked(*left.Ask), nil
	case left != nil && left.Owes():
		takeOver(r, left)
		return leftOpen(r, left), nil
	case len(back) > 0:
		return offerRemoval(ctx, r, client, areBack(ctx, r, client, back)), nil
	}
	if f, yes, err := halfOffboarded(ctx, r, client); yes || err != nil {
		return f, err
	}
	if named == nil {
		return askForAccount(r.snapshot()), nil
	}
	r.update(func(m *memory) { m.role.after = named.Facts.User })
	return offerRemoval(ctx, r, client, nothingOpen(named)), nil
}

// areBack says of which accounts this run has put MFA back, and which of them have no second factor.
func areBack(ctx context.Context, r *Run, client *graph.Client, all []graph.User) Finding {
	f := nothingLeft(Sentence{})
	f.Text = nil
	for _, u := range all {
		f.Text = append(f.Text, putBackSaid([]graph.User{u})...)
		r.update(func(m *memory) { m.appPasswords.factorSeen = time.Time{} }) // of another account
		f.Text = append(f.Text, noFactor(r, u, readLeft(ctx, r, client, u))...)
	}
	if r.Changed() && OwesReport(r) {
		f.Actions[0].Label = phrase.T("Finish, and write the report")
	}
	return f
}

// putBackSaid says of which accounts this run has put MFA back.
func putBackSaid(all []graph.User) (said []Sentence) {
	for _, u := range all {
		said = append(said, finding.Restored.Of(u.UserPrincipalName, "yes").In("MFA is demanded of %s again. It was read back.", u.UserPrincipalName))
	}
	return said
}

// missedSaid says what the last look for a leftover could not look at; nothing where it looked at everything.
func missedSaid(m *memory) Sentence {
	if len(m.window.Missed) == 0 {
		return Sentence{}
	}
	var why []string
	for _, err := range m.window.Missed {
		why = append(why, strings.TrimSuffix(Explain(err).What, "."))
	}
	return finding.Unread.Of("accounts", "").In("Not every account of earlier runs could be looked at, and one may be open: %s.", phrase.JoinFew(why))
}

// NotLookedAt says that the last look for a window that was left open could not look at every account; nil where it did.
func NotLookedAt(r *Run) error {
	missed := r.window.Snapshot().Missed
	if len(missed) == 0 {
		return nil
	}
	return &Error{Op: "look at every account of earlier runs", Hint: phrase.T("Run restore again later. An account that is known is looked at by its name: --account NAME@DOMAIN."), Err: errors.Join(missed...)}
}

// namedAccount is the account that the operator named; zero before they did, and after it was put back.
func namedAccount(ctx context.Context, r *Run, client *graph.Client, report func(Event)) (graph.User, error) {
	m := r.snapshot()
	name := m.account.String()
	if m.account.domain == "" || slices.ContainsFunc(m.restored, func(u graph.User) bool { return strings.EqualFold(u.UserPrincipalName, name) }) {
		return graph.User{}, nil
	}
	report(Event{Text: phrase.T("Looking for %s", name)})
	user, err := client.Users.User(ctx, name)
	if err != nil {
		return graph.User{}, &Error{Op: "find %s", Of: []any{name}, Hint: phrase.T("Look at the name, and enter it again."), Err: err}
	}
	return user, nil
}

func askForAccount(m *memory) Finding {
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
func lookedAt(m *memory) Sentence {
	none := finding.Opened.Of("", "none")
	if len(m.window.Missed) > 0 {
		return none.In("No window that an earlier run left open is known, as far as this could look.")
	}
	if m.window.Declined {
		return none.In("What the journal on this computer says was left as it is. No window is known from an account in the tenant that carries this program's mark.")
	}
	return none.In("No window that an earlier run left open is known: not in the journal on this computer, and not from an account in the tenant that carries this program's mark.")
}

func nothingOpen(l *window.Leftover) Finding {
	upn := l.Facts.User.UserPrincipalName
	f := nothingLeft(finding.Role.Of(upn, "no").In("Nothing is open: %s is not Global Administrator.", upn))
	switch d, always := mfa.Everywhere(l.Facts.Demands()); {
	case always:
		f.Text = []Sentence{finding.Demanded.Of(upn, "yes").In("Nothing is open: MFA is demanded of %s by %s.", upn, d.Named())}
	case !l.Facts.Account.RolesKnown:
		f.Text = []Sentence{finding.Unread.Of("roles", "").In("Whether %s is Global Administrator could not be read.", upn)}
	}
	f.Sections = []Section{{Facts: demandRows(&l.Facts, nil)}}
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
	r.update(func(now *memory) { now.restored, now.role.after = append(slices.Clone(now.restored), m.user), m.user })
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
