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
)

// suspendMFA takes away, for the service account only, whatever would ask it for a second factor during setup.
type suspendMFA struct{}

func (suspendMFA) Info() Info {
	return Info{
		ID:    SuspendMFA,
		Title: phrase.T("Suspend MFA"),
		Why:   finding.Advice("Delegate365's setup signs in with a password and cannot answer a second factor."),
		Actor: You,
		About: 2 * time.Minute,
		Help: []string{
			phrase.T("Only what really asks this account for MFA is changed, only for this account, and only until Re-enable MFA. Other accounts are not touched."),
			phrase.T("Conditional Access policies are read, and Microsoft's what-if is asked as well: a policy for administrators begins to apply only when the account is one."),
			phrase.T("The account must not be used for anything but Delegate365's setup during this time. Microsoft's admin portals ask for MFA by themselves, also an account of which the tenant demands none."),
		},
	}
}

const actSuspendAnyway = "suspend"

var errChanged = errors.New("it is not what was shown")

func (s suspendMFA) Inspect(ctx context.Context, r *Run, report func(Event)) (Finding, error) {
	f, err := s.inspect(ctx, r, report)
	if m := r.snapshot(); m.window.Owed.Defaults || m.defaults.choice == defaultsOff {
		f.Help = s.Info().Help
		f.Help[0] = phrase.T("Security defaults know no exception for one account: they are turned off for everybody in %s, and are on again when MFA is put back. Whatever else asks this account for MFA is changed only for this account.", m.org.DefaultDomain)
	}
	if len(r.snapshot().changes(SuspendMFA)) > 0 {
		f.Brief = Sentence{}
	}
	return f, err
}

func (suspendMFA) inspect(ctx context.Context, r *Run, report func(Event)) (Finding, error) {
	client, user, err := r.account()
	if err != nil {
		return Finding{}, err
	}
	if f, ended := roleEnded(ctx, r, client, user); ended {
		return f, nil
	}
	report(Event{Text: phrase.T("Reading what demands MFA of %s", user.UserPrincipalName)})
	facts, err := r.advisor.Read(ctx, client, user, r.known())
	if err != nil {
		return Finding{}, err
	}
	demands := facts.Demands()
	if len(demands) == 0 {
		if facts, demands, err = confirmNoDemand(ctx, r, client, &facts, report); err != nil {
			return Finding{}, err
		}
	}
	r.window.Judge(&facts, demands)
	r.update(func(m *memory) { m.announced = analysis.Sources(demands) })
	if m := r.snapshot(); facts.DefaultsOn() && m.defaults.choice == defaultsOff && m.setupWanted() != setupKeep {
		return withMailFirst(r, beforeOpening(ctx, r, client, defaultsScreen(&facts, m))), nil
	}
	if r.snapshot().setupWanted() == setupKeep && len(demands) > 0 {
		return Finding{
			Status:   Done,
			Text:     []Sentence{finding.Apps.Of("", "finished").In("Delegate365's setup has run, so MFA stays as it is.")},
			Sections: []Section{{Facts: standingRows(&facts, demands)}},
			Actions:  []Action{{ID: ActNext, Label: phrase.T("Continue")}, {ID: actSuspendAnyway, Label: phrase.T("Run setup again: suspend MFA")}},
		}, nil
	}
	_, open := r.Exposure()
	if f, lacks := lacksPassword(r.snapshot(), user); lacks && !open {
		return f, nil
	}
	if open && len(demands) == 0 && r.window.Unguarded() {
		return beforeOpening(ctx, r, client, unguarded(&facts)), nil
	}
	f := beforeOpening(ctx, r, client, suspension(&facts, demands))
	if f.Status == Blocked && len(f.Sections) > 0 {
		f.Sections[0].Facts = withDemandPages(f.Sections[0].Facts, &facts, r.opts.Cloud)
	}
	f.Notice = beforeSuspending(r, client, f, demands)
	return withMailFirst(r, f), nil
}

