package report

import (
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// Outlined is what the journal says of the last onboarding, for whoever gathers the facts of its report.
type Outlined struct {
	AccountID, AccountName string    // the id is empty where the account was only just created
	From                   time.Time // of the first change; zero where nothing was changed
	Step                   string    // in which the wizard changed or asked for something last
	Snapshots              []string  // hashes, the first one first
	Previous               string    // hash of the last report; empty where there is none
	Since                  bool      // something was changed since that report, but for what is done after it
	Finished               bool      // the onboarding, and nothing was changed since then
}

// NoteSupplement tells the sealing of a supplement from that of a report.
const NoteSupplement = "supplement"

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
		case works(e):
			o.Since = true
		}
	}
	entries := onboarding(all)
	o.Finished = endSaid(entries).How == Finished
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
		if e.By == journal.ByWizard && e.Step != "" && (changes(e) || e.Kind == journal.KindAsked) {
			o.Step = e.Step
		}
		if e.Kind == journal.KindSnapshot {
			o.Snapshots = append(o.Snapshots, e.SHA256)
		}
	}
	return o, nil
}

// afterReport reports a write that is made only when the report is written: the tenant's naming it, and what was accepted for this
// program, with which its access ends.
func afterReport(e journal.Entry) bool {
	return e.Inverse != nil && (e.Inverse.Kind == journal.InverseUserExtension || e.Inverse.Kind == journal.InverseConsent)
}
