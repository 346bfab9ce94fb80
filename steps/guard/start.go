package guard

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// child is the program, started as a guard, with the wizard's ends of its pipes.
type child struct {
	process *os.Process
	to      *os.File
	from    *os.File
}

// Start starts the program as a guard, detached from this process's terminal, with an empty environment and no arguments
// but these, and returns when it is ready.
func Start(ctx context.Context, o Order, program *Program, args ...string) (*Guard, error) {
	c, err := launch(program, args)
	if err != nil {
		return nil, fmt.Errorf("start the guard: %w", err)
	}
	g, err := Connect(ctx, o, c.to, c.from)
	if err != nil {
		return nil, errors.Join(err, c.end())
	}
	g.kill = c.process.Kill
	return g, nil
}

// Foresee is how a guard started now would stand to the job objects of Windows: a guard without an order is asked, because
// whether a job lets it out is known by trying only. On other systems nothing is started.
func Foresee(ctx context.Context, program *Program, args ...string) Job {
	if ownJob() == NoJob {
		return NoJob
	}
	c, err := launch(program, args)
	if err != nil {
		return UnreadJob // starting the real one says why
	}
	defer c.end() //nolint:errcheck // it holds nothing
	g := attach(c.to, c.from)
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	said, err := g.ask(ctx, message{Look: true})
	if err != nil {
		return UnreadJob
	}
	return said.Job
}

// end ends a guard that is not wanted. It must not take the broken pipe for its wizard's end.
func (c *child) end() error { return errors.Join(c.process.Kill(), c.to.Close(), c.from.Close()) }

func launch(program *Program, args []string) (*child, error) {
	in, to, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	from, out, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, in.Close(), to.Close())
	}
	var cmd *exec.Cmd
	for _, apart := range detached() {
		if cmd, err = program.command(args); err != nil {
			break
		}
		cmd.Env, cmd.SysProcAttr = []string{}, apart
		cmd.Stdin, cmd.Stdout = in, out
		if err = cmd.Start(); !notLetOut(err) {
			break
		}
	}
	if err = errors.Join(err, in.Close(), out.Close()); err != nil {
		return nil, errors.Join(err, to.Close(), from.Close())
	}
	go func() { _ = cmd.Wait() }()
	return &child{cmd.Process, to, from}, nil
}
