package simtenant

import (
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
)

// First-party applications, the same in every tenant.
const (
	appGraph        = "00000003-0000-0000-c000-000000000000"
	appExchange     = "00000002-0000-0ff1-ce00-000000000000"
	appCommandLine  = "14d82eec-204b-4c2f-b7e8-296a70dab67e" // Microsoft Graph Command Line Tools
	appAzurePortal  = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c"
	appAzureAD      = "00000002-0000-0000-c000-000000000000" // Windows Azure Active Directory
	appMySignIns    = "19db86c3-b2b9-44cc-b339-36da233a3be2"
	appAdminBackend = "74658136-14ec-4630-ad9b-26e160ff0fc6"
)

// Client kinds of a sign-in, as Conditional Access names them.
const (
	clientBrowser = "browser"
	clientModern  = "mobileAppsAndDesktopClients"
	clientOther   = "other"
)

const (
	lockoutThreshold = 10
	lockoutDuration  = time.Minute
)

// signInAttempt is one try to sign in.
type signInAttempt struct {
	UPN, Password  string
	AppID, AppName string
	ClientApp      string // "browser", "mobileAppsAndDesktopClients" or "other" (legacy); empty is "browser"
	CompletedMFA   bool   // the person has just passed a second factor
	IP             string // empty is 203.0.113.5
	Country        string // empty is AT
	Platform       string // empty is windows, platformUnknown where the client says nothing
	TransferMethod string // "deviceCodeFlow" or empty
	Renewal        bool   // nobody was asked: a refresh token was used
}

func (a signInAttempt) client() string {
	if a.ClientApp == "" {
		return clientBrowser
	}
	return a.ClientApp
}

const mfaRequiredText = "Due to a configuration change made by your administrator, or because you moved to a new location, " +
	"you must use multi-factor authentication to access '%s'."

// signIn checks the password, then what the tenant demands, and writes the sign-in log. With AADSTS50076 (a second
// factor is needed) and AADSTS50079 (one must be registered first) the account is returned beside the error, because
// the password was right; try again with CompletedMFA.
func (t *Tenant) signIn(a signInAttempt) (*user, *aadError) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.signInLocked(a)
}

func (t *Tenant) signInLocked(a signInAttempt) (*user, *aadError) {
	u := t.userByUPNLocked(a.UPN)
	if u == nil {
		return nil, t.refuseLocked(aadUserNotFound, "Check the user name.",
			"The user account %s does not exist in the %s directory. To sign into this application, the account must be added to the directory.", a.UPN, t.displayName)
	}
	err := t.passwordRefusalLocked(u, a.Password)
	var demands []demand
	if err == nil {
		demands = t.demandsLocked(u, a)
		err = t.demandRefusalLocked(u, a, demands)
	}
	t.logSignInLocked(u, a, demands, err)
	if err != nil && err.Code != aadMFARequired && err.Code != aadMFARegistration {
		return nil, err
	}
	return u, err
}

func (t *Tenant) passwordRefusalLocked(u *user, password string) *aadError {
	if u.lockedUntil.After(t.instant()) {
		return t.lockedRefusalLocked()
	}
	if d := t.domainLocked(u.domainName()); d != nil && d.federated || u.password == "" || u.password != password {
		t.countFailureLocked(u)
		return t.badCredentialsLocked()
	}
	u.failures = 0
	if !u.accountEnabled {
		return t.disabledLocked()
	}
	if u.mustChangePassword || u.mustChangeWithMFA {
		return t.refuseLocked(aadPasswordExpired, "The password must be changed before it can be used.", "The password is expired.")
	}
	return nil
}

func (t *Tenant) countFailureLocked(u *user) {
	u.failures++
	if u.failures >= lockoutThreshold {
		u.failures = 0
		u.lockedUntil = t.instant().Add(lockoutDuration)
	}
}

func (t *Tenant) lockedRefusalLocked() *aadError {
	return t.refuseLocked(aadLocked, "Wait a minute before trying again.",
		"The account is locked, you've tried to sign in too many times with an incorrect user ID or password.")
}

