package steps

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
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
			"Per-user MFA is turned on first, because that closes the gap at once. Then the account is taken out of the excluded users of each policy. The list is read a moment before, and other people's changes to it stay.",
			"Per-user MFA is used, besides Conditional Access, because app passwords are only offered to accounts with per-user MFA enforced.",
			"Microsoft may show enforced instead of enabled. That is just as well.",
		},
	}
}

func (reenableMFA) Inspect(ctx context.Context, r *Run, report func(Event)) (Finding, error) {
	client, user, err := r.account()
	if err != nil {
		return Finding{}, err
	}
	report(Event{Text: "Reading what demands MFA of " + user.UserPrincipalName})
	facts, err := readMFA(ctx, client, user)
	if err != nil {
		return Finding{}, err
	}
	r.forgetUndone(ctx, report, client, facts)
	r.judgeExposure(facts, demandsOn(facts))
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
			return madeBy(r.see().undoing, p) && slices.Contains(p.Users.ExcludeUsers, f.user.ID)
		})
	}
	if len(r.see().undoing) == 0 || f.Policies.Err() != nil || !undone(f.list()) {
		return
	}
	report(Event{Text: "Somebody else seems to have taken the exclusions back. Reading again to be sure"})
	gone := r.surely(ctx, report, func(ctx context.Context) (bool, error) {
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
	if f.state() == graph.MFADisabled {
		changes = append(changes, Change{Op: Modify, Object: "per-user MFA of " + f.user.UserPrincipalName, From: string(f.state()), To: string(graph.MFAEnabled)})
	}
	foreign := false
	owed, kept := owedExclusions(f.list(), m.undoing, f.user.ID)
	for _, p := range owed {
		n := len(p.Users.ExcludeUsers)
		changes = append(changes, Change{Op: Modify, Object: "excluded users of " + p.Name, From: strconv.Itoa(n), To: strconv.Itoa(n - 1)})
		foreign = foreign || !madeBy(m.undoing, p)
	}
	if len(changes) > 0 {
		out := Finding{
			Status:  Ready,
			Text:    []string{reenableMFA{}.Info().Why},
			Changes: changes,
			Actions: []Action{{ID: ActApply, Label: "Put MFA back"}},
		}
		if foreign {
			out.Notice = "Not every exclusion was made by this run: one may come from an earlier run, or from a colleague."
		}
		return out
	}
	rows := []Fact{{Label: "Per-user MFA", Value: string(f.state()), Mark: MarkOK}}
	switch {
	case f.Policies.Err() != nil && !errors.Is(f.Policies.Err(), graph.ErrUnlicensed):
		rows = append(rows, Fact{Label: "Conditional Access", Value: "can't be read by you", Mark: MarkNote, Note: "This run excluded the account from nothing."})
	case len(kept) > 0:
		rows = append(rows, Fact{Label: "Excluded from policies", Value: joinAnd(kept), Mark: MarkNote, Note: "Not by this run, and they do not demand MFA. They stay as they are."})
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
		case !slices.Contains(p.Users.ExcludeUsers, userID):
		case madeBy(undoing, p) || p.DemandsMFA():
			owed = append(owed, p)
		default:
			kept = append(kept, p.Name)
		}
	}
	return owed, kept
}

func madeBy(undoing []exclusion, p graph.Policy) bool {
	return slices.ContainsFunc(undoing, func(e exclusion) bool { return e.policyID == p.ID })
}

func (reenableMFA) Apply(ctx context.Context, r *Run, report func(Event)) error {
	return restoreMFA(ctx, r, report, ReenableMFA)
}

