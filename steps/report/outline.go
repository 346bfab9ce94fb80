package report

import (
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// Outlined is what the journal says of the last onboarding, for whoever gathers the facts of its report.
type Outlined struct {
	AccountID, AccountName string    // the id is empty where the account was only just created
	From                   time.Time // of the first change; zero where nothing was changed
	Step                   string    // in which the wizard was left, or changed or asked for something last
	Snapshots              []string  // hashes, the first one first
	Previous               string    // hash of the last report; empty where there is none
	Since                  bool      // something was changed or answered since that report, but for what is done after it
	Without                *Without  // an app password, where somebody went on so; nil in one that is finished
	Finished               bool      // the onboarding, and nothing was changed since then
	Offboards              bool      // it took out what an onboarding had put in
	Stopped                time.Time // when the wizard wrote last; zero where it never did
}

// NoteSupplement tells the sealing of a supplement from that of a report.
const NoteSupplement = "supplement"

// closesWindow is the step of what is put back before its turn. The onboarding stands where it stood.
const closesWindow = "close-window"

// Outline reads it from the journal's lines.
func Outline(lines []string) (Outlined, error) {
	all, err := chain(lines)
	if err != nil {
		return Outlined{}, err
	}
	var o Outlined
	for _, e := range all {
		switch {
		case e.Kind == journal.KindSealed && e.Note != NoteSupplement:
			o.Previous, o.Since = e.SHA256, false
		case works(e), e.Kind == journal.KindAnswered:
			o.Since = true
		}
	}
	entries := onboarding(all)
	o.Offboards = (&Report{Changes: changesOf(entries)}).offboards()
	if o.Finished = endSaid(entries).How == Finished; !o.Finished {
		o.Without = withoutOf(entries)
	}
	var at place
	for _, e := range entries {
		if e.Account.ID != "" {
			o.AccountID = e.Account.ID
		}
		if e.Inverse != nil && e.Inverse.Kind == journal.InverseUser {
			o.AccountName = e.Inverse.TargetID
		}
		if changes(e) {
			if o.From.IsZero() {
				o.From = e.At
			}
		}
		if e.By == journal.ByWizard {
			o.Stopped = e.At
		}
		at.next(e)
		if e.Kind == journal.KindSnapshot {
			o.Snapshots = append(o.Snapshots, e.SHA256)
		}
	}
	o.Step = at.step
	return o, nil
}

// place is the step in which an onboarding stands: where the wizard changed or asked for something last, or was left after that.
type place struct {
	step  string
	moved bool // in this run
}

func (p *place) next(e journal.Entry) {
	if e.By != journal.ByWizard {
		return
	}
	works := changes(e) || e.Kind == journal.KindAsked
	p.moved = e.Kind != journal.KindStarted && (p.moved || works)
	if e.Step != "" && e.Step != closesWindow && (works || p.moved && e.Kind == journal.KindLeft) {
		p.step = e.Step
	}
}

// afterReport reports a write that is made only when the report is written: the tenant's naming it, and what was accepted for this
// program, with which it may get no new access.
func afterReport(e journal.Entry) bool {
	return e.Inverse != nil && (e.Inverse.Kind == journal.InverseUserExtension || e.Inverse.Kind == journal.InverseConsent)
}
