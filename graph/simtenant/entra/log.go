package entra

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func (s *SignIn) logSignInLocked(u *state.User, a state.SignInAttempt, demands []Demand, err *Error) {
	e := &state.SignInEntry{ID: s.tenant.NewTraceIDLocked(), CorrelationID: s.tenant.NewTraceIDLocked(), At: s.tenant.Instant(), User: u, Attempt: a}
	if err != nil {
		e.Code, e.Reason, e.CorrelationID = err.Code, err.Message, err.CorrelationID
	}
	for _, p := range s.tenant.Policies.ConditionalAccess.Seen(s.tenant.Instant(), s.tenant.Lag) {
		e.Policies = append(e.Policies, s.appliedPolicyLocked(p, u, a, demands, err))
	}
	s.tenant.Log.SignIns = append(s.tenant.Log.SignIns, e)
}

func (s *SignIn) appliedPolicyLocked(p *conditionalaccess.Policy, u *state.User, a state.SignInAttempt, demands []Demand, err *Error) state.AppliedPolicy {
	out := state.AppliedPolicy{ID: p.ID, Name: p.DisplayName, Result: "notApplied"}
	applies := s.tenant.Policies.PolicyAppliesLocked(p, u, SignInFacts(a))
	if p.GrantControls != nil && applies {
		out.Controls = p.GrantControls.BuiltInControls
	}
	switch {
	case p.State == conditionalaccess.Disabled:
		out.Result = "notEnabled"
	case p.State == conditionalaccess.ReportOnly && applies:
		out.Result = "reportOnlyInterrupted"
	case p.State == conditionalaccess.ReportOnly:
		out.Result = "reportOnlyNotApplied"
	case !applies, len(demands) == 0:
	case err == nil:
		out.Result = "success"
	default:
		out.Result = "failure"
	}
	return out
}
