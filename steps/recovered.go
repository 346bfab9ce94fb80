package steps

import (
	"errors"

	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
)

// ErrBroken says that a step panicked.
var ErrBroken = panics.ErrBroken

// recovered is f for a goroutine: a panic in it is an error.
func recovered(f func() error) func() error {
	return func() error { return panics.Do(f) }
}

// logged writes the stack of a caught panic to the log, where there is one.
func (r *Run) logged(err error) error {
	if p, ok := errors.AsType[*panics.Error](err); ok {
		r.log.Error("panic", "type", p.Kind, "stack", string(p.Stack))
	}
	return err
}
