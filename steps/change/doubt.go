package change

import (
	"errors"
	"strconv"

	"github.com/delegate365-onboard/delegate365-onboard/graph/regular"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// What is said of a journal that is not as it should be.

// Doubt is what has to be said loudly of the journal; empty where it is as it should be.
func (r *Recorder) Doubt() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.unusable != nil:
		p := problem.Explain(r.unusable)
		return p.What + " " + p.Next
	case r.altered != 0:
		return phrase.T("Somebody changed the journal on this computer: line %s is missing or not as this program wrote it. Nothing is believed because the journal says it. Once you know why, move the file out of the way and keep it.", strconv.Itoa(r.altered))
	}
	return ""
}

// Unwritten says that lines of the journal are missing on the disk; nil when all are there, or none is kept.
func (r *Recorder) Unwritten() error {
	r.mu.Lock()
	q, n, why := r.queue, r.unwritten, r.notWritten
	r.mu.Unlock()
	if q != nil {
		n += q.unwritten()
	}
	if n == 0 {
		return nil
	}
	if why == nil {
		why = ErrSilentDisk
	}
	return &problem.Error{Op: "write %s of the journal", Of: []any{phrase.Count(n, "line", "lines")}, Hint: notKept(why), Err: why}
}

// Unkept is why nothing of what was changed is in the journal, for the end of the run; nil when a journal was used, or none is kept.
func (r *Recorder) Unkept() error {
	unusable := r.Unusable()
	if unusable == nil {
		return nil
	}
	return &problem.Error{Op: opUse, Hint: notKept(unusable), Err: errors.Unwrap(unusable)}
}

func notKept(why error) string {
	return phrase.T("What was done stands in the tenant and its audit log, and not in the journal. %s", otherwise(why))
}

// otherwise is what to do about a journal that was not written. Another disk changes nothing about a line that is refused.
func otherwise(why error) string {
	if errors.Is(why, journal.ErrSecret) {
		return phrase.T("Something in it looks like a secret of this run, and the journal may hold none. Please report this.")
	}
	return phrase.T(otherFolder)
}

// otherFolder is the way on where the journal's own folder can't be used.
const otherFolder = "To start with a journal elsewhere, set XDG_STATE_HOME to a folder of yours on a disk that can be written."

// opUse is what can't be done with a journal that is no use.
const opUse = "use the journal"

func journalError(err error) error {
	hint := phrase.T("MFA is put back without it, but nothing else is changed. Free some disk space, or check the rights of the folder, then try again. %s", phrase.T(otherFolder))
	if errors.Is(err, regular.ErrNotFolder) || errors.Is(err, regular.ErrForeignFolder) {
		hint = phrase.T("MFA is put back without it, but nothing else is changed: whoever can change the folder could change what is believed. Put a folder of your own in its place, then try again. %s", phrase.T(otherFolder))
	}
	if _, broken := errors.AsType[*journal.BrokenError](err); broken {
		hint = phrase.T("It was changed by hand, or damaged. MFA is put back without it, but nothing else is changed. Move its file out of the way, keep it, and start again: what is done is read from the tenant. %s", phrase.T(otherFolder))
	}
	if errors.Is(err, journal.ErrSecret) {
		hint = phrase.T("MFA is put back without it, but nothing else is changed. %s", otherwise(err))
	}
	return &problem.Error{Op: opUse, Hint: hint, Err: err}
}
