package graph

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What a SignInError can be asked for with errors.Is, beside ErrUnauthorized, ErrOffline, ErrUnavailable and ErrInvalid.
var (
	ErrSignInRefused = errors.New("the sign-in was refused by policy") // offer the other method
	ErrConsent       = errors.New("the permissions were not consented to")
	ErrSignInClosed  = errors.New("the sign-in was not finished")
	ErrWrongTenant   = errors.New("the sign-in was for another tenant")
	ErrWrongAccount  = errors.New("the sign-in was for another account")
	ErrNoTenant      = errors.New("no tenant has this name")
	ErrApplication   = errors.New("the application can't be used in this tenant") // unknown, disabled, or not assigned
)

// SignInError is a sign-in, or the renewal of one, that did not happen. It contains no secret.
type SignInError struct {
	Method        Method
	Code          int    // the number of an AADSTS error, 0 when there is none
	OAuth         string // the OAuth error code: access_denied
	Message       string // Microsoft's own words, or ours when it had none
	CorrelationID string
	TraceID       string
	Tenant        string // what was asked for: Options.Tenant
	ClientID      string // of the application
	Foreign       bool   // the account that was signed in then is of another tenant
	Account       string // user name of who signed in to another tenant than was asked for; empty where that is not known
	SignedInTo    string // id of that tenant, likewise
	// FromBrowser says that Code and OAuth came back through the browser, which anything may have written on the way.
	FromBrowser bool

	kind   error
	cause  error
	silent bool // nobody was asked
}

// Error is Microsoft's own words after the number.
func (e *SignInError) Error() string {
	text := e.Message
	if text == "" && e.kind != nil {
		text = e.kind.Error()
	}
	switch {
	case e.FromBrowser && e.Code != 0:
		return fmt.Sprintf("sign in: the browser said AADSTS%d", e.Code)
	case e.Code != 0:
		return fmt.Sprintf("sign in: AADSTS%d: %s", e.Code, text)
	}
	return "sign in: " + text
}

// Unwrap gives the sentinels and the cause. A renewal that only a person can make good is ErrUnauthorized too.
func (e *SignInError) Unwrap() []error {
	var all []error
	if e.silent && needsPerson(e) {
		all = append(all, ErrUnauthorized)
	}
	for _, err := range []error{e.kind, e.cause} {
		if err != nil {
			all = append(all, err)
		}
	}
	return all
}

// needsPerson reports that a silent renewal was refused, rather than cut off or not answered.
func needsPerson(err error) bool {
	e, ok := errors.AsType[*SignInError](err)
	if !ok || e.cause != nil {
		return false
	}
	is := func(target error) bool { return errors.Is(e.kind, target) }
	return !slices.ContainsFunc([]error{ErrOffline, ErrUnavailable, ErrSignInClosed, ErrWrongTenant}, is)
}

// fail makes the error of a flow from what the transport noted. err is what azidentity or MSAL made of it; its text is
// used only where it cannot quote an answer.
func (f *signInFlow) fail(ctx context.Context, err error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := &SignInError{Method: f.method, silent: !f.interactive, Tenant: f.tenant, ClientID: f.clientID, Foreign: f.foreign}
	a := f.answer
	switch {
	case ctx.Err() != nil:
		e.kind, e.cause, e.Message = ErrSignInClosed, ctx.Err(), "cancelled"
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			e.Message = "not finished in time"
		}
	case f.opening != nil:
		e.cause, e.Message = f.opening, "open the sign-in page: "+f.opening.Error()
	case f.broken != nil:
		e.kind, e.cause, e.Message = ErrOffline, f.broken, reason(f.broken)
		if errors.Is(f.broken, errNoAnswer) {
			e.kind = ErrUnavailable
		}
	case a.Error != "" && a.Error != "authorization_pending" && a.Error != "slow_down":
		e.OAuth, e.CorrelationID, e.TraceID = a.Error, a.Correlation, a.Trace
		e.read(a.Description)
		if len(a.Codes) > 0 {
			e.Code = a.Codes[0]
		}
		e.kind = signInKind(e.Code, e.OAuth)
	case !f.expires.IsZero() && !time.Now().Before(f.expires):
		e.kind, e.Message = ErrSignInClosed, "the code has expired"
	case errors.Is(err, context.DeadlineExceeded):
		e.kind, e.Message = ErrSignInClosed, "the sign-in page was not used in time"
	default:
		f.readLocal(e, err)
	}
	return e
}