// restoreMFA turns per-user MFA on, takes the exclusions back, and proves it. What fails does not stop the rest: each
// thing put back makes the account safer. Each permission is asked for right before it is needed.
func restoreMFA(ctx context.Context, r *Run, report func(Event), step ID) error {
	client, user, err := r.account()
	if err != nil {
		return err
	}
	report(Event{Text: "Putting MFA back for " + user.UserPrincipalName})
	if err := r.requireToRestore(ctx, report); err != nil {
		return err
	}
	defer r.claim(ctx)()
	facts, gone, failed := r.putBack(ctx, report, client, user, step)
	for _, pause := range afterLostAnswer {
		if failed != nil || r.see().unsure.IsZero() {
			break
		}
		report(Event{Wait: &Wait{Text: "A change of this run may still be on its way; looking again", Until: time.Now().Add(pause)}})
		if failed = sleep(ctx, pause); failed == nil {
			facts, gone, failed = r.putBack(ctx, report, client, user, step)
		}
	}
	if failed != nil {
		return failed
	}
	r.set(func(m *memory) { m.undoing, m.unsure = nil, time.Time{} })
	if gone {
		r.closedExposure(noAccount)
		return nil
	}
	r.judgeExposure(facts, demandsOn(facts))
	return nil
}

// afterLostAnswer is when everything is looked at again, each time counted from the look before, where the answer to a
// suspension was lost: it may reach the tenant after MFA was put back.
var afterLostAnswer = []time.Duration{2 * time.Second, 3 * time.Second, 5 * time.Second, 10 * time.Second}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// putBack puts everything back once, and reads it. It reports an account that no longer exists.
func (r *Run) putBack(ctx context.Context, report func(Event), client *graph.Client, user graph.User, step ID) (f mfaFacts, gone bool, failed error) {
	failed = r.restoreDefaults(ctx, client, step, report)
	state := setState(ctx, r, client, user, step, graph.MFAEnabled, report)
	if gone = errors.Is(state, graph.ErrNotFound) && r.gone(ctx, client, report, user.ID); !gone {
		failed = errors.Join(failed, state)
	}
	failed = errors.Join(failed, takeExclusionsBack(ctx, r, client, user, step, report))
	if r.see().campaignLeft {
		failed = errors.Join(failed, leaveToCampaign(ctx, r, client, user, false, step, report))
	}
	if gone {
		return mfaFacts{}, true, failed
	}
	f, err := readMFA(ctx, client, user)
	if err != nil {
		return f, false, errors.Join(failed, err)
	}
	if _, always := everywhere(demandsOn(f)); failed == nil && !always {
		failed = &Error{Op: "see MFA demanded again", Hint: "Try again, or turn per-user MFA on in the portal: " + r.opts.Cloud.PerUserMFAURL(), Err: errNotYet}
	}
	return f, false, failed
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

// gone reports an account that was deleted meanwhile: several reads in a row don't find it.
func (r *Run) gone(ctx context.Context, client *graph.Client, report func(Event), id string) bool {
	return r.agree(ctx, report, func(ctx context.Context) (bool, error) {
		_, err := client.User(ctx, id)
		if errors.Is(err, graph.ErrNotFound) {
			return true, nil
		}
		if err == nil {
			err = errCannotTell // it is there; nothing is waited for
		}
		return false, err
	}, thrice, false) == nil
}

// takeExclusionsBack takes the account out of every policy that it is owed. Where the list can't be read, those that
// this run excluded it from are known.
func takeExclusionsBack(ctx context.Context, r *Run, client *graph.Client, user graph.User, step ID, report func(Event)) error {
	m := r.see()
	if m.bound {
		return exclusionsBack(ctx, r, client, user, m.undoing, step, report)
	}
	policies, err := client.Policies(ctx)
	todo := slices.Clone(m.undoing)
	if errors.Is(err, graph.ErrUnlicensed) || (err != nil && len(todo) == 0 && errors.Is(err, graph.ErrForbidden)) {
		return nil
	}
	if err != nil {
		err = &Error{Op: "read which policies exclude " + user.UserPrincipalName, Err: err}
	} else {
		todo = nil
		owed, _ := owedExclusions(policies, m.undoing, user.ID)
		for _, p := range owed {
			todo = append(todo, exclusion{p.ID, p.Name})
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
