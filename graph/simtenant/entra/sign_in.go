package entra

import (
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

const (
	lockoutThreshold = 10
	lockoutDuration  = time.Minute
)

const mfaRequiredText = "Due to a configuration change made by your administrator, or because you moved to a new location, " +
	"you must use multi-factor authentication to access '%s'."

// SignIn checks the password, then what the tenant demands, and writes the sign-in log. With AADSTS50076 (a second
// factor is needed) and AADSTS50079 (one must be registered first) the account is returned beside the error, because
// the password was right; try again with CompletedMFA.
func (s *SignIn) SignIn(a state.SignInAttempt) (*state.User, *Error) {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	return s.signInLocked(a)
}

func (s *SignIn) signInLocked(a state.SignInAttempt) (*state.User, *Error) {
	u := s.tenant.Directory.UserByUPNLocked(a.UPN)
	if u == nil {
		return nil, s.refuseLocked(AADUserNotFound, "Check the user name.",
			"The user account %s does not exist in the %s directory. To sign into this application, the account must be added to the directory.", a.UPN, s.tenant.Organization.DisplayName)
	}
	err := s.passwordRefusalLocked(u, a.Password)
	var demands []Demand
	if err == nil {
		demands = s.demandsLocked(u, a)
		err = s.demandRefusalLocked(u, a, demands)
	}
	s.logSignInLocked(u, a, demands, err)
	if err != nil && err.Code != AADMFARequired && err.Code != AADMFARegistration {
		return nil, err
	}
	return u, err
}

func (s *SignIn) passwordRefusalLocked(u *state.User, password string) *Error {
	if u.Credentials.LockedUntil.After(s.tenant.Instant()) {
		return s.lockedRefusalLocked()
	}
	if d := s.tenant.Organization.DomainLocked(u.DomainName()); d != nil && d.Federated || u.Credentials.Password == "" || u.Credentials.Password != password {
		s.countFailureLocked(u)
		return s.badCredentialsLocked()
	}
	u.Credentials.Failures = 0
	if !u.AccountEnabled {
		return s.disabledLocked()
	}
	if u.Credentials.MustChange || u.Credentials.MustChangeWithMFA {
		return s.refuseLocked(AADPasswordExpired, "The password must be changed before it can be used.", "The password is expired.")
	}
	return nil
}

func (s *SignIn) countFailureLocked(u *state.User) {
	u.Credentials.Failures++
	if u.Credentials.Failures >= lockoutThreshold {
		u.Credentials.Failures = 0
		u.Credentials.LockedUntil = s.tenant.Instant().Add(lockoutDuration)
	}
}

func (s *SignIn) lockedRefusalLocked() *Error {
	return s.refuseLocked(AADLocked, "Wait a minute before trying again.",
		"The account is locked, you've tried to sign in too many times with an incorrect user ID or password.")
}

func (s *SignIn) badCredentialsLocked() *Error {
	return s.refuseLocked(AADBadCredentials, "Check the password.", "Error validating credentials due to invalid username or password.")
}

func (s *SignIn) disabledLocked() *Error {
	return s.refuseLocked(AADDisabled, "The account is disabled.", "The user account is disabled.")
}

func (s *SignIn) blockedLocked(d Demand) *Error {
	return s.refuseLocked(AADBlockedByPolicy, "Blocked by "+d.name+".",
		"Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.")
}

func (s *SignIn) deviceRefusalLocked(d Demand) *Error {
	text := map[string]string{
		"compliantDevice":      "Device is not in required device state: compliant. Conditional Access policy requires a compliant device, and the device is not compliant.",
		"domainJoinedDevice":   "Device is not in required device state: domain_joined. Conditional Access policy requires a domain joined device, and the device is not domain joined.",
		"approvedApplication":  "The app used is not an approved app for Conditional Access. User needs to use one of the apps from the list of approved apps to use in order to get access.",
		"compliantApplication": "Application needs to enforce Intune protection policies.",
	}
	return s.refuseLocked(deviceRefusals[d.detail], "Demanded by "+d.name+".", "%s", text[d.detail])
}

func (s *SignIn) registrationLocked(d Demand, app string) *Error {
	return s.refuseLocked(AADMFARegistration, "Demanded by "+d.name+".",
		"Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access '%s'.", app)
}

// demandRefusalLocked is what the demands leave of a sign-in with the right password: nil when all are met.
func (s *SignIn) demandRefusalLocked(u *state.User, a state.SignInAttempt, demands []Demand) *Error {
	app := a.AppName
	if app == "" {
		app = a.AppID
	}
	for _, d := range demands {
		switch {
		case d.kind == demandBlock && d.source == sourceSecurityDefaults && a.IsDeviceCode():
			return s.refuseLocked(AADBlockedByDefaults, "Blocked by security defaults.",
				"Access has been blocked by security defaults. The request is deemed unsafe by security defaults policies.")
		case d.kind == demandBlock:
			return s.blockedLocked(d)
		}
	}
	for _, d := range demands {
		if d.kind == demandStrength && !s.tenant.Policies.MeetsStrengthLocked(u, d.detail) && !s.tenant.Policies.RegistrableLocked(d.detail) {
			err := s.registrationLocked(d, app)
			err.Unregistrable = true
			return err
		}
	}
	for _, d := range demands {
		switch {
		case d.kind == demandDevice:
			return s.deviceRefusalLocked(d)
		case d.kind == demandTerms:
			return s.refuseLocked(AADExternalChallenge, "The terms of use have to be accepted: demanded by "+d.name+".",
				"External security challenge was not satisfied. User will be redirected to another page or authentication provider to satisfy additional authentication challenges.")
		case len(u.StrongMethods()) == 0 && !a.CompletedMFA, d.kind == demandStrength && !s.tenant.Policies.MeetsStrengthLocked(u, d.detail):
			return s.registrationLocked(d, app)
		case !a.CompletedMFA && d.kind != demandRegister:
			return s.refuseLocked(AADMFARequired, "Demanded by "+d.name+".", mfaRequiredText, app)
		}
	}
	return nil
}
