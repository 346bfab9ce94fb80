package odata

import (
	"fmt"
	"net/http"
	"strings"
)

// Error is a refusal in Graph's envelope (https://learn.microsoft.com/graph/errors).
type Error struct {
	Status  int
	Code    string
	Message string
	target  string
	Details []Detail
	Header  http.Header
}

// Detail is one of several things that were wrong.
type Detail struct {
	Code    string `json:"code"`
	Target  string `json:"target,omitempty"`
	Message string `json:"message"`
}

// Refuse is a refusal in so many words.
//
//go:noinline // every copy would be carried
func Refuse(status int, code, format string, args ...any) *Error {
	return &Error{Status: status, Code: code, Message: fmt.Sprintf(format, args...)}
}

// BadRequest is what the directory says of a request that it can not read.
//
//go:noinline // every copy would be carried
func BadRequest(format string, args ...any) *Error {
	return Refuse(http.StatusBadRequest, "Request_BadRequest", format, args...)
}

// At names the property that was wrong.
func (e *Error) At(property string) *Error {
	e.target = property
	return e
}

// NotFound is what the directory says of an object that is not there.
//
//go:noinline // every copy would be carried
func NotFound(id string) *Error {
	return Refuse(http.StatusNotFound, "Request_ResourceNotFound",
		"Resource '%s' does not exist or one of its queried reference-property objects are not present.", id)
}

// Denied is what the directory says of missing privileges.
func Denied() *Error {
	return Refuse(http.StatusForbidden, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
}

// Denial is the refusal for missing scopes, in the words of the service behind the path.
func Denial(style DenialStyle, scopes []string) *Error {
	switch style {
	case PolicyDenial:
		return Refuse(http.StatusForbidden, "AccessDenied", "You cannot perform the requested operation, required scopes are missing in the token.")
	case ReportDenial:
		return Refuse(http.StatusForbidden, "Authentication_MSGraphPermissionMissing",
			"The principal does not have required Microsoft Graph permission(s): %s to call this API. For more information about Microsoft Graph permissions, please visit https://learn.microsoft.com/graph/permissions-overview.", strings.Join(scopes, ","))
	}
	return Denied()
}

// Unlicensed is what policies say without their licence.
func Unlicensed() *Error {
	return Refuse(http.StatusForbidden, "AccessDenied", "Your tenant is not licensed for this feature.")
}

// NoPremium is what reports say without Entra ID P1.
func NoPremium() *Error {
	return Refuse(http.StatusForbidden, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", "Neither tenant is B2C or tenant doesn't have premium license")
}

// NoP2 is what privileged identity management says without Entra ID P2.
func NoP2() *Error {
	return Refuse(http.StatusBadRequest, "AadPremiumLicenseRequired", "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.")
}

// Throttled is a 429. Conditional Access sends no Retry-After, everybody else does.
func Throttled(retryAfter int) *Error {
	e := Refuse(http.StatusTooManyRequests, "TooManyRequests", "Too many requests.")
	if retryAfter > 0 {
		e.Header = http.Header{"Retry-After": {fmt.Sprint(retryAfter)}}
	}
	return e
}

// Envelope is the body that carries e.
func (e *Error) Envelope(date, requestID, clientRequestID string) map[string]any {
	inner := map[string]any{"date": date, "request-id": requestID, "client-request-id": clientRequestID}
	body := map[string]any{"code": e.Code, "message": e.Message, "innerError": inner}
	if e.target != "" {
		body["target"] = e.target
	}
	if len(e.Details) > 0 {
		body["details"] = e.Details
	}
	return map[string]any{"error": body}
}
