package change

import (
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// Note writes a line that nothing depends on. It waits a moment for it, unless the disk has hung already.
func (r *Recorder) Note(e journal.Entry) { r.jot(r.about(e)) }

// NoteClosed writes down that the window of an account was closed, unless whoever closed it did so.
func (r *Recorder) NoteClosed(closed journal.Entry) {
	closed.Kind = journal.KindWindowClosed
	r.jot(func() (journal.Entry, bool) {
		l, err := r.read()
		w, open := l.OpenWindow()
		return closed, err != nil || open && w.Account.ID == closed.Account.ID || l.FoundOf(closed.Account.ID)
	})
}

// NoteFound writes down that a window was found open, unless a line says so. Nobody waits for it.
func (r *Recorder) NoteFound(found journal.Entry) {
	q := r.writer()
	if q == nil {
		return
	}
	q.write(func() (journal.Entry, bool) {
		l, err := r.read()
		return found, err == nil && !l.FoundOf(found.Account.ID)
	})
}

func (r *Recorder) jot(entry func() (journal.Entry, bool)) {
	q := r.writer()
	if q == nil {
		return
	}
	stuck := q.stuck()
	l := q.write(entry)
	if !stuck {
		_ = l.wait(noteWithin)
	}
}

// writer is who writes the journal; nil when none is kept.
func (r *Recorder) writer() *queue {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file == nil {
		return nil
	}
	return r.queue
}

// about is a line about the service account, unless it says otherwise.
func (r *Recorder) about(e journal.Entry) func() (journal.Entry, bool) {
	if e.Account == (journal.Account{}) {
		e.Account = r.account()
	}
	return func() (journal.Entry, bool) { return e, true }
}

// Line writes a line that something depends on, and waits for it.
func (r *Recorder) Line(e journal.Entry) error {
	if err := r.Unusable(); err != nil {
		return err
	}
	q := r.writer()
	if q == nil {
		return nil
	}
	if err := q.write(r.about(e)).wait(lineWithin); err != nil {
		return journalError(err)
	}
	return nil
}

// journalIntent writes what is about to be sent, and how to take it back. Putting something back never waits for a disk, unless it
// can be taken back itself, as what an offboarding does.
func (r *Recorder) journalIntent(w Write) (*line, error) {
	e := journal.Entry{
		Kind: journal.KindIntent, Step: string(w.Step), Change: lineOf(w.Change), Inverse: w.Inverse, Restores: w.Restores, Target: w.Target,
	}
	q, waits := r.writer(), w.Restores == nil || w.Inverse != nil
	if waits {
		if err := r.Unusable(); err != nil {
			return nil, err
		}
	}
	if q == nil {
		return nil, nil
	}
	l := q.write(r.about(e))
	if !waits {
		return l, nil
	}
	if err := l.wait(lineWithin); err != nil {
		return nil, journalError(err)
	}
	return l, nil
}

// journalOutcome writes what became of a write, beneath its intent where that was written.
func (r *Recorder) journalOutcome(e Entry, w Write, intent *line) {
	if intent == nil && w.Restores == nil {
		return
	}
	about := r.about(journal.Entry{
		Kind: journal.KindOutcome, Step: string(e.Step), Change: lineOf(e.Change), Restores: w.Restores,
		Outcome: e.outcome(), Verified: e.Verified, RequestID: e.RequestID, ClientID: e.ClientID,
	})
	r.jot(func() (journal.Entry, bool) {
		out, _ := about()
		if intent != nil {
			out.Intent = intent.seq // written before this one
		}
		return out, out.Intent > 0 || w.Restores != nil
	})
}
