package steps

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// reenableMFA turns per-user MFA on for the service account and takes every exclusion back.
type reenableMFA struct{}

func (reenableMFA) Info() Info {
	return Info{
		ID:    ReenableMFA,
		Title: phrase.T("Re-enable MFA"),
		Why:   finding.Advice("A Global Administrator without MFA is open to anybody who learns one password. From here on the account needs a second factor."),
		Actor: You,
		About: time.Minute,
		Help: []string{
			phrase.T("Per-user MFA is set to enforced first, because that closes the gap at once. The account is taken out of the excluded users of each policy beside it. The list is read a moment before, and other people's changes to it stay."),
			phrase.T("Per-user MFA is used, besides Conditional Access, because app passwords are only offered to accounts with per-user MFA enforced."),
			phrase.T("Enforced, and not only enabled: that would leave the password good for old protocols until somebody registers a second factor."),
		},
	}
}

func (reenableMFA) Inspect(ctx context.Context, r *Run, report func(Event)) (Finding, error) {
	client, user, err := r.account()
	if err != nil {
		return Finding{}, err
	}
	report(Event{Text: phrase.T("Reading what demands MFA of %s", user.UserPrincipalName)})
	facts, err := mfa.ReadClosing(ctx, client, user)
	if err != nil {
		return Finding{}, err
	}
	r.window.NoticeRestored(ctx, client, &facts, report)
	r.window.JudgeClosing(&facts)
	if m := r.snapshot(); facts.Policies.Err() != nil && !errors.Is(facts.Policies.Err(), graph.ErrUnlicensed) && len(m.window.Owed.Exclusions) > 0 {
		return Finding{}, &Error{Op: "read which policies exclude %s", Of: []any{user.UserPrincipalName}, Err: facts.Policies.Err()}
	}
	f := restoration(&facts, r.snapshot())
	if f.Status == Ready {
		if out := lockedOut(ctx, r, client, user); len(out) > 0 {
			f.Text[1] = finding.Outside.Of("sign-in", "refused").In(sessionLast, phrase.JoinFew(out))
		}
	}
	if f.Status == Done {
		f.Sections[0].Facts = append(f.Sections[0].Facts, groupRows(ctx, client, &facts)...)
	}
	return f, nil
}

// restoration decides what is left to put back.
func restoration(f *mfa.Facts, m *memory) Finding {
	changes, inTheWay := defaultsChanges(f, m)
	if m.window.Owed.Campaign {
		changes = append(changes, mfa.CampaignRestored())
	}
	older := m.window.Owed.Lifted() && (f.State() == graph.MFAEnabled || f.State() == graph.MFAEnforced)
	switch {
	case older:
		changes = append(changes, mfa.StateChange(f.User, phrase.T("not known"), graph.MFAEnforced))
	case f.State() != graph.MFAEnforced:
		changes = append(changes, mfa.StateChange(f.User, string(f.State()), graph.MFAEnforced))
	}
	foreign := false
	owed, kept := mfa.OwedExclusions(f.PolicyList(), m.window.Owed, f.User.ID)
	owed = agreed(owed, m.window)
	for _, p := range owed {
		changes = append(changes, mfa.ExclusionRemoved(&p))
		foreign = foreign || !m.window.Owed.Excluded(&p) && !m.excludedFrom(&p)
	}
	for _, e := range m.window.Owed.Untold(f.PolicyList(), f.Hides) {
		changes = append(changes, mfa.ExclusionEnded(e))
	}
	if len(changes) > 0 {
		out := Finding{
			Status:  Ready,
			Text:    []Sentence{reenableMFA{}.Info().Why, finding.Advice(sessionEnds)},
			Changes: changes,
			Notice:  inTheWay,
			Actions: []Action{{ID: ActApply, Label: phrase.T("Turn MFA on")}},
		}
		if m.suspended() {
			out.Actions[0].Label = phrase.T("Put MFA back")
		}
		if !inTheWay.IsZero() {
			out.Actions = append(out.Actions, Action{ID: actKeepDefaults, Label: phrase.T("Leave security defaults off")})
		}
		if older {
			out.Notice = out.Notice.And(finding.Computer.Of("run", "per-user MFA").In("A read shows per-user MFA as %s. This run set it to disabled and has not set it again, so that may be an older state.", analysis.StateWord(f.State()).Spoken))
		}
		if foreign {
			out.Notice = out.Notice.And(finding.Excluded.Of(f.User.UserPrincipalName, "not by this run").In("Not every exclusion was made by this run: one may come from an earlier run, or from a colleague."))
		}
		return out
	}
	rows := []Fact{{Label: phrase.T("Per-user MFA"), Value: analysis.StateWord(f.State()).Spoken, Mark: MarkOK, Note: phrase.T(analysis.PerUserExceptions)}}
	if m.turnedOff() {
		rows = append(rows, defaultsBack(f))
	}
	switch {
	case f.Policies.Err() != nil && !errors.Is(f.Policies.Err(), graph.ErrUnlicensed):
		rows = append(rows, Fact{Label: phrase.T("Conditional Access"), Value: phrase.T("can't be read by you"), Mark: MarkNote, Note: phrase.T("This run excluded the account from nothing.")})
	default:
		rows = append(rows, keptRows(f, kept)...)
	}
	return restored(f.User.UserPrincipalName, m, rows)
}

