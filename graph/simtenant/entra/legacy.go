package entra

import (
	"crypto/subtle"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// CheckAppPassword is a legacy sign-in, as SMTP AUTH makes it. An app password works whatever its spaces; once per-user
// MFA is enforced the account's own password does not. It stands for a second factor, but it is in no authentication
// strength (https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths).
func (s *SignIn) CheckAppPassword(upn, password string) *Error {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	a := state.SignInAttempt{UPN: upn, Password: password, AppID: state.AppExchange, AppName: "Office 365 Exchange Online", ClientApp: state.ClientOther}
	u := s.tenant.Directory.UserByUPNLocked(upn)
	if u == nil {
		return s.refuseLocked(AADUserNotFound, "", "The user account %s does not exist in the %s directory.", upn, s.tenant.Organization.DisplayName)
	}
	err := s.legacyRefusalLocked(u, a)
	s.logSignInLocked(u, a, s.demandsLocked(u, a), err)
	return err
}

func (s *SignIn) legacyRefusalLocked(u *state.User, a state.SignInAttempt) *Error {
	if u.Credentials.LockedUntil.After(s.tenant.Instant()) {
		return s.lockedRefusalLocked()
	}
	secret := strings.ReplaceAll(a.Password, " ", "")
	isApp := slices.ContainsFunc(u.Factors.AppPasswords, func(p *state.AppPassword) bool {
		return subtle.ConstantTimeCompare([]byte(p.Secret), []byte(secret)) == 1
	})
	isOwn := u.Credentials.Password != "" && a.Password == u.Credentials.Password
	if !isApp && !isOwn || isOwn && u.Factors.PerUserMFA == state.MFAEnforced {
		s.countFailureLocked(u)
		return s.badCredentialsLocked()
	}
	if !u.AccountEnabled {
		return s.disabledLocked()
	}
	for _, d := range s.demandsLocked(u, a) {
		switch {
		case d.kind == demandBlock, d.kind == demandDevice, d.kind == demandTerms:
			return s.blockedLocked(d)
		case d.source != sourcePerUser && d.kind != demandRegister && (!isApp || d.kind == demandStrength):
			return s.refuseLocked(AADMFARequired, "", mfaRequiredText, "Office 365 Exchange Online")
		}
	}
	u.Credentials.Failures = 0
	return nil
}
