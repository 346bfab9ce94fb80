package clipboard

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// program runs a helper of the system: the arguments never hold a value, standard input may.
type program func(ctx context.Context, input []byte, name string, args ...string) ([]byte, error)

// run is the program that really starts one.
func run(ctx context.Context, input []byte, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.WaitDelay = 500 * time.Millisecond
	cmd.Stdin = bytes.NewReader(input)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	switch {
	case err == nil:
		return out, nil
	case ctx.Err() != nil:
		return nil, fmt.Errorf("wait for %s: %w", name, ctx.Err())
	}
	return nil, fmt.Errorf("run %s: %w", name, &exitError{line(said.Bytes(), input), err})
}

// exitError is a helper that refused.
type exitError struct {
	said string
	err  error
}

func (e *exitError) Error() string {
	if e.said == "" {
		return e.err.Error()
	}
	return e.err.Error() + ": " + e.said
}

func (e *exitError) Unwrap() error { return e.err }

// refused reports that a helper said words while it failed.
func refused(err error, words string) bool {
	e, ok := errors.AsType[*exitError](err)
	return ok && strings.Contains(e.said, words)
}

// line is the first line of what a helper said, unless it repeats its input.
func line(said, input []byte) string {
	first, _, _ := bytes.Cut(bytes.TrimSpace(said), []byte("\n"))
	if len(input) > 0 && bytes.Contains(said, bytes.TrimSpace(input)) {
		return ""
	}
	return string(bytes.TrimSpace(first))
}
