package steps

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// suspendMFA takes away, for the service account only, whatever would ask it for a second factor during setup.
type suspendMFA struct{}

func (suspendMFA) Info() Info {
	return Info{
		ID:    SuspendMFA,
		Title: "Suspend MFA",
		Why:   "Delegate365's setup signs in with a password and cannot answer a second factor.",
		Actor: You,
		About: 2 * time.Minute,
		Help: []string{
			"Only what really asks this account for MFA is changed, only for this account, and only until Re-enable MFA. Other accounts are not touched.",
			"Conditional Access policies are read, and Microsoft's what-if is asked as well: a policy for administrators begins to apply only when the account is one.",
			"The account must not be used for anything but Delegate365's setup during this time. Any visit to an admin portal would ask it for MFA.",
		},
	}
}

const actSuspendAnyway = "suspend"

var errChanged = errors.New("it is not what was shown")

// exclusion is one policy this run excluded the account from.
type exclusion struct{ policyID, name string }

func (suspendMFA) Inspect(ctx context.Context, r *Run, report func(Event)) (Finding, error) {
	client, user, err := r.account()
	if err != nil {
		return Finding{}, err
	}
	report(Event{Text: "Reading what demands MFA of " + user.UserPrincipalName})
	facts, err := r.readSetup(ctx, client, user)
	if err != nil {
		return Finding{}, err
	}
	demands := demandsOn(facts)
	if len(demands) == 0 {
		if facts, demands, err = r.surelyQuiet(ctx, report, client, user, facts); err != nil {
			return Finding{}, err
		}
	}
	r.judgeExposure(facts, demands)
	r.set(func(m *memory) { m.announced = analysis.Sources(demands) })
	if m := r.see(); facts.defaults() && m.defaults == defaultsOff && m.setupWanted() != setupKeep {
		return r.unlessTogether(defaultsScreen(facts, m)), nil
	}
	if r.see().setupWanted() == setupKeep && len(demands) > 0 {
		return Finding{
			Status:   Done,
			Text:     []string{"Delegate365's setup has run, so MFA stays as it is."},
			Sections: []Section{{Facts: demandRows(facts, demands)}},
			Actions:  []Action{{ID: ActNext, Label: "Continue"}, {ID: actSuspendAnyway, Label: "Run setup again: suspend MFA"}},
		}, nil
	}
	if _, open := r.Exposure(); open && len(demands) == 0 && r.opts.Guard != nil && r.onWatch() == nil {
		return r.unlessTogether(unguarded(facts)), nil
	}
	f := r.unlessTogether(suspension(facts, demands))
	if f.Status == Ready && excluding(demands) {
		said := r.guardedOnlyByState()
		if r.stepUpMissing(client) != "" {
			said = stepUpComesFirst
		}
		f.Notice = strings.TrimSpace(f.Notice + " " + said)
	}
	if unplanned := r.see().surprises(SuspendMFA, f.Changes); len(unplanned) > 0 {
		f.Notice = "Not in the plan that was accepted, because the tenant has changed since: " + phrase.JoinFew(phrase.Names(objects(unplanned))) + ". " + f.Notice
	}
	return f, nil
}

func objects(changes []Change) []string {
	out := make([]string, len(changes))
	for i, c := range changes {
		out[i] = c.Object
	}
	return out
}

// unguarded is an account that was without MFA before this run did anything about it.
func unguarded(facts mfaFacts) Finding {
	return Finding{
		Status: Ready,
		Text: []string{
			"Nothing demands MFA of " + facts.user.UserPrincipalName + ", and it is Global Administrator already.",
			"Before you go on, this program makes sure that MFA can be put back, also if it is ended.",
		},
		Sections: []Section{{Facts: demandRows(facts, nil)}},
		Actions:  []Action{{ID: ActApply, Label: "Continue"}},
	}
}

