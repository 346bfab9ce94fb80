package guard

import "github.com/delegate365-onboard/delegate365-onboard/steps/panics"

// ErrBroken says that the guard itself panicked.
var ErrBroken = panics.ErrBroken

// survive turns a panic into an error. It has to be deferred itself.
func survive(err *error) {
	if caught := panics.Caught(recover()); caught != nil {
		*err = caught
	}
}
