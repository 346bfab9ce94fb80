package report

import "github.com/delegate365-onboard/delegate365-onboard/steps/journal"

// Made is how many changes were made or may have been, each once, however often it was sent; and of how many of them a try is as asked for.
// One that was refused is none.
func (r *Report) Made(such func(Change) bool) (made, those int) {
	var all []journal.Change
	var is []bool
	for _, c := range r.Changes {
		if c.undone() {
			continue
		}
		said := journal.Change{Op: c.Op, Object: c.Object.Name, From: c.From, To: c.To}
		i := said.Again(len(all), func(i int) journal.Change { return all[i] })
		if i < 0 {
			i, all, is = len(all), append(all, said), append(is, false)
		}
		all[i] = said
		if !is[i] && such(c) {
			is[i] = true
			those++
		}
	}
	return len(all), those
}

// InLog reports a change that Microsoft's log was seen to have.
func (c Change) InLog() bool { return c.Audit != nil && c.Audit.State == Found }
