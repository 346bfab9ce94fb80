package guard

import (
	"errors"
	"fmt"
)

// ErrBroken says that the guard itself panicked.
var ErrBroken = errors.New("internal error")

// survive turns a panic into an error. It tells the type of what was panicked with, and never the value, which might quote
// a secret. It has to be deferred itself.
func survive(err *error) {
	if v := recover(); v != nil {
		*err = fmt.Errorf("%w: %T", ErrBroken, v)
	}
}
