package steps

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// noteAsked writes down, once in a run or until it is asked for anew, that a person is asked for something that Microsoft's log will show: whoever reads both
// later knows that it was asked for, and from when on.
func noteAsked(r *Run, step ID, part string) {
	if !slices.Contains([]string{PartServiceSettings, PartSetup, PartRegisterMFA, PartAppPassword, PartPortalVersion, PartTestCredentials}, part) {
		return
	}
	r.mu.Lock()
	known := slices.Contains(r.asked, part)
	if !known {
		r.asked = append(r.asked, part)
	}
	r.mu.Unlock()
	if !known {
		r.recorder.Note(journal.Entry{Kind: journal.KindAsked, Step: string(step), Note: part})
	}
}

// wasAsked reports that a person was asked for one of these parts in this run.
func wasAsked(r *Run, parts ...string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(r.asked, func(p string) bool { return slices.Contains(parts, p) })
}

// askAnew has the next screen that asks for a part written down again.
func askAnew(r *Run, part string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked = slices.DeleteFunc(r.asked, func(p string) bool { return p == part })
}
