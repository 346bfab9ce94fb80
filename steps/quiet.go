package steps

import (
	"context"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
)

// That nothing demands MFA is believed only after several reads in a row: a new role, by which policies apply, is not
// seen everywhere at once, and one read that lags would let setup fail.

// quiet waits until the tenant, asked again, demands nothing of the account.
func (r *Run) quiet(ctx context.Context, report func(Event), client *graph.Client, user graph.User) error {
	report(Event{Text: "Asking again what demands MFA"})
	err := change.Settle(ctx, report, func(ctx context.Context) (bool, error) {
		facts, err := r.readSetupAgain(ctx, client, user)
		if err != nil {
			return false, err
		}
		demands := demandsOn(facts)
		r.judgeExposure(facts, demands)
		return len(demands) == 0 && r.showsRole(facts), nil
	}, change.Stable)
	if err != nil {
		return &Error{Op: "see MFA suspended", Hint: "The changes were made, but something still demands MFA. Check again to see what.", Err: err}
	}
	return nil
}

// surelyQuiet reads again what demands MFA of an account of which one read said that nothing does, and returns the read
// that says otherwise, if one does.
func (r *Run) surelyQuiet(ctx context.Context, report func(Event), client *graph.Client, user graph.User, first mfaFacts) (mfaFacts, []analysis.Demand, error) {
	last, demands := first, []analysis.Demand(nil)
	seen := 0
	if r.showsRole(first) {
		seen = 1
	}
	err := change.Settle(ctx, report, func(ctx context.Context) (bool, error) {
		facts, err := r.readSetupAgain(ctx, client, user)
		if err != nil {
			return false, err
		}
		last = facts
		demands = demandsOn(last)
		return len(demands) > 0 || r.showsRole(last), nil
	}, change.Stable.After(seen))
	if err != nil {
		return last, nil, &Error{Op: "be sure that nothing demands MFA of " + user.UserPrincipalName, Hint: "The directory does not show everywhere yet what was changed. Check again in a minute.", Err: err}
	}
	return last, demands, nil
}

// showsRole reports a read that shows the role, where this run has seen that the account has it.
func (r *Run) showsRole(f mfaFacts) bool {
	return f.administrator || r.see().assigned != f.user.ID
}
