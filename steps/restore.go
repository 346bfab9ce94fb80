package steps

import (
	"context"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// restore closes an exposure window without the onboarding: one that an earlier run left open, from the journal of this
// computer or as the tenant shows it, or that of an account the operator names.
type restore struct{}

// Restore is the sign-in and the closing of a window that was left open.
func Restore() []Step {
	return []Step{instrumented{signIn{next: "Look for an open window"}}, instrumented{restore{}}}
}

func (restore) Info() Info {
	return Info{
		ID:    PutMFABack,
		Title: "Put MFA back",
		Why:   "An onboarding that was interrupted can leave the service account Global Administrator without MFA. This puts it back, and changes nothing else.",
		Actor: You,
		About: time.Minute,
		Help: []string{
			"The journal on this computer knows which account was left open, since when, and what was suspended. On another computer the tenant is asked for accounts of this program, and you can name any other.",
			"Per-user MFA is turned on first, because that closes the gap at once. Then the account is taken out of the excluded users of each policy that demands MFA. The list is read a moment before, and other people's changes to it stay.",
		},
	}
}

// Inspect says in every finding that no journal is kept, where none can be, that somebody changed it, and that another wizard is at work.
func (s restore) Inspect(ctx context.Context, r *Run, report func(Event)) (Finding, error) {
	f, err := s.find(ctx, r, report)
	if err != nil {
		return f, err
	}
	if said := r.recorder.Doubt(); said != "" {
		f.Notice = said
	}
	if beside := r.recorder.Beside(); beside != nil && f.Status == Ready {
		f.Notice = strings.TrimSpace(f.Notice + " On this machine " + beside.Error() + ", or has stopped in the middle. MFA is put back all the same; a setup that runs there ends with it.")
	}
	return f, nil
}

func (restore) find(ctx context.Context, r *Run, report func(Event)) (Finding, error) {
	client, err := r.tenant()
	if err != nil {
		return Finding{}, err
	}
	if done := r.see().restored; done != "" {
		return nothingLeft("MFA is demanded of " + done + " again. It was read back."), nil
	}
	left, err := r.lookForLeftover(ctx, client, report)
	if err == nil && left == nil {
		left, err = r.namedLeftover(ctx, client, report)
	}
	switch {
	case err != nil:
		return Finding{}, err
	case left != nil && left.ask != nil:
		return left.ask.finding(), nil
	case left == nil:
		return askForAccount(r.see()), nil
	case left.owes():
		r.takeOver(left)
		return r.leftOpen(left), nil
	}
	return nothingOpen(left), nil
}

// namedLeftover is the account that the operator named, as it stands; nil before they did.
func (r *Run) namedLeftover(ctx context.Context, client *graph.Client, report func(Event)) (*leftover, error) {
	m := r.see()
	if m.account.domain == "" {
		return nil, nil
	}
	report(Event{Text: "Looking for " + m.account.String()})
	user, err := client.User(ctx, m.account.String())
	if err != nil {
		r.set(func(m *memory) { m.account.domain = "" })
		return nil, &Error{Op: "find " + m.account.String(), Hint: "Look at the name, and enter it again.", Err: err}
	}
	l, err := r.leftoverOf(ctx, client, user)
	if err != nil {
		return nil, err
	}
	owed, _ := owedExclusions(l.facts.list(), nil, user.ID)
	for _, p := range owed {
		l.owed = append(l.owed, exclusion{p.ID, p.Name})
	}
	return &l, nil
}

func askForAccount(m memory) Finding {
	return Finding{
		Status: Ready,
		Text: []string{
			known(m),
			"If another account was used, name it.",
		},
		Fields:  []Field{{ID: ansAccount, Label: "Service account", Value: suggestedName + "@" + m.org.DefaultDomain}},
		Actions: []Action{{ID: ActRetry, Label: "Look at this account"}, {ID: ActLeave, Label: "Leave"}},
	}
}

// known says what was looked at.
func known(m memory) string {
	if len(m.declined) > 0 {
		return "What the journal on this computer says was left as it is. No window is known from an account in the tenant that this program made."
	}
	return "No window that an earlier run left open is known: not in the journal on this computer, and not from an account in the tenant that this program made."
}

func nothingOpen(l *leftover) Finding {
	f := nothingLeft("Nothing is open: " + l.facts.user.UserPrincipalName + " is not Global Administrator.")
	if d, always := everywhere(demandsOn(l.facts)); always {
		f.Text = []string{"Nothing is open: " + d.Named() + " demands MFA of " + l.facts.user.UserPrincipalName + "."}
	}
	f.Sections = []Section{{Facts: demandRows(l.facts, nil)}}
	for i := range f.Sections[0].Facts {
		f.Sections[0].Facts[i].Note = ""
	}
	return f
}

func nothingLeft(text string) Finding {
	return Finding{Status: Done, Text: []string{text}, Actions: []Action{{ID: ActNext, Label: "Finish"}}}
}

func (restore) Apply(ctx context.Context, r *Run, report func(Event)) error {
	m := r.see()
	if !m.left {
		return nil
	}
	if err := r.putLeftoverBack(ctx, report, PutMFABack); err != nil {
		return err
	}
	r.set(func(now *memory) { now.restored = m.user.UserPrincipalName })
	return nil
}

// Undo takes nothing back: an account without MFA is never wanted.
func (restore) Undo(context.Context, *Run, func(Event)) error { return nil }

func (restore) Answer(r *Run, id string, value graph.Secret) error {
	if r.answerClaim(id) || r.answerLeftover(id) {
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
		name.domain = r.see().org.DefaultDomain
	}
	r.set(func(m *memory) { m.account = name })
	return nil
}
