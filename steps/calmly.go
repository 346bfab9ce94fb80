package steps

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// ErrBroken says that a step panicked.
var ErrBroken = errors.New("internal error")

// panicError is a panic that was caught. It tells the type of what was panicked with, and never the value, which might
// quote a secret.
type panicError struct {
	kind  string
	stack []byte
}

func (e *panicError) Error() string { return ErrBroken.Error() + ": " + e.kind }

func (e *panicError) Unwrap() error { return ErrBroken }

// calmly calls f. A panic in it becomes an error, so that one in a goroutine neither ends the program nor leaves the
// terminal as it is.
func calmly[T any](f func() (T, error)) (value T, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicError{fmt.Sprintf("%T", v), debug.Stack()}
		}
	}()
	return f()
}

// calm is f for a goroutine.
func calm(f func() error) func() error {
	return func() error {
		_, err := calmly(func() (struct{}, error) { return struct{}{}, f() })
		return err
	}
}

// logged writes the stack of a caught panic to the log, where there is one.
func (r *Run) logged(err error) error {
	if p, ok := errors.AsType[*panicError](err); ok {
		r.log.Error("panic", "type", p.kind, "stack", string(p.stack))
	}
	return err
}