// beforeSuspending is what has to be known before these demands are lifted.
func beforeSuspending(r *Run, client *graph.Client, f Finding, demands []analysis.Demand) Sentence {
	if f.Status == Ready && excluding(demands) {
		said := guardedOnlyByState(r)
		if stepUpMissing(r, client) != "" {
			said = finding.Outside.Of("step-up", "asked").In(stepUpComesFirst)
		}
		f.Notice = f.Notice.And(said)
	}
	if open, is := r.Exposure(); f.Status == Ready && len(demands) > 0 && (!is || open.Found) { // else the step that gave the role has said so
		longest, upn := phrase.Roughly(r.snapshot().window.Cap), r.snapshot().user.UserPrincipalName
		f.Notice = f.Notice.And(finding.Opened.Of(upn, longest).In("The account may be without MFA for at most %s.", longest))
	}
	if m, t := r.snapshot(), termsOfRun(r); t.short && !m.role.until.IsZero() && f.Status != Blocked {
		f.Notice = f.Notice.And(finding.RoleEnds.Of(m.user.UserPrincipalName, "at most "+phrase.Roughly(t.lasts)).In("%s", t.shortSaid(m.window.Cap)))
	}
	if unplanned := r.snapshot().surprises(SuspendMFA, f.Changes); len(unplanned) > 0 {
		f.Notice = finding.Accepted.Of("", "more").In("Not in the plan that was accepted, because the tenant has changed since: %s.", phrase.JoinFew(phrase.Names(objects(unplanned)))).And(f.Notice)
	}
	return f.Notice
}

func objects(changes []Change) []string {
	out := make([]string, len(changes))
	for i, c := range changes {
		out[i] = c.Spoken().Object
	}
	return out
}

// unguarded is an account that was without MFA before this run did anything about it.
func unguarded(facts *mfa.Facts) Finding {
	return Finding{
		Status: Ready,
		Text: []Sentence{
			finding.Demanded.Of(facts.User.UserPrincipalName, "no").In("Nothing demands MFA of %s, and it is Global Administrator already.", facts.User.UserPrincipalName),
			finding.Advice("Before you go on, this program makes sure that MFA can be put back, also if it is ended."),
		},
		Sections: []Section{{Facts: demandRows(facts, nil)}},
		Actions:  []Action{{ID: ActApply, Label: phrase.T("Continue")}},
	}
}

// suspension is the finding for the demands on the account.
func suspension(facts *mfa.Facts, demands []analysis.Demand) Finding {
	f := Finding{Sections: []Section{{Facts: demandRows(facts, demands)}}}
	if i := slices.IndexFunc(demands, func(d analysis.Demand) bool { return !d.Lift.OneAccount() }); i >= 0 {
		f.Status = Blocked
		f.Text = []Sentence{
			finding.Standing.Of(demands[i].Source, demands[i].Why).In("Setup would fail: %s can't be suspended for one account: %s.", demands[i].Named(), demands[i].Why),
			finding.Advice("An administrator has to change it, then check again."),
		}
		f.Actions = []Action{{ID: ActRetry, Label: phrase.T("Check again")}, {ID: ActLeave, Label: phrase.T("Leave")}}
		return f
	}
	if len(demands) == 0 {
		f.Status = Done
		f.Brief = finding.Demanded.Of(facts.User.UserPrincipalName, "no").In("nothing demands MFA yet")
		f.Text = []Sentence{finding.Demanded.Of(facts.User.UserPrincipalName, "no").In("Nothing demands MFA of %s. It can sign in with its password alone.", facts.User.UserPrincipalName)}
		f.Actions = []Action{{ID: ActNext, Label: phrase.T("Continue")}}
		return f
	}
	f.Status = Ready
	for i, row := range f.Sections[0].Facts {
		if row.Mark == MarkDecide {
			f.Sections[0].Facts[i].Mark = MarkToDo // applying the changes is all that is decided
		}
	}
	asking := phrase.Count(len(demands), "thing asks", "things ask")
	for _, d := range demands {
		f.Changes = append(f.Changes, suspensionChange(facts.User, facts.State(), d))
	}
	f.Notice = finding.Demanding.Of(facts.User.UserPrincipalName, strconv.Itoa(len(demands))).In("Only %s, and only until Re-enable MFA.", facts.User.UserPrincipalName)
	if open := mfa.OpenDoubts(demands); len(open) > 0 {
		asking = phrase.Count(len(demands), "thing asks, or may ask,", "things ask, or may ask,")
	}
	f.Text = []Sentence{suspendMFA{}.Info().Why.And(finding.Demanding.Of(facts.User.UserPrincipalName, strconv.Itoa(len(demands))).In("In this tenant %s this account for one.", asking))}
	f.Actions = []Action{{ID: ActApply, Label: phrase.T("Apply %s", phrase.Count(len(demands), "change", "changes"))}}
	return f
}

func suspensionChange(u graph.User, state graph.MFAState, d analysis.Demand) Change {
	if d.Lift == analysis.ByState {
		return mfa.StateChange(u, string(state), graph.MFADisabled)
	}
	if mfa.IsCampaign(d) {
		return mfa.CampaignLeft()
	}
	if d.Unread {
		return finding.Changed(Modify, phrase.Both("excluded users of %s", d.Policy.Name), phrase.Both("not read"), phrase.Both("one more"))
	}
	return mfa.ExclusionAdded(d.Policy)
}

