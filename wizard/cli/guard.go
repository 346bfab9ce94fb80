package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/process"
)

// self is this program, looked for before anything else happens: a file put in its place later is not started.
var self, errNoSelf = guard.Running()

// guardName is the command that the program starts itself again with. It is for nobody else.
const guardName = "guard"

func guardCommand() *cobra.Command {
	return &cobra.Command{
		Use:    guardName,
		Short:  helpText("Put MFA back when the program that started this one has ended"),
		Hidden: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if terminal(os.Stdin) {
				return usage(errors.New("guard is started by the program itself, and told through a pipe what to do"))
			}
			// An interrupt or a hang-up is meant for the wizard. When the machine goes down, the window is closed at once.
			signal.Ignore(os.Interrupt, syscall.SIGHUP)
			ctx, cancel := context.WithCancel(cmd.Context())
			defer cancel()
			down := make(chan os.Signal, 1)
			defer process.Notify(down, syscall.SIGTERM)()
			go func() {
				select {
				case <-down:
					cancel()
				case <-ctx.Done():
				}
			}()
			guard.StayAwake()
			return guard.Serve(ctx, os.Stdin, os.Stdout, steps.NewGuardWorker(nil, thisProgram))
		},
	}
}

// around is what surrounds this program and a guard that it would start.
func around() guard.Surroundings {
	s := guard.Look()
	s.Job = foreseen()
	return s
}

// foreseen is asked once: a process leaves no job object, and what it starts is let out or not by the jobs it is in.
var foreseen = sync.OnceValue(func() guard.Job {
	if errNoSelf != nil {
		return guard.UnreadJob // without itself it starts no guard at all
	}
	return guard.Foresee(context.Background(), self, guardName)
})

// startGuard starts the program again as the guard of an exposure window.
func (w world) startGuard(ctx context.Context, o guard.Order) (*guard.Guard, error) {
	if errNoSelf != nil {
		return nil, errNoSelf
	}
	o.Network, o.RetryFor = guard.Network{Roots: w.roots, Environ: guard.Environ()}, w.retryFor
	return guard.Start(ctx, o, self, guardName)
}
