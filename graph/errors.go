package graph

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// What an Error, or a SignInError, can be asked for with errors.Is.
var (
	ErrNotFound     = errors.New("not found")
	ErrNone         = errors.New("the list was read and holds none") // never what a refused or missing list is
	ErrForbidden    = errors.New("not allowed")
	ErrThrottled    = errors.New("too many requests")
	ErrConflict     = errors.New("conflicts with something that exists")
	ErrUnlicensed   = errors.New("the tenant has no licence for this")
	ErrOffline      = errors.New("no connection")
	ErrInvalid      = errors.New("not a valid request")
	ErrUnauthorized = errors.New("not signed in")
	ErrUnavailable  = errors.New("the service is not available")
	ErrPreview      = errors.New("it uses a feature in preview")
	ErrTooSoon      = errors.New("a role can't be taken away in its first five minutes")
	ErrPending      = errors.New("an equal request is under way")
	ErrMore         = errors.New("there are more than were read")
	ErrRoleRules    = errors.New("the tenant's rules for assigning the role refuse it")
)

// Error is a Graph call that was not answered as it should have been. It unwraps to one of the sentinels and, where
// there was one, to the error below it, context errors included.
type Error struct {
	Op              string // a verb phrase: read the organization
	Status          int    // HTTP status; 0 when no answer came
	Code            string // Graph's error code; empty when the answer carried none
	Message         string // Graph's own words, or ours when it had none
	Details         []Detail
	RequestID       string // for Microsoft support
	ClientRequestID string
	Date            time.Time     // when Graph answered; zero when no answer came
	RetryAfter      time.Duration // what Microsoft asked for when it throttled; 0 when it did not say
	Path            string        // path and query of the request; empty when none was sent

	kind     error
	cause    error
	unsent   bool
	declined bool // taken, and surely not carried out
}

// unclear is the error of an answer that can't be what it is: its status is that of a success.
//
//go:noinline // every copy would be carried
func unclear(op, message string, why error) *Error {
	return &Error{Op: op, Message: message, kind: ErrUnavailable, cause: why}
}

// another is the error of an answer that is not about what was asked for.
func another(op string) *Error { return unclear(op, "the answer is not about what was asked for", nil) }

// Detail is one entry of an error's details.
type Detail struct {
	Code, Target, Message string
}

// Error is the operation, what went wrong and Graph's code. It contains no secret.
func (e *Error) Error() string {
	text := e.Message
	if text == "" {
		if kind := e.sentinel(); kind != nil {
			text = kind.Error()
		} else if e.cause != nil {
			text = reason(e.cause)
		}
	}
	switch {
	case e.Status != 0 && e.Code != "":
		return fmt.Sprintf("%s: %s (%d %s)", e.Op, text, e.Status, e.Code)
	case e.Status != 0:
		return fmt.Sprintf("%s: %s (%d)", e.Op, text, e.Status)
	default:
		return e.Op + ": " + text
	}
}

// Unwrap gives the sentinel and the cause.
func (e *Error) Unwrap() []error {
	var all []error
	if kind := e.sentinel(); kind != nil {
		all = append(all, kind)
	}
	if e.cause != nil {
		all = append(all, e.cause)
	}
	return all
}

func (e *Error) sentinel() error {
	if e.kind != nil {
		return e.kind
	}
	if e.Status == 0 {
		return nil
	}
	return kindOf(e.Status, e.Code, e.Message, e.Details)
}

// kindOf reads the code before the status, and the words only where Graph gives several meanings one code.
func kindOf(status int, code, message string, details []Detail) error {
	says := func(part string) bool { return strings.Contains(strings.ToLower(message), part) }
	isConflict := func(d Detail) bool { return d.Code == "ObjectConflict" || d.Code == "ConflictingObjects" }
	switch code {
	case "AadPremiumLicenseRequired", "Authentication_RequestFromNonPremiumTenantOrB2CTenant":
		return ErrUnlicensed
	case "Request_MultipleObjectsWithSameKeyValue", "RoleAssignmentExists", "ObjectConflict", "ConflictingObjects":
		return ErrConflict
	case "Request_ResourceNotFound", "RoleAssignmentDoesNotExist":
		return ErrNotFound
	case "ActiveDurationTooShort":
		return ErrTooSoon
	case "PendingRoleAssignmentRequest":
		return ErrPending
	case "RoleAssignmentRequestPolicyValidationFailed":
		return ErrRoleRules
	}
	switch {
	case slices.ContainsFunc(details, isConflict),
		status == http.StatusConflict,
		status == http.StatusBadRequest && (says("conflicting object") || says("another object with the same value")):
		return ErrConflict
	case status == http.StatusBadRequest && (strings.HasPrefix(message, "1037:") || strings.HasPrefix(message, "1038:")):
		return ErrPreview // of a Conditional Access policy (https://github.com/microsoftgraph/msgraph-metadata/issues/647)
	case status == http.StatusForbidden && (says("not licensed") || says("premium license")):
		return ErrUnlicensed
	}
	switch {
	case status == http.StatusUnauthorized:
		return ErrUnauthorized
	case status == http.StatusForbidden:
		return ErrForbidden
	case status == http.StatusNotFound && code != "": // without a code it is not Graph that answers
		return ErrNotFound
	case status == http.StatusTooManyRequests:
		return ErrThrottled
	case status == http.StatusRequestTimeout, status == http.StatusNotFound, status >= 500, status < 400:
		return ErrUnavailable
	default:
		return ErrInvalid
	}
}

