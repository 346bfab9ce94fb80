package steps

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// reenableMFA turns per-user MFA on for the service account and takes every exclusion back.
type reenableMFA struct{}

func (reenableMFA) Info() Info {
	return Info{
		ID:    ReenableMFA,
		Title: "Re-enable MFA",
		Why:   "A Global Administrator without MFA is open to anybody who learns one password. From here on the account needs a second factor again.",
		Actor: You,
		About: time.Minute,
		Help: []string{
			"Per-user MFA is set to enforced first, because that closes the gap at once. The account is taken out of the excluded users of each policy beside it. The list is read a moment before, and other people's changes to it stay.",
			"Per-user MFA is used, besides Conditional Access, because app passwords are only offered to accounts with per-user MFA enforced.",
			"Enforced, and not only enabled: that would leave the password good for old protocols until somebody registers a second factor.",
		},
	}
}

func (reenableMFA) Inspect(ctx context.Context, r *Run, report func(Event)) (Finding, error) {
	client, user, err := r.account()
	if err != nil {
		return Finding{}, err
	}
	report(Event{Text: "Reading what demands MFA of " + user.UserPrincipalName})
	facts, err := readStanding(ctx, client, user)
	if err != nil {
		return Finding{}, err
	}
	r.forgetUndone(ctx, report, client, facts)
	r.judgeStanding(facts)
	if m := r.see(); facts.Policies.Err() != nil && !errors.Is(facts.Policies.Err(), graph.ErrUnlicensed) && len(m.undoing) > 0 {
		return Finding{}, &Error{Op: "read which policies exclude " + user.UserPrincipalName, Err: facts.Policies.Err()}
	}
	return restoration(facts, r.see()), nil
}

// forgetUndone notices exclusions of this run that somebody else has taken back. One read may lag, and shows no exclusion
// yet that was just made: only several in a row are believed.
func (r *Run) forgetUndone(ctx context.Context, report func(Event), client *graph.Client, f mfaFacts) {
	undone := func(policies []graph.Policy) bool {
		return !slices.ContainsFunc(policies, func(p graph.Policy) bool {
			return madeBy(r.see().undoing, p) && p.Excludes(f.user.ID)
		})
	}
	if len(r.see().undoing) == 0 || f.Policies.Err() != nil || !undone(f.list()) {
		return
	}
	report(Event{Text: "Somebody else seems to have taken the exclusions back. Reading again to be sure"})
	gone := change.Agreed(ctx, report, func(ctx context.Context) (bool, error) {
		policies, err := client.Policies(ctx)
		return err == nil && undone(policies), err
	})
	if gone {
		r.set(func(m *memory) { m.undoing = nil })
	}
}

// restoration decides what is left to put back.
func restoration(f mfaFacts, m memory) Finding {
	changes := []Change{}
	if m.defaultsOff && !f.defaults() {
		changes = append(changes, defaultsChange(m, false, true))
	}
	if m.campaignLeft {
		changes = append(changes, campaignChange(false))
	}
	if f.state() != graph.MFAEnforced {
		changes = append(changes, stateChange(f.user, string(f.state()), graph.MFAEnforced))
	}
	foreign := false
	owed, kept := owedExclusions(f.list(), m.undoing, f.user.ID)
	owed = m.agreed(owed)
	for _, p := range owed {
		n := len(p.Users.ExcludeUsers)
		changes = append(changes, Change{Op: Modify, Object: "excluded users of " + p.Name, From: strconv.Itoa(n), To: strconv.Itoa(n - 1)})
		foreign = foreign || !madeBy(m.undoing, p)
	}
	if len(changes) > 0 {
		out := Finding{
			Status:  Ready,
			Text:    []string{reenableMFA{}.Info().Why, sessionEnds},
			Changes: changes,
			Actions: []Action{{ID: ActApply, Label: "Put MFA back"}},
		}
		if foreign {
			out.Notice = "Not every exclusion was made by this run: one may come from an earlier run, or from a colleague."
		}
		return out
	}
	rows := []Fact{{Label: "Per-user MFA", Value: string(f.state()), Mark: MarkOK, Note: analysis.PerUserExceptions}}
	switch {
	case f.Policies.Err() != nil && !errors.Is(f.Policies.Err(), graph.ErrUnlicensed):
		rows = append(rows, Fact{Label: "Conditional Access", Value: "can't be read by you", Mark: MarkNote, Note: "This run excluded the account from nothing."})
	case len(kept) > 0:
		rows = append(rows, Fact{Label: "Excluded from policies", Value: phrase.JoinAnd(kept), Mark: MarkNote, Note: "Not by this run, and they do not demand MFA. They stay as they are."})
	default:
		rows = append(rows, Fact{Label: "Excluded from policies", Value: "none", Mark: MarkOK})
	}
	return Finding{
		Status:   Done,
		Text:     []string{"MFA is demanded of " + f.user.UserPrincipalName + " again."},
		Sections: []Section{{Facts: rows}},
		Actions:  []Action{{ID: ActNext, Label: "Continue"}},
	}
}

