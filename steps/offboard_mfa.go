package steps

import (
	"context"
	"errors"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// mfaStays says how per-user MFA of the account stands, as it is read now. An offboarding leaves it so; of an account that is gone nothing
// is said.
func mfaStays(ctx context.Context, r *Run, client *graph.Client, user graph.User) []Fact {
	if user.ID == "" {
		return nil
	}
	row := Fact{Label: phrase.T("Per-user MFA"), Mark: MarkNote}
	state, err := client.MFA.PerUserMFA(ctx, user.ID)
	switch {
	case errors.Is(err, graph.ErrNotFound):
		return nil
	case err != nil:
		row.Value, row.Mark, row.Note = phrase.T("could not be read"), MarkLook, phrase.T("Look at it, where the account is kept: %s", r.opts.Cloud.PerUserMFAURL())
	case state == graph.MFADisabled:
		row.Value, row.Mark, row.Note = analysis.StateWord(state).Spoken, MarkLook, phrase.T("MFA IS NOT ON by it, and this program leaves it so: enforce it where the account is kept, %s", r.opts.Cloud.PerUserMFAURL())
	case accountGoes(r):
		row.Value, row.Note = analysis.StateWord(state).Spoken, phrase.T("It goes with the account. Where that is kept, it stays.")
	default:
		row.Value, row.Note = analysis.StateWord(state).Spoken, phrase.T("It stays: setting it back to disabled would leave a kept account open.")
	}
	return []Fact{row}
}