// defaultsChanges turn security defaults on again, where that is owed, and off what Microsoft made in their place. It says what else
// is on, which nobody here turns off.
func defaultsChanges(f *mfa.Facts, m *memory) (changes []Change, inTheWay Sentence) {
	if !m.window.Owed.Defaults || f.DefaultsOn() {
		return nil, inTheWay
	}
	var opened time.Time
	if open := m.window.Open; open != nil {
		opened = open.Opened
	}
	changes = []Change{mfa.DefaultsOn(m.org.DefaultDomain)}
	successors, others := mfa.Successors(f.PolicyList(), m.window.Owed.OffSince(opened))
	if len(others) > 0 {
		return changes, finding.Defaults.Of(m.org.DefaultDomain, "off").In("Security defaults can't be on while a Conditional Access policy is. Turned off are none but those that Microsoft made in their place, and on is %s: ask whose it is.", phrase.JoinAnd(phrase.Names(others)))
	}
	for _, p := range successors {
		changes = append(changes, mfa.PolicyOff(p.Name))
	}
	return changes, inTheWay
}

// keptRows are the exclusions that stay, those first of which nobody here knows whether they let MFA go.
func keptRows(f *mfa.Facts, kept mfa.Kept) (rows []Fact) {
	label := phrase.T("Excluded from policies")
	if len(kept.Unknown) > 0 {
		rows = []Fact{{Label: label, Value: phrase.JoinAnd(kept.Unknown), Mark: MarkLook, Note: phrase.T("Not by this run. Whether they demand MFA is not known to this program: look at them. They stay as they are.")}}
	}
	if len(kept.NoMFA) > 0 {
		rows = append(rows, Fact{Label: label, Value: phrase.JoinAnd(kept.NoMFA), Mark: MarkNote, Note: phrase.T("Not by this run, and they do not demand MFA. They stay as they are.")})
	}
	switch {
	case len(rows) > 0:
	case f.Hides:
		rows = []Fact{{Label: label, Value: phrase.T("none of those that were read"), Mark: MarkNote, Note: phrase.T(previewMissing)}}
	default:
		rows = []Fact{{Label: label, Value: phrase.T("none"), Mark: MarkOK}}
	}
	return rows
}

// restored is the finding once MFA is demanded, and for how long it was not.
func restored(upn string, m *memory, rows []Fact) Finding {
	out := Finding{
		Status:   Done,
		Text:     []Sentence{finding.Demanded.Of(upn, "yes").In("MFA is demanded of %s.", upn)},
		Brief:    finding.Demanded.Of(upn, "yes").In("MFA is on."),
		Sections: []Section{{Facts: rows}},
		Actions:  []Action{{ID: ActNext, Label: phrase.T("Continue")}},
	}
	if m.suspended() {
		out.Text[0] = finding.Demanded.Of(upn, "yes").In("MFA is demanded of %s again.", upn)
	}
	if off := m.window.Exposed(); len(off) > 0 && !off[len(off)-1].Found {
		last := off[len(off)-1]
		lasted, _ := last.Was()
		claim, span := finding.Demanded.Of(upn, "yes"), phrase.Lasted(lasted)
		out.Text[0] = claim.In("MFA is demanded of %s again, after %s without.", upn, span)
		out.Brief = claim.In("MFA is on, after %s without.", span)
		if off[0].Found { // it was off for longer before
			out.Text[0] = claim.In("MFA is demanded of %s again, after %s without in this run.", upn, span)
			out.Brief = claim.In("MFA is on, after %s without in this run.", span)
		}
	}
	return out
}

