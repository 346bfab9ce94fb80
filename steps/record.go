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

// keep opens the journal of the tenant that was signed in to. Another wizard at work on it on this machine is refused.
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
	by := cmp.Or(r.opts.By, journal.ByWizard)
	j, err := journal.Open(r.opts.Journal, identity.TenantID, journal.Author{By: by, Operator: identity.UserPrincipalName, Screen: screened})
	if other, ok := errors.AsType[*journal.HeldError](err); ok {
		return &Error{Op: "work on this tenant", Hint: fmt.Sprintf("Another wizard is at work on it on this machine (process %d). Finish or leave that one first.", other.PID), Err: err}
	}
	if err == nil {
		_, err = j.Append(journal.Entry{Kind: journal.KindStarted})
	}
	if err != nil {
		if j != nil {
			err = errors.Join(err, j.Close())
		}
		return journalError(err)
	}
	r.mu.Lock()
	r.journal = j
	r.mu.Unlock()
	return nil
}

// screened is a line of the journal without the secrets that are in it, as none should be.
func screened(line string) string { return redact.Text(redact.Journal, line) }

func journalError(err error) error {
	if _, broken := errors.AsType[*journal.BrokenError](err); broken {
		return &Error{Op: "use the journal", Hint: "It was changed by hand, or damaged. Move its file out of the way, keep it, and start again: what is done is read from the tenant.", Err: err}
	}
	return &Error{Op: "write the journal", Hint: "Nothing is changed without it. Free some disk space, or check the rights of the folder, then try again.", Err: err}
}

// Close says in the journal how the run ended, and lets another wizard in.
func (r *Run) Close(finished bool) {
	kind := journal.KindLeft
	if finished {
		kind = journal.KindFinished
	}
	r.note(journal.Entry{Kind: kind})
	r.desert()
	r.mu.Lock()
	j := r.journal
	r.journal = nil
	r.mu.Unlock()
	if j == nil {
		return
	}
	if err := j.Close(); err != nil {
		r.log.Error("close the journal", "error", err)
	}
}

// note writes a line that nothing waits for. That it can't be written is logged.
func (r *Run) note(e journal.Entry) int {
	seq, err := r.line(e)
	if err != nil {
		r.log.Error("write the journal", "kind", e.Kind, "error", err)
	}
	return seq
}

// line writes a line and returns its number: 0 when there is no journal.
func (r *Run) line(e journal.Entry) (int, error) {
	r.mu.Lock()
	j, user := r.journal, r.mem.user
	r.mu.Unlock()
	if j == nil {
		return 0, nil
	}
	if e.Account == (journal.Account{}) {
		e.Account = journal.Account{ID: user.ID, UserPrincipalName: user.UserPrincipalName}
	}
	e.Note = planted.Into("journal", e.Note)
	written, err := j.Append(e)
	return written.Seq, err
}

// intend writes what is about to be sent, and how to take it back.
func (r *Run) intend(w write) (int, error) {
	seq, err := r.line(journal.Entry{
		Kind: journal.KindIntent, Step: string(w.step), Change: lineOf(w.change), Inverse: w.inverse, Restores: w.restores,
	})
	if err != nil && w.restores != nil {
		r.log.Error("write the journal", "error", err)
		return 0, nil // putting something back never waits for a disk
	}
	if err != nil {
		return 0, journalError(err)
	}
	return seq, nil
}

// noteRestored writes down that something needs no taking back any more: the tenant was read, and somebody else did it.
func (r *Run) noteRestored(step ID, i journal.Inverse) {
	r.note(journal.Entry{Kind: journal.KindOutcome, Step: string(step), Restores: &i, Outcome: journal.Applied, Verified: true})
}

// recorded notes what became of a write. No secret is ever in it.
func (r *Run) recorded(e Entry, w write, intent int) {
	r.set(func(m *memory) { m.record = append(m.record, e) })
	r.log.Info("change", "step", e.Step, "op", string(e.Change.Op), "object", e.Change.Object, "from", e.Change.From,
		"to", e.Change.To, "outcome", e.Outcome.String(), "verified", e.Verified, "request-id", e.RequestID)
	if intent == 0 && w.restores == nil {
		return
	}
	r.note(journal.Entry{
		Kind: journal.KindOutcome, Step: string(e.Step), Change: lineOf(e.Change), Restores: w.restores, Intent: intent,
		Outcome: outcomes[e.Outcome], Verified: e.Verified, RequestID: e.RequestID,
	})
}

var outcomes = map[graph.Outcome]journal.Outcome{
	graph.Applied: journal.Applied, graph.Refused: journal.Refused, graph.Unknown: journal.Unknown,
}

func lineOf(c Change) journal.Change {
	return journal.Change{Op: string(c.Op), Object: c.Object, From: c.From, To: c.To}
}