// suspension is the finding for the demands on the account.
func suspension(facts mfaFacts, demands []analysis.Demand) Finding {
	f := Finding{Sections: []Section{{Facts: demandRows(facts, demands)}}}
	if i := slices.IndexFunc(demands, func(d analysis.Demand) bool { return !d.Lift.OneAccount() }); i >= 0 {
		f.Status = Blocked
		f.Text = []string{
			"Setup would fail: " + demands[i].Named() + " can't be suspended for one account: " + demands[i].Why + ".",
			"An administrator has to change it, then check again.",
		}
		f.Actions = []Action{{ID: ActRetry, Label: "Check again"}, {ID: ActLeave, Label: "Leave"}}
		return f
	}
	if len(demands) == 0 {
		f.Status = Done
		f.Text = []string{"Nothing demands MFA of " + facts.user.UserPrincipalName + ". It can sign in with its password alone."}
		f.Actions = []Action{{ID: ActNext, Label: "Continue"}}
		return f
	}
	f.Status = Ready
	f.Text = []string{suspendMFA{}.Info().Why + " In this tenant " + phrase.Count(len(demands), "thing asks", "things ask") + " this account for one:"}
	for _, d := range demands {
		f.Changes = append(f.Changes, suspensionChange(facts.user, facts.state(), d))
	}
	f.Notice = "Only " + facts.user.UserPrincipalName + ", and only until Re-enable MFA."
	if open := openDoubts(demands); len(open) > 0 {
		f.Text[0] = suspendMFA{}.Info().Why + " In this tenant " + phrase.Count(len(demands), "thing asks, or may ask,", "things ask, or may ask,") + " this account for one:"
	}
	f.Actions = []Action{{ID: ActApply, Label: "Apply " + phrase.Count(len(demands), "change", "changes")}}
	return f
}

func suspensionChange(u graph.User, state graph.MFAState, d analysis.Demand) Change {
	if d.Lift == analysis.ByState {
		return Change{Op: Modify, Object: "per-user MFA of " + u.UserPrincipalName, From: string(state), To: string(graph.MFADisabled)}
	}
	if isCampaign(d) {
		return campaignChange(true)
	}
	if d.Unread {
		return Change{Op: Modify, Object: "excluded users of " + d.Policy.Name, From: "not read", To: "one more"}
	}
	n := len(d.Policy.Users.ExcludeUsers)
	return Change{Op: Modify, Object: "excluded users of " + d.Policy.Name, From: strconv.Itoa(n), To: strconv.Itoa(n + 1)}
}

