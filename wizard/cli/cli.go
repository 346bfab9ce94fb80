// Package cli is the command line: the commands, what they share, and how they end.
//
// The process begins in this order, and nothing comes before or between:
//
//  1. The program looks where it itself is, so that nothing put in its place later is started as the guard (guard.go),
//     and wraps what it writes to, so that no secret and nothing a terminal obeys leaves (output.go). Both are variables
//     of the package, made before main.
//  2. A panic is caught, and told by its type alone; and at the very end it is said whether a secret was held back.
//  3. process.Seal silences the log of libraries, and closes the process to onlookers.
//  4. process.Quieten starts the program again without the variables that make libraries print what they send.
//  5. SIGPIPE is ignored: a closed terminal or pipe must not end the program before MFA is back.
//  6. Only then is the command line read.
package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/process"
)

// Main runs the program and returns its exit code. built is the version that a release build set, empty in every other
// one. The order of what is done first is that of the package's comment.
func Main(built string) (code int) {
	version = built
	defer confess()
	defer func() {
		if v := recover(); v != nil { // its value might quote a secret
			printError(fmt.Errorf("%w: %T", steps.ErrBroken, v))
			code = exitBroken
		}
	}()
	process.Seal()
	if code, ended, err := process.Quieten(); err != nil || ended {
		if err != nil {
			printError(&steps.Error{Op: "keep secrets off the screen", Hint: phrase.T("Take the variables out of the environment and start it again."), Err: err})
			return exitFailed
		}
		return code
	}
	signal.Ignore(syscall.SIGPIPE)
	end := &ending{}
	if err := execute(end); err != nil {
		return exitUsage
	}
	return end.exit()
}

// execute reads the command line and runs the command. Its error was printed, and is one of the command line.
func execute(end *ending) error {
	plainColours()
	root := commands()
	root.SetErr(stderr)
	root.SetOut(written)
	every(root, func(cmd *cobra.Command) {
		complete(cmd)
		settled(cmd)
	})
	root.InitDefaultCompletionCmd()
	every(root, func(cmd *cobra.Command) {
		if parent := cmd.Parent(); parent != nil && parent.Name() == "completion" {
			cmd.Annotations = map[string]string{bare: "bare"}
		}
		cmd.Args = noArguments
		end.keep(cmd)
	})
	if completes(os.Args) {
		listen(root)
		translate(root, phrase.Spoken())
	}
	err := root.ExecuteContext(context.Background())
	if err != nil {
		printError(err)
	}
	return err
}

// confess says at the very end that the last line of defence was needed.
func confess() {
	if places, times := redact.Found(); times > 0 {
		complain("", phrase.T("a secret was about to be shown; please report this. It was replaced by *** (%d times, in: %s)", times, places))
	}
}
