package cli

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/plain"
)

// printError says what happened and, where there is one, what to do.
func printError(err error) {
	if errors.Is(err, plain.ErrBlocked) || errors.Is(err, errDoesNotHold) || errors.Is(err, errNotChecked) {
		return // the report says it
	}
	if e, ok := errors.AsType[*usageError](err); ok {
		sayError(e.said())
		return
	}
	if e, ok := errors.AsType[*endError](err); ok {
		complain("", e.what)
		complain(phrase.T("hint:")+" ", e.next)
		return
	}
	_, open := errors.AsType[*openError](err)
	if end := early(err); end != nil && !open {
		complain("", phrase.T(ends[end]))
		complain(phrase.T("hint:")+" ", phrase.T("start it again; it goes on where the tenant stands"))
		return
	}
	p := steps.Explain(err)
	if open, ok := errors.AsType[*openError](err); ok {
		p = open.explain(p)
	}
	sayError(p.What, p.Next)
	for _, line := range p.Raw {
		complain(phrase.T("detail:")+" ", line)
	}
}

// early is the end before an onboarding was finished that an error is; nil where it is none.
func early(err error) error {
	for _, end := range []error{plain.ErrLeft, plain.ErrInputClosed, plain.ErrCapped, plain.ErrUnguarded} {
		if errors.Is(err, end) {
			return end
		}
	}
	return nil
}

// endsWithIt has a rehearsal whose tenant is gone say that, in place of going on.
func (w world) endsWithIt(err error) error {
	_, open := errors.AsType[*openError](err)
	_, isUsage := errors.AsType[*usageError](err)
	end := early(err)
	if end == nil || open || isUsage || !w.ends() {
		return err
	}
	return &endError{phrase.T(ends[end]), steps.EndsWithIt(), err}
}

// ends are how a run ends that was not finished, in words.
var ends = map[error]phrase.Format{
	plain.ErrLeft: "left before the onboarding was finished", plain.ErrInputClosed: "the input ended before the onboarding was finished",
	plain.ErrCapped: "the exposure window reached its cap", plain.ErrUndecided: "something is left as it is, because nobody was asked",
	plain.ErrUnguarded: "the exposure window can't stay open: nothing would close it if this program ended",
}

// saidError has the program fail that has said an error, whatever its command came to: the log, the journal or the report is not whole.
var saidError bool

func sayError(what, next string) {
	saidError = true
	complain(phrase.T("error:")+" ", what)
	complain(phrase.T("hint:")+" ", next)
}

// complain says one thing, whoever's words are in it.
func complain(kind, text string) {
	sayAside("delegate365-onboard: " + kind + text)
}

// everyFlag is the hint to a command line that has no other.
const everyFlag phrase.Format = "--help shows every command and flag"

// usageError is a command line that can't be used.
type usageError struct {
	error
	from string // where values came from that were not typed
}

func (e *usageError) Unwrap() error { return e.error }

// said is what can't be done, and what to do.
func (e *usageError) said() (what, next string) {
	what, next = steps.Reason(e.error), phrase.T(everyFlag)
	if m, ok := errors.AsType[*misuse](e.error); ok && m.hint != "" {
		next = m.hint
	} else if s, ok := errors.AsType[*steps.Error](e.error); ok {
		what = phrase.T(s.Op, s.Of...)
		if s.Err != nil && !strings.Contains(s.Hint, s.Err.Error()) { // else the hint says why
			what += ": " + steps.Reason(s.Err)
		}
		what, next = phrase.T("could not %s", what), cmp.Or(s.Hint, next)
	}
	return what, strings.TrimSpace(next + " " + e.from)
}

//go:noinline // every copy would be carried
func usage(err error) error {
	if err == nil {
		return nil
	}
	return &usageError{error: err}
}

// endError is an end before a command was finished, in the words of that command.
type endError struct {
	what, next string
	error
}

func (e *endError) Unwrap() error { return e.error }

// endOf has a command that is no onboarding say its own sentence where it was left, or its input ended.
func endOf(err error, command, next string) error {
	_, open := errors.AsType[*openError](err)
	_, isUsage := errors.AsType[*usageError](err)
	switch {
	case open || isUsage:
		return err
	case errors.Is(err, plain.ErrUndecided):
		return &endError{phrase.T(ends[plain.ErrUndecided]), phrase.T("run %s without --yes to decide it", command), err}
	case errors.Is(err, plain.ErrInputClosed):
		return &endError{phrase.T("the input ended before %s was finished", command), next, err}
	case errors.Is(err, plain.ErrLeft):
		return &endError{phrase.T("%s was left before it was finished", command), next, err}
	}
	return err
}

// openError is the worst end: MFA is still off, or nobody knows that it is not.
type openError struct {
	open    steps.Exposure
	page    string
	guarded bool // a guard goes on trying
	ends    bool // the tenant is a rehearsal's, and gone
	err     error
}

// stillOpen is that end, as the run knows it now.
func stillOpen(r *steps.Run, open steps.Exposure, err error) *openError {
	if now, yes := r.Exposure(); yes {
		open = now
	}
	return &openError{open, steps.PerUserMFAURL(r), r.Guarded(), r.Aftermath().Ends, err}
}

// explain says what is open, and what closes it.
func (e *openError) explain(p steps.Problem) steps.Problem {
	if p.What = e.open.Standing() + ". " + p.What; merelyEnded(e.err) {
		p.What, p.Raw = e.open.Standing()+".", nil
	}
	switch {
	case e.open.Demanded && e.ends:
		p.Next = phrase.Upper(steps.EndsWithIt()) + "."
		return p
	case e.open.Demanded:
		p.Next += " " + phrase.T("Or start again, or run restore: what is left is put back first.")
		return p
	}
	p.Next = phrase.T("Turn per-user MFA on for it at once, in the portal under Per-user MFA: %s Then start again, or run restore: what is left is put back first.", e.page)
	if e.guarded {
		p.Next = phrase.T("The guard, a second process, goes on trying. Don't wait for it:") + " " + p.Next
	}
	return p
}

// merelyEnded reports a run that ended early, and of which nothing failed.
func merelyEnded(err error) bool {
	if all, joined := err.(interface{ Unwrap() []error }); joined { //nolint:errorlint // what was joined is looked at, each
		return !slices.ContainsFunc(all.Unwrap(), func(err error) bool { return !merelyEnded(err) })
	}
	for end := range ends {
		if err == end { //nolint:errorlint // what wraps it has more to say
			return true
		}
	}
	return false
}

func (e *openError) Error() string {
	return e.open.Standing() + ": " + e.err.Error()
}

func (e *openError) Unwrap() error { return e.err }
