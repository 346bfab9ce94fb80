// Package panics makes errors of the program's own panics. Such an error tells the type of what was panicked with and never
// the value, which might quote a secret; the stack is for the log.
package panics

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
)

// ErrBroken says that the program itself panicked, and perhaps went on.
var ErrBroken = errors.New("internal error")

// Error is a panic that was caught. It wraps ErrBroken.
type Error struct {
	Kind  string // the type of what was panicked with
	Stack []byte
}

func (e *Error) Error() string { return ErrBroken.Error() + ": " + e.Kind }

func (e *Error) Unwrap() error { return ErrBroken }

// Caught is the error for what recover returned, and nil for nil. It is called where recover was.
func Caught(v any) error {
	if v == nil {
		return nil
	}
	return &Error{fmt.Sprintf("%T", v), debug.Stack()}
}

// Call calls f. A panic in it becomes an error, so that one in a goroutine neither ends the program nor leaves the terminal
// as it is.
func Call[T any](f func() (T, error)) (value T, err error) {
	defer func() {
		if caught := Caught(recover()); caught != nil {
			err = caught
		}
	}()
	return f()
}

// Do is Call of what has no result.
func Do(f func() error) error {
	_, err := Call(func() (struct{}, error) { return struct{}{}, f() })
	return err
}

// Each calls functions side by side and reports the errors of all of them.
func Each(fs ...func() error) error {
	var wg sync.WaitGroup
	errs := make([]error, len(fs))
	for i, f := range fs {
		wg.Go(func() { errs[i] = Do(f) })
	}
	wg.Wait()
	return errors.Join(errs...)
}