// demandRows is the table of the sources, whether they demand anything or not.
func demandRows(f mfaFacts, demands []analysis.Demand) []Fact {
	rows := []Fact{
		{Label: "Per-user MFA", Value: string(f.state()), Note: "nothing to do", Mark: MarkOK},
		{Label: "Security defaults", Value: onOff(f.defaults()), Note: "nothing to do", Mark: MarkOK},
		{Label: "Conditional Access", Value: "nothing applies", Mark: MarkOK},
	}
	policies := 0
	for _, d := range demands {
		switch {
		case d.Lift == analysis.ByState:
			rows[0].Note, rows[0].Mark = "turn off for this account", MarkDecide
		case isCampaign(d):
		case d.Policy == nil:
			rows[1].Note, rows[1].Mark = d.Why, MarkBlocks
		default:
			policies++
		}
	}
	if policies > 0 {
		rows[2].Value, rows[2].Mark = phrase.Count(policies, "policy applies", "policies apply"), MarkDecide
		rows[2].Note = "exclude this account, as below"
	}
	switch {
	case errors.Is(f.Policies.Err(), graph.ErrUnlicensed):
		rows[2].Value = "not licensed here"
	case f.Policies.Err() != nil:
		rows[2].Mark = max(rows[2].Mark, MarkNote)
		rows[2].Note += " The policies can't be read by you; Microsoft's what-if was asked instead."
	case f.whatIfErr() != nil:
		rows[2].Mark = max(rows[2].Mark, MarkNote)
		rows[2].Note += " Microsoft's what-if did not answer; the policies are judged by their text alone."
	}
	if f.hides && f.Policies.Err() == nil {
		rows[2].Mark = max(rows[2].Mark, MarkNote)
		rows[2].Note += " " + previewMissing
	}
	for _, d := range demands {
		if words := d.Disagreement(); words != "" {
			rows[2].Note += " " + d.Named() + ": " + words + "."
		}
	}
	rows[2].Note = strings.TrimSpace(rows[2].Note)
	for _, d := range openDoubts(demands) {
		if d.Policy != nil {
			rows = append(rows, Fact{Label: "Perhaps asked by", Value: d.Source, Mark: MarkDecide, Note: "That depends on " + d.Depending() + ", which nobody can tell before."})
		}
	}
	return rows
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

func (suspendMFA) Apply(ctx context.Context, r *Run, report func(Event)) error {
	client, user, err := r.account()
	if err != nil {
		return err
	}
	facts, err := r.readSetupAgain(ctx, client, user)
	if err != nil {
		return err
	}
	if facts.defaults() && r.see().defaults == defaultsOff {
		return r.suspendDefaults(ctx, client, report)
	}
	demands := demandsOn(facts)
	if slices.ContainsFunc(demands, func(d analysis.Demand) bool { return !d.Lift.OneAccount() }) {
		return &Error{Op: "suspend MFA", Hint: "Something demands MFA that can't be suspended for one account. Go back and read which."}
	}
	if len(demands) == 0 && !facts.administrator {
		return nil
	}
	if announced := r.see().announced; slices.ContainsFunc(analysis.Sources(demands), func(s string) bool { return !slices.Contains(announced, s) }) {
		return &Error{Op: "suspend only what was announced", Hint: "The tenant changed meanwhile: something else demands MFA now. Try again to see it.", Err: errChanged}
	}
	closing := r.closers()
	if excluding(demands) && !slices.Contains(closing, writePolicies) {
		closing = append(closing, writePolicies) // the plan did not have it
	}
	if err := r.require(ctx, report, closing...); err != nil {
		return err
	}
	if excluding(demands) {
		if err := r.stepUpFirst(ctx, report); err != nil {
			return err
		}
	}
	// One read that does not show the role yet must not suspend anything unguarded.
	if err := r.presumeExposure(ctx, report); err != nil {
		return err
	}
	for _, d := range demands {
		if err := suspend(ctx, r, client, user, d, report); err != nil {
			return err
		}
	}
	return r.quiet(ctx, report, client, user)
}

// excluding reports that a policy is to be changed.
func excluding(demands []analysis.Demand) bool {
	return slices.ContainsFunc(demands, func(d analysis.Demand) bool { return d.Policy != nil })
}

// suspend lifts one demand for the account.
func suspend(ctx context.Context, r *Run, client *graph.Client, user graph.User, d analysis.Demand, report func(Event)) error {
	switch {
	case d.Lift == analysis.ByState:
		return setState(ctx, r, client, user, SuspendMFA, graph.MFADisabled, report)
	case isCampaign(d):
		return leaveToCampaign(ctx, r, client, user, true, SuspendMFA, report)
	}
	return exclude(ctx, r, client, user, exclusion{d.Policy.ID, d.Policy.Name}, true, SuspendMFA, report)
}

// surelyOut reports that several reads in a row show no exclusion of the account. One may not show yet what this run did.
func (r *Run) surelyOut(ctx context.Context, report func(Event), client *graph.Client, user graph.User, p exclusion) bool {
	out := change.Agreed(ctx, report, func(ctx context.Context) (bool, error) {
		now, err := client.Policy(ctx, p.policyID)
		return err == nil && !now.Excludes(user.ID), err
	})
	if out {
		r.writer.NoteRestored(ReenableMFA, journal.Inverse{Kind: journal.InversePolicyExclusion, TargetID: p.policyID, Value: user.ID})
	}
	return out
}

// exclude adds the account to a policy's excluded users, or takes it out. The list is read a moment before and only
// our account is changed in it, so that nobody's newer edit is lost.
func exclude(ctx context.Context, r *Run, client *graph.Client, user graph.User, p exclusion, in bool, step ID, report func(Event)) error {
	policy, err := client.Policy(ctx, p.policyID)
	if err != nil {
		return &Error{Op: "read the policy " + phrase.Name(p.name), Err: err}
	}
	if policy.Excludes(user.ID) == in {
		if m := r.see(); in || m.bound || !slices.Contains(m.undoing, p) {
			return nil // whoever looks again anyway believes one read
		}
		if r.surelyOut(ctx, report, client, user, p) {
			return nil
		}
		if policy, err = client.Policy(ctx, p.policyID); err != nil {
			return &Error{Op: "read the policy " + phrase.Name(p.name), Err: err}
		}
	}
	n := len(policy.Users.ExcludeUsers)
	to, send := n-1, client.RemovePolicyExclusion
	if in {
		to, send = n+1, client.AddPolicyExclusion
		r.set(func(m *memory) { m.undoing = append(m.undoing, p) })
	}
	inverse := &journal.Inverse{Kind: journal.InversePolicyExclusion, TargetID: policy.ID, Value: user.ID}
	w := change.Write{
		Step: step,
		Change: Change{
			Op: Modify, Object: "excluded users of " + policy.Name,
			From: strconv.Itoa(n), To: strconv.Itoa(to),
		},
		Send: func(ctx context.Context) error { return send(ctx, policy, user.ID) },
		Shows: func(ctx context.Context) (bool, error) {
			now, err := client.Policy(ctx, policy.ID)
			return err == nil && now.Excludes(user.ID) == in, err
		},
		Until: change.Stable,
	}
	if in {
		w.Inverse = inverse
	} else {
		w.Restores = inverse
	}
	return r.writer.Apply(ctx, report, w)
}

// setState sets per-user MFA. Microsoft may answer enforced where enabled was set; that is success.
func setState(ctx context.Context, r *Run, client *graph.Client, user graph.User, step ID, to graph.MFAState, report func(Event)) error {
	from, err := client.PerUserMFA(ctx, user.ID)
	if err != nil {
		return &Error{Op: "read per-user MFA of " + user.UserPrincipalName, Err: err}
	}
	fits := func(now graph.MFAState) bool {
		return now == to || (to == graph.MFAEnabled && now == graph.MFAEnforced)
	}
	if fits(from) {
		return nil
	}
	w := change.Write{
		Step:   step,
		Change: Change{Op: Modify, Object: "per-user MFA of " + user.UserPrincipalName, From: string(from), To: string(to)},
		Send:   func(ctx context.Context) error { return client.SetPerUserMFA(ctx, user.ID, to) },
		Shows: func(ctx context.Context) (bool, error) {
			now, err := client.PerUserMFA(ctx, user.ID)
			return err == nil && fits(now), err
		},
		Until: change.Once,
	}
	if to == graph.MFADisabled {
		w.Inverse = &journal.Inverse{Kind: journal.InversePerUserMFA, TargetID: user.ID, Value: string(from)}
	} else {
		w.Restores = &journal.Inverse{Kind: journal.InversePerUserMFA, TargetID: user.ID, Value: string(to)}
	}
	return r.writer.Apply(ctx, report, w)
}

// Undo puts MFA back.
func (suspendMFA) Undo(ctx context.Context, r *Run, report func(Event)) error {
	return restoreMFA(ctx, r, report, SuspendMFA)
}

func (suspendMFA) Answer(r *Run, id string, value graph.Secret) error {
	switch id {
	case ansTenant:
		return r.confirmTenant(value.Reveal())
	case actTogether:
		r.set(func(m *memory) { m.together = true })
	case actSuspendAnyway:
		r.set(func(m *memory) { m.setup = setupRun })
	default:
		return unknownAnswer(id)
	}
	return nil
}
