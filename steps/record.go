package steps

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/planted"
	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// What a run does is kept twice: in memory for the last screen, and, before it is done, in the tenant's journal on
// disk. A change is not begun when its line can't be written; one that puts MFA back is made all the same.

// Entry is one write of this run: what was announced, what became of it, and how that is known.
type Entry struct {
	At        time.Time
	Step      ID
	Change    Change
	Outcome   graph.Outcome
	Verified  bool   // the tenant was read to show it
	RequestID string // of the answer to the write; empty when none arrived
}

// writtenSoFar says whether this run has changed anything yet. A change whose answer was lost counts.
func (m memory) writtenSoFar() string {
	n := 0
	for _, e := range m.record {
		if e.Outcome != graph.Refused {
			n++
		}
	}
	if n == 0 {
		return "Nothing has been written yet."
	}
	return "This run has written " + count(n, "change", "changes") + " so far."
}

// keep opens the journal of the tenant that was signed in to. Another wizard at work on it on this machine is refused. A
// journal that can't be used is remembered: closing does without it, and nothing is opened. Restore works beside another
// wizard, because putting MFA back waits for nobody.
func (r *Run) keep(identity graph.Identity) error {
	if r.opts.Journal == "" {
		return nil
	}
	r.mu.Lock()
	held := r.journal
	r.mu.Unlock()
	if held != nil {
		if r.see().who == identity {
			return nil
		}
		r.Close(false)
	}
	r.proof.wait()
	by := cmp.Or(r.opts.By, journal.ByWizard)
	author := journal.Author{By: by, Operator: identity.UserPrincipalName, Screen: screened, Prove: r.proof.prove}
	j, err := r.begin(journal.Open, identity, author)
	other, isHeld := errors.AsType[*journal.HeldError](err)
	if isHeld && by != journal.ByRestore {
		return &Error{Op: "work on this tenant", Hint: fmt.Sprintf("Another wizard is at work on it on this machine (process %d). Finish or leave that one first. If it does not answer any more, restore puts MFA back beside it.", other.PID), Err: err}
	}
	if isHeld { // it may have been stopped, or hang
		j, err = r.begin(journal.Attach, identity, author)
		r.set(func(m *memory) { m.beside = other })
	}
	if err != nil {
		r.log.Error("use the journal", "error", err)
		r.set(func(m *memory) { m.noJournal = journalError(err) })
		return nil
	}
	r.set(func(m *memory) { m.noJournal = nil })
	r.write(j)
	return nil
}

// begin opens the journal and writes the first line of this run.
func (r *Run) begin(open func(string, string, journal.Author) (*journal.Journal, error), identity graph.Identity, author journal.Author) (*journal.Journal, error) {
	return within(lineWithin, func() (*journal.Journal, error) {
		j, err := open(r.opts.Journal, identity.TenantID, author)
		if err != nil {
			return nil, err
		}
		if _, err = j.Append(journal.Entry{Kind: journal.KindStarted}); err != nil {
			return nil, errors.Join(err, j.Close())
		}
		return j, nil
	}, func(j *journal.Journal) { _ = j.Close() })
}

// write makes j the journal of this run.
func (r *Run) write(j *journal.Journal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.journal = j
	r.scribe = &scribe{append: j.Append, failed: func(err error) {
		r.log.Error("write the journal", "error", err)
		r.set(func(m *memory) { m.unwritten, m.notWritten = m.unwritten+1, err })
	}}
}

// Unwritten says that lines of the journal are missing on the disk; nil when all are there, or none is kept.
func (r *Run) Unwritten() error {
	r.mu.Lock()
	s, n, why := r.scribe, r.mem.unwritten, r.mem.notWritten
	r.mu.Unlock()
	if s != nil {
		n += s.unwritten()
	}
	if n == 0 {
		return nil
	}
	if why == nil {
		why = errSilentDisk
	}
	return &Error{
		Op:   "write " + count(n, "line", "lines") + " of the journal",
		Hint: "What was done stands in the tenant and its audit log, and not in the journal. " + otherFolder,
		Err:  why,
	}
}

// screened is a line of the journal without the secrets that are in it, as none should be.
func screened(line string) string { return redact.Text(redact.Journal, line) }

// otherFolder is the way on where the journal's own folder can't be used.
const otherFolder = "To start with a journal elsewhere, set XDG_STATE_HOME to a folder of yours on a disk that can be written."

func journalError(err error) error {
	hint := "MFA is put back without it, but nothing else is changed. Free some disk space, or check the rights of the folder, then try again. " + otherFolder
	if _, broken := errors.AsType[*journal.BrokenError](err); broken {
		hint = "It was changed by hand, or damaged. MFA is put back without it, but nothing else is changed. Move its file out of the way, keep it, and start again: what is done is read from the tenant. " + otherFolder
	}
	return &Error{Op: "use the journal", Hint: hint, Err: err}
}

