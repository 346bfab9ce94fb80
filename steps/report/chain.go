package report

import (
	"fmt"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// The journal's lines stand in the report as they are in its file, and everything the report says by the journal is made from
// them by the functions of these files: by whoever writes the report, and once more by whoever checks it.

// chain reads lines whose hashes follow each other, by their bytes: a line of another version reads as well as it can.
func chain(lines []string) ([]journal.Entry, error) {
	var out []journal.Entry
	for i, line := range lines {
		e, err := journal.Parse(line)
		if err != nil {
			return nil, fmt.Errorf("line %d is no entry of a journal", i+1)
		}
		if i > 0 {
			before := out[i-1]
			switch {
			case e.Seq != before.Seq+1:
				return nil, fmt.Errorf("after line %d comes line %d", before.Seq, e.Seq)
			case e.Prev != Hash([]byte(lines[i-1])):
				return nil, fmt.Errorf("line %d does not follow the one before it", e.Seq)
			case e.Tenant != before.Tenant:
				return nil, fmt.Errorf("line %d is about another tenant", e.Seq)
			}
		} else if e.Seq == 1 && e.Prev != Hash(nil) {
			return nil, fmt.Errorf("line 1 follows a line that is not there")
		}
		out = append(out, e)
	}
	return out, nil
}

// onboarding are the entries of the last onboarding that changed something: what follows the start after the wizard that finished the
// one before. What was put back, or reported, in between ends none: its windows belong to the whole. Nor does a guard begin one.
func onboarding(all []journal.Entry) []journal.Entry {
	first, finished := 0, false
	for i, e := range all {
		switch {
		case e.Kind == journal.KindFinished && e.By == journal.ByWizard:
			finished = true
		case e.Kind == journal.KindStarted && e.By != journal.ByGuard && finished && slices.ContainsFunc(all[i:], works):
			first, finished = i, false
		case works(e):
			finished = false
		}
	}
	return all[first:]
}

// earlierOf is the time of the onboardings before the last one, which has so many of the journal's last lines.
func earlierOf(lines []string, last int) []span {
	all, err := chain(lines)
	if err != nil || len(all) <= last {
		return nil
	}
	return []span{{from: all[0].At, to: all[len(all)-last-1].At}}
}

// changes reports a line that says that something was, or may have been, changed.
func changes(e journal.Entry) bool {
	return e.Kind == journal.KindIntent || e.Kind == journal.KindWindowOpened || e.Kind == journal.KindOutcome && e.Change.Op != ""
}

// works reports a line by which an onboarding that was finished goes on: a change, but for what is done after the
// report.
func works(e journal.Entry) bool {
	switch e.Kind {
	case journal.KindIntent:
		return !afterReport(e)
	case journal.KindOutcome:
		return e.Intent == 0 && changes(e)
	}
	return e.Kind == journal.KindWindowOpened
}

// mostJournal is the most of a journal that a report carries whole, in bytes.
const mostJournal = 1 << 20

// journalOf is the journal as the report carries it: whole, or from the onboarding's first line on where it is too long.
func journalOf(lines []string, all []journal.Entry) Journal {
	j := Journal{First: 1, Lines: []string{}}
	if len(lines) == 0 {
		return j
	}
	size := 0
	for _, l := range lines {
		size += len(l) + 1
	}
	if size > mostJournal {
		lines = lines[len(all)-len(onboarding(all)):]
	}
	first, _ := journal.Parse(lines[0])
	j.First, j.Lines, j.Tip = first.Seq, slices.Clone(lines), Hash([]byte(lines[len(lines)-1]))
	return j
}
