package report

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// endedOf is how the onboarding ended: finished where the journal says so, and else as whoever closes it now says, or as the journal
// has it.
func endedOf(entries []journal.Entry, f *Facts) Ended {
	end := Ended{How: f.How, Step: f.Step, At: second(f.MadeAt), By: string(f.MadeBy)}
	if !slices.ContainsFunc(entries, changes) {
		end.How = NotBegun
		return end
	}
	said := endSaid(entries)
	if end.How != "" && said.How != Finished {
		return end
	}
	if end.How = said.How; said.By != "" {
		end.At, end.By = said.At, said.By
	}
	if end.Step == "" {
		end.Step = said.Step
	}
	return end
}

// endSaid is how the journal has it that the onboarding ended. What was finished stays so until something is changed again; one
// that no line ends was killed: when its guard saw it go, or after its last line.
func endSaid(entries []journal.Entry) Ended {
	end, last := Ended{How: Killed}, time.Time{}
	put := slices.ContainsFunc(entries, func(e journal.Entry) bool { return e.By == journal.ByRestore && changes(e) })
	for _, e := range entries {
		if e.By == journal.ByWizard {
			last = second(e.At)
		}
		how := ""
		switch {
		case works(e), e.Kind == journal.KindStarted && e.By == journal.ByWizard && end.How != Finished:
			end = Ended{How: Killed}
		case e.Kind == journal.KindFinished && e.By == journal.ByWizard:
			how = Finished
		case end.How == Finished:
		case e.Kind == journal.KindGone && e.By == journal.ByGuard:
			if at, err := time.Parse(time.RFC3339, e.Note); err == nil && end.How == Killed {
				end.At, end.By = second(at), string(e.By)
			}
		case e.Kind == journal.KindFinished && e.By == journal.ByRestore && put:
			how = PutBack
		case e.Kind == journal.KindLeft && e.By == journal.ByWizard:
			how = Left
		}
		if how != "" {
			end = Ended{How: how, Step: e.Step, At: second(e.At), By: string(e.By)}
		}
	}
	if end.By == "" && !last.IsZero() {
		end.At, end.By = last, string(journal.ByWizard)
	}
	return end
}
