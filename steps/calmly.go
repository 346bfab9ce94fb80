package steps

import (
	"errors"

	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
)

// ErrBroken says that a step panicked.
var ErrBroken = panics.ErrBroken

// calmly calls f. A panic in it becomes an error.
func calmly[T any](f func() (T, error)) (T, error) { return panics.Call(f) }

// calm is f for a goroutine.
func calm(f func() error) func() error {
	return func() error {
		_, err := calmly(func() (struct{}, error) { return struct{}{}, f() })
		return err
	}
}

// logged writes the stack of a caught panic to the log, where there is one.
func (r *Run) logged(err error) error {
	if p, ok := errors.AsType[*panics.Error](err); ok {
		r.log.Error("panic", "type", p.Kind, "stack", string(p.Stack))
	}
	return err
}