// suspended reports that something demanded MFA of the account before, as far as this run knows: it suspended that, or found it so.
func (m *memory) suspended() bool {
	owed := m.window.Owed
	return m.window.Leftover != nil || m.turnedOff() || owed.Defaults || owed.StateSuspended || owed.Campaign || len(owed.Exclusions) > 0 || len(m.changes(SuspendMFA)) > 0
}

// excludedFrom reports that this run excluded the account from a policy, whatever became of it: a read that lags shows that again.
func (m *memory) excludedFrom(p *graph.Policy) bool {
	return slices.ContainsFunc(m.changes(""), func(c made) bool { return sameChange(c.Change, mfa.ExclusionAdded(p)) })
}

// agreed are, for an account that is not this program's, the policies to take it out of: no others.
func agreed(owed []graph.Policy, w window.Snapshot) []graph.Policy {
	if w.Leftover == nil || !w.Leftover.Foreign {
		return owed
	}
	return slices.DeleteFunc(slices.Clone(owed), func(p graph.Policy) bool { return !w.Owed.Excluded(&p) })
}

// Plan says what this step will change.
func (reenableMFA) Plan(s Situation) Planned {
	p, m := s.posture, s.memory
	if m.setupWanted() == setupKeep {
		return planKept(p, m)
	}
	user := m.planUser()
	var changes []Change
	if p.defaults.Content() {
		changes = append(changes, mfa.DefaultsOn(m.org.DefaultDomain))
	}
	changes = append(changes, mfa.StateChange(user, string(graph.MFADisabled), graph.MFAEnforced))
	out := needed(phrase.T("per-user MFA enforced"), changes...)
	demands := expectedDemands(p, m)
	out.permissions = windowPermissions(m, demands)
	for _, d := range demands {
		if mfa.IsCampaign(d) {
			out.Perhaps = append(out.Perhaps, mfa.CampaignRestored())
		}
		if d.Policy == nil {
			continue
		}
		n := len(d.Policy.Users.ExcludeUsers)
		c := finding.Changed(Modify, phrase.Both("excluded users of %s", d.Policy.Name), phrase.Same(strconv.Itoa(n+1)), phrase.Same(strconv.Itoa(n)))
		if d.Certainty == analysis.Sure {
			out.Changes = append(out.Changes, c)
		} else {
			out.Perhaps = append(out.Perhaps, c)
		}
	}
	if p.defaults.Content() {
		out.What = phrase.T("security defaults on again; %s", out.What)
	}
	if excluding(demands) {
		out.What += phrase.T("; take the exclusions back")
	}
	return out
}

// planKept is the plan where nothing is suspended: what is lacking as it stands.
func planKept(p *posture, m *memory) Planned {
	f := expected(p, m)
	changes := restoration(&f, m).Changes
	switch {
	case len(changes) == 0:
		return notNeeded(phrase.T("per-user MFA is enforced"))
	case f.State() == graph.MFAEnforced:
		return needed(phrase.T("take the exclusions back"), changes...).taking(windowPermissions(m, f.Demands())...)
	}
	return needed(phrase.T("per-user MFA enforced"), changes...).taking(windowPermissions(m, f.Demands())...)
}

// staysOn reports that a plan never leaves the account without MFA.
func staysOn(p *posture, m *memory) bool {
	return m.setupWanted() == setupKeep && !planKept(p, m).Needed
}

func (reenableMFA) Apply(ctx context.Context, r *Run, report func(Event)) error {
	return putBack(ctx, r, report, ReenableMFA)
}

// putBack closes the window of the run's account.
func putBack(ctx context.Context, r *Run, report func(Event), step ID) error {
	_, user, err := r.account()
	if err != nil {
		return err
	}
	return r.window.Close(ctx, user, step, report)
}

func (reenableMFA) Answer(r *Run, id string, _ graph.Secret) error {
	if id != actKeepDefaults {
		return unknownAnswer(id)
	}
	r.window.KeepDefaults()
	return nil
}
