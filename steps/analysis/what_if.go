package analysis

import (
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// What-if is advice. That a policy applies is believed; that it does not, only for a reason that does not stand for
// something what-if was never told: a policy about places is said not to apply where no place was given
// (https://learn.microsoft.com/entra/identity/conditional-access/what-if-tool). A policy that it does not name was not judged.

// Evaluation is what what-if is asked about: one application and one kind of client, because what several mean together is
// documented nowhere.
type Evaluation struct{ App, Client, Platform string }

// Answer is what what-if said.
type Answer struct {
	Evaluation
	Verdicts []graph.WhatIf
}

// Evaluations are all that there is to ask about some sign-ins, those that most often settle everything first.
func Evaluations(signIns []SignIn) []Evaluation {
	var all []Evaluation
	for _, s := range signIns {
		for _, client := range s.Clients {
			for _, app := range s.Apps {
				q := Evaluation{App: app, Client: client, Platform: s.Platform}
				i := slices.IndexFunc(all, q.same)
				switch {
				case i < 0:
					all = append(all, q)
				case all[i].Platform == "":
					all[i].Platform = q.Platform
				}
			}
		}
	}
	return all
}

// same reports evaluations that differ in their platform at most, which settles nothing.
func (q Evaluation) same(other Evaluation) bool {
	return q.App == other.App && q.Client == other.Client
}

// Reasons not to apply that hold for every application and client, and those that hold for the ones asked about.
// https://learn.microsoft.com/graph/api/resources/whatifanalysisresult
var (
	reasonsForAll = []string{"users", "userRisk", "signInRisk", "insiderRisk", "authenticationFlow", "policyNotEnabled", "workloadIdentities", "agentIdentities"}
	reasonsForOne = []string{"application", "clientApps"}
)

func gives(w graph.WhatIf, reasons []string) bool {
	said := strings.FieldsFunc(w.Reasons, func(r rune) bool { return r == ',' || r == ' ' })
	return !w.Applies && overlap(said, reasons)
}

// Settle puts the answers about one sign-in together, one verdict for each policy: it applies where one answer says so,
// and does not where a reason for all says so, or one for each of the evaluations. Of anything else the last answer stays,
// with a reason that is none.
func Settle(s SignIn, answers []Answer) []graph.WhatIf {
	var ours [][]graph.WhatIf
	for _, a := range answers {
		if has(s.Apps, a.App) && has(s.Clients, a.Client) {
			ours = append(ours, a.Verdicts)
		}
	}
	complete := len(ours) == len(s.Apps)*len(s.Clients)
	var out []graph.WhatIf
	for _, w := range slices.Concat(ours...) {
		if slices.ContainsFunc(out, func(o graph.WhatIf) bool { return o.PolicyID == w.PolicyID }) {
			continue
		}
		var said []graph.WhatIf
		for _, verdicts := range ours {
			if i := slices.IndexFunc(verdicts, func(o graph.WhatIf) bool { return o.PolicyID == w.PolicyID }); i >= 0 {
				said = append(said, verdicts[i])
			}
		}
		out = append(out, settled(said, complete && len(said) == len(ours)))
	}
	return out
}

// settled is the verdict of several answers about one policy.
func settled(said []graph.WhatIf, complete bool) graph.WhatIf {
	for _, is := range []func(graph.WhatIf) bool{
		func(w graph.WhatIf) bool { return w.Applies },
		func(w graph.WhatIf) bool { return gives(w, reasonsForAll) },
		func(w graph.WhatIf) bool { return !gives(w, reasonsForOne) },
	} {
		if i := slices.IndexFunc(said, is); i >= 0 {
			return said[i]
		}
	}
	w := said[0]
	if !complete {
		w.Reasons = "notEnoughInformation"
	}
	return w
}

// verdict is what what-if said of a policy as it is now. Of a role that the account did not hold then it could not know.
func verdict(p *graph.Policy, f Facts, s SignIn) Verdict {
	verdicts, _ := f.WhatIf[s.ID].Value()
	i := slices.IndexFunc(verdicts, func(w graph.WhatIf) bool { return strings.EqualFold(w.PolicyID, p.ID) && w.Modified.Equal(p.Modified) })
	if i < 0 {
		return NotAsked
	}
	later := slices.DeleteFunc(slices.Clone(f.Account.Roles), func(r string) bool { return has(f.WhatIfRoles, r) })
	switch w := verdicts[i]; {
	case anyOf(p.Users.ExcludeRoles, later), !w.Applies && anyOf(p.Users.IncludeRoles, later):
		return NotAsked
	case w.Applies:
		return Applies
	case gives(w, reasonsForAll), gives(w, reasonsForOne):
		return AppliesNot
	}
	return NotAsked
}

// Undecided reports that what-if could settle whether a policy concerns one of the sign-ins, and has not.
func Undecided(f Facts, signIns []SignIn) bool {
	return slices.ContainsFunc(signIns, func(s SignIn) bool {
		return slices.ContainsFunc(conditionalAccess(f, s), Demand.undecided)
	})
}
