package steps

import (
	"context"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
)

// readStanding reads what closing sets, and no more: per-user MFA, the policies, security defaults and the role. Only
// per-user MFA has to be read; what-if is not asked.
func readStanding(ctx context.Context, client *graph.Client, user graph.User) (mfaFacts, error) {
	f := factsOf(user)
	err := sideBySide(
		func() error {
			state, err := client.PerUserMFA(ctx, user.ID)
			f.PerUser = analysis.Read(state, err)
			return err
		},
		func() error {
			on, err := client.SecurityDefaults(ctx)
			f.SecurityDefaults = analysis.Read(on, err)
			return nil
		},
		func() error {
			f.Policies = analysis.Read(client.Policies(ctx))
			return nil
		},
		func() error {
			_ = f.readRoles(ctx, client) // a role that can't be read stops no closing
			return nil
		},
	)
	if err != nil {
		return mfaFacts{}, &Error{Op: "read per-user MFA of " + user.UserPrincipalName, Err: err}
	}
	return f, nil
}

// judgeStanding sets the clock by what closing sets. Only the state of per-user MFA stops it.
func (r *Run) judgeStanding(f mfaFacts) {
	if f.state() == graph.MFAEnabled || f.state() == graph.MFAEnforced {
		r.judgeExposure(f, demandsOn(f))
		return
	}
	r.turn(func(m *memory) {
		m.perUser = f.state()
		if _, always := everywhere(demandsOn(f)); !always && f.administrator {
			m.open(false)
		}
	})
}