// explain makes the Error of a call from what was recorded of it. err is what the SDK made of it, ctx the caller's.
func explain(ctx context.Context, op string, rec *record, err error) *Error {
	e := &Error{Op: op, Path: rec.path, ClientRequestID: rec.clientID, unsent: !rec.began}
	if rec.status != 0 {
		e.Status = rec.status
		e.Code, e.Message, e.Details = rec.envelope.code, rec.envelope.message, rec.envelope.details
		e.RequestID = firstOf(rec.header.Get("request-id"), rec.envelope.requestID)
		e.ClientRequestID = firstOf(e.ClientRequestID, rec.envelope.clientRequestID)
		e.RetryAfter = retryAfter(rec.header)
		e.Date = rec.envelope.date
		if d, perr := http.ParseTime(rec.header.Get("Date")); perr == nil {
			e.Date = d
		}
	}
	signIn, refusedToken := errors.AsType[*SignInError](err)
	switch {
	case ctx.Err() != nil:
		// The attempt was cut off; what an earlier one was answered does not describe it.
		e.cause = ctx.Err()
		e.Message = "given up before there was an answer"
		if errors.Is(ctx.Err(), context.Canceled) {
			e.Message = "cancelled"
		}
	case refusedToken:
		e.kind, e.cause = ErrUnauthorized, signIn
		if errors.Is(signIn, ErrStepUp) {
			e.kind = ErrStepUp
		}
		if errors.Is(signIn, ErrOffline) || errors.Is(signIn, ErrUnavailable) {
			e.kind = nil
		}
		e.Message = signIn.Error()
	case rec.foreign != nil:
		e.kind, e.Message, e.cause = ErrIntercepted, rec.foreign.Error(), rec.foreign
		if rec.status >= 500 {
			e.kind = ErrUnavailable
		}
	case demandsStepUp(rec.status, rec.header, e.Message):
		e.kind = ErrStepUp
	case rec.status >= 400:
		if e.Code == "" && e.Message == "" {
			e.Message = notGraph(rec)
		}
	case rec.status != 0:
		e.kind, e.Message = ErrUnavailable, firstOf(e.Message, notGraph(rec))
		e.cause = sdkError(err)
	default:
		e.cause = err
		e.kind = ErrOffline
		if errors.Is(err, errNoAnswer) {
			e.kind = ErrUnavailable
		}
		e.Message = reason(err)
		if inner, ok := errors.AsType[*Error](err); ok {
			e.kind, e.Message = inner.kind, inner.Message
		}
	}
	return e
}

// sdkError keeps an error of the SDK only when its text can be read without a panic.
func sdkError(err error) error {
	if err == nil || isODataError(err) {
		return nil
	}
	return err
}

func notGraph(rec *record) string {
	switch {
	case rec.contentType == "":
		return fmt.Sprintf("the answer %d carried no explanation", rec.status)
	case strings.Contains(rec.contentType, "json"):
		return fmt.Sprintf("the answer %d could not be read", rec.status)
	default:
		kind, _, _ := strings.Cut(rec.contentType, ";")
		return fmt.Sprintf("the answer %d is not Graph's (%s)", rec.status, kind)
	}
}

// Outcome is what is known about a write.
type Outcome int

// The outcomes of a write.
const (
	Applied Outcome = iota // Graph said yes
	Refused                // it was not executed
	Unknown                // it may have been: read the tenant to find out
)

// String names the outcome as it is recorded: applied, refused or unknown.
func (o Outcome) String() string {
	switch o {
	case Applied:
		return "applied"
	case Refused:
		return "refused"
	default:
		return "unknown"
	}
}

// OutcomeOf says what is known about a write that returned err: Graph's own answer from 400 to 499, a request that was
// never sent, one that was taken and not carried out, and a connection that was never made are Refused; nil is Applied; all else is Unknown.
func OutcomeOf(err error) Outcome {
	if err == nil {
		return Applied
	}
	if e, ok := errors.AsType[*Error](err); ok {
		if e.unsent || e.declined || e.Status >= 400 && e.Status < 500 && !errors.Is(e, ErrIntercepted) {
			return Refused
		}
		return Unknown
	}
	if _, ok := errors.AsType[*SignInError](err); ok {
		return Refused
	}
	return Unknown
}

// Unsent reports a write that was Refused before it was sent: Graph was not asked.
func Unsent(err error) bool {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.unsent
	}
	_, ok := errors.AsType[*SignInError](err)
	return ok
}
