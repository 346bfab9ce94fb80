package steps

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"delegate365-onboard/graph"
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
	r.judgeExposure(facts.administrator, demandsOn(facts))
	return restoration(facts, r.see()), nil
}

// restoration decides what is left to put back.
func restoration(f mfaFacts, m memory) Finding {
	changes := []Change{}
	if f.state == graph.MFADisabled {
		changes = append(changes, Change{Op: Modify, Object: "per-user MFA of " + f.user.UserPrincipalName, From: string(f.state), To: string(graph.MFAEnabled)})
	}
	foreign := false
	for _, p := range excludedFrom(f.policies, f.user.ID) {
		n := len(p.Users.ExcludeUsers)
		changes = append(changes, Change{Op: Modify, Object: "excluded users of " + p.Name, From: strconv.Itoa(n), To: strconv.Itoa(n - 1)})
		foreign = foreign || !slices.ContainsFunc(m.undoing, func(e exclusion) bool { return e.policyID == p.ID })
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
	return Finding{
		Status: Done,
		Text:   []string{"MFA is demanded of " + f.user.UserPrincipalName + " again."},
		Sections: []Section{{Facts: []Fact{
			{Label: "Per-user MFA", Value: string(f.state), Mark: MarkOK},
			{Label: "Excluded from policies", Value: "none", Mark: MarkOK},
		}}},
		Actions: []Action{{ID: ActNext, Label: "Continue"}},
	}
}

// excludedFrom are the policies that name the account itself among their excluded users.
func excludedFrom(policies []graph.Policy, userID string) []graph.Policy {
	return slices.DeleteFunc(slices.Clone(policies), func(p graph.Policy) bool {
		return !slices.Contains(p.Users.ExcludeUsers, userID)
	})
}

func (reenableMFA) Apply(ctx context.Context, r *Run, report func(Event)) error {
	return restoreMFA(ctx, r, report, ReenableMFA)
}

// restoreMFA turns per-user MFA on, takes the exclusions back, and proves it. What fails does not stop the rest: each
// thing put back makes the account safer.
func restoreMFA(ctx context.Context, r *Run, report func(Event), step ID) error {
	client, user, err := r.account()
	if err != nil {
		return err
	}
	if err := r.require(ctx, report, r.closers()...); err != nil {
		return err
	}
	report(Event{Text: "Putting MFA back for " + user.UserPrincipalName})
	failed := setState(ctx, r, client, user, step, graph.MFAEnabled, report)
	policies, err := client.Policies(ctx)
	if errors.Is(err, graph.ErrUnlicensed) {
		err = nil
	}
	failed = errors.Join(failed, err)
	for _, p := range toRestore(policies, r.see().undoing, user.ID) {
		err := exclude(ctx, r, client, user, p, false, step, report)
		if errors.Is(err, graph.ErrNotFound) {
			err = nil // the policy was deleted meanwhile, and our exclusion with it
		}
		failed = errors.Join(failed, err)
	}
	facts, err := readMFA(ctx, client, user)
	if err != nil {
		return errors.Join(failed, err)
	}
	demands := demandsOn(facts)
	r.judgeExposure(facts.administrator, demands)
	if failed == nil && len(demands) == 0 {
		failed = &Error{Op: "see MFA demanded again", Hint: "Try again, or turn per-user MFA on in the portal: " + r.opts.Cloud.PerUserMFAURL(), Err: errNotYet}
	}
	if failed == nil {
		r.set(func(m *memory) { m.undoing = nil })
	}
	return failed
}

// toRestore are the policies to take the account out of: those that name it now, and, where the list could not be
// read, those that this run excluded it from.
func toRestore(policies []graph.Policy, undoing []exclusion, userID string) []exclusion {
	if policies == nil {
		return undoing
	}
	var out []exclusion
	for _, p := range excludedFrom(policies, userID) {
		out = append(out, exclusion{p.ID, p.Name})
	}
	return out
}

// Undo suspends MFA again, for a setup that has to run once more.
func (reenableMFA) Undo(ctx context.Context, r *Run, report func(Event)) error {
	return suspendMFA{}.Apply(ctx, r, report)
}

func (reenableMFA) Answer(_ *Run, id string, _ graph.Secret) error { return unknownAnswer(id) }
