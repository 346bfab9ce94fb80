package steps

import (
	"errors"

	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
)

// A guard that ends together with this process closes nothing. Where that is sure, the operator decides before the window is
// opened; where it only may be so, it is said.

const actTogether = "go-on-together"

var errTogether = errors.New("the guard would end together with this program")

// together are the reasons for which a guard would surely end with this process, before the operator accepted them.
func (r *Run) together() []guard.Doubt {
	if r.see().together {
		return nil
	}
	return r.doubts(true)
}

func (r *Run) doubts(sure bool) (out []guard.Doubt) {
	if r.opts.Guard == nil || r.opts.Around == nil {
		return nil
	}
	for _, d := range r.opts.Around().Doubts() {
		if d.Sure == sure {
			out = append(out, d)
		}
	}
	return out
}

// unlessTogether is the finding of a step that opens the window, or the question that comes before it.
func (r *Run) unlessTogether(f Finding) Finding {
	if r.onWatch() != nil || f.Status != Ready {
		return f
	}
	if sure := r.together(); len(sure) > 0 {
		return mayEndTogether(sure)
	}
	for _, d := range r.doubts(false) {
		f.Notice += " " + d.Why + " " + d.Way
	}
	return f
}

func mayEndTogether(sure []guard.Doubt) Finding {
	f := Finding{
		Status: Blocked,
		Text:   []string{"Nothing would put MFA back if this program were ended. Nothing has been opened yet."},
		Actions: []Action{
			{ID: ActRetry, Label: "Look again"},
			{ID: actTogether, Label: "Go on: I stay until MFA is back"},
			{ID: ActLeave, Label: "Leave"},
		},
	}
	for _, d := range sure {
		f.Text = append(f.Text, d.Why, d.Way)
	}
	return f
}

// standsAlone refuses to open the window where nobody accepted that nothing else would close it.
func (r *Run) standsAlone() error {
	sure := r.together()
	if len(sure) == 0 {
		return nil
	}
	return &Error{Op: "open the exposure window", Hint: "Nothing was changed. " + sure[0].Why + " " + sure[0].Way, Err: errTogether}
}