// Close says in the journal how the run ended, and lets another wizard in. It waits no longer than a few seconds for a disk.
func (r *Run) Close(finished bool) {
	kind := journal.KindLeft
	if finished {
		kind = journal.KindFinished
	}
	r.mu.Lock()
	j, s := r.journal, r.scribe
	r.mu.Unlock()
	if s != nil {
		last := s.write(r.about(journal.Entry{Kind: kind}))
		r.desert()
		_ = last.wait(readWithin)
	} else {
		r.desert()
	}
	r.mu.Lock()
	r.journal = nil
	r.mu.Unlock()
	if j == nil {
		return
	}
	if _, err := within(readWithin, func() (struct{}, error) { return struct{}{}, j.Close() }, nil); err != nil {
		r.log.Error("close the journal", "error", err)
	}
}

// note writes a line that nothing depends on. It waits a moment for it, unless the disk has hung already.
func (r *Run) note(e journal.Entry) { r.jot(r.about(e)) }

func (r *Run) jot(entry func() (journal.Entry, bool)) {
	s := r.writer()
	if s == nil {
		return
	}
	stuck := s.stuck()
	l := s.write(entry)
	if !stuck {
		_ = l.wait(noteWithin)
	}
}

// writer is who writes the journal; nil when none is kept.
func (r *Run) writer() *scribe {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.journal == nil {
		return nil
	}
	return r.scribe
}

// about is a line about the service account, unless it says otherwise.
func (r *Run) about(e journal.Entry) func() (journal.Entry, bool) {
	if e.Account == (journal.Account{}) {
		user := r.see().user
		e.Account = journal.Account{ID: user.ID, UserPrincipalName: user.UserPrincipalName}
	}
	e.Note = planted.Into("journal", e.Note)
	return func() (journal.Entry, bool) { return e, true }
}

// line writes a line that something depends on, and waits for it.
func (r *Run) line(e journal.Entry) error {
	if err := r.see().noJournal; err != nil {
		return err
	}
	s := r.writer()
	if s == nil {
		return nil
	}
	if err := s.write(r.about(e)).wait(lineWithin); err != nil {
		return journalError(err)
	}
	return nil
}

// intend writes what is about to be sent, and how to take it back. Putting something back never waits for a disk.
func (r *Run) intend(w write) (*line, error) {
	e := journal.Entry{
		Kind: journal.KindIntent, Step: string(w.step), Change: lineOf(w.change), Inverse: w.inverse, Restores: w.restores,
	}
	s := r.writer()
	if w.restores == nil {
		if err := r.see().noJournal; err != nil {
			return nil, err
		}
	}
	if s == nil {
		return nil, nil
	}
	l := s.write(r.about(e))
	if w.restores != nil {
		return l, nil
	}
	if err := l.wait(lineWithin); err != nil {
		return nil, journalError(err)
	}
	return l, nil
}

// noteRestored writes down that something needs no taking back any more: the tenant was read, and somebody else did it.
func (r *Run) noteRestored(step ID, i journal.Inverse) {
	r.note(journal.Entry{Kind: journal.KindOutcome, Step: string(step), Restores: &i, Outcome: journal.Applied, Verified: true})
}

// recorded notes what became of a write. No secret is ever in it.
func (r *Run) recorded(e Entry, w write, intent *line) {
	r.set(func(m *memory) { m.record = append(m.record, e) })
	r.log.Info("change", "step", e.Step, "op", string(e.Change.Op), "object", e.Change.Object, "from", e.Change.From,
		"to", e.Change.To, "outcome", e.Outcome.String(), "verified", e.Verified, "request-id", e.RequestID)
	if intent == nil && w.restores == nil {
		return
	}
	about := r.about(journal.Entry{
		Kind: journal.KindOutcome, Step: string(e.Step), Change: lineOf(e.Change), Restores: w.restores,
		Outcome: outcomes[e.Outcome], Verified: e.Verified, RequestID: e.RequestID,
	})
	r.jot(func() (journal.Entry, bool) {
		out, _ := about()
		if intent != nil {
			out.Intent = intent.seq // written before this one
		}
		return out, out.Intent > 0 || w.restores != nil
	})
}

var outcomes = map[graph.Outcome]journal.Outcome{
	graph.Applied: journal.Applied, graph.Refused: journal.Refused, graph.Unknown: journal.Unknown,
}

func lineOf(c Change) journal.Change {
	return journal.Change{Op: string(c.Op), Object: c.Object, From: c.From, To: c.To}
}
