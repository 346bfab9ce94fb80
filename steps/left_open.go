package steps

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// What an earlier run left open, as the first screens say it: what there is to do about it, and what is asked first.

// The two answers by which what was found is somebody's intention.
const actKeepExclusions, actKeepDefaults = "keep-exclusions", "keep-defaults"

// answerLeftover takes them.
func answerLeftover(r *Run, id string) bool {
	switch id {
	case actKeepExclusions:
		r.window.KeepExclusions()
	case actKeepDefaults:
		r.window.KeepDefaults()
	default:
		return false
	}
	if _, open := r.Exposure(); !open {
		r.update(func(m *memory) { m.user, m.found = graph.User{}, nil })
	}
	return true
}

// The prefixes of the two answers to a claim.
const believes, declines = "believe:", "decline:"

// asked is the question about something that only the journal says.
func asked(c window.Claim) Finding {
	return Finding{
		Status: Blocked,
		Text:   append(slices.Clone(c.Text), finding.Advice("Nothing is changed before you say so.")),
		Actions: []Action{
			{ID: declines + c.ID, Label: phrase.T("Leave it as it is")},
			{ID: believes + c.ID, Label: c.Yes},
			{ID: ActLeave, Label: phrase.T("Leave")},
		},
	}
}

// answerClaim takes the answer to a claim, and reports whether it is one.
func answerClaim(r *Run, id string) bool {
	if c, ok := strings.CutPrefix(id, believes); ok {
		r.window.Believe(c)
		return true
	}
	if c, ok := strings.CutPrefix(id, declines); ok {
		r.window.Decline(c)
		return true
	}
	return false
}

// takeOver makes the leftover what this run works on until it is closed.
func takeOver(r *Run, l *window.Leftover) {
	r.window.TakeOver(l)
	r.update(func(m *memory) { m.user, m.found = l.Facts.User, nil })
}

// putLeftoverBack closes what was left open.
func putLeftoverBack(ctx context.Context, r *Run, report func(Event), step ID) error {
	_, user, err := r.account()
	if err != nil {
		return err
	}
	if err := r.window.PutBack(ctx, user, step, report); err != nil {
		return err
	}
	r.update(func(m *memory) { m.user, m.found = graph.User{}, nil })
	return nil
}

// leftOpen says it with what has to be said of the journal.
func leftOpen(r *Run, l *window.Leftover) Finding {
	m := r.snapshot()
	f := leftoverFinding(l, m)
	takes := m.window.Owed.Permissions()
	if !signInFirst(r, &f.Actions[0], takes[:1]) {
		f.Text = append(f.Text, askedMeanwhile(r, takes))
	}
	f.Notice = journalDoubt(r)
	return f
}

// signInFirst has the key say that it signs in first, where what it takes was not accepted yet, and reports whether it does.
func signInFirst(r *Run, apply *Action, takes []scope) bool {
	client, err := r.tenant()
	if err != nil || len(mfa.Lacking(client, takes)) == 0 {
		return false
	}
	apply.Label = phrase.T("Sign in, then: %s", apply.Label)
	return true
}

// askedMeanwhile says what Microsoft asks for beside what is put back at once.
func askedMeanwhile(r *Run, takes []scope) Sentence {
	client, err := r.tenant()
	if err != nil {
		return Sentence{}
	}
	lacking := mfa.Lacking(client, takes)
	if len(lacking) == 0 {
		return grantedBefore(takes)
	}
	why := mfa.Whys(lacking)
	return finding.Outside.Of("permissions", why).In("Per-user MFA is put back at once. Meanwhile Microsoft asks you to sign in once more, so that this program can: %s.", why)
}

// grantedBefore says, where the token carries all that a change takes, that it is made without a further question of Microsoft's; nothing
// where it takes none.
func grantedBefore(takes []scope) Sentence {
	if len(takes) == 0 {
		return Sentence{}
	}
	return finding.Outside.Of("permissions", "granted").In("Microsoft asks nothing more: the permissions to %s were granted before.", mfa.Whys(takes))
}