// readLocal reads an error that came with no answer of the sign-in service: from the page that the browser was sent
// back to, or from MSAL itself.
func (f *signInFlow) readLocal(e *SignInError, err error) {
	refusal, byBrowser := errors.AsType[*browserError](err)
	switch {
	case byBrowser:
		refusal.read(e)
	case strings.Contains(err.Error(), "declined scopes"):
		e.kind, e.Message = ErrConsent, "not all permissions were granted"
	case f.interactive:
		e.kind, e.Message = ErrUnavailable, "the sign-in service gave an answer that cannot be used"
	default:
		e.Message = "the sign-in has to be repeated"
	}
}

// browserError is what the browser was sent back with instead of a code. It had the right state; its words are not
// shown, because a page or a program on the way may have written them.
type browserError struct{ redirected }

func (*browserError) Error() string { return "the browser came back without a code" }

var oauthName = regexp.MustCompile(`^[a-z_]{1,40}$`)

func (r *browserError) read(e *SignInError) {
	e.FromBrowser = true
	e.read(r.description)
	e.TraceID = ""
	if oauthName.MatchString(r.oauth) {
		e.OAuth = r.oauth
	}
	e.kind, e.Message = signInKind(e.Code, e.OAuth), "the browser came back without a reason"
	if e.OAuth != "" {
		e.Message = "the browser came back with " + e.OAuth
	}
	if e.Code == 0 && (e.OAuth == "access_denied" || e.OAuth == "") {
		e.kind = ErrSignInClosed // Cancel on the sign-in page
	}
}

var (
	aadsts      = regexp.MustCompile(`AADSTS(\d{4,8}):?\s*`)
	correlation = regexp.MustCompile(`Correlation ID:\s*([0-9a-fA-F-]{36})`)
	trace       = regexp.MustCompile(`Trace ID:\s*([0-9a-fA-F-]{36})`)
)

// read takes apart an error_description such as "AADSTS50076: Due to … Trace ID: … Correlation ID: … Timestamp: …".
func (e *SignInError) read(description string) {
	find := func(re *regexp.Regexp) string {
		if m := re.FindStringSubmatch(description); m != nil {
			return m[1]
		}
		return ""
	}
	e.Code, _ = strconv.Atoi(find(aadsts))
	e.CorrelationID = firstOf(e.CorrelationID, find(correlation))
	e.TraceID = firstOf(e.TraceID, find(trace))
	message, _, _ := strings.Cut(description, "Trace ID:")
	e.Message = firstLine(aadsts.ReplaceAllString(message, ""))
}

// signInKind sorts Microsoft's error numbers.
// https://learn.microsoft.com/entra/identity-platform/reference-error-codes
func signInKind(code int, oauth string) error {
	switch code {
	case 50199, 7000218, 50011, 500113, 500011:
		return ErrSignInRefused // by an interrupt, or because the application lacks this flow
	case 700016, 700038, 7000112, 50105, 650052:
		return ErrApplication
	case 650053, 70011:
		return ErrInvalid
	case 65001, 65004, 90094, 90008, 900941, 90093:
		return ErrConsent
	case 90002, 900023, 90133:
		return ErrNoTenant
	case 50020, 90072:
		return ErrWrongTenant
	case 70018, 70019, 70020, 70016:
		return ErrSignInClosed
	}
	switch {
	case code/100 == 530, code/1000 == 530:
		return ErrSignInRefused // Conditional Access and security defaults
	case oauth == "access_denied", oauth == "authorization_declined", oauth == "consent_required":
		return ErrConsent
	case oauth == "expired_token", oauth == "code_expired":
		return ErrSignInClosed
	case oauth == "unauthorized_client":
		return ErrSignInRefused
	case oauth == "temporarily_unavailable", oauth == "server_error":
		return ErrUnavailable
	}
	return nil
}
