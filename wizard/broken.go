package wizard

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"

	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// ErrBroken says that the program itself panicked, and perhaps went on. The log has the stack.
var ErrBroken = panics.ErrBroken

// survive ends the program after a panic in Update or View, with the terminal restored, instead of letting Bubble Tea
// print what was panicked with. It has to be deferred itself.
func (e *exit) survive(m *Model) {
	if v := recover(); v != nil {
		m.jobs.logPanic(v)
		e.result, e.cause = Failed, panics.Caught(v)
		m.flow.walk.State = walker.Ended
		m.jobs.life.abort()
	}
}

func (e *exit) broken() bool { return errors.Is(e.cause, ErrBroken) }

// logPanic writes the stack of a panic to the log. What was panicked with is told only when the runtime made it: anything
// else might quote a secret.
func (j *jobs) logPanic(v any) {
	err, ours := v.(runtime.Error)
	if !ours {
		err = nil
	}
	j.log.Error("panic", "type", fmt.Sprintf("%T", v), "error", err, "stack", string(debug.Stack()))
}