// leftoverFinding is what there is to say and do about a leftover.
func leftoverFinding(l *window.Leftover, m *memory) (f Finding) {
	upn := l.Facts.User.UserPrincipalName
	f = restoration(&l.Facts, m)
	f.Status, f.Sections, f.Notice = Ready, nil, Sentence{}
	f.Actions = []Action{{ID: ActApply, Label: phrase.T("Put MFA back")}, {ID: ActLeave, Label: phrase.T("Leave")}}
	var more []Sentence
	defer func() { f.Text = append(f.Text, more...) }()
	others := othersExcluded(l)
	if len(others) > 0 {
		more = append(more, finding.Excluded.Of(upn, "yes").In("It is excluded from %s as well, where MFA is not known to be demanded: by the onboarding, or because somebody meant it.", phrase.JoinAnd(phrase.Names(others))))
	}
	if l.Defaults != nil {
		more = append(more, finding.Defaults.Of(m.org.DefaultDomain, "off").In("%s", l.Defaults.Words(m.org.DefaultDomain)))
	}
	if _, inTheWay := defaultsChanges(&l.Facts, m); !inTheWay.IsZero() {
		more = append(more, inTheWay)
	}
	f.Actions = leftoverActions(l, len(others) > 0)
	switch {
	case !l.Exposed && len(l.Owed.Exclusions) == 0 && !l.Owed.Campaign:
		f.Text = []Sentence{finding.Demanded.Of(upn, "yes").In("MFA is demanded of %s, but not everything is as it was before the onboarding.", upn)}
		return f
	case !l.Exposed:
		f.Text = []Sentence{finding.Excluded.Of(upn, "yes").In("An earlier run left %s excluded from policies%s.", upn, leftoverAmong(l)).And(finding.Advice("Decide about that first."))}
		return f
	case l.Older:
		f.Text = []Sentence{
			finding.Computer.Of("journal", "suspended").In("Whether MFA is on for %s is not known: an earlier run was suspending it a moment ago, and what the tenant shows may be an older state.", upn).And(leftoverRole(l, upn)),
		}
	case l.Opened.IsZero():
		f.Text = []Sentence{finding.Opened.Of(upn, "unknown").In("MFA has been off for %s, and nobody here knows since when.", upn).And(leftoverRole(l, upn))}
	default:
		opened, since, lasted := finding.Opened.Of(upn, l.Opened.Format(time.RFC3339)), phrase.DateTime(l.Opened), phrase.Roughly(time.Since(l.Opened))
		off := opened.In("MFA is off for %s, at most since it was last made Global Administrator: %s (%s).", upn, since, lasted)
		source := finding.Outside.Of("audit log", "since when").In("The audit log says that, and no journal here says who left it so.")
		if l.Journaled {
			off = opened.In("MFA has been off for %s since %s (%s).", upn, since, lasted)
			source = finding.Computer.Of("journal", "since when").In("The journal on this computer says since when.")
		}
		f.Text = []Sentence{off.And(source).And(leftoverRole(l, upn))}
	}
	if elsewhere := openedElsewhere(l); !elsewhere.IsZero() {
		f.Text = append(f.Text, elsewhere)
	}
	f.Text = append(f.Text, firstOfAll())
	return f
}

func firstOfAll() Sentence { return finding.Advice("That is put back before anything else.") }

func leftoverRole(l *window.Leftover, upn string) Sentence {
	if l.Unshown {
		return finding.Computer.Of("journal", "role").In("It was being made Global Administrator, which the tenant may show later: an earlier run was interrupted.")
	}
	if !l.Journaled {
		return finding.Role.Of(upn, "yes").In("It is Global Administrator.")
	}
	return finding.Role.Of(upn, "yes").In("It is Global Administrator: an earlier run was interrupted.")
}

// journalDoubt is what has to be said loudly of the journal; nothing where it is as it should be.
func journalDoubt(r *Run) Sentence {
	return finding.Computer.Of("journal", "doubt").In("%s", r.recorder.Doubt())
}

// othersExcluded are the policies that an exposed account is excluded from, in no journal's words, that may be meant: it is not this
// program's, and they don't surely demand MFA.
func othersExcluded(l *window.Leftover) []string {
	if !l.Exposed || l.Journaled || ours(l.Facts.User) {
		return nil
	}
	back, kept := mfa.OwedExclusions(l.Facts.PolicyList(), mfa.Owed{}, l.Facts.User.ID)
	if len(l.Owed.Exclusions) <= len(back) {
		return nil // the operator keeps them
	}
	return append(kept.Unknown, kept.NoMFA...)
}

// leftoverActions are what can be done about a leftover. What a colleague may have meant can be left as it is.
func leftoverActions(l *window.Leftover, others bool) []Action {
	out := []Action{{ID: ActApply, Label: phrase.T("Put MFA back")}}
	if others {
		out[0].Label = phrase.T("Put all of it back")
		out = append(out, Action{ID: actKeepExclusions, Label: phrase.T("Keep these exclusions")})
	}
	if !l.Exposed && !l.Journaled && (len(l.Owed.Exclusions) > 0 || l.Owed.Campaign) {
		out[0].Label = phrase.T("Take the exclusions back")
		out = append(out, Action{ID: actKeepExclusions, Label: phrase.T("Keep the exclusions")})
	}
	if l.Defaults != nil {
		out[0].Label = phrase.T("Put all of it back")
		out = append(out, Action{ID: actKeepDefaults, Label: phrase.T("Leave security defaults off")})
	}
	return append(out, Action{ID: ActLeave, Label: phrase.T("Leave")})
}

// leftoverAmong says where nobody here knows who made the exclusions.
func leftoverAmong(l *window.Leftover) string {
	if l.Journaled {
		return " " + phrase.T("that demand MFA")
	}
	return phrase.T(", or a colleague meant it")
}
