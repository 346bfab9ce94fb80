package process

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"strings"
)

// again runs the program anew in the same console and waits for it: Windows can't replace a process. An interrupt
// reaches both, and is the other one's to answer.
func again(self string, args, environ []string) (int, error) {
	signal.Ignore(os.Interrupt)
	cmd := exec.Command(self, args[1:]...)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = environ, os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode(), nil
	}
	return 0, err
}

func sameName(a, b string) bool { return strings.EqualFold(a, b) }
