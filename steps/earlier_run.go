package steps

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// What an earlier run has made is found in the tenant. That there was one, and how far it came, only the journal says.

// readEarlier keeps what the journal of a tenant says of the onboarding before this run. It is read before this run writes into it.
func readEarlier(r *Run, tenant string) {
	if r.opts.Journal == "" {
		return
	}
	earlier, err := change.Within(change.ReadWithin, func() (report.Outlined, error) {
		lines, err := journal.Lines(r.opts.Journal, tenant)
		if err != nil || len(lines) == 0 {
			return report.Outlined{}, err
		}
		return report.Outline(lines)
	}, nil)
	if err != nil {
		r.log.Warn("read how an earlier run ended", "error", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.earlier = earlier
}

// stoppedBefore says that an earlier run has changed something and did not finish; empty where there is none.
func stoppedBefore(r *Run) Sentence {
	r.mu.Lock()
	e := r.earlier
	r.mu.Unlock()
	if e.From.IsZero() || e.Finished || e.Stopped.IsZero() {
		return Sentence{}
	}
	goesOn := finding.Advice("This one goes on where the tenant stands.")
	when, said := phrase.Moment(e.Stopped, time.Now()), finding.Earlier.Of("", e.Step)
	named := func(s Step) bool { return string(s.Info().ID) == e.Step }
	all, taking := All(), Offboard()[1:] // the sign-in is in both
	if i := slices.IndexFunc(taking, named); i >= 0 {
		return said.In("An earlier offboarding of this program stopped at step %d, %s (%s).", i+2, taking[i].Info().Title, when).And(finding.Advice("To go on with that, leave, and run offboard: this is an onboarding."))
	}
	i := slices.IndexFunc(all, named)
	if i < 0 {
		return said.In("An earlier run of this program stopped (%s).", when).And(goesOn)
	}
	return said.In("An earlier run of this program stopped at step %d, %s (%s).", i+1, all[i].Info().Title, when).And(goesOn)
}

// askedBefore reports that an earlier run came to where a second factor is asked for, or to its end.
func askedBefore(r *Run) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.earlier.Finished || slices.Contains([]string{string(EnableAppPasswords), string(CaptureAppPassword), string(HandOver)}, r.earlier.Step)
}
