package steps

import (
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// That somebody went on without an app password stands in the journal, from which the report has it, and a run that goes on after this one.

// without is that there is none, and why; nil where that was not decided.
func (m *memory) without() *report.Without {
	w := &report.Without{Why: report.WithoutChosen, Older: m.appPasswords.page}
	switch {
	case m.appPasswords.version != versionSkipped:
		return nil
	case m.appPasswords.skipped == "":
	case m.posture != nil && m.posture.defaults.Content():
		w.Why = report.WithoutDefaults
	default:
		w.Why = report.WithoutRefused
	}
	return w
}

// noteVersion writes it down, and what is answered otherwise after that.
func noteVersion(r *Run) {
	m := r.snapshot()
	note := report.TestNone
	switch w := m.without(); {
	case w != nil:
		note = w.Why
	case m.appPasswords.version == versionOlder:
		note = report.TakesPassword
	}
	if m.appPasswords.noted == note || m.appPasswords.noted == "" && m.appPasswords.version != versionSkipped || m.appPasswords.version == versionUnknown {
		return
	}
	notes := []string{note}
	if m.appPasswords.page && note != report.TakesPassword && m.appPasswords.noted != report.TakesPassword {
		notes = []string{report.TakesPassword, note}
	}
	for _, n := range notes {
		r.recorder.Note(journal.Entry{Kind: journal.KindAnswered, Step: string(finding.EnableAppPasswords), Note: n})
	}
	r.update(func(m *memory) { m.appPasswords.noted = note })
}

// recallWithout takes over what an onboarding that did not come to its end has of it, as far as the tenant is still read so.
func recallWithout(r *Run) {
	r.mu.Lock()
	w := r.earlier.Without
	r.mu.Unlock()
	why := neverOffered(r.snapshot())
	if w == nil {
		return
	}
	r.update(func(m *memory) {
		a := &m.appPasswords
		if a.noted != "" || a.version != versionUnknown {
			return
		}
		a.noted = w.Why
		switch {
		case w.Why == report.WithoutChosen:
			a.version, a.page = versionSkipped, w.Older
		case why != "":
			a.version, a.page, a.skipped = versionSkipped, w.Older, phrase.T("No app password can be created in this tenant as it is: %s", why)
		}
	})
}
