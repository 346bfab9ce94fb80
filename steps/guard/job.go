package guard

import "github.com/delegate365-onboard/delegate365-onboard/steps/phrase"

// Job is how a process stands to the job objects of Windows, which may end whatever is in them
// (https://learn.microsoft.com/windows/win32/procthread/job-objects). The larger one is the worse.
type Job int

// A process may be in several, one in the other, and is told the limits of the innermost only.
const (
	NoJob      Job = iota // it is in none, or the system has none
	OwnedJob              // in one that goes on without the terminal, as far as its limits say; its owner may end it
	UnreadJob             // in one whose limits could not be read
	KillingJob            // in one that ends everything in it together with its owner (JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE)
)

// Own is how this process stands to them.
func Own() Job { return ownJob() }

func (j Job) String() string {
	switch j {
	case NoJob:
		return "none"
	case OwnedJob:
		return "one that goes on without its owner"
	case KillingJob:
		return "one that ends with its owner"
	}
	return "one whose limits could not be read"
}

// plainWindow is the way out of the job of a terminal.
const plainWindow = "Start it from a plain console window instead: press Windows+R, enter conhost, and run it there."

func (j Job) doubts() []Doubt {
	switch j {
	case KillingJob:
		return []Doubt{{phrase.T("When this terminal is closed, Windows ends whatever it has started, the guard too: it is in a job object that ends together with its owner."), phrase.T(plainWindow), true, ""}}
	case UnreadJob:
		return []Doubt{{phrase.T("When this terminal is closed, Windows may end whatever it has started, the guard too: it is in a job object whose limits could not be read."), phrase.T(plainWindow), true, ""}}
	case OwnedJob:
		return []Doubt{{phrase.T("The guard, the second process that puts MFA back if this program dies, is in a job object of what has started this terminal, which may end it."), phrase.T("Leave the terminal open until MFA is back."), false, phrase.T("while the terminal is open")}}
	}
	return nil
}
