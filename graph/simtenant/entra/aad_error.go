package entra

import (
	"fmt"
	"time"
)

// Entra's error numbers (https://learn.microsoft.com/entra/identity-platform/reference-error-codes).
const (
	AADUserNotFound         = 50034
	AADLocked               = 50053
	AADPasswordExpired      = 50055
	AADDisabled             = 50057
	AADMFARequired          = 50076
	AADMFARegistration      = 50079
	AADBadCredentials       = 50126
	AADBlockedByPolicy      = 53003
	AADBlockedByDefaults    = 530035
	AADExternalChallenge    = 50158
	AADDeviceNotCompliant   = 53000
	AADDeviceNotJoined      = 53001
	AADAppNotApproved       = 53002
	AADAppNotProtected      = 53009
	AADConsentMissing       = 65001
	AADNotPreauthorized     = 65002
	aadConsentDeclined      = 65004
	AADScopeUnknown         = 650053
	AADAdminConsentRequired = 90094
	AADTenantUnknown        = 90002
	AADInstanceUnknown      = 50049
	AADAppUnknown           = 700016
	AADResourceUnknown      = 500011
	AADBadRedirect          = 50011
	AADBadVerifier          = 501481
	AADGrantExpired         = 70008
	AADGrantInvalid         = 70000
	AADCodeRedeemed         = 54005
	AADRefreshRevoked       = 50173
	aadSessionInvalid       = 700082
	AADDevicePending        = 70016
	AADDeviceExpired        = 70020
	AADDeviceDeclined       = 70018
	AADDeviceTooFast        = 70017
	AADMethodNotAllowed     = 900561
	AADParameterMissing     = 900144
	AADMalformed            = 9002313
	AADBadResponseType      = 700054
	AADBadGrantType         = 70003
	AADPublicClientSecret   = 700025
	aadInteractionRequired  = 50058
	AADAssertionMalformed   = 50027
	AADAssertionAudience    = 700023
	AADAssertionTime        = 700024
	AADAssertionSigner      = 700027
	AADAssertionClient      = 700021
	AADNoSecret             = 7000218
	AADAppDisabled          = 7000112
	AADNotDefault           = 1002012
	AADSecondFactorFailed   = 500121
)

// Error is a refusal by Entra's sign-in, with what a person needs to look it up.
type Error struct {
	Code          int
	Message       string
	Hint          string // what the person at the page can do, in plain words; may be empty
	Unregistrable bool   // nothing that the person could register on the way is enough
	CorrelationID string
	TraceID       string
	Time          time.Time
}

// Error is the text Entra shows and puts in error_description.
func (e *Error) Error() string {
	return fmt.Sprintf("AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s",
		e.Code, e.Message, e.TraceID, e.CorrelationID, e.Time.Format("2006-01-02 15:04:05Z"))
}

// refuseLocked makes an Error of the tenant's present instant.
func (s *SignIn) refuseLocked(code int, hint, format string, args ...any) *Error {
	return &Error{
		Code: code, Message: fmt.Sprintf(format, args...), Hint: hint,
		CorrelationID: s.tenant.NewTraceIDLocked(), TraceID: s.tenant.NewTraceIDLocked(), Time: s.tenant.Instant(),
	}
}
