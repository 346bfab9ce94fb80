// Package problem is what went wrong, in the words an operator needs: what was tried, what happened, and the way out that works.
package problem

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Error is a failure in the words an operator needs: what was tried, what to do about it, and what it rests on.
type Error struct {
	Op   phrase.Format // a verb phrase: assign Global Administrator
	Of   []any         // the values in it
	Hint string        // what to do next, full sentences; may be empty
	Err  error
}

func (e *Error) Error() string {
	op := phrase.English.T(e.Op, e.Of...)
	if e.Err == nil {
		return op
	}
	return op + ": " + e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// ValueError is why a value that was entered is not taken: what it has or lacks, which rule that is against. It stands beside the field.
type ValueError string

func (r ValueError) Error() string { return string(r) }

// ErrNoBrowser says that no page can be opened from here.
var ErrNoBrowser = errors.New("no browser can be opened here")

// ErrPartner says that an account is another tenant's and no object of this one.
var ErrPartner = errors.New("the account is of another tenant, and no object of this one")

// StepUp is why Microsoft asks for a stronger sign-in before a change.
const StepUp = "This tenant protects its Conditional Access policies: Microsoft asks for a stronger sign-in before one is changed"

// ErrNotSignedIn says that nobody has signed in yet.
var ErrNotSignedIn = fmt.Errorf("nobody is signed in: %w", graph.ErrUnauthorized)

// Problem is an error taken apart for a screen.
type Problem struct {
	What string   // what happened, one sentence
	Next string   // what to do, one or two sentences; never empty
	Raw  []string // Microsoft's own words, code and request ids, for the details screen
}

// meanings says what each kind of failure means here and what helps, first match first.
var meanings = []struct {
	is         error
	what, next phrase.Format
}{
	{context.Canceled, "It was stopped before it was finished.", "Try again: what is done is read from the tenant first."},
	{graph.ErrSignInRefused, "The tenant's policies refuse this way of signing in.", "Go back to Sign in and use the other way."},
	{graph.ErrUntrusted, "The connection can't be trusted, and nothing was sent over it.", "Somebody may stand in between. If it is your own firewall that looks into connections, name its certificate in SSL_CERT_FILE, or have it added to this computer; else use another network. Check this computer's clock as well."},
	{graph.ErrProxy, "The proxy that HTTPS_PROXY names is in the way.", "Look at HTTPS_PROXY: it has to name a proxy that lets this program through to Microsoft, with its user name and password where it asks for them."},
	{graph.ErrIntercepted, "Something between this computer and Microsoft answered instead.", "A web filter, a proxy or a network that wants you to sign in first stands in between. Open any page in a browser to see which; have Microsoft's addresses let through, or use another network."},
	{graph.ErrStepUp, StepUp + ".", "Try again: you are asked to sign in again, with a second factor. Per-user MFA can be put back without it."},
	{ErrPartner, "A partner's account (GDAP) is no object of the customer's tenant: it can't accept permissions there, and this program reads and writes as somebody who is.", "Sign in with an account of the customer's tenant itself."},
	{ErrNotSignedIn, "Nobody is signed in.", "Sign in first."},
	{graph.ErrApplication, "The application can't be used in this tenant.", "Sign in " + OwnApplication + "."},
	{graph.ErrUnauthorized, "The sign-in is no longer valid.", "Go back to Sign in."},
	{graph.ErrConsent, "The permissions were not accepted.", "Sign in as an administrator who may accept them, or have one do it."},
	{graph.ErrSignInClosed, "The sign-in was closed or took too long.", "Try again."},
	{graph.ErrNoTenant, "There is no tenant of this name.", "Look at --tenant and --cloud."},
	{graph.ErrWrongTenant, "The sign-in was in another tenant than the one asked for.", "Sign in with an account of the customer's tenant, or change --tenant."},
	{graph.ErrPreview, "The policy uses a feature in preview, and Microsoft lets no program change it here.", "Exclude the account in the portal, in the policy itself, then try again."},
	{graph.ErrUnlicensed, "The tenant has no licence for this.", "The check says what that means for the onboarding."},
	{graph.ErrTooSoon, "Privileged Identity Management takes no role away in its first five minutes.", "Try again some minutes later. MFA can be put back at once."},
	{graph.ErrPending, "Privileged Identity Management has an equal request under way.", "Wait a minute, then try again: the tenant is read first."},
	{graph.ErrRoleRules, "The tenant's own rules for assigning the role refuse it.", "They are in Privileged Identity Management, Roles, Global Administrator, Settings. Where they ask for MFA of whoever assigns, go back to Sign in and give a second factor there."},
	{graph.ErrForbidden, "Your account may not do this.", "Sign in as a Global Administrator, or activate the role first."},
	{graph.ErrThrottled, "Microsoft still refuses more requests.", "Wait a few minutes, then try again."},
	{graph.ErrMore, "There are more of them than are read.", "Name one with --account."},
	{graph.ErrOffline, "Microsoft could not be reached.", "Check the network, then try again. Nothing is sent twice."},
	{graph.ErrUnavailable, "Microsoft's service did not answer properly.", "Try again in a minute. Nothing is sent twice."},
	{graph.ErrNotFound, "The tenant no longer has what this step needs.", "Try again; if it stays, go back to the check."},
	{graph.ErrConflict, "Something else in the tenant has these values.", "Go back to the check and choose another name."},
	{graph.ErrInvalid, "Microsoft refused a value.", "Its own words are among the details."},
	{context.DeadlineExceeded, "It took too long.", "Try again: what is done is read from the tenant first."},
}

// Explain turns any error a step returned into a Problem.
func Explain(err error) Problem {
	p := Problem{Next: phrase.T("Try again. If it stays, send the details to support.")}
	for _, m := range meanings {
		if errors.Is(err, m.is) {
			p.What, p.Next = phrase.T(m.what), phrase.T(m.next)
			break
		}
	}
	if refused, ok := errors.AsType[*graph.SignInError](err); ok {
		if a, ok := AdviceOn(refused); ok {
			p.What, p.Next = a.What, a.Next
		}
	}
	if road, ok := errors.AsType[*graph.RoadError](err); ok && p.What != "" {
		p.What = strings.TrimSuffix(p.What, ".") + ": " + Reason(road) + "."
	}
	if e, ok := errors.AsType[*Error](err); ok {
		what := phrase.T("Could not %s.", phrase.T(e.Op, e.Of...))
		if why, ok := errors.AsType[ValueError](err); ok {
			what = phrase.T("Could not %s: %s.", phrase.T(e.Op, e.Of...), why.Error())
		}
		if p.What != "" {
			what += " " + p.What
		}
		p.What = what
		if e.Hint != "" {
			p.Next = e.Hint
		}
	}
	if p.What == "" {
		p.What = phrase.T("Something unexpected happened.")
	}
	p.Raw = raw(err)
	return p
}

// Plainly is what happened, in English, for what other programs read.
func Plainly(err error) string {
	what := ""
	for _, m := range meanings {
		if errors.Is(err, m.is) {
			what = phrase.English.T(m.what)
			break
		}
	}
	if e, ok := errors.AsType[*Error](err); ok {
		what = strings.TrimSpace(phrase.English.T("Could not %s.", phrase.English.T(e.Op, e.Of...)) + " " + what)
	}
	return cmp.Or(what, phrase.English.T("Something unexpected happened."))
}

// raw is what Microsoft said, word for word.
func raw(err error) []string {
	var out []string
	if e, ok := errors.AsType[*graph.Error](err); ok {
		if e.Status != 0 { // else nobody answered, and the error's own words follow
			out = append(out, strings.TrimSuffix(strings.TrimSpace(fmt.Sprintf("HTTP %d %s", e.Status, e.Code))+": "+e.Message, ": "))
		}
		for _, d := range e.Details {
			out = append(out, fmt.Sprintf("%s (%s): %s", d.Code, d.Target, d.Message))
		}
		if e.RequestID != "" {
			out = append(out, fmt.Sprintf("request-id %s", e.RequestID))
		}
		if e.ClientRequestID != "" {
			out = append(out, fmt.Sprintf("client-request-id %s", e.ClientRequestID))
		}
	}
	if e, ok := errors.AsType[*graph.SignInError](err); ok {
		if e.Code != 0 && !e.FromBrowser {
			out = append(out, fmt.Sprintf("AADSTS%d: %s", e.Code, e.Message))
		} else if s := Said(e); s != "" {
			out = append(out, s)
		}
		if e.CorrelationID != "" {
			out = append(out, fmt.Sprintf("correlation id %s", e.CorrelationID))
		}
	}
	return append(out, err.Error())
}
