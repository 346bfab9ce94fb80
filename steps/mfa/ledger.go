package mfa

import (
	"slices"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// Exclusion is one policy that the account is excluded from.
type Exclusion struct{ PolicyID, Name string }

// Owed is what this program lifted for one account, or found lifted by an earlier run, and has to restore.
type Owed struct {
	Exclusions    []Exclusion
	Defaults      bool      // security defaults of the whole tenant are off
	DefaultsSince time.Time // when an earlier run turned them off; zero where that is not known
	Campaign      bool      // the account is excluded from the registration campaign
	Stuck         []string  // the policies, by name, that it was not taken out of when that was tried last
	CampaignSince time.Time // when that was sent, as far as it is known

	State          graph.MFAState // per-user MFA as last read; empty before
	StateSuspended bool           // this run set it to disabled, or may have
	Sent           bool           // it was set, or may have been, and no read has shown it
	Demanded       bool           // it was set and read back, and nothing was suspended since
}

// Any reports that something besides per-user MFA is owed.
func (o Owed) Any() bool { return len(o.Exclusions) > 0 || o.Defaults || o.Campaign }

// Lifted reports that per-user MFA is off by this run, or may be: it was set to disabled, and not read back since it was set again. A read that
// shows it on may be older than that.
func (o Owed) Lifted() bool { return o.StateSuspended && !o.Demanded }

// Everywhere is the demand that holds at every sign-in, if there is one. What is suspended is none, although a read that is older may show it.
func (o Owed) Everywhere(demands []analysis.Demand) (analysis.Demand, bool) {
	return Everywhere(slices.DeleteFunc(slices.Clone(demands), o.suspends))
}

func (o Owed) suspends(d analysis.Demand) bool {
	switch d.Kind {
	case analysis.PerUserMFA:
		return o.Lifted()
	case analysis.SecurityDefaults:
		return o.Defaults
	}
	return d.Policy != nil && o.Excluded(d.Policy)
}

// Excluded reports a policy that the account is owed.
//
//go:noinline // every copy would be carried
func (o Owed) Excluded(p *graph.Policy) bool {
	return slices.ContainsFunc(o.Exclusions, func(e Exclusion) bool { return objectid.Same(e.PolicyID, p.ID) })
}

// Untold are the exclusions of which the policies that were read do not say whether they still stand: hides says that some policies may
// have been left out.
func (o Owed) Untold(policies []graph.Policy, hides bool) []Exclusion {
	var untold []Exclusion
	for _, e := range o.Exclusions {
		unknown := hides
		for i := range policies {
			if objectid.Same(policies[i].ID, e.PolicyID) {
				unknown = policies[i].Users.ExcludeUsers == nil
			}
		}
		if unknown {
			untold = append(untold, e)
		}
	}
	return untold
}

// Inverses are how to take it back, as a guard is told of it.
func (o Owed) Inverses(tenantID, userID string) []journal.Inverse {
	var out []journal.Inverse
	if o.Defaults {
		out = append(out, defaultsInverse(tenantID))
	}
	if o.Campaign {
		out = append(out, campaignInverse(tenantID, userID))
	}
	for _, e := range o.Exclusions {
		out = append(out, exclusionInverse(e.PolicyID, userID))
	}
	return out
}

// Permissions are what putting it back takes: per-user MFA's first.
func (o Owed) Permissions() []finding.Permission {
	all := []finding.Permission{WriteMFA}
	if len(o.Exclusions) > 0 {
		all = append(all, finding.Permission{Name: WritePolicies.Name, Why: "take the account out of the excluded users of policies"})
	}
	if o.Defaults {
		all = append(all, finding.Permission{Name: WriteDefaults.Name, Why: "turn security defaults on again"})
	}
	return all
}

// Ledger keeps what is owed to one account. The zero value owes nothing. Its methods may be called from any goroutine.
type Ledger struct {
	mu   sync.Mutex
	owed Owed
}

// Owed is what is owed now.
func (l *Ledger) Owed() Owed {
	l.mu.Lock()
	defer l.mu.Unlock()
	o := l.owed
	o.Exclusions = slices.Clone(o.Exclusions)
	return o
}

// Update changes it. The function must not call the ledger.
func (l *Ledger) Update(f func(*Owed)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f(&l.owed)
}

// Suspending remembers that what was restored is restored no longer.
func (l *Ledger) Suspending(i journal.Inverse) {
	l.Update(func(o *Owed) {
		o.Demanded, o.StateSuspended = false, o.StateSuspended || i.Kind == journal.InversePerUserMFA
	})
}