// owedExclusions are the policies to take the account out of: those this run excluded it from, and those that demand
// MFA and name the account itself among their excluded users, as an interrupted run leaves them. Exclusions from
// other policies are somebody's intention; they are kept, and named.
func owedExclusions(policies []graph.Policy, undoing []exclusion, userID string) (owed []graph.Policy, kept []string) {
	for _, p := range policies {
		switch {
		case !p.Excludes(userID):
		case madeBy(undoing, p) || p.DemandsMFA():
			owed = append(owed, p)
		default:
			kept = append(kept, p.Name)
		}
	}
	return owed, kept
}

func madeBy(undoing []exclusion, p graph.Policy) bool {
	return slices.ContainsFunc(undoing, func(e exclusion) bool { return objectid.Same(e.policyID, p.ID) })
}

func (reenableMFA) Apply(ctx context.Context, r *Run, report func(Event)) error {
	return restoreMFA(ctx, r, report, ReenableMFA)
}

// requireToRestore asks for everything at once, and, when that is refused, for what closes the gap.
func (r *Run) requireToRestore(ctx context.Context, report func(Event)) error {
	all := []scope{writeMFA}
	if len(r.see().undoing) > 0 {
		all = append(all, writePolicies)
	}
	if r.see().defaultsOff {
		all = append(all, writeDefaults)
	}
	if len(all) > 1 && r.require(ctx, report, all...) == nil {
		return nil
	}
	return r.require(ctx, report, writeMFA)
}

// takeExclusionsBack takes the account out of every policy that it is owed. Where the list can't be read, those that
// this run excluded it from are known.
func takeExclusionsBack(ctx context.Context, r *Run, client *graph.Client, user graph.User, step ID, report func(Event)) error {
	m := r.see()
	if m.bound || m.foreignLeft {
		return exclusionsBack(ctx, r, client, user, m.undoing, step, report)
	}
	policies, err := client.Policies(ctx)
	todo := slices.Clone(m.undoing)
	if errors.Is(err, graph.ErrUnlicensed) || (err != nil && len(todo) == 0 && graph.OutcomeOf(err) == graph.Refused) {
		return nil // they can't be read, and this run excluded the account from none
	}
	if err != nil {
		err = &Error{Op: "read which policies exclude " + user.UserPrincipalName, Err: err}
	} else {
		// One that this run made stays on the list where a read that lags does not show it.
		owed, _ := owedExclusions(policies, m.undoing, user.ID)
		for _, p := range owed {
			if !madeBy(m.undoing, p) {
				todo = append(todo, exclusion{p.ID, p.Name})
			}
		}
	}
	if len(todo) == 0 {
		return err
	}
	if asked := r.require(ctx, report, writePolicies); asked != nil {
		return errors.Join(err, asked)
	}
	return errors.Join(err, exclusionsBack(ctx, r, client, user, todo, step, report))
}

// exclusionsBack takes the account out of these policies. One that fails does not stop the rest.
func exclusionsBack(ctx context.Context, r *Run, client *graph.Client, user graph.User, todo []exclusion, step ID, report func(Event)) error {
	var failed error
	for _, p := range todo {
		err := exclude(ctx, r, client, user, p, false, step, report)
		if errors.Is(err, graph.ErrNotFound) {
			err = nil // the policy was deleted meanwhile, and our exclusion with it
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

// Undo suspends MFA again, for a setup that has to run once more.
func (reenableMFA) Undo(ctx context.Context, r *Run, report func(Event)) error {
	if _, err := (suspendMFA{}).Inspect(ctx, r, report); err != nil {
		return err
	}
	return suspendMFA{}.Apply(ctx, r, report)
}

func (reenableMFA) Answer(_ *Run, id string, _ graph.Secret) error { return unknownAnswer(id) }