// Plan says what this step will change.
func (suspendMFA) Plan(s Situation) Planned {
	p, m := s.posture, s.memory
	if m.setupWanted() == setupKeep {
		return notNeeded(phrase.T("setup has run"))
	}
	demands, notRead := expectedDemands(p, m), phrase.JoinAnd(labels(liftsNotRead(p, m)))
	switch {
	case len(demands) == 0 && notRead != "":
		return needed(phrase.T("perhaps lift a demand; not read: %s", notRead)).taking(windowPermissions(m, nil)...)
	case len(demands) == 0:
		return needed(phrase.T("nothing will demand MFA of it")).taking(windowPermissions(m, nil)...)
	}
	var out Planned
	for _, d := range demands {
		switch {
		case d.Kind == analysis.SecurityDefaults:
			out.Changes, out.lifts = append(out.Changes, mfa.DefaultsOff(m.org.DefaultDomain)), append(out.lifts, d.Named())
		case d.Certainty == analysis.Sure && !mfa.IsCampaign(d):
			out.Changes, out.lifts = append(out.Changes, suspensionChange(m.planUser(), m.found.facts.State(), d)), append(out.lifts, d.Named())
		default:
			out.Perhaps, out.mayLift = append(out.Perhaps, suspensionChange(m.planUser(), m.found.facts.State(), d)), append(out.mayLift, d.Named())
		}
	}
	out.permissions = windowPermissions(m, demands)
	out.Needed, out.What = true, phrase.T("lift %s for it", phrase.Count(len(out.Changes), "demand", "demands"))
	switch {
	case len(out.Changes) == 0:
		out.What = phrase.T("perhaps lift %s for it", phrase.Count(len(out.Perhaps), "demand", "demands"))
	case len(out.Perhaps) > 0:
		out.What += phrase.T(", and perhaps %s more", strconv.Itoa(len(out.Perhaps)))
	}
	if p.defaults.Content() {
		out.What = phrase.T("security defaults off, for the whole tenant")
	}
	if notRead != "" {
		out.What += phrase.T("; not read, and so perhaps more: %s", notRead)
	}
	return out
}

func (suspendMFA) Apply(ctx context.Context, r *Run, report func(Event)) error {
	client, user, err := r.account()
	if err != nil {
		return err
	}
	facts, err := r.advisor.ReadAgain(ctx, client, user, r.known())
	if err != nil {
		return err
	}
	if facts.DefaultsOn() && r.snapshot().defaults.choice == defaultsOff {
		return suspendDefaults(ctx, r, client, user, report)
	}
	demands := facts.Demands()
	if slices.ContainsFunc(demands, func(d analysis.Demand) bool { return !d.Lift.OneAccount() }) {
		return &Error{Op: "suspend MFA", Hint: phrase.T("Something demands MFA that can't be suspended for one account. Go back and read which.")}
	}
	if len(demands) == 0 && !facts.Administrator {
		return nil
	}
	if announced := r.snapshot().announced; slices.ContainsFunc(analysis.Sources(demands), func(s string) bool { return !slices.Contains(announced, s) }) {
		return &Error{Op: "suspend only what was announced", Hint: phrase.T("The tenant changed meanwhile: something else demands MFA now. Try again to see it."), Err: errChanged}
	}
	closing := closers(r)
	if excluding(demands) && !slices.Contains(closing, mfa.WritePolicies) {
		closing = append(closing, mfa.WritePolicies) // the plan did not have it
	}
	if err := r.require(ctx, report, closing...); err != nil {
		return err
	}
	if excluding(demands) {
		if err := stepUpFirst(ctx, r, report); err != nil {
			return err
		}
	}
	// One read that does not show the role yet must not suspend anything unguarded.
	if err := r.window.Open(ctx, user, report); err != nil {
		return err
	}
	account := r.window.Account(client, user, SuspendMFA, report)
	for _, d := range demands {
		if err := account.Lift(ctx, d); err != nil {
			return err
		}
	}
	return awaitNoDemand(ctx, r, client, user, report)
}

// excluding reports that a policy is to be changed.
func excluding(demands []analysis.Demand) bool {
	return slices.ContainsFunc(demands, func(d analysis.Demand) bool { return d.Policy != nil })
}

func (suspendMFA) Answer(r *Run, id string, value graph.Secret) error {
	switch id {
	case ansTenant:
		return confirmTenant(r, value.Reveal())
	case actTogether, actRoleLasts:
		answerBeforeOpening(r, id)
	case actSuspendAnyway:
		r.update(func(m *memory) { m.setup.choice = setupRun })
	default:
		return answerMailFirst(r, id, value)
	}
	return nil
}
