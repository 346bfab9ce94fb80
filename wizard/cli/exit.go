package cli

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/wizard"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/plain"
)

// The exit codes.
const (
	exitDone   = 0
	exitLeft   = 1 // left, or the input ended, before the onboarding was finished
	exitUsage  = 2
	exitBroken = 2 // the program itself panicked, as Go says it
	exitFailed = 3
)

// ending is how a command ended. It is kept from the command-line library, which would ask the terminal for its
// colours before it printed an error.
type ending struct {
	code int
	err  error
}

// keep has what a command returns kept, and with it how the program ends.
func (e *ending) keep(cmd *cobra.Command) {
	if run := cmd.RunE; run != nil {
		cmd.RunE = func(cmd *cobra.Command, args []string) error { return e.with(run(cmd, args)) }
	}
}

// with keeps how a command ended, and the exit code that goes with it.
func (e *ending) with(err error) error {
	e.err = err
	_, isUsage := errors.AsType[*usageError](err)
	_, isOpen := errors.AsType[*openError](err)
	switch {
	case err == nil:
		e.code = exitDone
	case isOpen:
		e.code = exitFailed
	case isUsage:
		e.code = exitUsage
	case slices.ContainsFunc(broken, func(b error) bool { return errors.Is(err, b) }):
		e.code = exitBroken
	case errors.Is(err, errNotChecked):
		e.code = exitFailed
	case errors.Is(err, errDoesNotHold), errors.Is(err, plain.ErrBlocked), errors.Is(err, plain.ErrLeft), errors.Is(err, plain.ErrUndecided), errors.Is(err, plain.ErrInputClosed), errors.Is(err, plain.ErrCapped),
		errors.Is(err, plain.ErrUnguarded), errors.Is(err, context.Canceled):
		e.code = exitLeft
	default:
		e.code = exitFailed
	}
	return nil
}

// exit says what is left to say, and returns the exit code. Where an error was said it is never that of success.
func (e *ending) exit() int {
	if err := written.failed(); err != nil {
		e.unwritten(err)
	}
	switch {
	case e.err != nil:
		printError(e.err)
		return e.code
	case saidError:
		return exitFailed
	}
	return exitDone
}

// unwritten has a command fail whose output is not whole, whatever else it found: that is said first.
func (e *ending) unwritten(err error) {
	if e.err != nil && !errors.Is(e.err, errors.Unwrap(err)) {
		printError(e.err)
	}
	e.err, e.code = err, exitFailed
}

// broken are the errors that say that the program itself panicked.
var broken = []error{wizard.ErrBroken, plain.ErrBroken, guard.ErrBroken, steps.ErrBroken}
