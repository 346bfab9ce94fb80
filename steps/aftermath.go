package steps

import (
	"context"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Aftermath is what whoever leaves before the end has to know.
type Aftermath struct {
	Written Tally      // by this run
	Bare    string     // the account that is Global Administrator, where no read of this run has shown a second factor of it
	Factor  FactorRead // what was read of that
	Stopped string     // why a clock that ran before anything was read runs no more; empty where none did, or one runs again
	Besides string     // what a person made, that is no change by this run
	Ends    bool       // the tenant is a rehearsal's, and ends with this process
	SignsIn bool       // putting MFA back takes a sign-in first
	Reports bool       // a report is written of what was done, or will be by leaving
}

// FactorRead is what a run knows of an account of which no read has shown a second factor.
type FactorRead int

// What it knows.
const (
	FactorUnread     FactorRead = iota // nothing: it was not read yet
	FactorNone                         // a read has shown that there is none
	FactorUnreadable                   // a read has failed
)

// Aftermath reads memory only.
func (r *Run) Aftermath() Aftermath {
	m := r.snapshot()
	a := Aftermath{Written: m.tally(), Ends: r.opts.Reports.Ends, Factor: m.appPasswords.factor, Reports: m.handed.kept, Besides: madeBesides(m).String()}
	if m.window.Open == nil && (!r.Changed() || m.handed.made != nil && m.handed.made.byRun == len(m.changes(""))) {
		a.Reports = false // there is none to be written, or it was
	}
	if n := len(m.window.Closed); m.window.Open == nil && n > 0 && m.window.Closed[n-1].Unexposed {
		a.Stopped = m.window.Closed[n-1].By.Spoken
	}
	admin := objectid.Same(m.role.assigned, m.user.ID) || m.found != nil && objectid.Same(m.found.user.ID, m.user.ID) && bareAdmin(*m.found, m)
	if m.user.ID != "" && admin && m.appPasswords.factorSeen.IsZero() {
		a.Bare = m.user.UserPrincipalName
	}
	if client, err := r.tenant(); err == nil && m.window.Open != nil {
		a.SignsIn = len(mfa.Lacking(client, []scope{mfa.WriteMFA})) > 0
	}
	return a
}

// ReadFactor reads whether the account of Aftermath has a second factor.
func (r *Run) ReadFactor(ctx context.Context) {
	client, user, err := r.account()
	if err != nil || r.Aftermath().Bare == "" {
		return
	}
	ctx, cancel := context.WithTimeout(graph.Closing(ctx), partingWithin)
	defer cancel()
	read := FactorNone
	if methods, err := client.MFA.AuthenticationMethods(ctx, user.ID); err != nil {
		read = FactorUnreadable
	} else {
		noteFactor(r, methods)
	}
	r.update(func(m *memory) { m.appPasswords.factor = read })
}

// EndsWithIt says how a rehearsal goes on whose tenant ends with the program.
func EndsWithIt() string {
	return phrase.T("the rehearsal's tenant ends with this program, and nothing is left to restore or review; one that stays: demo --serve --json > FILE, and beside it demo --connect FILE")
}
