package steps

import "github.com/delegate365-onboard/delegate365-onboard/steps/phrase"

// Aftermath is what whoever leaves before the end has to know.
type Aftermath struct {
	Written Tally  // by this run
	Bare    string // the account that is Global Administrator, where no read of this run has shown a second factor of it
	Ends    bool   // the tenant is a rehearsal's, and ends with this process
}

// Aftermath reads memory only.
func (r *Run) Aftermath() Aftermath {
	m := r.snapshot()
	a := Aftermath{Written: m.tally(), Ends: r.opts.Reports.Ends}
	if m.user.ID != "" && m.role.assigned == m.user.ID && m.appPasswords.factorSeen.IsZero() {
		a.Bare = m.user.UserPrincipalName
	}
	return a
}

// EndsWithIt says how a rehearsal goes on whose tenant ends with the program.
func EndsWithIt() string {
	return phrase.T("the rehearsal's tenant ends with this program; one that stays: demo --serve --json > FILE, and beside it demo --connect FILE")
}
