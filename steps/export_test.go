package steps

import "github.com/delegate365-onboard/delegate365-onboard/steps/journal"

// HangJournal has every further line of the journal wait, as on a disk that hangs, until thaw is called.
func HangJournal(r *Run) (thaw func()) {
	s, frozen := r.writer(), make(chan struct{})
	disk := s.append
	s.append = func(e journal.Entry) (journal.Entry, error) {
		<-frozen
		return disk(e)
	}
	return func() { close(frozen) }
}
