package steps

import (
	"context"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// That nothing demands MFA is believed only after several reads in a row: a new role, by which policies apply, is not
// seen everywhere at once, and one read that lags would let setup fail.

// awaitNoDemand waits until the tenant, asked again, demands nothing of the account.
func awaitNoDemand(ctx context.Context, r *Run, client *graph.Client, user graph.User, report func(Event)) error {
	report(Event{Text: phrase.T("Asking again what demands MFA")})
	var looks []assignedRead
	err := change.Settle(ctx, report, func(ctx context.Context) (bool, error) {
		at := window.Now()
		facts, err := r.advisor.ReadAgain(ctx, client, user, r.known())
		looks = append(looks, assignedRead{facts, at, err})
		if err != nil {
			return false, err
		}
		demands := facts.Demands()
		r.window.Judge(&facts, demands)
		return len(demands) == 0 && showsRole(r.snapshot(), &facts), nil
	}, change.Stable)
	if err != nil {
		return &Error{Op: "see MFA suspended", Hint: phrase.T("The changes were made, but something still demands MFA. Check again to see what."), Err: err}
	}
	written := len(r.window.Writer().Made())
	r.update(func(m *memory) { m.role.keepNoDemand(written, looks) })
	return nil
}

// confirmNoDemand reads again what demands MFA of an account of which one read said that nothing does, and returns the read
// that says otherwise, if one does.
func confirmNoDemand(ctx context.Context, r *Run, client *graph.Client, first *mfa.Facts, report func(Event)) (mfa.Facts, []analysis.Demand, error) {
	user, last, demands := first.User, *first, []analysis.Demand(nil)
	m, agreed := r.snapshot(), 0
	if showsRole(m, first) {
		agreed = 1
		if m.sawNoDemand() {
			agreed += 2
		}
	}
	err := change.Settle(ctx, report, func(ctx context.Context) (bool, error) {
		facts, err := r.advisor.ReadAgain(ctx, client, user, r.known())
		if err != nil {
			return false, err
		}
		last = facts
		demands = last.Demands()
		return len(demands) > 0 || showsRole(r.snapshot(), &last), nil
	}, change.Stable.After(agreed))
	if err != nil {
		return last, nil, &Error{Op: "be sure that nothing demands MFA of %s", Of: []any{user.UserPrincipalName}, Hint: phrase.T("The directory does not show everywhere yet what was changed. Check again in a minute."), Err: err}
	}
	return last, demands, nil
}

// keepNoDemand keeps what the last two looks showed, for the look that follows them.
func (r *roleMemory) keepNoDemand(written int, looks []assignedRead) {
	if n := len(looks); n > 1 && looks[n-2].showsNoDemand() && looks[n-1].showsNoDemand() {
		r.noDemand = noDemandSeen{written, looks[n-2].at}
	}
}

// noDemandSeen are two reads after the last write that showed that nothing demands MFA; the zero value is that they did not.
type noDemandSeen struct {
	written int       // writes of this run that there were
	at      time.Time // of the first, by the clock on the wall, which goes on while the computer sleeps
}

// sawNoDemand reports two reads that showed that a moment ago, where this run has written nothing since.
func (m *memory) sawNoDemand() bool {
	seen := m.role.noDemand
	return seen.written > 0 && seen.written == len(m.record) && window.Now().Sub(seen.at) < window.Lagging
}

// showsNoDemand reports a read of an account with the role that found nothing, where all that may demand MFA was read and nothing is left
// for Microsoft's what-if to settle.
func (a assignedRead) showsNoDemand() bool {
	f := a.facts
	return a.err == nil && f.Administrator && f.Whole() && len(f.Demands()) == 0 && !analysis.Undecided(f.Facts, analysis.Setup(f.Platform))
}

// showsRole reports a read that shows the role, where this run has seen that the account has it.
func showsRole(m *memory, f *mfa.Facts) bool {
	return f.Administrator || !objectid.Same(m.role.assigned, f.User.ID)
}
