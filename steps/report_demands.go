package steps

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
)

// ReportDemand is one thing that asks the account for more than its password, or refuses it.
type ReportDemand struct {
	SignIn       string   `json:"signIn"` // what is judged: Delegate365's setup, legacy authentication, …
	Source       string   `json:"source"`
	PolicyID     string   `json:"policyId,omitempty"`
	Asks         []string `json:"asks"`
	Certainty    string   `json:"certainty"` // sure or may
	Why          string   `json:"why"`
	Lift         string   `json:"lift"` // state, exclusion, tenant or never
	OneAccount   bool     `json:"oneAccount"`
	Disagreement string   `json:"disagreement,omitempty"` // where Microsoft's what-if says otherwise
	Rule         string   `json:"rule"`                   // the page of Microsoft's documentation it stands on
}

// ReportAppPassword is whether an app password can work at the end of the onboarding.
type ReportAppPassword struct {
	Needed  bool           `json:"needed"`  // true also where nobody has said yet
	Version string         `json:"version"` // unknown, older or newer, as far as somebody said
	Offered string         `json:"offered"` // no, may or sure
	Usable  string         `json:"usable"`
	Reasons []ReportReason `json:"reasons"`
}

// ReportReason is one thing that bears on it.
type ReportReason struct {
	Text   string `json:"text"`
	WayOut string `json:"wayOut"`
	Rule   string `json:"rule"`
	Of     string `json:"of"` // what it bears on: offered or usable
}

var versions = map[portalVersion]string{versionUnknown: "unknown", versionOlder: "older", versionNewer: "newer", versionSkipped: "unknown"}

var questions = map[analysis.Question]string{analysis.Offered: "offered", analysis.Usable: "usable"}

var lifts = map[analysis.Lift]string{
	analysis.ByState: "state", analysis.ByExclusion: "exclusion", analysis.ByTenant: "tenant", analysis.Never: "never",
}

// nothingReadOf is what is known of an app password before the tenant was read.
func nothingReadOf(m *memory) ReportAppPassword {
	may := analysis.May.String()
	return ReportAppPassword{
		Needed: m.appPasswords.version != versionNewer, Version: versions[m.appPasswords.version], Offered: may, Usable: may, Reasons: []ReportReason{},
	}
}

func reportDemands(p *posture, m *memory) ([]ReportDemand, ReportAppPassword) {
	demands := []ReportDemand{}
	facts := expected(p, m).Facts
	add := func(signIn string, found []analysis.Demand) {
		for _, d := range found {
			out := ReportDemand{
				SignIn: signIn, Source: d.Source, Certainty: d.Certainty.String(), Why: d.Why, Lift: lifts[d.Lift],
				OneAccount: d.Lift.OneAccount(), Disagreement: d.Disagreement(), Rule: d.Rule, Asks: []string{},
			}
			if d.Policy != nil {
				out.PolicyID = d.Policy.ID
			}
			for _, a := range d.Asks {
				out.Asks = append(out.Asks, string(a))
			}
			demands = append(demands, out)
		}
	}
	add(analysis.SetupServer().Name, analysis.SetupDemands(facts))
	for _, s := range analysis.SignIns(facts.Platform)[len(analysis.Setup(facts.Platform)):] {
		add(s.Name, analysis.Demands(facts, s))
	}
	v := analysis.AppPasswords(later(p, m))
	verdict := nothingReadOf(m)
	verdict.Offered, verdict.Usable = v.Offered.String(), v.Usable.String()
	for _, r := range v.Reasons {
		if slices.ContainsFunc(verdict.Reasons, func(said ReportReason) bool { return said.Text == r.Text }) {
			continue // it bears on both; the first is that none is offered, so that none can be used either
		}
		verdict.Reasons = append(verdict.Reasons, ReportReason{r.Text, r.WayOut, r.Rule, questions[r.Of]})
	}
	return demands, verdict
}
