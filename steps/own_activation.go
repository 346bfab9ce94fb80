package steps

import (
	"context"
	"errors"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// The operator's own role may be an activation, which ends by itself. Past that neither they nor the guard, which works with
// their token, could put MFA back; so no window is opened that it does not outlast.

const rowActivation = "own-activation"

var errActivationEnds = errors.New("your own activation of Global Administrator ends sooner")

// ownActivation is when the operator's activation of Global Administrator ends; zero where they have it in another way, or
// nothing is known of it.
func ownActivation(holdings []graph.RoleHolding, operator string) (end time.Time) {
	for _, h := range holdings {
		if !objectid.Same(h.PrincipalID, operator) || h.Scope != "/" {
			continue
		}
		if h.Kind != graph.RoleActivated || h.End.IsZero() {
			return time.Time{}
		}
		if h.End.After(end) {
			end = h.End
		}
	}
	return end
}

// activationRow is the check's row about it; none where there is nothing to say.
func activationRow(p posture, m memory) []Fact {
	end := ownActivation(p.privileged.Content().holdings, m.identity.ObjectID)
	if end.IsZero() {
		return nil
	}
	f := Fact{ID: rowActivation, Label: phrase.T("Your activation"), Value: phrase.T("Global Administrator until %s", clock(end)), Mark: MarkOK}
	if !end.After(time.Now().Add(m.window.Cap)) {
		f.Mark, f.Note = MarkNote, phrase.T("That is sooner than the %s without MFA. Past it neither you nor the guard could put MFA back: activate it anew, then check again, or choose a shorter time.", phrase.Roughly(m.window.Cap))
	}
	return []Fact{f}
}

// activationOutlasts refuses to open a window that the operator's activation does not outlast. What the check read is read
// again before: they may have activated it anew.
func activationOutlasts(ctx context.Context, r *Run, client *graph.Client) error {
	m := r.snapshot()
	if m.posture == nil {
		return nil
	}
	if end := ownActivation(m.posture.privileged.Content().holdings, m.identity.ObjectID); end.IsZero() || end.After(time.Now().Add(m.window.Cap)) {
		return nil
	}
	holdings, err := client.Roles.RoleHoldings(ctx, graph.GlobalAdministrator)
	if err != nil {
		return &Error{Op: "read until when your own role lasts", Err: err}
	}
	end := ownActivation(holdings, m.identity.ObjectID)
	if end.IsZero() || end.After(time.Now().Add(m.window.Cap)) {
		return nil
	}
	return &Error{
		Op:   "open the exposure window",
		Hint: phrase.T("Nothing was changed. Your activation of Global Administrator ends at %s: past that neither you nor the guard could put MFA back. Activate it anew, or choose a shorter window in the check.", clock(end)),
		Err:  errActivationEnds,
	}
}

// activatedUntil is when the operator's activation ends, as the check read it; zero where there is none, or it is over.
func activatedUntil(r *Run, operator string) time.Time {
	m := r.snapshot()
	if m.posture == nil {
		return time.Time{}
	}
	end := ownActivation(m.posture.privileged.Content().holdings, operator)
	if !end.After(time.Now()) {
		return time.Time{}
	}
	return end.UTC().Truncate(time.Second)
}