func (t *Tenant) badCredentialsLocked() *aadError {
	return t.refuseLocked(aadBadCredentials, "Check the password.", "Error validating credentials due to invalid username or password.")
}

func (t *Tenant) disabledLocked() *aadError {
	return t.refuseLocked(aadDisabled, "The account is disabled.", "The user account is disabled.")
}

func (t *Tenant) blockedLocked(d demand) *aadError {
	return t.refuseLocked(aadBlockedByPolicy, "Blocked by "+d.name+".",
		"Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.")
}

func (t *Tenant) deviceRefusalLocked(d demand) *aadError {
	text := map[string]string{
		"compliantDevice":      "Device is not in required device state: compliant. Conditional Access policy requires a compliant device, and the device is not compliant.",
		"domainJoinedDevice":   "Device is not in required device state: domain_joined. Conditional Access policy requires a domain joined device, and the device is not domain joined.",
		"approvedApplication":  "The app used is not an approved app for Conditional Access. User needs to use one of the apps from the list of approved apps to use in order to get access.",
		"compliantApplication": "Application needs to enforce Intune protection policies.",
	}
	return t.refuseLocked(deviceRefusals[d.detail], "Demanded by "+d.name+".", "%s", text[d.detail])
}

// demandRefusalLocked is what the demands leave of a sign-in with the right password: nil when all are met.
func (t *Tenant) demandRefusalLocked(u *user, a signInAttempt, demands []demand) *aadError {
	app := a.AppName
	if app == "" {
		app = a.AppID
	}
	for _, d := range demands {
		switch {
		case d.kind == demandBlock && d.source == sourceSecurityDefaults && a.isDeviceCode():
			return t.refuseLocked(aadBlockedByDefaults, "Blocked by security defaults.",
				"Access has been blocked by security defaults. The request is deemed unsafe by security defaults policies.")
		case d.kind == demandBlock:
			return t.blockedLocked(d)
		}
	}
	for _, d := range demands {
		switch {
		case d.kind == demandDevice:
			return t.deviceRefusalLocked(d)
		case d.kind == demandTerms:
			return t.refuseLocked(aadExternalChallenge, "The terms of use have to be accepted: demanded by "+d.name+".",
				"External security challenge was not satisfied. User will be redirected to another page or authentication provider to satisfy additional authentication challenges.")
		case len(u.strongMethods()) == 0 && !a.CompletedMFA, d.kind == demandStrength && !t.meetsStrengthLocked(u, d.detail):
			return t.refuseLocked(aadMFARegistration, "Demanded by "+d.name+".",
				"Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access '%s'.", app)
		case !a.CompletedMFA && d.kind != demandRegister:
			return t.refuseLocked(aadMFARequired, "Demanded by "+d.name+".", mfaRequiredText, app)
		}
	}
	return nil
}

// meetsStrengthLocked says whether u has a method that the authentication strength accepts.
func (t *Tenant) meetsStrengthLocked(u *user, strengthID string) bool {
	i := slices.IndexFunc(t.strengths, func(s *conditionalaccess.AuthenticationStrength) bool { return s.ID == strengthID })
	if i < 0 {
		return false
	}
	modes := map[string][]string{
		methodTOTP:          {"password,softwareOath"},
		methodAuthenticator: {"password,microsoftAuthenticatorPush", "deviceBasedPush"},
		methodFIDO2:         {"fido2"},
		methodTAP:           {"temporaryAccessPassOneTime", "temporaryAccessPassMultiUse"},
	}
	return slices.ContainsFunc(u.methods, func(m *method) bool {
		return slices.ContainsFunc(modes[m.kind], func(mode string) bool {
			return slices.Contains(t.strengths[i].AllowedCombinations, mode)
		})
	})
}

// isDeviceCode says whether a sign-in came by the device code flow.
func (a signInAttempt) isDeviceCode() bool {
	return strings.EqualFold(a.TransferMethod, transferDeviceCode)
}
