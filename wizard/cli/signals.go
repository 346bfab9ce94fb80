package cli

import (
	"context"
	"errors"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/process"
	"github.com/delegate365-onboard/delegate365-onboard/wizard"
)

// signals are those that end a program from outside.
var signals = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT}

// leaveOnSignal has the wizard put MFA back and leave at the first signal. The second one ends it at once; what is
// open then is closed after the screen is gone. It is told when one has come.
func leaveOnSignal(parent context.Context, told *atomic.Bool) (context.Context, <-chan wizard.LeaveMsg, func()) {
	ctx, cancel := context.WithCancel(parent)
	got, leave := make(chan os.Signal, 2), make(chan wizard.LeaveMsg, 1)
	deaf := process.Notify(got, signals...)
	go func() {
		defer cancel()
		defer func() { _ = recover() }()
		for first := true; ; first = false {
			var s os.Signal
			select {
			case s = <-got:
			case <-ctx.Done():
				return
			}
			told.Store(true)
			if !first {
				cancel()
				return
			}
			leave <- wizard.LeaveMsg{Now: true, Within: process.TimeLeft(s)}
		}
	}()
	return ctx, leave, func() { deaf(); cancel() }
}

// outsideError is why a context has ended: by a signal.
type outsideError struct{ by os.Signal }

func (e outsideError) Error() string { return e.by.String() }

// Is has the end by a signal be what the end of a context is, as that of signal.NotifyContext is.
func (outsideError) Is(target error) bool { return target == context.Canceled }

// endsOnSignal is a context that ends at the first signal. The ones after that are caught, and ignored.
func endsOnSignal(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	got := make(chan os.Signal, 1)
	deaf := process.Notify(got, signals...)
	go func() {
		select {
		case s := <-got:
			cancel(outsideError{s})
		case <-ctx.Done():
		}
	}()
	return ctx, func() { deaf(); cancel(nil) }
}

// closingBound is how long closing may take after ctx has ended.
func closingBound(ctx context.Context) time.Duration {
	if e, ok := errors.AsType[outsideError](context.Cause(ctx)); ok {
		if left := process.TimeLeft(e.by); left > 0 {
			return left
		}
	}
	return steps.ClosingBound
}
