package analysis

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// Upcoming is a policy of Microsoft's own that demands nothing yet: it is in report-only mode, and Microsoft enables it.
type Upcoming struct {
	Demand  Demand
	SignIns []string  // the names of the sign-ins that it would concern
	From    time.Time // no earlier than this; zero where Graph does not say when the policy was made
}

// A Microsoft-managed policy stays in report-only mode for at least this long.
// https://learn.microsoft.com/entra/identity/conditional-access/managed-policies
const reportOnly = 30 * 24 * time.Hour

// UpcomingDemands are the Microsoft-managed policies in report-only mode that will concern the account.
func UpcomingDemands(f Facts) []Upcoming {
	policies, _ := f.policies()
	var out []Upcoming
	for i := range policies {
		p := &policies[i]
		if !p.Managed || p.State != graph.StateReportOnly {
			continue
		}
		var u Upcoming
		for _, s := range SignIns(f.Platform) {
			if d, ok := demandOf(p, f, s); ok {
				if len(u.SignIns) == 0 {
					u.Demand = d
				}
				if !slices.Contains(u.SignIns, s.Name) {
					u.SignIns = append(u.SignIns, s.Name)
				}
			}
		}
		if len(u.SignIns) == 0 {
			continue
		}
		u.Demand.Rule = ruleManaged
		if !p.Created.IsZero() {
			u.From = p.Created.Add(reportOnly)
		}
		out = append(out, u)
	}
	return out
}
