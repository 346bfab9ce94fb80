package guard

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// Start starts the program as a guard, detached from this process's terminal, with an empty environment and no arguments
// but these, and returns when it is ready.
func Start(ctx context.Context, o Order, program *Program, args ...string) (*Guard, error) {
	cmd, err := program.command(args)
	if err != nil {
		return nil, fmt.Errorf("start the guard: %w", err)
	}
	in, to, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start the guard: %w", err)
	}
	from, out, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the guard: %w", err), in.Close(), to.Close())
	}
	cmd.Env = []string{}
	cmd.SysProcAttr = detached()
	cmd.Stdin, cmd.Stdout = in, out
	err = cmd.Start()
	if err = errors.Join(err, in.Close(), out.Close()); err != nil {
		return nil, errors.Join(fmt.Errorf("start the guard: %w", err), to.Close(), from.Close())
	}
	go func() { _ = cmd.Wait() }()
	g, err := Connect(ctx, o, to, from)
	if err != nil {
		// It must not take the broken pipe for its wizard's end.
		return nil, errors.Join(err, cmd.Process.Kill(), to.Close(), from.Close())
	}
	g.kill = cmd.Process.Kill
	return g, nil
}
