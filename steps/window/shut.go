package window

import (
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// A window that a read shows to be open, and that this run did not open, is somebody else's: it has been open since the last reading that
// showed it shut, at the most.

// reading is when an account was last read to be no administrator without MFA.
type reading struct {
	id string
	at time.Time
}

// readShut notes that a reading showed the account shut: it took a while, and may have come from a server that lags.
func (s *state) readShut(id string) {
	if at := Now().Add(-Lagging); !objectid.Same(s.shut.id, id) || at.After(s.shut.at) {
		s.shut = reading{id, at}
	}
}

// shutUntil is until when an account that this run did not expose surely was not: until it was last read, or looked for, or else created. It
// is zero where nobody knows.
func (s *state) shutUntil(user graph.User, marker string) time.Time {
	at, read := user.Created, time.Time{}
	switch {
	case objectid.Same(s.shut.id, user.ID):
		read = s.shut.at
	case user.JobTitle == marker:
		read = s.looked
	}
	if read.After(at) {
		at = read
	}
	if !at.Before(Now()) { // by Microsoft's clock
		return time.Time{}
	}
	return at
}

// seenLine is the journal's line of a window that was seen to be open.
func seenLine(e *Exposure, since time.Time) journal.Entry {
	if !since.IsZero() {
		return journal.FoundOpen(e.journaled(), since)
	}
	return openedLine(e.journaled(), e.Cap)
}

// noteFound writes down since when a window that no journal here knows is open, before anything of it is put back: whoever comes after a
// closing that was stopped finds MFA on, and nothing that says how long it was off.
func noteFound(w *Window) {
	if s := w.current(); s.open != nil && s.open.Unclaimed {
		w.opts.Recorder.NoteFound(journal.FoundStuck(s.open.journaled(), s.open.Opened))
	}
}
