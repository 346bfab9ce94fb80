package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/delegate365-onboard/delegate365-onboard/wizard"
)

// signals are those that end a program from outside.
var signals = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT}

// leaveOnSignal has the wizard put MFA back and leave at the first signal. The second one ends it at once; what is
// open then is closed after the screen is gone.
func leaveOnSignal(parent context.Context) (context.Context, <-chan wizard.LeaveMsg, func()) {
	ctx, cancel := context.WithCancel(parent)
	got, leave := make(chan os.Signal, 2), make(chan wizard.LeaveMsg, 1)
	signal.Notify(got, signals...)
	go func() {
		defer cancel()
		defer func() { _ = recover() }()
		for first := true; ; first = false {
			select {
			case <-got:
			case <-ctx.Done():
				return
			}
			if !first {
				cancel()
				return
			}
			leave <- wizard.LeaveMsg{Now: true}
		}
	}()
	return ctx, leave, func() { signal.Stop(got); cancel() }
}
