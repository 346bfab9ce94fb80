package simtenant

import (
	"fmt"
	"time"
)

// Entra's error numbers (https://learn.microsoft.com/entra/identity-platform/reference-error-codes).
const (
	aadUserNotFound         = 50034
	aadLocked               = 50053
	aadPasswordExpired      = 50055
	aadDisabled             = 50057
	aadMFARequired          = 50076
	aadMFARegistration      = 50079
	aadBadCredentials       = 50126
	aadBlockedByPolicy      = 53003
	aadBlockedByDefaults    = 530035
	aadExternalChallenge    = 50158
	aadDeviceNotCompliant   = 53000
	aadDeviceNotJoined      = 53001
	aadAppNotApproved       = 53002
	aadAppNotProtected      = 53009
	aadConsentMissing       = 65001
	aadConsentDeclined      = 65004
	aadScopeUnknown         = 650053
	aadAdminConsentRequired = 90094
	aadTenantUnknown        = 90002
	aadInstanceUnknown      = 50049
	aadAppUnknown           = 700016
	aadResourceUnknown      = 500011
	aadBadRedirect          = 50011
	aadBadVerifier          = 501481
	aadGrantExpired         = 70008
	aadGrantInvalid         = 70000
	aadCodeRedeemed         = 54005
	aadRefreshRevoked       = 50173
	aadSessionInvalid       = 700082
	aadDevicePending        = 70016
	aadDeviceExpired        = 70020
	aadDeviceDeclined       = 70018
	aadDeviceTooFast        = 70017
	aadMethodNotAllowed     = 900561
	aadParameterMissing     = 900144
	aadMalformed            = 9002313
	aadBadResponseType      = 700054
	aadBadGrantType         = 70003
	aadPublicClientSecret   = 700025
	aadInteractionRequired  = 50058
	aadSecondFactorFailed   = 500121
)

// aadError is a refusal by Entra's sign-in, with what a person needs to look it up.
type aadError struct {
	Code          int
	Message       string
	Hint          string // what the person at the page can do, in plain words; may be empty
	CorrelationID string
	TraceID       string
	Time          time.Time
}

// Error is the text Entra shows and puts in error_description.
func (e *aadError) Error() string {
	return fmt.Sprintf("AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s",
		e.Code, e.Message, e.TraceID, e.CorrelationID, e.Time.Format("2006-01-02 15:04:05Z"))
}

// refuseLocked makes an aadError of the tenant's present instant.
func (t *Tenant) refuseLocked(code int, hint, format string, args ...any) *aadError {
	return &aadError{
		Code: code, Message: fmt.Sprintf(format, args...), Hint: hint,
		CorrelationID: t.newTraceIDLocked(), TraceID: t.newTraceIDLocked(), Time: t.instant(),
	}
}
