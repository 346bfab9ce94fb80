// Package steps is the onboarding itself, free of any terminal: one file for each documented step, in the order of
// All. A step reads the tenant into a Finding, which says everything a front end needs in order to explain it, and
// changes the tenant only in Apply. A front end renders findings and knows nothing of its own about any step.
package steps

import (
	"context"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Step is one documented part of the onboarding.
type Step interface {
	// Info is constant: it needs no tenant.
	Info() Info
	// Inspect reads the tenant and never writes. It may report rows as they arrive, from any goroutine, as Apply may.
	// An error means that the tenant could not be read; what was read and is unfit for the step is a Blocked finding
	// instead.
	Inspect(ctx context.Context, r *Run, report func(Event)) (Finding, error)
	// Plan says, before anything is written, what the step will change. It reads nothing.
	Plan(s Situation) Planned
	// Apply makes the changes that Inspect announced and returns when each was read back. Calling it on a step that
	// is done changes nothing.
	Apply(ctx context.Context, r *Run, report func(Event)) error
	// Answer takes what the operator typed, pasted or chose for the field or action id of the last Finding. A refused
	// value comes back as an *Error whose text stands beside the field; the earlier value is kept. It never writes to
	// the tenant.
	Answer(r *Run, id string, value graph.Secret) error
}

// Person plays a person's part in a rehearsal: part is Task.Part, with holds what the operator would carry over (the
// values of Task.Items by id, the Task's URL and Code as "url" and "code"). What it returns is what the person would
// bring back, such as an app password, or what they would answer: the id of an option of a ChoiceField or of an action, and in
// a second line what a page said that makes them answer so. Of most other parts it is what a page said.
type Person interface {
	Play(ctx context.Context, part string, with map[string]string) (string, error)
}

// All is the onboarding in its documented order. Adding a step is adding a file and a line here.
func All() []Step {
	return []Step{
		instrumented{signIn{next: phrase.T("Check the tenant"), begins: onboards}},
		instrumented{check{}},
		instrumented{createAccount{}},
		instrumented{assignAdmin{}},
		instrumented{suspendMFA{}},
		instrumented{runSetup{}},
		instrumented{reenableMFA{}},
		instrumented{enableAppPasswords{}},
		instrumented{captureAppPassword{}},
		instrumented{handOver{}},
	}
}
