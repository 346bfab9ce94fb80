package entra

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// InteractionRequired is Entra's answer to prompt=none when somebody would have to be asked.
func (s *SignIn) InteractionRequired() *Error {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	return s.refuseLocked(aadInteractionRequired, "", "Session information is not sufficient for single-sign-on.")
}

// RefuseSecondFactor logs a second factor that was not given, and is the refusal.
func (s *SignIn) RefuseSecondFactor(userID string, a state.SignInAttempt) *Error {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	err := s.refuseLocked(AADSecondFactorFailed, "", "Authentication failed during strong authentication request.")
	if u := s.tenant.Directory.UserByIDLocked(userID); u != nil {
		s.logSignInLocked(u, a, s.demandsLocked(u, a), err)
	}
	return err
}
