package simtenant

import (
	"fmt"
	"net/http"
	"strings"
)

// graphError is a refusal in Graph's envelope (https://learn.microsoft.com/graph/errors).
type graphError struct {
	status  int
	code    string
	message string
	target  string
	details []errorDetail
	header  http.Header
}

type errorDetail struct {
	Code    string `json:"code"`
	Target  string `json:"target,omitempty"`
	Message string `json:"message"`
}

func refuse(status int, code, format string, args ...any) *graphError {
	return &graphError{status: status, code: code, message: fmt.Sprintf(format, args...)}
}

func badRequest(format string, args ...any) *graphError {
	return refuse(http.StatusBadRequest, "Request_BadRequest", format, args...)
}

// at names the property that was wrong.
func (e *graphError) at(property string) *graphError {
	e.target = property
	return e
}

func notFound(id string) *graphError {
	return refuse(http.StatusNotFound, "Request_ResourceNotFound",
		"Resource '%s' does not exist or one of its queried reference-property objects are not present.", id)
}

func denied() *graphError {
	return refuse(http.StatusForbidden, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
}

func invalidToken(message string) *graphError {
	return &graphError{
		status: http.StatusUnauthorized, code: "InvalidAuthenticationToken", message: message,
		header: http.Header{"Www-Authenticate": {`Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="` + appGraph + `"`}},
	}
}

// denial is the refusal for missing scopes, in the words of the service behind the path.
func denial(style denialStyle, scopes []string) *graphError {
	switch style {
	case policyDenial:
		return refuse(http.StatusForbidden, "AccessDenied", "You cannot perform the requested operation, required scopes are missing in the token.")
	case reportDenial:
		return refuse(http.StatusForbidden, "Authentication_MSGraphPermissionMissing",
			"The principal does not have required Microsoft Graph permission(s): %s to call this API. For more information about Microsoft Graph permissions, please visit https://learn.microsoft.com/graph/permissions-overview.", strings.Join(scopes, ","))
	}
	return denied()
}

func unlicensed() *graphError {
	return refuse(http.StatusForbidden, "AccessDenied", "Your tenant is not licensed for this feature.")
}

func noPremium() *graphError {
	return refuse(http.StatusForbidden, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", "Neither tenant is B2C or tenant doesn't have premium license")
}

func noP2() *graphError {
	return refuse(http.StatusBadRequest, "AadPremiumLicenseRequired", "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.")
}

// throttled is a 429. Conditional Access sends no Retry-After, everybody else does.
func throttled(retryAfter int) *graphError {
	e := refuse(http.StatusTooManyRequests, "TooManyRequests", "Too many requests.")
	if retryAfter > 0 {
		e.header = http.Header{"Retry-After": {fmt.Sprint(retryAfter)}}
	}
	return e
}

// envelope is the body that carries e.
func (e *graphError) envelope(date, requestID, clientRequestID string) map[string]any {
	inner := map[string]any{"date": date, "request-id": requestID, "client-request-id": clientRequestID}
	body := map[string]any{"code": e.code, "message": e.message, "innerError": inner}
	if e.target != "" {
		body["target"] = e.target
	}
	if len(e.details) > 0 {
		body["details"] = e.details
	}
	return map[string]any{"error": body}
}
